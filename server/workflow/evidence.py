"""Recorded decisions as evidence: found, proved, explained, and decided again by a rulebook that is stored."""

import asyncio
from dataclasses import dataclass
from itertools import islice
from typing import Final

from sqlalchemy import Connection

from engine.explanation import Explanation, explain
from engine.rulebook import Rulebook
from engine.written_facts import facts_of as typed_facts
from server.errors import CaseErased, DecisionNotFound, QuestionNotFound, RulebookNotFound, StoreUnavailable
from server.recorded.again import Difference, asked_about, differences, made_again
from server.store import Store, cases, decisions
from server.store.receipts import Receipt, receipt_of_decision
from server.store.records import RecordedDecision
from server.wire.texts import decision_text
from server.workflow.shelf import Shelf

MOST_DIFFERENCES: Final = 1000
_CASES: Final = "cases/"
_USUAL: Final = "prereview"


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

    def __init__(self, store: Store, shelf: Shelf) -> None:
        self._store = store
        self._shelf = shelf

    @property
    def served(self) -> Rulebook:
        """The rulebook that is served."""
        return self._shelf.served

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
            rulebook = await self._shelf.rulebook(found.rulebook_digest)
        except RulebookNotFound as error:
            return Explained(found, None, str(error))
        on, enforce = asked_about(found.body)
        explanation = await asyncio.to_thread(
            explain, rulebook, found.question, typed_facts(found.facts), on, enforce
        )
        return Explained(found, explanation)

    async def replayed(self, tenant: str, name: str, question: str, digest: str) -> Replayed:
        """A decision, decided again by its own rulebook or another one that is stored.

        Raises DecisionNotFound, CaseErased, RulebookNotFound, QuestionNotFound where that rulebook lacks the question.
        """
        found = await self._store.read(lambda c: _kept(c, tenant, name, question))
        rulebook = await self._shelf.rulebook(digest or found.rulebook_digest)
        if found.question not in rulebook.questions:
            raise QuestionNotFound(found.question, rulebook.questions)
        now = decision_text(await asyncio.to_thread(made_again, rulebook, found))
        found_there = tuple(islice(differences(found.body, now), MOST_DIFFERENCES))
        return Replayed(now, now == found.body, found_there)


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
