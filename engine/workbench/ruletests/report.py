"""What became of a test, as a record of texts: for screens, reports and other processes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum

from engine.rulebook.model import Rulebook
from engine.workbench.expectation import Difference
from engine.workbench.ruletests.model import ProblemTestResult, Skip, TestResult
from engine.workbench.ruletests.why import why


class State(StrEnum):
    """What became of a test."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class TestReport:
    """One test: where it stands, what became of it, in how many seconds.

    `because` says why it is skipped. `text` is the failure as people read it, with place and name; `why`
    are those lines of it that say what decided. `question` is empty where a test expects problems.
    """

    __test__ = False

    file: str
    line: int
    test: str
    question: str
    state: State
    seconds: float
    because: str = ""
    differences: tuple[Difference, ...] = ()
    why: tuple[str, ...] = ()
    text: str = ""

    def as_data(self) -> dict[str, object]:
        """The report as JSON has it."""
        return {
            "file": self.file,
            "line": self.line,
            "test": self.test,
            "question": self.question,
            "state": self.state.value,
            "seconds": round(self.seconds, 6),
            "because": self.because,
            "differences": [asdict(difference) for difference in self.differences],
            "why": list(self.why),
        }


def report(
    result: TestResult | ProblemTestResult,
    rulebook: Rulebook,
    seconds: float,
    further: tuple[Difference, ...] = (),
) -> TestReport:
    """What became of a test. `further` are differences that others found, e.g. a second opinion."""
    test, skip = result.test, result.test.skip
    place = (test.file, test.line, test.name)
    if isinstance(result, ProblemTestResult):
        question, shown = "", result.show()
        decided: tuple[str, ...] = ()
    else:
        question = result.test.question
        result = TestResult(result.test, result.decision, (*result.differences, *further))
        decided = why(result, rulebook)
        shown = result.show(decided)
    if result.skipped:
        return TestReport(*place, question, State.SKIPPED, seconds, skip.because if skip is not None else "")
    if not result.differences:
        return TestReport(*place, question, State.PASSED, seconds)
    if skip is not None:
        decided, shown = _with_skip(decided, shown, skip)
    return TestReport(*place, question, State.FAILED, seconds, "", result.differences, decided, shown)


def _with_skip(decided: tuple[str, ...], shown: str, skip: Skip) -> tuple[tuple[str, ...], str]:
    """A test that was skipped for a while says so when it fails afterwards."""
    said = f"it was skipped until {skip.until}: {skip.because}"
    return (*decided, said), f"{shown}\n  {said}"
