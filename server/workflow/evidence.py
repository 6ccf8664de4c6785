"""Recorded decisions as evidence: found, proved, explained, and decided again by a rulebook that is stored."""

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection

from engine.decide import decide
from engine.explanation import Explanation, explain
from engine.facts import Facts
from engine.rulebook import Rulebook, Standing, load
from engine.written_facts import facts_of as typed_facts
from server.errors import CaseErased, DecisionNotFound, QuestionNotFound, RulebookNotFound, StoreUnavailable
from server.recent import Recent
from server.store import Store, cases, decisions, rulebooks
from server.store.receipts import Receipt, receipt_of_decision
from server.store.records import RecordedDecision
from server.wire.texts import decision_text
from server.workflow.deciding import Deciding

MOST_DIFFERENCES: Final = 1000
_CASES: Final = "cases/"
_USUAL: Final = "prereview"


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a decision is another one: a path, and both values as JSON, empty where there is none."""

    path: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Replayed:
    """A decision that was decided again: as it is now, and where that differs from what was recorded."""

    now: str
    same: bool
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """A recorded decision, and why it is so; `unexplained` says why that is not told."""

    decision: RecordedDecision
    explanation: Explanation | None
    unexplained: str = ""


class Evidence:
    """Answers auditors, and order systems that want a receipt."""

    def __init__(self, store: Store, deciding: Deciding) -> None:
        self._store = store
        self._deciding = deciding
        self._rulebooks: Recent[str, Rulebook] = Recent(4)

    async def receipt(self, tenant: str, name: str, question: str) -> Receipt:
        """The receipt of a decision. Raises DecisionNotFound, StoreUnavailable where no signed head stands over it yet."""

        def look(connection: Connection) -> Receipt | None:
            found = _named(connection, tenant, name, question)
            return receipt_of_decision(connection, tenant, found.case_name, found.decision_id)

        found = await self._store.read(look)
        if found is None:
            raise StoreUnavailable
        return found

    async def explained(self, tenant: str, name: str, question: str) -> Explained:
        """A decision, explained again from its facts and by its rulebook. Raises DecisionNotFound, CaseErased."""
        found = await self._store.read(lambda c: _kept(c, tenant, name, question))
        try:
            rulebook = await self._rulebook(found.rulebook_digest)
        except RulebookNotFound as error:
            return Explained(found, None, str(error))
        on, enforce = _asked(found)
        explanation = await asyncio.to_thread(
            explain, rulebook, found.question, typed_facts(found.facts), on, enforce
        )
        return Explained(found, explanation)

    async def replayed(self, tenant: str, name: str, question: str, digest: str) -> Replayed:
        """A decision, decided again by its own rulebook or another one that is stored.

        Raises DecisionNotFound, CaseErased, RulebookNotFound, QuestionNotFound where that rulebook lacks the question.
        """
        found = await self._store.read(lambda c: _kept(c, tenant, name, question))
        rulebook = await self._rulebook(digest or found.rulebook_digest)
        if found.question not in rulebook.questions:
            raise QuestionNotFound(found.question, rulebook.questions)
        on, enforce = _asked(found)
        facts: Facts = typed_facts(found.facts)
        made = await asyncio.to_thread(decide, rulebook, found.question, facts, on, enforce)
        now = decision_text(made)
        differences = tuple(_differences(json.loads(found.body), json.loads(now)))[:MOST_DIFFERENCES]
        return Replayed(now, now == found.body, differences)

    async def _rulebook(self, digest: str) -> Rulebook:
        if digest == self._deciding.rulebook.digest:
            return self._deciding.rulebook
        there = self._rulebooks.get(digest)
        if there is not None:
            return there
        kept = await self._store.read(lambda c: rulebooks.find(c, digest))
        if kept is None:
            raise RulebookNotFound(digest)
        loaded = await asyncio.to_thread(load, json.loads(kept.files))
        if not isinstance(loaded, Rulebook) or loaded.digest != digest:
            raise RulebookNotFound(digest, "this version does not read it as the one that stored it did")
        return self._rulebooks.keep(digest, loaded)


def _named(connection: Connection, tenant: str, name: str, question: str) -> RecordedDecision:
    """The decision of an id, or a case's latest on a question. Raises DecisionNotFound."""
    asked = ""
    decision_id = name.removeprefix("decisions/")
    if name.startswith(_CASES):
        asked = question or _USUAL
        latest = decisions.latest(connection, tenant, name).get(asked)
        decision_id = latest.decision_id if latest is not None else ""
    found = decisions.find(connection, tenant, decision_id)
    if found is None:
        raise DecisionNotFound(name, asked)
    return found


def _kept(connection: Connection, tenant: str, name: str, question: str) -> RecordedDecision:
    """The decision with what it was made from. Raises DecisionNotFound, CaseErased where that is erased."""
    found = _named(connection, tenant, name, question)
    if not found.body:
        case = cases.find(connection, tenant, found.case_name) if found.case_name else None
        raise CaseErased(found.case_name or name, case.erased_at if case is not None else None)
    return found


def _asked(found: RecordedDecision) -> tuple[date, tuple[Standing, ...]]:
    """The day and the standings for which a recorded decision was made."""
    body = json.loads(found.body)
    on = date(*(int(body["on"][part]) for part in ("year", "month", "day")))
    return on, tuple(Standing(word.removeprefix("STANDING_").lower()) for word in body["enforce"])


def _differences(was: object, now: object, path: str = "") -> Iterator[Difference]:
    """Where two JSON values differ, by the paths of their innermost parts."""
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        for name in sorted({*was, *now}):
            below = f"{path}.{name}" if path else str(name)
            yield from _differences(was.get(name, _NOTHING), now.get(name, _NOTHING), below)
    elif isinstance(was, Sequence) and isinstance(now, Sequence) and not isinstance(was, str):
        for at in range(max(len(was), len(now))):
            yield from _differences(
                was[at] if at < len(was) else _NOTHING,
                now[at] if at < len(now) else _NOTHING,
                f"{path}[{at}]",
            )
    elif was != now:
        yield Difference(path, _json(was), _json(now))


_NOTHING: Final = object()


def _json(value: object) -> str:
    return "" if value is _NOTHING else json.dumps(value, ensure_ascii=False, sort_keys=True)
