"""Calls that last, and whose callers do not stay known."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from server.errors import StoreUnavailable, Unauthenticated
from server.still_known import still_known


def saying(*said: Exception | None) -> Callable[[], Awaitable[None]]:
    """What is found out at each look; the last counts from then on."""
    left = list(said)

    async def again() -> None:
        found = left.pop(0) if len(left) > 1 else left[0]
        if found is not None:
            raise found

    return again


async def test_known() -> None:
    """A call whose caller stays known ends by itself."""
    async with still_known(saying(None), every=0.001):
        await asyncio.sleep(0.02)


async def test_not_known_any_more() -> None:
    """A call whose caller is not known any more ends with that, and its task is not cancelled beyond it."""
    with pytest.raises(Unauthenticated, match="gone"):
        async with still_known(saying(None, Unauthenticated("gone", "Come again.")), every=0.001):
            await asyncio.Event().wait()
    task = asyncio.current_task()
    assert task is not None and 0 == task.cancelling()


async def test_cannot_be_found_out() -> None:
    """Where it cannot be found out, the call goes on until it can."""
    answers = saying(StoreUnavailable(), OSError("x"), Unauthenticated("gone", "Come again."))
    with pytest.raises(Unauthenticated):
        async with still_known(answers, every=0.001):
            await asyncio.Event().wait()


async def test_cancelled_by_another() -> None:
    """A call that is cancelled by its own caller is cancelled."""

    async def call() -> None:
        async with still_known(saying(None), every=10):
            await asyncio.Event().wait()

    task = asyncio.create_task(call())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
