"""All that a process tells those who run it, from its start to its end. What nobody asks for is not even loaded."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Self

from engine.rulebook import Rulebook
from server.platforms import Platforms
from server.running import running
from server.settings import Settings
from server.store import Store
from server.telemetry.hooks import Hooks
from server.workflow.streams import Streams
from server.workflow.watching import Watching

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

    from server.telemetry.counting import Calls
    from server.telemetry.metrics import Metrics


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a server that are looked at while it runs."""

    store: Store
    platforms: Platforms
    watching: Watching
    streams: Streams
    rulebook: Rulebook


class Telemetry:
    """Hooks for a server's parts, and what looks at them. `number` is the process's among those that serve together."""

    def __init__(self, hooks: Hooks, counted: "tuple[Metrics, Calls] | None" = None, number: int = 0) -> None:
        self.hooks = hooks
        self._counted = counted
        self._number = number

    @classmethod
    def of(cls, settings: Settings, number: int = 0) -> Self:
        """What the settings ask for."""
        if settings.metrics is None:
            return cls(Hooks())
        from server.telemetry.counting import Calls, counting
        from server.telemetry.metrics import Metrics

        metrics = Metrics()
        calls = Calls(metrics)
        return cls(counting(metrics, calls), (metrics, calls), number)

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
        tell_rulebook(metrics, parts.rulebook, clock())
        await running(measure_lag(metrics), "lag", stack)
        if self._number == 0:
            # What stands in the database is the same for all.
            await running(Records(metrics, parts.store, clock).run(), "records", stack)

    def serve(self, address: str, stack: AsyncExitStack) -> str:
        """Serves the metrics of this process alone until the stack ends; the address. Raises CannotStart."""
        from server.telemetry.port import serving
        from server.telemetry.together import together

        return stack.enter_context(serving(address, lambda: together({str(self._number): self.collect()})))
