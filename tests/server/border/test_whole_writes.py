"""Answers are whole before a call is ended."""

import asyncio
from contextlib import suppress

import pytest

from server import whole_writes
from server.whole_writes import WholeWrites


class Context:
    """A call's context that writes an answer once it is let."""

    def __init__(self) -> None:
        self.let = asyncio.Event()
        self.written: list[str] = []

    async def write(self, answer: str) -> None:
        """Writes an answer; one without a text cannot be written."""
        await self.let.wait()
        if not answer:
            raise ValueError("there is nothing to write")
        self.written.append(answer)


async def cut(writes: WholeWrites, answer: str) -> None:
    """Cuts a method off that is about to write."""
    writing = asyncio.create_task(writes.write(answer))
    await asyncio.sleep(0)
    writing.cancel()
    with suppress(asyncio.CancelledError):
        await writing


async def test_cut_off() -> None:
    """An answer that is under way when its method is cut off is written before the call is ended."""
    context = Context()
    writes = WholeWrites(context)
    await cut(writes, "SERVING")
    asyncio.get_running_loop().call_later(0.01, context.let.set)
    await writes.end()
    assert ["SERVING"] == context.written


async def test_cannot_be_written() -> None:
    """An answer that cannot be written does not keep the call from being ended."""
    context = Context()
    writes = WholeWrites(context)
    await cut(writes, "")
    context.let.set()
    await writes.end()
    assert [] == context.written


async def test_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who reads nothing does not keep the call from being ended."""
    monkeypatch.setattr(whole_writes, "PATIENCE", 0.01)
    context = Context()
    writes = WholeWrites(context)
    await cut(writes, "SERVING")
    await writes.end()
    assert [] == context.written


async def test_written_at_once() -> None:
    """Where nothing is under way, nothing is waited for."""
    context = Context()
    context.let.set()
    writes = WholeWrites(context)
    await writes.write("SERVING")
    await writes.end()
    assert ["SERVING"] == context.written
