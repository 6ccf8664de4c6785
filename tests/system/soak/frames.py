"""HTTP/2 as it should not be: bytes for one connection each, by a seed. Made by hand, for no client sends this."""

import random
from collections.abc import Callable
from typing import Final

PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
PATH: Final = "/origingate.v1.ScreeningService/CheckScope"

DATA, HEADERS, PRIORITY, RESET, SETTINGS, PUSH, PING, GOAWAY, WINDOW, CONTINUATION = range(10)
END_STREAM, END_HEADERS = 0x1, 0x4


def frame(kind: int, flags: int, stream: int, body: bytes, length: int | None = None) -> bytes:
    """A frame; with `length` it lies about how long it is."""
    size = len(body) if length is None else length
    return (
        (size & 0xFFFFFF).to_bytes(3, "big") + bytes((kind & 0xFF, flags)) + stream.to_bytes(4, "big") + body
    )


def block(*fields: tuple[str, str]) -> bytes:
    """A block of headers, each written out."""
    return b"".join(b"\0" + _text(name) + _text(value) for name, value in fields)


def _text(text: str) -> bytes:
    data = text.encode()
    return _length(len(data)) + data


def _length(size: int) -> bytes:
    if size < 127:
        return bytes((size,))
    rest, out = size - 127, [127]
    while rest >= 128:
        out.append(rest % 128 + 128)
        rest //= 128
    return bytes((*out, rest))


def call(stream: int, body: bytes, *more: tuple[str, str], path: str = PATH) -> bytes:
    """A gRPC call on a stream, ended; later fields of a name come besides the first."""
    fields = (
        (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "localhost"), ("te", "trailers"),
        ("content-type", "application/grpc"), *more,
    )  # fmt: skip
    return frame(HEADERS, END_HEADERS, stream, block(*fields)) + frame(DATA, END_STREAM, stream, body)


def message(data: bytes, compressed: int = 0, length: int | None = None) -> bytes:
    """A message as gRPC frames it; with `length` it lies."""
    return bytes((compressed,)) + (len(data) if length is None else length).to_bytes(4, "big") + data


def mutated(data: bytes, dice: random.Random) -> bytes:
    """The bytes with some changed, left out, doubled or put in."""
    out = bytearray(data)
    for _ in range(dice.randint(1, 8)):
        at = dice.randrange(len(out) + 1)
        match dice.randrange(4):
            case 0 if at < len(out):
                out[at] ^= 1 << dice.randrange(8)
            case 1:
                del out[at : at + dice.randint(1, 20)]
            case 2:
                out[at:at] = dice.randbytes(dice.randint(1, 20))
            case _:
                out[at:at] = out[at : at + dice.randint(1, 40)]
    return bytes(out)


def _opened(*frames: bytes) -> bytes:
    return PREFACE + frame(SETTINGS, 0, 0, b"") + b"".join(frames)


# Each makes what one connection sends. A good request is given, to be spoilt.
Spoiled = Callable[[bytes, random.Random], bytes]

SPOILED: Final[dict[str, Spoiled]] = {
    "noise": lambda good, dice: dice.randbytes(dice.randint(1, 4000)),
    "another protocol": lambda good, dice: b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "half a preface": lambda good, dice: PREFACE[: dice.randrange(1, len(PREFACE))],
    "no settings": lambda good, dice: PREFACE + call(1, message(good)),
    "noise in frames": lambda good, dice: _opened(
        *(
            frame(dice.randrange(256), dice.randrange(256), dice.randrange(2**31), dice.randbytes(dice.randrange(60)))
            for _ in range(20)
        )
    ),
    "a call, mutated": lambda good, dice: _opened(mutated(call(1, message(good)), dice)),
    "a length that lies": lambda good, dice: _opened(frame(HEADERS, END_HEADERS, 1, block(), 2**24 - 1)),
    "headers of noise": lambda good, dice: _opened(frame(HEADERS, END_HEADERS, 1, dice.randbytes(200))),
    "headers that do not end": lambda good, dice: _opened(
        frame(HEADERS, 0, 1, block((":method", "POST"))),
        *(frame(CONTINUATION, 0, 1, block((f"x-{n}", "y" * 1000))) for n in range(64)),
    ),
    "a continuation of nothing": lambda good, dice: _opened(frame(CONTINUATION, END_HEADERS, 1, b"")),
    "a stream of the server's": lambda good, dice: _opened(call(2, message(good))),
    "data of no stream": lambda good, dice: _opened(frame(DATA, END_STREAM, 0, b"x"), frame(DATA, 0, 77, b"x")),
    "windows": lambda good, dice: _opened(
        *(frame(WINDOW, 0, dice.choice((0, 1)), n.to_bytes(4, "big")) for n in (0, 2**31 - 1, 2**31 - 1))
    ),
    "settings": lambda good, dice: _opened(frame(SETTINGS, 0, 0, dice.randbytes(6 * 20)), frame(SETTINGS, 0, 3, b"x")),
    "pings": lambda good, dice: _opened(*(frame(PING, 0, 0, dice.randbytes(8)) for _ in range(200))),
    "calls that are reset": lambda good, dice: _opened(
        *(
            call(2 * n + 1, message(good)) + frame(RESET, 0, 2 * n + 1, (8).to_bytes(4, "big"))
            for n in range(50)
        )
    ),
    "a call that stays open": lambda good, dice: _opened(
        frame(HEADERS, END_HEADERS, 1, block((":method", "POST"), (":scheme", "http"), (":path", PATH),
              ("te", "trailers"), ("content-type", "application/grpc")))
    ),
    "a message that lies": lambda good, dice: _opened(call(1, message(good, length=2**32 - 1))),
    "half a message": lambda good, dice: _opened(call(1, message(good)[: dice.randrange(1, len(good))])),
    "no message": lambda good, dice: _opened(call(1, b"")),
    "two messages": lambda good, dice: _opened(call(1, message(good) * 2)),
    "compressed by nothing": lambda good, dice: _opened(call(1, message(good, compressed=1))),
    "bad metadata": lambda good, dice: _opened(
        call(1, message(good), ("grpc-timeout", "99999999999H"), ("grpc-encoding", "lzma"), ("x-bin", "%%%"),
             ("authorization", "Bearer " + "x" * 5000), ("x-request-id", "\x01\x02"))
    ),
    "no such path": lambda good, dice: _opened(call(1, message(good), path="/" + "a/" * dice.randrange(500))),
    "a great many headers": lambda good, dice: _opened(
        call(1, message(good), *((f"x-{n}", "y" * 200) for n in range(300)))
    ),
}  # fmt: skip
