"""Answers that a method writes by itself, each written to its end before the call is ended."""

import asyncio
from typing import Any, Final

# Seconds that an answer may take which the call does not wait for any more.
PATIENCE: Final = 1.0


class WholeWrites:
    """A call's context. gRPC can tell no status while an answer is under way, and then its caller would wait for ever."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self._writing: asyncio.Future[None] | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)

    async def write(self, answer: Any) -> None:
        """Writes an answer. Who is cut off meanwhile leaves it under way."""
        self._writing = asyncio.ensure_future(self._context.write(answer))
        await asyncio.shield(self._writing)

    async def end(self) -> None:
        """Waits for an answer that is under way, unless it takes too long."""
        if self._writing is not None:
            done, _ = await asyncio.wait([self._writing], timeout=PATIENCE)
            for writing in done:
                if not writing.cancelled():
                    writing.exception()  # that it could not be written is told by who writes
