"""A tunnel for connections that can fall silent without a word, as networks do whose other end is gone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


class Tunnel:
    """Hands on what comes to `address`, both ways, until `fall_silent`."""

    def __init__(self, target: str) -> None:
        self.address = ""
        self.connections = 0
        self._target = target
        self._handed_on: set[asyncio.Task[None]] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._ended = asyncio.Event()

    def fall_silent(self) -> None:
        """Nothing is handed on any more of the connections that stand, and neither side hears that; new ones are served."""
        for pump in self._handed_on:
            pump.cancel()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until either side or `end` ends it."""
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        self.connections += 1
        back, out = await _connected(self._target)
        pumps = {asyncio.create_task(_pump(reader, out)), asyncio.create_task(_pump(back, writer))}
        self._handed_on |= pumps
        await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        if any(pump.cancelled() for pump in pumps):
            # The sockets are held: closed, they would tell.
            await self._ended.wait()
        self._handed_on -= pumps
        for side in (writer, out):
            side.close()

    async def end(self) -> None:
        """Ends all connections."""
        self._ended.set()
        self.fall_silent()
        await asyncio.gather(*self._tasks)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while octets := await reader.read(65_536):
            writer.write(octets)
            await writer.drain()


async def _connected(target: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if target.startswith("unix:"):
        return await asyncio.open_unix_connection(target.removeprefix("unix:"))
    host, _, port = target.rpartition(":")
    return await asyncio.open_connection(host, int(port))


@asynccontextmanager
async def tunnel(target: str) -> AsyncIterator[Tunnel]:
    """A tunnel to the server at `target`, "host:port" or "unix:path", of the same kind as that."""
    made = Tunnel(target)
    if target.startswith("unix:"):
        made.address = f"{target}.tunnel"
        server = await asyncio.start_unix_server(made.serve, made.address.removeprefix("unix:"))
    else:
        server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
        made.address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield made
    finally:
        server.close()
        await made.end()
        await server.wait_closed()
