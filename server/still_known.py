"""Calls that last: whether their caller is still who it proved to be."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from server.auth import Principal
from server.errors import Unauthenticated

# Seconds between two looks: with what is believed of a key meanwhile, a revoked one ends a watch within twice as many.
AGAIN_EVERY: Final = 5.0


@asynccontextmanager
async def still_known(
    admitted: Principal, again: Callable[[], Awaitable[Principal]], every: float = AGAIN_EVERY
) -> AsyncIterator[None]:
    """Ends what runs inside, with its error, once `again` says that the caller is not known any more.

    So it ends where the caller is known as another than was admitted: what runs goes by what that one might ask.

    Where that cannot be found out just now, what runs goes on, and it is asked again.
    """
    task = asyncio.current_task()
    assert task is not None, "a call is served by a task"
    refused: list[Unauthenticated] = []

    async def look() -> None:
        while not refused:
            await asyncio.sleep(every)
            try:
                if await again() != admitted:
                    raise Unauthenticated(
                        "what this caller may ask for has changed since the call began", "Call again."
                    )
            except Unauthenticated as error:
                refused.append(error)
                task.cancel()
            except Exception:  # noqa: S112 - it cannot be found out just now, and is asked again
                continue

    looking = asyncio.create_task(look())
    try:
        yield
    except asyncio.CancelledError:
        if not refused:
            raise
        task.uncancel()
        raise refused[0] from None
    finally:
        looking.cancel()
