"""Daily quotas, on both databases; several processes are as many of them on one database."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from server.errors import QuotaUsedUp
from server.limits.quotas import Quotas
from server.store import Store, quotas

TODAY = date(2026, 7, 1)


class Clock:
    """Stands until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 7, 1, 23, 0, tzinfo=UTC)
        self.seconds = 0.0

    def __call__(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    """An hour before the day of UTC ends."""
    return Clock()


def of(store: Store, clock: Clock) -> Quotas:
    """What one process has."""
    return Quotas(store, clock, clock.monotonic)


async def spent(process: Quotas, most: int, a_day: int = 100) -> int:
    """How many single calls are let through, of as many as `most`."""
    for number in range(most):
        try:
            await process.spend("acme", 1, a_day)
        except QuotaUsedUp:
            return number
    return most


async def test_used_up(store: Store, clock: Clock) -> None:
    """Exactly as many calls are let through as a day has; then it is told when the next day begins."""
    process = of(store, clock)
    assert 100 == await spent(process, 200)
    with pytest.raises(QuotaUsedUp) as refused:
        await process.spend("acme", 1, 100)
    assert 3600 == refused.value.retry_after


async def test_next_day(store: Store, clock: Clock) -> None:
    """The next day has a quota of its own."""
    process = of(store, clock)
    await spent(process, 100)
    clock.now += timedelta(hours=1)
    assert 100 == await spent(process, 200)


async def test_shared(store: Store, clock: Clock) -> None:
    """Processes share a day: together they let through what it has, whoever asks."""
    one, other = of(store, clock), of(store, clock)
    first, second = await asyncio.gather(spent(one, 200), spent(other, 200))
    assert 100 == first + second


async def test_restart(store: Store, clock: Clock) -> None:
    """A process that ends in order gives back what it did not use: the next one has it."""
    first = of(store, clock)
    assert 30 == await spent(first, 30)
    await first.give_back()
    assert 30 == await store.read(lambda c: quotas.taken(c, "acme", TODAY))
    assert 70 == await spent(of(store, clock), 200)


async def test_killed(store: Store, clock: Clock) -> None:
    """What a process that was killed had in hand counts as used: the day ends early by that, and never late."""
    assert 30 == await spent(of(store, clock), 30)
    left = await spent(of(store, clock), 200)
    assert 60 <= left <= 70


async def test_batch(store: Store, clock: Clock) -> None:
    """A batch takes what it needs at once; one that needs more than is left is refused, and smaller calls go on."""
    process = of(store, clock)
    await process.spend("acme", 90, 100)
    with pytest.raises(QuotaUsedUp):
        await process.spend("acme", 11, 100)
    assert 10 == await spent(process, 20)


async def test_few_commits(store: Store, clock: Clock) -> None:
    """Of a large quota a thousand calls are taken at a time, beforehand: ten thousand calls need some ten commits."""
    process, commits = of(store, clock), 0
    write = store.write

    async def counted(work):  # type: ignore[no-untyped-def]
        nonlocal commits
        commits += 1
        return await write(work)

    store.write = counted  # type: ignore[method-assign]
    for _ in range(10_000):
        await process.spend("acme", 1, 10_000_000)
    assert 10 <= commits <= 12


async def test_more_is_given(store: Store, clock: Clock) -> None:
    """An operator's larger quota counts at once; what others gave back, within seconds."""
    process, other = of(store, clock), of(store, clock)
    await other.spend("acme", 1, 100)
    await spent(process, 200)
    assert 50 == await spent(process, 200, a_day=150)
    await other.give_back()
    clock.seconds += 5
    assert 5 == await spent(process, 200, a_day=150)


async def test_none(store: Store, clock: Clock) -> None:
    """A quota of none lets nothing through."""
    assert 0 == await spent(of(store, clock), 1, a_day=0)


async def test_tenants(store: Store, clock: Clock) -> None:
    """Each tenant has its own."""
    process = of(store, clock)
    await spent(process, 100)
    await process.spend("brasa", 100, 100)
