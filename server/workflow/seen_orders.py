"""A site's order as the records show it, for its assessment: from its entries of the log, its decisions and its attempts."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection

from engine.case import AttemptState, Event
from engine.facts import Facts
from engine.readiness.given import without_numbers
from engine.readiness.orders import Call, CertificateRequest, SeenOrder, TriggerPoint
from engine.rulebook import Rulebook
from engine.written_facts import facts_of
from server.store import AttemptRecord, attempts, decisions, log
from server.store.events import TRANSITION
from server.workflow.book import WORKFLOW

DayOf = Callable[[datetime], date]

_POINTS: Final[Mapping[str, TriggerPoint]] = {
    Event.INQUIRE: TriggerPoint.INQUIRY,
    Event.PLACE: TriggerPoint.ORDER,
    Event.DECLARE: TriggerPoint.DECLARATION,
    Event.HAND_OFF: TriggerPoint.HAND_OFF,
}
_ISSUED: Final = frozenset({AttemptState.ISSUED, AttemptState.DUPLICATE})
_ANSWERED: Final = _ISSUED | {AttemptState.REJECTED}
_OPEN: Final = frozenset({AttemptState.PLANNED, AttemptState.SENDING, AttemptState.PENDING})


def seen_order(
    connection: Connection, rulebook: Rulebook, tenant: str, name: str, day_of: DayOf
) -> SeenOrder | None:
    """The order of a case; None where what it said is erased, or is not recorded as this version records it."""
    calls: dict[TriggerPoint, Call] = {}
    decided: dict[TriggerPoint, str] = {}
    now: dict[datetime, list[TriggerPoint]] = {}
    entries = log.about(connection, tenant, name)
    for entry in entries:
        point = _POINTS.get(json.loads(entry.event)["event"]) if entry.kind == TRANSITION else None
        if point is not None:
            now.setdefault(entry.at, []).append(point)
            calls.setdefault(point, Call(entry.at, day_of(entry.at)))
    for entry in entries:
        if entry.kind == "decision":
            # A call that takes more steps than one is recorded at one moment; so are its decisions, which share their facts.
            for point in now[max(at for at in now if at <= entry.at)]:
                decided[point] = json.loads(entry.event)["decision"]
    said = {}
    for point, decision_id in decided.items():
        facts = _facts(connection, tenant, decision_id)
        if facts is None:
            return None
        said[point] = facts
    return SeenOrder(
        calls, said, _missing(connection, rulebook, tenant, name), _requests(connection, tenant, name, day_of)
    )


def _facts(connection: Connection, tenant: str, decision_id: str) -> Facts | None:
    decision = decisions.find(connection, tenant, decision_id)
    if decision is None or not decision.facts:
        return None
    try:
        return facts_of(decision.facts)
    except ValueError:
        return None


def _missing(connection: Connection, rulebook: Rulebook, tenant: str, name: str) -> frozenset[str]:
    """The facts that the case's latest decisions lack and that a caller gives."""
    latest = decisions.latest(connection, tenant, name)
    bodies = (json.loads(latest[one].body) for one in WORKFLOW if one in latest and latest[one].body)
    paths = {without_numbers(path) for body in bodies for path in body.get("missing", ())}
    ours = {fact.name for fact in rulebook.facts.facts.values() if fact.asserted_by != "caller"}
    return frozenset(path for path in paths if path not in ours)


def _requests(
    connection: Connection, tenant: str, name: str, day_of: DayOf
) -> tuple[CertificateRequest, ...]:
    by_version: dict[int, list[AttemptRecord]] = {}
    for attempt in attempts.of_case(connection, tenant, name):
        by_version.setdefault(attempt.declaration_version, []).append(attempt)
    return tuple(_request(tried, day_of) for _, tried in sorted(by_version.items()))


def _request(tried: list[AttemptRecord], day_of: DayOf) -> CertificateRequest:
    asked_at = min(attempt.planned_at for attempt in tried)
    answers = [one.ended_at for one in tried if one.state in _ANSWERED and one.ended_at is not None]
    return CertificateRequest(
        Call(asked_at, day_of(asked_at)),
        min(answers, default=None),
        tuple(one.state.value for one in tried if one.state not in _ISSUED | _OPEN),
    )
