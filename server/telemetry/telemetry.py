"""All that a process tells those who run it, from its start to its end. What nobody asks for is not even loaded."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager, AsyncExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Self

from server.background import running
from server.interceptors import Around, nothing_around
from server.platforms import Platforms
from server.settings import Settings
from server.spans import TRACER
from server.starting import CannotStart
from server.store import Store
from server.telemetry.hooks import Hooks
from server.workflow.deciding import Deciding
from server.workflow.streams import Streams
from server.workflow.watching import Watching

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

    from server.telemetry.counting import Calls
    from server.telemetry.metrics import Metrics
    from server.telemetry.tracing import Tracing


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a server that are looked at while it runs."""

    store: Store
    platforms: Platforms
    watching: Watching
    streams: Streams
    deciding: Deciding
    stale: Callable[[], bool]
    """Whether the rulebook is stale."""


class Telemetry:
    """Hooks for a server's parts, and what looks at them. `number` is the process's among those that serve together."""

    def __init__(
        self,
        hooks: Hooks,
        counted: "tuple[Metrics, Calls] | None" = None,
        tracing: "Tracing | None" = None,
        number: int = 0,
    ) -> None:
        self.hooks = hooks
        self._counted = counted
        self._tracing = tracing
        self._number = number

    @classmethod
    def of(cls, settings: Settings, number: int = 0) -> Self:
        """What the settings ask for. Raises CannotStart where it is not installed."""
        hooks, counted = Hooks(), None
        if settings.metrics is not None:
            from server.telemetry.counting import Calls, counting
            from server.telemetry.metrics import Metrics

            metrics = Metrics()
            calls = Calls(metrics)
            hooks, counted = counting(metrics, calls), (metrics, calls)
        if settings.log_calls:
            from server.telemetry.lines import line

            hooks = replace(hooks, around=_both(line, hooks.around))
        tracing = _tracing(settings)
        if tracing is not None:
            from server.telemetry.tracing import trace_id

            # Outermost, so that the line of a call has its trace.
            hooks = replace(hooks, around=_both(tracing.call, hooks.around), trace_id=trace_id)
        return cls(hooks, counted, tracing, number)

    def follow(self, stack: AsyncExitStack) -> None:
        """Has spans made by whatever is begun from here on; those that are left are sent when the stack ends."""
        if self._tracing is None:
            return
        TRACER.set(self._tracing.span)
        stack.push_async_callback(asyncio.to_thread, self._tracing.end)

    def collect(self) -> "list[Metric]":
        """The metrics of this process; none where nobody asks for any."""
        return [] if self._counted is None else self._counted[0].collect()

    async def begin(self, parts: Parts, clock: Callable[[], datetime], stack: AsyncExitStack) -> None:
        """Looks at the parts until the stack ends."""
        if self._counted is None:
            return
        from server.telemetry.looking import Records, look_at_process, measure_lag, tell_rulebook

        metrics, calls = self._counted
        look_at_process(metrics, calls, parts.store, parts.platforms, parts.watching, parts.streams)
        parts.deciding.on_serving(lambda rulebook: tell_rulebook(metrics, rulebook, clock()))
        metrics.before_collecting(lambda: metrics.rulebook_stale.set(parts.stale()))
        await running(measure_lag(metrics), "lag", stack)
        if self._number == 0:
            # What stands in the database is the same for all.
            await running(Records(metrics, parts.store, clock).run(), "records", stack)

    def serve(self, address: str, stack: AsyncExitStack) -> str:
        """Serves the metrics of this process alone until the stack ends; the address. Raises CannotStart."""
        from server.telemetry.port import serving
        from server.telemetry.together import together

        return stack.enter_context(serving(address, lambda: together({str(self._number): self.collect()})))


def _tracing(settings: Settings) -> "Tracing | None":
    if settings.traces is None:
        return None
    try:
        from server.telemetry.tracing import Tracing
    except ImportError as error:
        raise CannotStart(
            f"Traces cannot be sent: {error.name} is not installed. Install origin-gate[otel], or leave out --traces.",
            exit_code=2,
        ) from error
    return Tracing(settings.traces, settings.traces_share)


def _both(outer: Around, inner: Around) -> Around:
    if inner is nothing_around:
        return outer
    return lambda method, context: _Both(outer(method, context), inner(method, context))


class _Both:
    __slots__ = ("_inner", "_outer")

    def __init__(self, outer: AbstractContextManager[object], inner: AbstractContextManager[object]) -> None:
        self._outer, self._inner = outer, inner

    def __enter__(self) -> None:
        self._outer.__enter__()
        self._inner.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._inner.__exit__(kind, error, trace)
        self._outer.__exit__(kind, error, trace)
