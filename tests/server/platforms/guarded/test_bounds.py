"""Retries, calls in a second, calls at the same time: never more than the bounds say, whatever comes."""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.platforms.guarded.budget import RetryBudget
from server.platforms.guarded.bulkhead import NoPlace, Places, Rate
from server.platforms.guarded.care import Care

CARE = Care(retry_share=0.2, retries_at_least=3, budget_window=60.0)
GAPS = st.floats(0, 3, allow_nan=False)


@given(st.lists(st.tuples(st.sampled_from(["call", "retry", "retry"]), GAPS), max_size=300))
def test_budget(steps: list[tuple[str, float]]) -> None:
    """Within each minute retries are at most a fifth of the calls, or three."""
    now = 0.0
    budget = RetryBudget(CARE, lambda: now)
    calls: list[float] = []
    retries: list[float] = []
    for step, gap in steps:
        now += gap
        if step == "call":
            budget.called()
            calls.append(now)
        elif budget.spend():
            retries.append(now)
            last = [moment for moment in retries if moment > now - 60.0]
            made = [moment for moment in calls if moment > now - 60.0]
            assert len(last) <= max(3, 0.2 * len(made))


def test_budget_is_used() -> None:
    """A hundred calls allow twenty retries; a minute later there is a new budget."""
    now = [0.0]
    budget = RetryBudget(CARE, lambda: now[0])
    for _ in range(100):
        budget.called()
    assert 20 == sum(budget.spend() for _ in range(50))
    now[0] = 60.0
    assert 3 == sum(budget.spend() for _ in range(50))


@given(st.sampled_from([0.2, 0.5, 1.0, 2.5, 7.0, 40.0]), st.lists(st.floats(0, 1), max_size=200))
def test_rate(calls_a_second: float, gaps: list[float]) -> None:
    """In no second are there more calls than the rate says, and below one a second they are that far apart."""
    now = 0.0
    rate = Rate(calls_a_second, lambda: now)
    moments = []
    for gap in gaps:
        now += gap
        moments.append(now + rate.wait(1e9))
    most = max(1, int(calls_a_second))
    apart = max(1.0, 1 / calls_a_second)
    assert sorted(moments) == moments
    assert all(late - early > apart - 1e-6 for early, late in zip(moments, moments[most:], strict=False))
    assert all(early <= late for early, late in pairwise(moments))


def test_rate_bursts() -> None:
    """What is allowed in a second may come at once; who would have to wait too long takes no turn."""
    rate = Rate(2.0, lambda: 0.0)
    assert [0.0, 0.0, 1.0] == [rate.wait(1.0) for _ in range(3)]
    with pytest.raises(NoPlace):
        rate.wait(0.5)
    assert [1.0, 2.0] == [rate.wait(5.0) for _ in range(2)]


@given(
    st.integers(1, 4),
    st.integers(0, 4),
    st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=30),
)
def test_places(at_once: int, waiting: int, calls: list[tuple[int, bool]]) -> None:
    """Never more calls at the same time than there are places, also where some are broken off; all places come back."""

    async def run() -> tuple[int, int]:
        places, inside, most = Places(at_once, waiting), 0, 0

        async def call(turns: int) -> None:
            nonlocal inside, most
            try:
                async with places.one(5.0):
                    inside += 1
                    most = max(most, inside)
                    try:
                        for _ in range(turns):
                            await asyncio.sleep(0)
                    finally:
                        inside -= 1
            except NoPlace:
                return

        tasks = [asyncio.create_task(call(turns)) for turns, _ in calls]
        await asyncio.sleep(0)
        waits = sum(not task.done() for task in tasks) - inside
        assert waits <= waiting
        for task, (_, broken_off) in zip(tasks, calls, strict=True):
            if broken_off:
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        # All places are free again.
        held = [places.one(0.0) for _ in range(at_once)]
        for one in held:
            await one.__aenter__()
        for one in held:
            await one.__aexit__(None, None, None)
        return most, at_once

    most, allowed = asyncio.run(run())
    assert most <= allowed


async def test_broken_off_while_waiting() -> None:
    """A call that is broken off while it waits takes no place from others."""
    places = Places(1, 2)
    async with places.one(0):
        waits = asyncio.create_task(places.one(5.0).__aenter__())
        await asyncio.sleep(0)
        waits.cancel()
        await asyncio.gather(waits, return_exceptions=True)
    async with places.one(0):
        pass


async def test_no_place_in_time() -> None:
    """Who gets no place in time, or finds the queue full, is told so."""
    places = Places(1, 1)
    async with places.one(0):
        waits = asyncio.create_task(places.one(5.0).__aenter__())
        await asyncio.sleep(0)
        with pytest.raises(NoPlace, match=r"as many calls as may \(1\) wait"):
            await places.one(5.0).__aenter__()
        waits.cancel()
        await asyncio.gather(waits, return_exceptions=True)
        with pytest.raises(NoPlace, match=r"within 0\.0 s"):
            await places.one(0.01).__aenter__()
        with pytest.raises(NoPlace, match="no time is left"):
            await places.one(0).__aenter__()
