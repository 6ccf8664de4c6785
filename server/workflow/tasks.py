"""Work that goes on after its caller has gone: kept, named, and ended in order when the server stops."""

import asyncio
from collections import defaultdict
from collections.abc import Coroutine
from contextvars import copy_context
from itertools import chain

import structlog

from server.calls import CASE
from server.logs import trace_of

log = structlog.get_logger("tasks")


class Tasks:
    """Running tasks by name. What fails is logged; nothing is lost silently."""

    def __init__(self) -> None:
        self._running: dict[str, set[asyncio.Task[None]]] = defaultdict(set)

    def start(self, work: Coroutine[None, None, None], name: str, tenant: str | None = None) -> None:
        """Runs the work in the background. With a tenant the name is a case's, and what is logged on the way says so."""
        context = copy_context()
        if tenant is not None:
            context.run(CASE.set, (tenant, name))
        task = asyncio.create_task(work, name=name, context=context)
        self._running[name].add(task)
        task.add_done_callback(self._ended)

    async def wait(self, name: str, seconds: float) -> None:
        """Waits until all work of that name has ended, or the seconds have passed. It goes on in any case."""
        running = self._running.get(name)
        if running and seconds > 0:
            await asyncio.wait(set(running), timeout=seconds)

    async def finish(self, grace: float) -> None:
        """Lets all work end within `grace` seconds, then cancels what is left."""
        left = set(chain.from_iterable(self._running.values()))
        if not left:
            return
        _, late = await asyncio.wait(left, timeout=grace)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        name = task.get_name()
        self._running[name].discard(task)
        if not self._running[name]:
            del self._running[name]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("background work failed; the reconciler takes over", work=name, trace=trace_of(error))
