"""Runs rule tests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from engine.decide import decide
from engine.rulebook import load
from engine.rulebook.model import Rulebook
from engine.rulebook.problems import Problem
from engine.rulebook.text.files import line_of
from engine.workbench.expectation import Difference, differences
from engine.workbench.ruletests.model import (
    ExpectedProblem,
    ProblemTest,
    ProblemTestResult,
    RuleTest,
    TestResult,
)


def run_test(test: RuleTest, rulebook: Rulebook, today: date) -> TestResult:
    """Puts the test to the rulebook. A test is skipped until the day after its `skip` ends."""
    if test.skip is not None and test.skip.holds(today):
        return TestResult(test, None, ())
    decision = decide(rulebook, test.question, test.facts, test.on, test.enforce)
    return TestResult(test, decision, differences(test.expect, decision))


def run_problem_test(test: ProblemTest, today: date) -> ProblemTestResult:
    """Loads the variant. Every problem has to be expected; a warning only where the test names it."""
    if test.skip is not None and test.skip.holds(today):
        return ProblemTestResult(test, skipped=True)
    loaded = load(test.files)
    found = loaded.warnings if isinstance(loaded, Rulebook) else loaded
    left = list(found)
    lacking: list[ExpectedProblem] = []
    for expected in test.expect:
        match = next((problem for problem in left if _is(problem, expected, test)), None)
        if match is None:
            lacking.append(expected)
        else:
            left.remove(match)
    unnamed = [problem for problem in left if not problem.warning]
    if not lacking and not unnamed:
        return ProblemTestResult(test, skipped=False)
    counted = [problem for problem in found if not problem.warning or problem not in left]
    shown = found if lacking else counted
    difference = Difference("problems", _listed(map(_wanted, test.expect)), _listed(map(_actual, shown)))
    return ProblemTestResult(test, skipped=False, differences=(difference,), found=tuple(shown))


def _is(problem: Problem, expected: ExpectedProblem, test: ProblemTest) -> bool:
    line = line_of(test.files.get(problem.file, ""), problem.line)
    at = line[problem.column - 1 : problem.column - 1 + problem.length]
    pairs = (
        (expected.code, problem.code),
        (expected.file, problem.file),
        (expected.line, problem.line),
        (expected.column, problem.column),
        (expected.at, at),
        (expected.message, problem.message),
        (expected.mend, problem.mend),
    )
    return all(wanted is None or wanted == actual for wanted, actual in pairs)


def _wanted(expected: ExpectedProblem) -> str:
    names = ("file", "line", "column", "at", "message", "mend")
    parts = {name: getattr(expected, name) for name in names if getattr(expected, name) is not None}
    if not parts:
        return expected.code
    return "{" + ", ".join(f"{name}: {part}" for name, part in {"code": expected.code, **parts}.items()) + "}"


def _actual(problem: Problem) -> str:
    return f"{problem.code} ({problem.file}:{problem.line}:{problem.column})"


def _listed(texts: Iterable[str]) -> str:
    return f"[{', '.join(texts)}]"
