"""Tasks that run as long as a server does."""

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack, suppress


async def running(work: Coroutine[None, None, None], name: str, stack: AsyncExitStack) -> None:
    """Begins the work, and ends it with the stack."""
    task = asyncio.create_task(work, name=name)

    async def end() -> None:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    stack.push_async_callback(end)
