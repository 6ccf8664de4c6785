"""Puts questions to the rulebook that is served now, and keeps the answers."""

import json
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from engine.decide import decide
from engine.decision import Decision
from engine.facts import EVERYTHING
from engine.rulebook import Rulebook, Standing
from engine.written_facts import Written
from server.errors import QuestionNotFound
from server.recent import Recent
from server.spans import span
from server.store import Transaction, decisions, rulebooks
from server.store.records import NewDecision
from server.wire.texts import decision_text
from server.workflow.book import WORKFLOW, Book, Clock, Facts, RulebookIncomplete, Told, nobody

__all__ = [
    "WORKFLOW", "Book", "Clock", "Deciding", "Facts", "Lately", "Made", "RulebookIncomplete", "Told", "nobody",
]  # fmt: skip

# Of so many cases the latest decisions are at hand for the one that follows when a platform has answered.
CASES_LATELY: Final = 512


@dataclass(frozen=True, slots=True)
class Made:
    """A decision with all that is kept of it: an id, its body as proto JSON, the facts that it was made from as text.

    `about` are these facts themselves, and `written` is what was written of them.
    """

    decision_id: str
    decision: Decision
    body: str
    facts: str
    about: Facts = field(repr=False)
    written: Written = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Lately:
    """What was decided lately about a case, for which version of its declaration, and what the caller `said` with it."""

    declaration_version: int
    said: Facts = field(repr=False)
    made: tuple[Made, ...]


class Deciding:
    """The book that is served here now, and what is kept of its answers.

    Another one takes its place between two turns of the loop, whole. Whoever asks more than once for one answer, with an
    await between, takes `book` at the beginning and asks that.
    """

    def __init__(self, rulebook: Rulebook, clock: Clock, told: Told = nobody) -> None:
        self.clock = clock
        self.book = Book(rulebook, clock, told)
        self._stored: set[str] = set()
        self._lately: Recent[tuple[str, str], Lately] = Recent(CASES_LATELY)
        self._served: list[Callable[[Rulebook], None]] = []

    @property
    def rulebook(self) -> Rulebook:
        """The rulebook that is served now."""
        return self.book.rulebook

    def serve(self, book: Book) -> None:
        """Puts every question to this book, which is stored, from now on."""
        self._stored.add(book.rulebook.digest)
        self.book = book
        for served in self._served:
            served(book.rulebook)

    def on_serving(self, served: Callable[[Rulebook], None]) -> None:
        """Call `served`, which must not raise, with the rulebook that is served now, and with each that is from then on."""
        self._served.append(served)
        served(self.rulebook)

    def warm_up(self) -> None:
        """Has the questions of the workflow compiled before the first caller waits for them."""
        self.book.warm_up()

    def today(self) -> date:
        """The civil day now in the rulebook's zone."""
        return self.book.today()

    def day_of(self, moment: datetime) -> date:
        """The civil day of a moment in the rulebook's zone."""
        return self.book.day_of(moment)

    def make(
        self, book: Book, question: str, facts: Facts, on: date, case: tuple[str, str] | None = None
    ) -> Made:
        """A decision of record; of a case, given by tenant and name, what was lately decided here is not made again."""
        lately = self.lately(*case) if case is not None else None
        if lately is not None and lately.made[-1].decision.rulebook_digest != book.rulebook.digest:
            lately = None
        known = [made.decision for made in lately.made] if lately is not None else ()
        written = lately.made[-1].written if lately is not None else Written()
        with span("decide", question=question) as said:
            decision = decide(book.rulebook, question, facts, on, known=known, written=written)
            said.say(outcome=decision.outcome)
        book.told((decision,))
        [made] = self.made((decision,), facts, written)
        return made

    def note(self, tenant: str, case_name: str, lately: Lately) -> None:
        """Has decisions of a case at hand for the one that follows on them. They are committed, with that version."""
        self._lately.keep((tenant, case_name), lately)

    def lately(self, tenant: str, case_name: str) -> Lately | None:
        """The decisions of the case that were noted last, where they are still at hand."""
        return self._lately.get((tenant, case_name))

    def made(
        self, decisions: Iterable[Decision], facts: Facts, written: Written | None = None
    ) -> tuple[Made, ...]:
        """Decisions that were made from the same facts, with all that is kept of them."""
        written = written or Written()
        known = written.bytes(facts, EVERYTHING).decode()
        return tuple(
            Made(secrets.token_hex(16), decision, decision_text(decision), known, facts, written)
            for decision in decisions
        )

    def keep(
        self,
        tx: Transaction,
        all_made: Sequence[Made],
        tenant: str,
        declaration_digest: str | None = None,
        *,
        sealed_with: str | None = None,
        **belongs_to: Any,
    ) -> None:
        """Records decisions, and with the first ones of its digest the rulebook.

        `belongs_to` names their case_name, declaration_version and request_id, as far as they have them. The log also
        says which declaration and which certificate they are about. `sealed_with` is the case with which they are erased,
        where they are about its order, yet not its own.
        """
        self.keep_rulebook(tx)
        decisions.record(
            tx,
            [
                NewDecision(
                    tenant=tenant,
                    decision_id=made.decision_id,
                    question=made.decision.question,
                    outcome=made.decision.outcome,
                    body=made.body,
                    rulebook_digest=made.decision.rulebook_digest,
                    facts_digest=made.decision.facts_digest,
                    facts=made.facts,
                    **belongs_to,
                )
                for made in all_made
            ],
            _about(all_made, declaration_digest),
            sealed_with,
        )

    def keep_rulebook(self, tx: Transaction) -> None:
        """Keeps the texts of the rulebook, once for each digest, so that what it decided can be decided again."""
        rulebook = self.rulebook
        if rulebook.digest not in self._stored:
            rulebooks.keep(tx, rulebook.digest, rulebook.name, texts_of(rulebook))


def texts_of(rulebook: Rulebook) -> str:
    """The texts of a rulebook's files as they are kept."""
    return json.dumps(dict(rulebook.files), sort_keys=True)


def _about(all_made: Sequence[Made], declaration_digest: str | None) -> dict[str, str]:
    """What decisions that were made from the same facts are about, as the log says it."""
    about = {} if declaration_digest is None else {"declaration_digest": declaration_digest}
    certificate = all_made[0].about.get("certificate") if all_made else None
    if certificate and (e_cert_id := certificate.get("e_cert_id")):
        about["e_cert_id"] = str(e_cert_id)
    return about


def decide_today(
    rulebook: Rulebook, question: str, facts: Facts, on: date | None, enforce: tuple[Standing, ...]
) -> Decision:
    """One question without a server's records; for today where no day is given. Raises QuestionNotFound."""
    if question not in rulebook.questions:
        raise QuestionNotFound(question, rulebook.questions)
    return decide(rulebook, question, facts, on or today(rulebook), enforce)


def today(rulebook: Rulebook) -> date:
    """The day that it is in the rulebook's zone."""
    return datetime.now(ZoneInfo(rulebook.zone)).date()
