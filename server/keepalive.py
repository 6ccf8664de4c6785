"""How a gRPC connection whose other end went without a word is noticed: TCP alone takes a quarter of an hour."""

from typing import Final

# A connection on which a call waits, and that was silent for so long, is asked for a sign of life, which has so long to
# come. In milliseconds.
SILENCE: Final = 20_000
SIGN_OF_LIFE: Final = 10_000


def keepalive() -> list[tuple[str, int]]:
    """The options of a channel or a server for that."""
    return [
        ("grpc.keepalive_time_ms", SILENCE),
        ("grpc.keepalive_timeout_ms", SIGN_OF_LIFE),
        # Of every ping; without it gRPC waits a minute, whatever the line above says.
        ("grpc.http2.ping_timeout_ms", SIGN_OF_LIFE),
        # By itself gRPC would stop after two that no data came between.
        ("grpc.http2.max_pings_without_data", 0),
    ]
