"""Rule tests as JUnit XML."""

from xml.etree import ElementTree

import pytest

from engine.rulebook.problems import Problem
from engine.workbench.expectation import Difference
from engine.workbench.ruletests.junit import junit
from engine.workbench.ruletests.report import State, TestReport

REPORTS = (
    TestReport("rules/b_test.yaml", 7, "it's <new> & \x07bad", "b", State.PASSED, 0.25),
    TestReport("rules/a_test.yaml", 3, "one", "a", State.SKIPPED, 0.0, "Wait for it."),
    TestReport(
        "rules/a_test.yaml",
        9,
        "two[0]",
        "a",
        State.FAILED,
        0.5,
        "",
        (Difference("outcome", "YES", "NO"),),
        ("why",),
        "rules/a_test.yaml:9: two[0]\n  why",
    ),
)
PROBLEM = Problem("rules/c_test.yaml", 4, 2, "unknown-fact", "unknown fact `x`")


@pytest.fixture
def root() -> ElementTree.Element:
    """The document, as others read it."""
    return ElementTree.fromstring(junit("book", REPORTS, [(PROBLEM, "shown")]))


def case(root: ElementTree.Element, name: str) -> ElementTree.Element:
    """The case with a name."""
    (found,) = [one for one in root.iter("testcase") if one.get("name") == name]
    return found


def test_suites(root: ElementTree.Element) -> None:
    """There is a suite for each file, with counts; the whole has the sums."""
    names = ("name", "tests", "failures", "errors", "skipped", "time")
    assert [
        ("rules/a_test.yaml", "2", "1", "0", "1", "0.500"),
        ("rules/b_test.yaml", "1", "0", "0", "0", "0.250"),
        ("rules/c_test.yaml", "1", "0", "1", "0", "0.000"),
    ] == [tuple(suite.get(name) for name in names) for suite in root]
    assert ("testsuites", "book", "4", "1", "1", "1", "0.750") == (
        root.tag,
        *(root.get(name) for name in names),
    )


def test_case(root: ElementTree.Element) -> None:
    """A case has its file as its class, its place and its time."""
    assert {
        "classname": "rules.a_test",
        "name": "two[0]",
        "file": "rules/a_test.yaml",
        "line": "9",
        "time": "0.500000",
    } == case(root, "two[0]").attrib


def test_failure(root: ElementTree.Element) -> None:
    """A failure has a first sentence and the text that the command shows."""
    (failure,) = case(root, "two[0]")
    assert ("failure", "outcome: expected YES, actual NO", "rules/a_test.yaml:9: two[0]\n  why") == (
        failure.tag,
        failure.get("message"),
        failure.text,
    )


def test_skipped(root: ElementTree.Element) -> None:
    """What is skipped says why."""
    (skipped,) = case(root, "one")
    assert ("skipped", "Wait for it.") == (skipped.tag, skipped.get("message"))


def test_problem(root: ElementTree.Element) -> None:
    """What could not be run is an error."""
    (error,) = case(root, "line 4: unknown-fact")
    assert ("error", "unknown fact `x`", "shown") == (error.tag, error.get("message"), error.text)


def test_no_second_opinion() -> None:
    """A second opinion that could not be had is an error of its own."""
    root = ElementTree.fromstring(junit("book", REPORTS[:1], [], "It could not be had: it hangs."))
    assert "1" == root.get("errors")
    assert "It could not be had: it hangs." == case(root, "second opinion")[0].get("message")


def test_characters(root: ElementTree.Element) -> None:
    """What XML cannot hold is replaced, what it reserves is escaped."""
    assert "it's <new> & \N{REPLACEMENT CHARACTER}bad" == root[1][0].get("name")
