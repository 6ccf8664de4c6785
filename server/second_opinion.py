"""The second opinion: every answer asked of durable-rules too, and compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from types import TracebackType

from engine.decide import UnknownQuestionError, decide
from engine.facts import Facts
from engine.rulebook import Rulebook
from engine.rulebook.standing import DEFAULT_ENFORCE, Standing
from engine.workbench.durable import Agreement, Case, Disagreement, Opinion, differences, opinions, translate
from engine.workbench.ruletests import RuleTest
from server.rule_network import LIFETIME, TIME_LIMIT, RuleNetwork, SecondOpinionAbsent, SecondOpinionFailed

__all__ = ["SecondOpinion", "SecondOpinionAbsent", "SecondOpinionFailed", "cases_of", "decide_durable"]

_CASES_AT_ONCE = 200


class SecondOpinion:
    """Answers on one rulebook by durable-rules. Use it with `with`; it is for one thread at a time.

    Raises SecondOpinionAbsent where durable-rules does not run.
    """

    def __init__(self, rulebook: Rulebook, time_limit: float = TIME_LIMIT, lifetime: int = LIFETIME) -> None:
        self.rulebook = rulebook
        self.translation = translate(rulebook)
        self.network = RuleNetwork(self.translation.rulesets, time_limit, lifetime)

    def __enter__(self) -> SecondOpinion:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the process that holds durable-rules."""
        self.network.close()

    def opinions(self, cases: Iterable[Case]) -> Iterator[tuple[Case, Opinion]]:
        """The opinion on each case, in order. Raises UnknownQuestionError and SecondOpinionFailed."""
        coming = iter(cases)
        while some := list(islice(coming, _CASES_AT_ONCE)):
            for case in some:
                if case.question not in self.rulebook.questions:
                    raise UnknownQuestionError(
                        f"the rulebook `{self.rulebook.name}` has no question `{case.question}`"
                    )
            yield from zip(some, opinions(self.translation, some, self.network), strict=True)

    def compare(self, cases: Iterable[Case]) -> Agreement:
        """Puts every case to both evaluators. Raises UnknownQuestionError and SecondOpinionFailed."""
        compared = 0
        found: list[Disagreement] = []
        for case, opinion in self.opinions(cases):
            decision = decide(self.rulebook, case.question, case.facts, case.on, case.enforce)
            compared += 1
            if differs := differences(decision, opinion):
                found.append(Disagreement(case, differs))
        return Agreement(compared, tuple(found), self.translation.share)


def cases_of(tests: Iterable[RuleTest]) -> list[Case]:
    """What rule tests ask, without what they expect."""
    return [
        Case(f"{test.file}:{test.line} {test.name}", test.question, test.facts, test.on, test.enforce)
        for test in tests
    ]


def decide_durable(
    rulebook: Rulebook,
    question: str,
    facts: Facts,
    on: date,
    enforce: Iterable[str] = DEFAULT_ENFORCE,
) -> Opinion:
    """Answers one question by durable-rules alone.

    Raises UnknownQuestionError and ValueError as `decide` does, SecondOpinionAbsent and SecondOpinionFailed.
    """
    case = Case("", question, facts, on, tuple(Standing(standing) for standing in enforce))
    with SecondOpinion(rulebook) as second:
        [(_, opinion)] = second.opinions([case])
    return opinion
