"""Rule tests run: by one process or several, with a second opinion that agrees, differs, or fails."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from engine.rulebook import Rulebook, load
from engine.workbench.ruletests import ProblemTest, RuleTest, read_tests
from server.rule_network import why_absent
from server.rule_tests import OpinionFailed, Test, in_order, processes_for, run_here
from server.rulebooks import read_files
from server.second_opinion import SecondOpinion

PARCELS = Path(__file__).parents[1] / "planted" / "parcels"
TODAY = date(2026, 9, 1)

there = pytest.mark.skipif(bool(why_absent()), reason=why_absent())


def loaded(files: dict[str, str]) -> Rulebook:
    """The rulebook, which has no problems."""
    rulebook = load(files)
    assert isinstance(rulebook, Rulebook)
    return rulebook


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    """The texts of the rulebook with planted faults."""
    return read_files(PARCELS)


@pytest.fixture(scope="module")
def parcels(files: dict[str, str]) -> Rulebook:
    """The rulebook with planted faults."""
    return loaded(files)


@pytest.fixture(scope="module")
def tests(files: dict[str, str], parcels: Rulebook) -> list[Test]:
    """Its tests."""
    return in_order(
        read_tests(path, text, parcels) for path, text in files.items() if path.endswith("_test.yaml")
    )


@pytest.fixture
def other(files: dict[str, str]) -> Iterator[SecondOpinion]:
    """A second opinion on a rulebook whose limit is another one."""
    changed = {
        path: text.replace("parcel.weight > 30.0", "parcel.weight > 35.0") for path, text in files.items()
    }
    with SecondOpinion(loaded(changed)) as second:
        yield second


def test_in_order(small_tests: list[Test]) -> None:
    """Tests that expect problems stand where they stand in their file."""
    assert [RuleTest, ProblemTest, RuleTest] == [type(test) for test in small_tests]


@pytest.fixture
def small_tests(parcels: Rulebook) -> list[Test]:
    """A test that expects a problem between two others."""
    text = """question: carriage
on: 2026-09-01
tests:
  - {test: a, expect: CARRIED}
  - {test: b, file: new.yaml, text: "question: new", problems: [missing-key]}
  - {test: c, expect: CARRIED}
"""
    return in_order([read_tests("x_test.yaml", text, parcels)])


def test_processes_for(tests: list[Test]) -> None:
    """A few tests are run in one process."""
    assert 1 == processes_for(tests)


@there
def test_second_opinion_differs(parcels: Rulebook, tests: list[Test], other: SecondOpinion) -> None:
    """A test on which the second opinion is another one fails, and says in what."""
    failed = [one for one in run_here(tests, parcels, TODAY, other) if one.text]
    assert ["weight[1]"] == [one.test for one in failed]
    assert (
        "tests/planted/parcels/carriage_test.yaml:16: weight[1]\n"
        "  second opinion on fired\n"
        "    expected  too-heavy\n"
        "    actual    nothing more\n"
    ) in failed[0].text


@there
def test_second_opinion_fails(parcels: Rulebook, tests: list[Test]) -> None:
    """Where the second opinion cannot be had, every test is reported before the reason is."""
    with SecondOpinion(parcels, time_limit=1e-6) as hurried:
        coming = run_here(tests * 10, parcels, TODAY, hurried)
        assert {"passed"} == {next(coming).state for _ in tests * 10}
        with pytest.raises(OpinionFailed, match="twice"):
            next(coming)
