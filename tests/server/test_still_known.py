"""Calls that last, and whose callers do not stay known."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from server.auth import Principal, Role
from server.errors import StoreUnavailable, Unauthenticated
from server.still_known import still_known

CALLER = Principal(
    "acme", "orders", frozenset({Role.ORDER_SYSTEM, Role.AUDITOR}), frozenset({"shop", "market"})
)


def saying(*said: Exception | Principal) -> Callable[[], Awaitable[Principal]]:
    """What is found out at each look; the last counts from then on."""
    left = list(said)

    async def again() -> Principal:
        found = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(found, Exception):
            raise found
        return found

    return again


async def test_known() -> None:
    """A call whose caller stays known ends by itself."""
    async with still_known(CALLER, saying(replace(CALLER)), every=0.001):
        await asyncio.sleep(0.02)


async def test_not_known_any_more() -> None:
    """A call whose caller is not known any more ends with that, and its task is not cancelled beyond it."""
    with pytest.raises(Unauthenticated, match="gone"):
        async with still_known(CALLER, saying(CALLER, Unauthenticated("gone", "Come again.")), every=0.001):
            await asyncio.Event().wait()
    task = asyncio.current_task()
    assert task is not None and 0 == task.cancelling()


@pytest.mark.parametrize(
    "other",
    [
        replace(CALLER, tenant="brasa"),
        replace(CALLER, name="somebody"),
        replace(CALLER, roles=frozenset({Role.ORDER_SYSTEM})),
        replace(CALLER, sites=frozenset({"shop"})),
        replace(CALLER, sites=None),
    ],
    ids=["tenant", "name", "fewer roles", "fewer sites", "all sites"],
)
async def test_may_ask_for_something_else(other: Principal) -> None:
    """A call goes by what its caller might ask for as it began, and so ends where that has changed."""
    with pytest.raises(Unauthenticated, match="has changed"):
        async with asyncio.timeout(5), still_known(CALLER, saying(CALLER, other), every=0.001):
            await asyncio.Event().wait()


async def test_cannot_be_found_out() -> None:
    """Where it cannot be found out, the call goes on until it can."""
    answers = saying(StoreUnavailable(), OSError("x"), Unauthenticated("gone", "Come again."))
    with pytest.raises(Unauthenticated):
        async with still_known(CALLER, answers, every=0.001):
            await asyncio.Event().wait()


async def test_cancelled_by_another() -> None:
    """A call that is cancelled by its own caller is cancelled."""

    async def call() -> None:
        async with still_known(CALLER, saying(replace(CALLER)), every=10):
            await asyncio.Event().wait()

    task = asyncio.create_task(call())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
