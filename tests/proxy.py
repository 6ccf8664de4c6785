"""A proxy that spoils HTTP on its way over real sockets, as networks do.

It stands between a client and a server on loopback, and hands on one request after the other of each
connection. What happens to a request is the next of `plan`, else drawn by a seed, else nothing.
"""

import asyncio
import socket
import struct
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from enum import StrEnum
from random import Random
from urllib.parse import urlsplit


class Spoil(StrEnum):
    """What happens to a request. The server gets it whole in all after HALF_REQUEST, and nothing before."""

    RESET_AT_ONCE = "reset_at_once"  # the connection is reset as soon as the request begins
    RESET_BEFORE = "reset_before"  # the request came whole, is not handed on, and the connection is reset
    HANG_BEFORE = "hang_before"  # the request came whole, is not handed on, and nothing is answered
    HALF_REQUEST = "half_request"  # half of the request is handed on; both connections are reset
    PASS = "pass"  # nothing
    RESET_AFTER = "reset_after"  # the request is handed on, and the connection reset when the answer comes
    LOST_REPLY = "lost_reply"  # the request is handed on, and the connection closed instead of an answer
    HANG_AFTER = "hang_after"  # the request is handed on, and nothing is answered
    SLOW_DRIP = "slow_drip"  # the answer comes byte by byte
    CUT_IN_HEADERS = "cut_in_headers"  # the answer ends within its headers
    CUT_IN_BODY = "cut_in_body"  # the answer ends within its body


NOT_HANDED_ON = frozenset({Spoil.RESET_AT_ONCE, Spoil.RESET_BEFORE, Spoil.HANG_BEFORE, Spoil.HALF_REQUEST})


class Proxy:
    """Spoils what `plan` says, in its order; after it, each request is spoilt with the probability `rate`."""

    def __init__(
        self,
        target: str,
        plan: Sequence[Spoil] = (),
        *,
        rate: float = 0.0,
        seed: int = 0,
        spoils: Sequence[Spoil] = tuple(Spoil),
        drip: float = 0.01,
    ) -> None:
        self.plan = list(plan)
        self.rate = rate
        self.url = ""
        # What happened, in the order in which requests came, and how many of each method came.
        self.happened: list[Spoil] = []
        self.methods: Counter[str] = Counter()
        self.connections = 0
        self._target = urlsplit(target)
        self._spoils = spoils
        self._random = Random(seed)
        self._drip = drip
        self._tasks: set[asyncio.Task[None]] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of the client, until either side ends it."""
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        self.connections += 1
        out: asyncio.StreamWriter | None = None
        try:
            back, out = await asyncio.open_connection(self._target.hostname, self._target.port)
            while await self._one(reader, writer, back, out):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            for side in (writer, out):
                if side is not None:
                    side.close()
            self._tasks.discard(task)

    async def end(self) -> None:
        """Ends all connections, also those that hang."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _one(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        back: asyncio.StreamReader,
        out: asyncio.StreamWriter,
    ) -> bool:
        """One request and its answer; whether another may follow."""
        first = await reader.readexactly(1)
        spoil = self._next()
        self.happened.append(spoil)
        if spoil is Spoil.RESET_AT_ONCE:
            return _reset(writer)
        request = first + await read_message(reader)
        self.methods[request.split(b" ", 1)[0].decode("ascii")] += 1
        if spoil is Spoil.RESET_BEFORE:
            return _reset(writer)
        if spoil is Spoil.HANG_BEFORE:
            return await _until_gone(reader)
        if spoil is Spoil.HALF_REQUEST:
            out.write(request[: len(request) // 2])
            await out.drain()
            return _reset(out) or _reset(writer)
        out.write(request)
        await out.drain()
        return await self._answer(spoil, await read_message(back), reader, writer)

    async def _answer(
        self, spoil: Spoil, answer: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        head = answer.index(b"\r\n\r\n") + 4
        match spoil:
            case Spoil.PASS:
                writer.write(answer)
                await writer.drain()
                return True
            case Spoil.SLOW_DRIP:
                for byte in answer:
                    writer.write(bytes([byte]))
                    await writer.drain()
                    await asyncio.sleep(self._drip)
                return True
            case Spoil.HANG_AFTER:
                return await _until_gone(reader)
            case Spoil.RESET_AFTER:
                return _reset(writer)
            case Spoil.CUT_IN_HEADERS:
                writer.write(answer[: head // 2])
            case Spoil.CUT_IN_BODY:
                writer.write(answer[: (head + len(answer)) // 2])
        await writer.drain()
        return False

    def _next(self) -> Spoil:
        if self.plan:
            return self.plan.pop(0)
        return self._random.choice(self._spoils) if self._random.random() < self.rate else Spoil.PASS


async def read_message(reader: asyncio.StreamReader) -> bytes:
    """The rest of an HTTP message whose length its head says."""
    head = await reader.readuntil(b"\r\n\r\n")
    names = [line.partition(b":") for line in head.lower().split(b"\r\n")]
    length = next((int(value) for name, _, value in names if name == b"content-length"), 0)
    return head + await reader.readexactly(length)


async def _until_gone(reader: asyncio.StreamReader) -> bool:
    """Waits until the client gives up."""
    with suppress(ConnectionError):
        await reader.read()
    return False


def _reset(writer: asyncio.StreamWriter) -> bool:
    """Ends a connection with a reset, so that what was written is not read either."""
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
    return False


@asynccontextmanager
async def between(proxy: Proxy) -> AsyncIterator[Proxy]:
    """Serves a proxy on a free port; `url` is where clients go instead of its target."""
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield proxy
    finally:
        server.close()
        await proxy.end()
        await server.wait_closed()


@asynccontextmanager
async def nobody_listens() -> AsyncIterator[str]:
    """An address that refuses connections."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"


@asynccontextmanager
async def nobody_accepts() -> AsyncIterator[str]:
    """An address whose queue of connections is full: a new one is neither taken nor refused."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting: list[socket.socket] = []
        try:
            for _ in range(8):
                one = socket.socket()
                one.setblocking(False)
                waiting.append(one)
                with suppress(BlockingIOError):
                    one.connect(full.getsockname())
            yield f"http://127.0.0.1:{full.getsockname()[1]}"
        finally:
            for one in waiting:
                one.close()
