"""What gRPC itself holds connections to: sizes of messages, streams of one connection, its age, and signs of life."""

from typing import Final

from server.keepalive import keepalive
from server.settings import Settings

# No sooner than so many milliseconds after the last time a caller may ask for a sign of life; by itself gRPC takes more than
# two in ten minutes for an attack.
ASKED_AGAIN: Final = 10_000

# What a caller may send that is not read yet. By itself gRPC lets it grow to 16 MiB a stream; larger messages still come.
STREAM_WINDOW: Final = 256 * 1024

Options = list[tuple[str, int]]


def channel_options(settings: Settings, alone: bool) -> Options:
    """The server's options. Where it is not alone, it shares its port.

    A connection that is told to go takes no new calls: its client makes another, which the system may give to another
    worker. Calls that are on it have as long as a call may take, so that none but streams is cut off.
    """
    return [
        ("grpc.max_receive_message_length", settings.largest_request),
        ("grpc.max_send_message_length", settings.largest_response),
        ("grpc.http2.lookahead_bytes", STREAM_WINDOW),
        ("grpc.http2.bdp_probe", 0),
        ("grpc.max_concurrent_streams", settings.calls_at_once + settings.streams_at_once),
        ("grpc.max_connection_age_ms", round(settings.connection_age * 1000)),
        ("grpc.max_connection_age_grace_ms", round(settings.longest_call * 1000)),
        # A watcher whose machine or network went without a word gives its place free.
        *keepalive(),
        ("grpc.http2.min_ping_interval_without_data_ms", ASKED_AGAIN),
        ("grpc.so_reuseport", int(not alone)),
    ]
