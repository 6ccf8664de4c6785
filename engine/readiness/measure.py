"""A site's orders counted: certificates in real time, facts that were given, calls before the transaction."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from engine.facts import Facts
from engine.readiness.fields import Stage, is_callers, within
from engine.readiness.given import is_given
from engine.readiness.orders import BEFORE_THE_TRANSACTION, CertificateRequest, SeenOrder
from engine.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class InterfaceSeen:
    """How certificates were answered. `times` are of those that were, the shortest first."""

    requests: int
    in_time: int
    times: tuple[timedelta, ...]
    failures: Mapping[str, int]

    def percentile(self, share: int) -> timedelta | None:
        """The time within which so many of a hundred answers came; None where none came."""
        return self.times[ceil(len(self.times) * share / 100) - 1] if self.times else None


@dataclass(frozen=True, slots=True)
class FieldSeen:
    """How often a fact was given by the orders that gave it or whose answers lack it.

    `stage` is the step at which it is due, `at` counts at which step it was first given, `mistyped` the orders that were
    refused for its form.
    """

    path: str
    stage: Stage
    orders: int
    given: int
    mistyped: int
    at: Mapping[Stage, int]


@dataclass(frozen=True, slots=True)
class PointSeen:
    """How many orders called at a step, how many of them when the goods were there, and how long after the order's first
    call half of them had: None for the first."""

    orders: int
    too_late: int
    after: timedelta | None


@dataclass(frozen=True, slots=True)
class Measured:
    """All that was seen of a site's orders. `confirmed_early` counts orders that were confirmed before an answer."""

    orders: int
    interface: InterfaceSeen
    fields: tuple[FieldSeen, ...]
    points: Mapping[Stage, PointSeen]
    confirmed_early: int

    def facts(self, site_id: str, integration: str | None) -> Facts:
        """What the question `readiness` reads. What is not known of the integration is left out."""
        readiness = {
            "certificate_requests": self.interface.requests,
            "answered_in_time": self.interface.in_time,
            "fields": tuple(
                {
                    "path": one.path,
                    "stage": one.stage.value,
                    "orders": one.orders,
                    "given": one.given,
                    "mistyped": one.mistyped,
                }
                for one in self.fields
            ),
            "trigger_points": tuple(point.value for point in Stage if self._calls_at(point)),
            "orders_confirmed_early": self.confirmed_early,
        }
        known = {} if integration is None else {"integration": integration}
        return {"site": {"site_id": site_id, **known, "readiness": readiness}}

    def _calls_at(self, point: Stage) -> bool:
        seen = self.points[point]
        return seen.orders > (seen.too_late if point in BEFORE_THE_TRANSACTION else 0)


def measure(
    orders: Sequence[SeenOrder],
    needed: Iterable[str],
    due: Callable[[str], Stage],
    mistyped: Mapping[str, int],
    refused_hand_offs: int,
    real_time: timedelta,
) -> Measured:
    """Counts orders. `needed` are the paths of the facts that rules need of callers; `due` says at which step one is due.

    `mistyped` and `refused_hand_offs` count orders that were refused, for the form of what is at a path, and because they
    were handed off before an answer.
    """
    requests = [request for order in orders for request in order.requests]
    paths = sorted({*needed, *(path for order in orders for path in order.missing)})
    refused = _by_fact(mistyped, paths)
    return Measured(
        len(orders),
        _interface(requests, real_time),
        # Nobody can say of which fact no order was seen: where there is no order, there are no fields.
        tuple(_field(path, due(path), orders, refused[path]) for path in paths) if orders or mistyped else (),
        {
            point: _point(point, orders, refused_hand_offs if point is Stage.HAND_OFF else 0)
            for point in Stage
        },
        refused_hand_offs + sum(order.confirmed_early for order in orders),
    )


def needed_of(rulebook: Rulebook, questions: Iterable[str]) -> frozenset[str]:
    """The paths of the facts that rules of these questions read and that only a caller can give."""
    return frozenset(
        path
        for question in questions
        for path in rulebook.questions[question].reads
        if is_callers(rulebook.facts, path)
    )


def _interface(requests: Sequence[CertificateRequest], real_time: timedelta) -> InterfaceSeen:
    times = sorted(
        request.answered_at - request.asked.at for request in requests if request.answered_at is not None
    )
    return InterfaceSeen(
        len(requests),
        sum(time <= real_time for time in times),
        tuple(times),
        Counter(failure for request in requests for failure in request.failures),
    )


def _by_fact(mistyped: Mapping[str, int], paths: Sequence[str]) -> Counter[str]:
    """The counts by the facts that are looked at: what is only a part of one, as an amount's currency, counts for it."""
    counts = Counter[str]()
    for path, count in mistyped.items():
        wholes = [whole for whole in paths if within(path, whole)]
        if wholes:
            counts[max(wholes, key=len)] += count
    return counts


def _field(path: str, stage: Stage, orders: Sequence[SeenOrder], mistyped: int) -> FieldSeen:
    given, lacking, at = 0, 0, Counter[Stage]()
    for order in orders:
        if not order.has_come_to(stage):
            continue  # it is not due yet
        if is_given(order.facts, path):
            given += 1
            at[_first(order, path)] += 1
        elif path in order.missing:
            lacking += 1
    return FieldSeen(path, stage, max(given + lacking, mistyped), given, mistyped, at)


def _first(order: SeenOrder, path: str) -> Stage:
    return next(point for point in Stage if is_given(order.said.get(point, {}), path))


def _point(point: Stage, orders: Sequence[SeenOrder], refused: int) -> PointSeen:
    """What was seen of a step. Who is refused there has called; whether again later, when it was not, nobody can tell."""
    called = [(order, order.calls[point]) for order in orders if point in order.calls]
    waits = sorted(call.at - min(one.at for one in order.calls.values()) for order, call in called)
    return PointSeen(
        min(len(called) + refused, len(orders)),
        sum(not order.is_in_time(call) for order, call in called),
        waits[(len(waits) - 1) // 2] if waits and any(waits) else None,
    )
