"""Streams: what is read ahead, in which groups it comes, and how it ends."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from itertools import count

import pytest

from server.errors import ShuttingDown
from server.workflow.streams import AT_ONCE, Streams


class Sending:
    """A caller that sends numbers; `sent` says how many were taken from it, after `last` it waits for ever."""

    def __init__(self, numbers: Iterator[int] | range, last: int | None = None) -> None:
        self._numbers = numbers
        self._last = last
        self.sent = 0

    async def __aiter__(self) -> AsyncIterator[int]:
        for number in self._numbers:
            if number == self._last:
                await asyncio.Event().wait()
            self.sent += 1
            yield number


async def settled() -> None:
    """Lets everything run that can."""
    for _ in range(10 * AT_ONCE):
        await asyncio.sleep(0)


async def test_in_order() -> None:
    """Every item comes once, in order, and then the stream is over."""
    groups = [group async for group in Streams().groups(aiter(Sending(range(100))))]
    assert list(range(100)) == [number for group in groups for number in group]
    assert max(map(len, groups)) <= AT_ONCE


async def test_reads_ahead_within_bounds() -> None:
    """While a group is being answered no more is read than fits into the next one."""
    sending = Sending(count())
    async with aclosing(Streams().groups(aiter(sending))) as groups:
        answered = 0
        for _ in range(5):
            answered += len(await anext(groups))
            await settled()
            assert sending.sent <= answered + AT_ONCE


async def test_one_alone() -> None:
    """An item does not wait for others to come."""
    async with aclosing(Streams().groups(aiter(Sending(range(9), last=1)))) as groups:
        assert (0,) == await anext(groups)


async def test_ended() -> None:
    """When the server stops what was read is still given, then the stream ends as one to be sent again elsewhere."""
    streams, sending = Streams(), Sending(range(99), last=AT_ONCE + 7)
    async with aclosing(streams.groups(aiter(sending))) as groups:
        assert AT_ONCE == len(await anext(groups))
        await settled()
        streams.end()
        assert tuple(range(AT_ONCE, AT_ONCE + 7)) == await anext(groups)
        with pytest.raises(ShuttingDown):
            await anext(groups)
    assert 0 == streams.open
    with pytest.raises(ShuttingDown):
        await anext(streams.groups(aiter(sending)))


async def test_ended_while_waiting() -> None:
    """A stream on which nothing comes ends too."""
    streams = Streams()
    async with aclosing(streams.groups(aiter(Sending(range(1), last=0)))) as groups:
        waiting = asyncio.ensure_future(anext(groups))
        await settled()
        streams.end()
        with pytest.raises(ShuttingDown):
            await waiting


async def test_what_cannot_be_read() -> None:
    """Where reading fails the items before are given first."""

    async def failing() -> AsyncIterator[int]:
        yield 1
        raise ValueError("no message")

    groups = Streams().groups(failing())
    assert (1,) == await anext(groups)
    with pytest.raises(ValueError, match="no message"):
        await anext(groups)
