"""What a rule test is, and what it came to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from engine.decision import Decision
from engine.facts import Facts
from engine.rulebook.problems import Problem, show
from engine.rulebook.standing import Standing
from engine.workbench.expectation import Difference, Expectation


@dataclass(frozen=True, slots=True)
class Skip:
    """Why a test is not run, and the last day on which it is not."""

    because: str
    until: date

    def holds(self, today: date) -> bool:
        """Whether the test is still not run."""
        return today <= self.until


@dataclass(frozen=True, slots=True, eq=False)
class RuleTest:
    """One test: facts, a question, a day, and what is expected. `line` is where it begins."""

    file: str
    line: int
    name: str
    question: str
    facts: Facts
    on: date
    enforce: tuple[Standing, ...]
    expect: Expectation
    skip: Skip | None


@dataclass(frozen=True, slots=True)
class ExpectedProblem:
    """What a test names of a problem; what it does not name is None and is not compared.

    `at` is the text under the caret. A problem without a mend has an empty one.
    """

    code: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    at: str | None = None
    message: str | None = None
    mend: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ProblemTest:
    """A test that a variant of the rulebook draws the problems that are expected, and no others.

    `files` are the texts of the variant by their path from the rulebook's folder on.
    """

    file: str
    line: int
    name: str
    files: Mapping[str, str]
    expect: tuple[ExpectedProblem, ...]
    skip: Skip | None


@dataclass(frozen=True, slots=True, eq=False)
class TestFile:
    """The tests of a file that can be run, and the problems of those that cannot."""

    __test__ = False

    tests: tuple[RuleTest, ...]
    problems: tuple[Problem, ...]
    problem_tests: tuple[ProblemTest, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class TestResult:
    """What a test came to: well when there is no difference. A skipped test has no decision."""

    __test__ = False

    test: RuleTest
    decision: Decision | None
    differences: tuple[Difference, ...]

    @property
    def skipped(self) -> bool:
        """Whether the test was not run."""
        return self.decision is None

    def show(self, why: Iterable[str] = ()) -> str:
        """The failure as people read it: place, name, each difference, and why; else what was found."""
        said = list(why)
        if not said and self.decision is not None:
            found = [f"{finding.rule}: {finding.because}" for finding in self.decision.findings]
            said = [text for text in [*found, self.decision.because] if text]
        return _shown(self.test, self.differences, said)


@dataclass(frozen=True, slots=True, eq=False)
class ProblemTestResult:
    """What a test of a variant came to; `found` is all that loading it drew, warnings among it."""

    test: ProblemTest
    skipped: bool
    differences: tuple[Difference, ...] = ()
    found: tuple[Problem, ...] = field(default=())

    def show(self) -> str:
        """The failure as people read it, with every problem that came."""
        texts = self.test.files
        found = [show(problem, texts.get(problem.file, "")) for problem in self.found]
        return _shown(self.test, self.differences, "\n".join(found).split("\n") if found else [])


def _shown(test: RuleTest | ProblemTest, differences: Iterable[Difference], why: Iterable[str]) -> str:
    lines = [f"{test.file}:{test.line}: {test.name}"]
    for difference in differences:
        lines += [
            f"  {difference.what}",
            f"    expected  {difference.expected}",
            f"    actual    {difference.actual}",
        ]
    return "\n".join([*lines, *(f"  {text}".rstrip() for text in why)])
