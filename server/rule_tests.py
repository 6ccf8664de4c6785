"""Runs the rule tests of a folder, in this process or in several, and asks the second opinion about each.

What is handed on between processes are texts in and reports out: each process reads the rulebook itself.
"""

from __future__ import annotations

import atexit
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Final

from engine.rulebook import Rulebook
from engine.workbench.expectation import Difference
from engine.workbench.ruletests import ProblemTest, RuleTest, TestFile, TestResult, read_tests
from engine.workbench.ruletests.report import TestReport, report
from engine.workbench.ruletests.running import run_problem_test, run_test
from server.parallel import all_cores, spread
from server.rulebooks import loaded_again

if TYPE_CHECKING:
    from server.second_opinion import SecondOpinion

Test = RuleTest | ProblemTest

CHUNK: Final = 200
"""Tests that are handed on at once."""

_WORTH_A_PROCESS: Final = 2000
_WEIGHT_OF_VARIANT: Final = 200


class OpinionFailed(Exception):
    """The second opinion could not be had on all tests; the text says why. It is raised after the last report."""


def in_order(files: Iterable[TestFile]) -> list[Test]:
    """The tests of all files, each file's in the order in which they stand there."""
    ordered: list[Test] = []
    for file in files:
        own: list[Test] = [*file.tests, *file.problem_tests]
        ordered += sorted(own, key=lambda test: test.line)
    return ordered


def processes_for(tests: Sequence[Test]) -> int:
    """As many processes as pay: one more has to read the whole rulebook first, which takes a second."""
    weight = sum(_WEIGHT_OF_VARIANT if isinstance(test, ProblemTest) else 1 for test in tests)
    return max(1, min(all_cores(), weight // _WORTH_A_PROCESS))


def run_one(test: Test, rulebook: Rulebook, today: date) -> TestReport:
    """Runs one test alone, without a second opinion."""
    if isinstance(test, ProblemTest):
        started = time.perf_counter()
        variant = run_problem_test(test, today)
        return report(variant, rulebook, time.perf_counter() - started)
    result, seconds = _timed(test, rulebook, today)
    return report(result, rulebook, seconds)


def run_here(
    tests: Iterable[Test], rulebook: Rulebook, today: date, second: SecondOpinion | None = None
) -> Iterator[TestReport]:
    """The reports in the order of the tests. Raises OpinionFailed at the end."""
    failed = ""
    coming = iter(tests)
    while some := list(islice(coming, CHUNK)):
        ran = {
            number: _timed(test, rulebook, today)
            for number, test in enumerate(some)
            if isinstance(test, RuleTest)
        }
        further: dict[int, tuple[Difference, ...]] = {}
        if second is not None:
            from server.second_opinion import SecondOpinionFailed

            try:
                further = _further({number: result for number, (result, _) in ran.items()}, second)
            except SecondOpinionFailed as error:
                failed, second = str(error), None
        yield from (
            report(ran[number][0], rulebook, ran[number][1], further.get(number, ()))
            if number in ran
            else run_one(test, rulebook, today)
            for number, test in enumerate(some)
        )
    if failed:
        raise OpinionFailed(failed)


def _timed(test: RuleTest, rulebook: Rulebook, today: date) -> tuple[TestResult, float]:
    started = time.perf_counter()
    result = run_test(test, rulebook, today)
    return result, time.perf_counter() - started


def _further(results: Mapping[int, TestResult], second: SecondOpinion) -> dict[int, tuple[Difference, ...]]:
    """What the second opinion says otherwise of each decision, by the number of its test."""
    from engine.workbench.durable import differing
    from server.second_opinion import cases_of

    asked = [number for number, result in results.items() if not result.skipped]
    cases = cases_of(results[number].test for number in asked)
    found: dict[int, tuple[Difference, ...]] = {}
    for number, (_, opinion) in zip(asked, second.opinions(cases), strict=True):
        decision = results[number].decision
        if decision is not None:
            found[number] = tuple(
                Difference(f"second opinion on {part}", ours, theirs)
                for part, ours, theirs in differing(decision, opinion)
            )
    return found


@dataclass(slots=True)
class _Bench:
    """What one process holds: the rulebook, its tests, and the second opinion on it."""

    rulebook: Rulebook
    tests: list[Test]
    today: date
    second: SecondOpinion | None


_bench: list[_Bench] = []


def run_spread(
    files: Mapping[str, str], numbers: Sequence[int], processes: int, today: date, second: bool
) -> Iterator[TestReport]:
    """The reports of the tests with these numbers, in their order, by several processes.

    Numbers count the tests of `files` as `in_order` has them. Raises OpinionFailed at the end.
    """
    failed = ""
    chunk = max(1, min(CHUNK, -(-len(numbers) // (processes * 2))))
    parts = [tuple(numbers[start : start + chunk]) for start in range(0, len(numbers), chunk)]
    for reports, why in spread(_work, parts, processes, _begin, (dict(files), today, second)):
        yield from reports
        failed = failed or why
    if failed:
        raise OpinionFailed(failed)


def _begin(files: dict[str, str], today: date, second: bool) -> None:
    from server.second_opinion import SecondOpinion

    rulebook = loaded_again(files)
    read = [read_tests(path, text, rulebook) for path, text in files.items() if path.endswith("_test.yaml")]
    opinion = SecondOpinion(rulebook) if second else None
    if opinion is not None:
        atexit.register(opinion.close)
    _bench[:] = [_Bench(rulebook, in_order(read), today, opinion)]


def _work(numbers: tuple[int, ...]) -> tuple[list[TestReport], str]:
    bench = _bench[0]
    reports: list[TestReport] = []
    try:
        chosen = [bench.tests[number] for number in numbers]
        for one in run_here(chosen, bench.rulebook, bench.today, bench.second):
            reports.append(one)
    except OpinionFailed as error:
        return reports, str(error)
    return reports, ""
