"""A site's order as the records show it, for its assessment: from its entries of the log, its decisions and its attempts."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection

from engine.case import AttemptState, Event
from engine.facts import Facts, anywhere
from engine.readiness.fields import Stage
from engine.readiness.orders import Call, CertificateRequest, SeenOrder
from engine.rulebook import Rulebook
from engine.written_facts import facts_of
from server.store import AttemptRecord, DecisionRecord, attempts, decisions, log, requests
from server.store.events import TRANSITION
from server.workflow.book import WORKFLOW
from server.workflow.refusals import HAND_OFF

DayOf = Callable[[datetime], date]

_POINTS: Final[Mapping[str, Stage]] = {
    Event.INQUIRE: Stage.INQUIRY,
    Event.PLACE: Stage.ORDER,
    Event.DECLARE: Stage.DECLARATION,
    Event.HAND_OFF: Stage.HAND_OFF,
}
_ISSUED: Final = frozenset({AttemptState.ISSUED, AttemptState.DUPLICATE})
_ANSWERED: Final = _ISSUED | {AttemptState.REJECTED}
_OPEN: Final = frozenset({AttemptState.PLANNED, AttemptState.SENDING, AttemptState.PENDING})


def seen_order(
    connection: Connection, rulebook: Rulebook, tenant: str, name: str, day_of: DayOf
) -> SeenOrder | None:
    """The order of a case; None where what it said is erased, or is not recorded as this version records it."""
    calls: dict[Stage, Call] = {}
    decided: dict[Stage, str] = {}
    now: dict[datetime, list[Stage]] = {}
    entries = log.about(connection, tenant, name)
    for entry in entries:
        point = _POINTS.get(json.loads(entry.event)["event"]) if entry.kind == TRANSITION else None
        if point is not None:
            now.setdefault(entry.at, []).append(point)
            calls.setdefault(point, Call(entry.at, day_of(entry.at)))
    for entry in entries:
        if entry.kind == "decision":
            # A call that takes more steps than one is recorded at one moment; so are its decisions, which share their facts.
            # Clocks of several processes differ: one that comes before all steps is of the first.
            for point in now[max((at for at in now if at <= entry.at), default=min(now))]:
                decided[point] = json.loads(entry.event)["decision"]
    said = {}
    for point, decision_id in decided.items():
        facts = _facts(connection, tenant, decision_id)
        if facts is None:
            return None
        said[point] = facts
    latest = decisions.latest(connection, tenant, name)
    handed = _hand_off(connection, tenant, latest)
    if handed is not None:
        calls.setdefault(Stage.HAND_OFF, Call(handed, day_of(handed)))
    return SeenOrder(calls, said, _missing(rulebook, latest), _requests(connection, tenant, name, day_of))


def _facts(connection: Connection, tenant: str, decision_id: str) -> Facts | None:
    decision = decisions.find(connection, tenant, decision_id)
    if decision is None or not decision.facts:
        return None
    try:
        return facts_of(decision.facts)
    except ValueError:
        return None


def _hand_off(connection: Connection, tenant: str, latest: Mapping[str, DecisionRecord]) -> datetime | None:
    """When a hand-off was asked for that the pre-review's answer forbade: a call, and no step of the case."""
    decision = latest.get("prereview")
    if decision is None or decision.request_id is None:
        return None
    request = requests.find(connection, tenant, decision.request_id)
    return decision.decided_at if request is not None and request.method == HAND_OFF else None


def _missing(rulebook: Rulebook, latest: Mapping[str, DecisionRecord]) -> frozenset[str]:
    """The facts that a case's latest decisions lack and that a caller gives."""
    bodies = (json.loads(latest[one].body) for one in WORKFLOW if one in latest and latest[one].body)
    paths = {anywhere(path) for body in bodies for path in body.get("missing", ())}
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
