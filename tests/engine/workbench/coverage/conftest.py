"""A question with rules of its own, and what its tests have seen of it."""

from collections.abc import Callable
from datetime import date

import pytest

from engine.rulebook import Rulebook
from engine.workbench.coverage.cover import cover
from engine.workbench.coverage.model import Coverage
from engine.workbench.ruletests import read_tests
from engine.workbench.ruletests.running import run_test

TODAY = date(2026, 7, 1)
TESTS = "question: asked\non: 2026-07-01\ntests:\n"

Covers = Callable[..., Coverage]


@pytest.fixture(scope="session")
def covers() -> Covers:
    """Covers a rulebook by tests, one line each: `- {with: {...}, expect: ...}` without its name."""

    def make(rulebook: Rulebook, *tests: str) -> Coverage:
        if not tests:
            return cover(rulebook, rulebook.files, ())
        written = "".join(f"  - {{test: t{number}, {test}}}\n" for number, test in enumerate(tests))
        read = read_tests("asked_test.yaml", TESTS + written, rulebook)
        assert read.problems == ()
        results = [run_test(test, rulebook, TODAY) for test in read.tests]
        return cover(rulebook, rulebook.files, results)

    return make
