"""Ends of calls that are not their own: the longest time that one may take, and the server's end."""

import asyncio
import inspect
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from server.errors import ShuttingDown, TookTooLong


@asynccontextmanager
async def until(ended: asyncio.Event) -> AsyncIterator[None]:
    """Ends what runs inside with ShuttingDown once the event has come."""
    task = asyncio.current_task()
    assert task is not None, "a call is served by a task"
    cut = False

    async def wait() -> None:
        nonlocal cut
        await ended.wait()
        cut = True
        task.cancel()

    waiting = asyncio.create_task(wait())
    try:
        yield
    except asyncio.CancelledError:
        if not cut:
            raise
        task.uncancel()
        raise ShuttingDown from None
    finally:
        waiting.cancel()


async def within(seconds: float, behaviour: Any, request: Any, context: Any) -> Any:
    """What the method answers. Raises TookTooLong where it takes longer."""
    try:
        async with asyncio.timeout(seconds) as limit:
            answered = behaviour(request, context)
            return await answered if inspect.isawaitable(answered) else answered
    except TimeoutError:
        if limit.expired():
            raise TookTooLong(seconds) from None
        raise
