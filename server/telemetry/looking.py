"""Gauges: what is so at the moment in this process, and what stands in the database."""

import asyncio
import platform as python
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from importlib.metadata import version
from typing import Final

import structlog

from engine.rulebook import Rulebook
from server.logs import trace_of
from server.platforms import Guarded, Platforms
from server.platforms.guarded.breaker import BreakerState
from server.store import Store
from server.store.figures import Figures, figures
from server.telemetry.counting import Calls
from server.telemetry.metrics import Metrics
from server.workflow.streams import Streams
from server.workflow.watching import Watching

# Seconds between two looks at the database, and where somebody asks for metrics meanwhile: what he gets next is fresh.
LOOK_EVERY: Final = 10.0
LOOK_ASKED: Final = 1.0
LAG_EVERY: Final = 1.0

log = structlog.get_logger("metrics")


def look_at_process(
    metrics: Metrics, calls: Calls, store: Store, platforms: Platforms, watching: Watching, streams: Streams
) -> None:
    """Has gauges say, whenever they are collected, what is so then in this process."""
    metrics.build.labels(version("origin-gate"), python.python_version()).set(1)
    guarded = [each for name in platforms.names if isinstance(each := platforms.find(name), Guarded)]

    def look() -> None:
        metrics.calls_in_flight.set(calls.in_flight)
        metrics.watches.set(watching.open)
        metrics.streams.set(streams.open)
        metrics.queue.set(store.queued)
        for each in guarded:
            made, waiting = each.calls
            metrics.platform_in_flight.labels(each.name).set(made)
            metrics.platform_waiting.labels(each.name).set(waiting)
            for operation, now in each.breakers.items():
                for state in BreakerState:
                    metrics.breakers.labels(each.name, operation, state).set(state is now)

    metrics.before_collecting(look)


def tell_rulebook(metrics: Metrics, rulebook: Rulebook, at: datetime) -> None:
    """Has the metrics say which rulebook is served from now on, and no other."""
    metrics.rulebook.clear()
    metrics.rulebook.labels(rulebook.name, rulebook.digest).set(1)
    metrics.rulebook_loaded.set(at.timestamp())


class Records:
    """Looks at the database now and then; one process does so for all that serve together."""

    def __init__(self, metrics: Metrics, store: Store, clock: Callable[[], datetime]) -> None:
        self._metrics = metrics
        self._store = store
        self._clock = clock

    async def run(self) -> None:
        """Looks until it is cancelled. Trouble with the database ends nothing."""
        asked, loop = asyncio.Event(), asyncio.get_running_loop()

        def ask() -> None:
            # At the very end metrics may be asked for once more.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(asked.set)

        self._metrics.before_collecting(ask)
        while True:
            asked.clear()
            try:
                await self.once()
            except Exception as error:
                log.error(
                    "the records could not be counted for metrics; it is tried again", trace=trace_of(error)
                )
            await asyncio.sleep(LOOK_ASKED)
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY - LOOK_ASKED):
                    await asked.wait()

    async def once(self) -> None:
        """One look."""
        now = self._clock()
        self._tell(await self._store.read(lambda connection: figures(connection, now)))
        self._metrics.records_looked.set(now.timestamp())

    def _tell(self, found: Figures) -> None:
        metrics = self._metrics
        metrics.log_entries.set(found.log_entries)
        metrics.log_head.set(_seconds(found.log_at))
        for state, count in found.cases.items():
            metrics.cases.labels(state).set(count)
        metrics.oldest_manual.set(_seconds(found.manual_since))
        metrics.stuck_voids.set(found.stuck_voids)
        metrics.due.set(found.due_attempts)
        metrics.oldest_due.set(_seconds(found.due_since))
        for (tenant, endpoint), count in found.pending.items():
            metrics.pending.labels(tenant, endpoint).set(count)
            metrics.dead_letters.labels(tenant, endpoint).set(found.dead_letters.get((tenant, endpoint), 0))


async def measure_lag(metrics: Metrics, every: float = LAG_EVERY) -> None:
    """Measures, until it is cancelled, how much later than asked for the event loop comes back."""
    clock = asyncio.get_running_loop().time
    while True:
        due = clock() + every
        await asyncio.sleep(every)
        metrics.loop_lag.observe(max(clock() - due, 0.0))


def _seconds(moment: datetime | None) -> float:
    return 0.0 if moment is None else moment.timestamp()
