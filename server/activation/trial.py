"""The process that tries rule files: `python -m server.activation.trial`, one JSON object in, a report out.

    {"files": {PATH: TEXT, ...}, "doubts": COUNT, "today": DAY}

It compiles them, runs their tests, and asks the second opinion about each test and as many made-up cases. All that takes
seconds of a processor, so it happens beside the server, and gives way to it.
"""

import gc
import json
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from random import Random
from typing import Final

from engine.rulebook import Problem, Rulebook, load, show
from engine.workbench.durable.generated import generated
from engine.workbench.ruletests import ProblemTest, RuleTest, read_tests
from engine.workbench.ruletests.report import State as Became
from server.activation.report import Report, Shown
from server.rule_network import why_absent
from server.rule_tests import in_order, run_here
from server.second_opinion import SecondOpinion, SecondOpinionFailed, cases_of
from server.workflow.book import Book, RulebookIncomplete

SEED: Final = 1
GIVES_WAY: Final = 10


def tried(files: Mapping[str, str], doubts: int, today: date) -> Report:
    """What stands against the files, if anything does."""
    loaded = load(files)
    if not isinstance(loaded, Rulebook):
        return Report().but(_shown(loaded, files))
    report = Report(loaded.name, loaded.digest)
    try:
        Book(loaded, datetime.now)
    except RulebookIncomplete as error:
        return report.but([Shown("", 0, 0, "incomplete", str(error))])
    read = [read_tests(path, text, loaded) for path, text in files.items() if path.endswith("_test.yaml")]
    report = report.but(_shown((problem for one in read for problem in one.problems), files))
    report = _tested(report, in_order(read), loaded, today)
    return report if report.faults else _doubted(report, in_order(read), loaded, doubts)


def _tested(
    report: Report, tests: Iterable[RuleTest | ProblemTest], rulebook: Rulebook, today: date
) -> Report:
    ran = list(run_here(tests, rulebook, today))
    failed = [one for one in ran if one.state is Became.FAILED]
    counted = replace(
        report,
        passed=sum(one.state is Became.PASSED for one in ran),
        failed=len(failed),
        skipped=sum(one.state is Became.SKIPPED for one in ran),
    )
    return counted.but(Shown(one.file, one.line, 1, "test-failed", one.text) for one in failed)


def _doubted(
    report: Report, tests: Iterable[RuleTest | ProblemTest], rulebook: Rulebook, doubts: int
) -> Report:
    """The report with what the second opinion says."""
    if not doubts:
        return report
    if why_absent():
        return replace(report, opinion="ABSENT")
    cases = cases_of(test for test in tests if isinstance(test, RuleTest))
    made_up = generated(rulebook, doubts, Random(SEED), cases)  # noqa: S311 - the same cases every time
    try:
        with SecondOpinion(rulebook) as second:
            agreement = second.compare([*cases, *made_up])
    except SecondOpinionFailed as error:
        failed = replace(report, opinion="FAILED")
        return failed.but([Shown("", 0, 0, "second-opinion-failed", str(error))])
    differ = agreement.disagreements
    opinion = "DIFFERS" if differ else "AGREES"
    counted = replace(report, opinion=opinion, compared=agreement.compared)
    return counted.but(Shown("", 0, 0, "second-opinion-differs", one.show()) for one in differ)


def _shown(problems: Iterable[Problem], files: Mapping[str, str]) -> list[Shown]:
    return [
        Shown.problem(problem, show(problem, files.get(problem.file, "")))
        for problem in problems
        if not problem.warning
    ]


def main() -> None:
    """Tries what comes on standard input."""
    os.nice(GIVES_WAY)
    gc.disable()
    asked = json.load(sys.stdin)
    report = tried(asked["files"], asked["doubts"], date.fromisoformat(asked["today"]))
    sys.stdout.write(report.text())


if __name__ == "__main__":
    main()
