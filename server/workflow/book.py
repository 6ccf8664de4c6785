"""A rulebook to which the services can put their questions, for today or for a day that is given."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from engine.decide import decide, decide_several
from engine.decision import Decision
from engine.rulebook import DEFAULT_ENFORCE, Rulebook, Standing
from engine.written_facts import Written
from server.spans import span

Facts = Mapping[str, Any]
Clock = Callable[[], datetime]
Told = Callable[[Iterable[Decision]], None]

WORKFLOW: Final = ("scope", "certification", "origin", "prereview")


def nobody(_: Iterable[Decision]) -> None:
    """Nobody counts."""


class RulebookIncomplete(Exception):
    """The rulebook lacks a question that the services ask."""


@dataclass(frozen=True, slots=True)
class Book:
    """A rulebook, and the clock that says which day it is in its zone. Raises RulebookIncomplete.

    `told` hears of every decision that is made.
    """

    rulebook: Rulebook
    clock: Clock
    told: Told = nobody

    def __post_init__(self) -> None:
        lacking = [question for question in WORKFLOW if question not in self.rulebook.questions]
        if lacking:
            raise RulebookIncomplete(
                f"The rulebook {self.rulebook.name} has no question {', '.join(lacking)}, which the server asks."
                " Add its file or serve another rulebook."
            )

    def warm_up(self) -> None:
        """Has the questions of the workflow compiled before the first caller waits for them."""
        for question in WORKFLOW:
            decide(self.rulebook, question, {}, self.today(), DEFAULT_ENFORCE)

    def today(self) -> date:
        """The civil day now in the rulebook's zone."""
        return self.day_of(self.clock())

    def day_of(self, moment: datetime) -> date:
        """The civil day of a moment in the rulebook's zone."""
        return moment.astimezone(ZoneInfo(self.rulebook.zone)).date()

    def decide(
        self,
        question: str,
        facts: Facts,
        on: date | None = None,
        enforce: tuple[Standing, ...] = DEFAULT_ENFORCE,
    ) -> Decision:
        """The rulebook's answer to one question; for today where no day is given."""
        with span("decide", question=question) as said:
            decision = decide(self.rulebook, question, facts, on or self.today(), enforce)
            said.say(outcome=decision.outcome)
        self.told((decision,))
        return decision

    def decide_workflow(
        self,
        facts: Facts,
        on: date | None = None,
        enforce: tuple[Standing, ...] = DEFAULT_ENFORCE,
        written: Written | None = None,
    ) -> tuple[Decision, ...]:
        """The rulebook's answers to the questions of the workflow, in their order."""
        with span("decide", question=" ".join(WORKFLOW)) as said:
            decided = decide_several(
                self.rulebook, WORKFLOW, facts, on or self.today(), enforce, written=written
            )
            said.say(outcome=" ".join(decision.outcome for decision in decided))
        self.told(decided)
        return decided

    def waits_for_platform(self, decision: Decision) -> bool:
        """Whether the decision lacks facts, and every one of them is one that a platform answers."""
        facts = self.rulebook.facts.facts
        return bool(decision.missing) and all(
            path in facts and facts[path].asserted_by == "platform" for path in decision.missing
        )
