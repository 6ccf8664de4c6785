"""What parts of a server are given to tell what they did. Each keeps the series that it met: looking one up costs most."""

from collections.abc import Callable, Iterable
from time import perf_counter, time
from types import TracebackType
from typing import Any

from prometheus_client import Counter, Histogram

from engine.checkpoint import read_checkpoint
from engine.decision import Decision, Finding
from server.platforms.guarded import Asked as Operation
from server.platforms.guarded import Spared
from server.platforms.guarded.outcomes import outcome_of
from server.store.errors import CommitUnknown
from server.store.writer import Group
from server.telemetry.codes import code_of
from server.telemetry.hooks import Hooks
from server.telemetry.metrics import Metrics
from server.webhooks.endpoints import Endpoint
from server.webhooks.sending import Answer
from server.workflow.reconciler import Look


class Calls:
    """Counts calls: around each stands `Calls.one`."""

    def __init__(self, metrics: Metrics) -> None:
        self._durations = metrics.calls
        self._known: dict[tuple[str, str], Histogram] = {}
        self.in_flight = 0

    def one(self, method: str, context: Any) -> "_OneCall":
        """A context for one call of a method."""
        return _OneCall(self, method, context)

    def ended(self, method: str, code: str, seconds: float) -> None:
        """Takes note of a call that ended."""
        series = self._known.get((method, code))
        if series is None:
            series = self._known[method, code] = self._durations.labels(method, code)
        series.observe(seconds)


class _OneCall:
    __slots__ = ("_began", "_calls", "_context", "_method")

    def __init__(self, calls: Calls, method: str, context: Any) -> None:
        self._calls, self._method, self._context = calls, method, context

    def __enter__(self) -> None:
        self._calls.in_flight += 1
        self._began = perf_counter()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        seconds = perf_counter() - self._began
        self._calls.in_flight -= 1
        self._calls.ended(self._method, "OK" if error is None else code_of(error, self._context), seconds)


class Decided:
    """Counts decisions and their findings."""

    def __init__(self, metrics: Metrics) -> None:
        self._decisions, self._findings = metrics.decisions, metrics.findings
        self._known: dict[tuple[str, str], Counter] = {}
        self._fired: dict[tuple[str, str, str, str], Counter] = {}

    def __call__(self, decisions: Iterable[Decision]) -> None:
        """Takes note of decisions that were made."""
        for decision in decisions:
            question = decision.question
            made = question, decision.outcome
            series = self._known.get(made)
            if series is None:
                series = self._known[made] = self._decisions.labels(*made)
            series.inc()
            for finding in decision.findings:
                self._found(question, finding)
            if decision.otherwise is not None:
                self._found(question, decision.otherwise)

    def _found(self, question: str, finding: Finding) -> None:
        fired = question, finding.rule, finding.reason, finding.outcome
        series = self._fired.get(fired)
        if series is None:
            series = self._fired[fired] = self._findings.labels(*fired)
        series.inc()


class Asked:
    """Counts calls to platforms."""

    def __init__(self, metrics: Metrics) -> None:
        self._calls, self._not_asked = metrics.platform_calls, metrics.not_asked

    def __call__(self, platform: str, what: Operation, answer: object, seconds: float) -> None:
        """Takes note of a call, or that it was not made."""
        if isinstance(answer, Spared):
            self._not_asked.labels(platform, what, answer).inc()
        else:
            self._calls.labels(platform, what, outcome_of(answer)).observe(seconds)


class Committed:
    """Counts groups that were committed, or lost."""

    def __init__(self, metrics: Metrics) -> None:
        self._commits, self._groups, self._failures = metrics.commits, metrics.groups, metrics.store_failures

    def __call__(self, group: Group) -> None:
        """Takes note of a group."""
        if group.lost is None:
            self._commits.observe(group.seconds)
            self._groups.observe(group.size)
        else:
            self._failures.labels("unknown" if isinstance(group.lost, CommitUnknown) else "unavailable").inc()


class HandedOn:
    """Counts signed heads that were handed on, or could not be."""

    def __init__(self, metrics: Metrics) -> None:
        self._entries, self._failures = metrics.witness, metrics.witness_failures

    def __call__(self, to: str, head: str | None) -> None:
        """Takes note of a try."""
        if head is None:
            self._failures.labels(to).inc()
        else:
            self._entries.labels(to).set(read_checkpoint(head).head.size)


class Reconciled:
    """Counts what the reconciler did."""

    def __init__(self, metrics: Metrics, clock: Callable[[], float]) -> None:
        self._metrics, self._clock = metrics, clock

    def __call__(self, look: Look, count: int) -> None:
        """Takes note of a part of a look."""
        match look:
            case Look.ENDED:
                self._metrics.reconciler_looked.set(self._clock())
            case Look.FAILED:
                self._metrics.reconciler_failures.inc()
            case Look.HOLD_LOST:
                self._metrics.leases_lost.inc()
            case Look.ATTEMPT | Look.VOID:
                self._metrics.taken.labels(look).inc(count)


class Delivered:
    """Counts tries to deliver webhooks."""

    def __init__(self, metrics: Metrics) -> None:
        self._tries = metrics.deliveries

    def __call__(self, endpoint: Endpoint, answer: Answer, seconds: float) -> None:
        """Takes note of a try."""
        result = type(answer).__name__.upper()
        self._tries.labels(endpoint.tenant, endpoint.name, result).observe(seconds)


def counting(metrics: Metrics, calls: Calls) -> Hooks:
    """What parts of a server are given so that all is counted."""
    return Hooks(
        around=calls.one,
        decided=Decided(metrics),
        asked=Asked(metrics),
        committed=Committed(metrics),
        handed_on=HandedOn(metrics),
        reconciled=Reconciled(metrics, time),
        delivered=Delivered(metrics),
        noticed=lambda platform, status: metrics.notices.labels(platform, str(status)).inc(),
        read_again=lambda what, used: metrics.files.labels(what, "used" if used else "refused").inc(),
        refused=lambda reason, bound: metrics.refused.labels(reason, bound).inc(),
        doubted=lambda opinion: metrics.opinions.labels(opinion).inc(),
        tls_until=lambda until: metrics.tls_until.set(until.timestamp()),
        logged=lambda level: metrics.logged.labels(level).inc(),
    )
