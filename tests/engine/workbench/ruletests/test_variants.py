"""Tests that expect problems: how a variant is written, and what is compared."""

from datetime import date

import pytest

from engine.rulebook import Rulebook
from engine.workbench.ruletests import ProblemTestResult, TestFile, read_tests
from engine.workbench.ruletests.running import run_problem_test

TODAY = date(2026, 7, 1)
MISSPELLED = "file: scope.yaml, replace: {site.kind ==: site.knid ==}"


def read(small: Rulebook, test: str) -> TestFile:
    """A test file with one test, in braces."""
    return read_tests("x_test.yaml", f"tests:\n  - {{test: a, {test}}}\n", small)


def run(small: Rulebook, test: str) -> ProblemTestResult:
    """The result of the one test."""
    file = read(small, test)
    assert file.problems == ()
    (one,) = file.problem_tests
    return run_problem_test(one, TODAY)


@pytest.mark.parametrize(
    "problems",
    [
        "[unknown-fact]",
        "[{code: unknown-fact, file: scope.yaml, line: 9, column: 11, at: site.knid}]",
        "[{code: unknown-fact, mend: write `site.kind`, message: unknown fact `site.knid`}]",
    ],
)
def test_expected(small: Rulebook, problems: str) -> None:
    """A problem is expected by its code, or with any of its parts; warnings only where they are named."""
    assert () == run(small, f"{MISSPELLED}, problems: {problems}").differences


@pytest.mark.parametrize(
    "problems",
    [
        "[]",
        "[unknown-outcome]",
        "[unknown-fact, unknown-fact]",
        "[{code: unknown-fact, line: 7}]",
        "[{code: unknown-fact, column: 12}]",
        "[{code: unknown-fact, at: site}]",
        "[{code: unknown-fact, file: facts.yaml}]",
        "[{code: unknown-fact, mend: write it}]",
        "[{code: unknown-fact, message: it is wrong}]",
    ],
)
def test_not_as_expected(small: Rulebook, problems: str) -> None:
    """Problems that came and were not expected, or the other way round, are a difference."""
    assert ["problems"] == [
        difference.what for difference in run(small, f"{MISSPELLED}, problems: {problems}").differences
    ]


def test_loads(small: Rulebook) -> None:
    """Without an expected problem the variant loads."""
    test = 'file: scope.yaml, replace: {"rules:": "# no comment changes anything\\nrules:"}, problems: []'
    assert () == run(small, test).differences


def test_warnings(small: Rulebook) -> None:
    """A warning may be expected, and need not be."""
    variant = 'file: scope.yaml, replace: {"rules:": "rules:\\n"}'
    assert () == run(small, f"{variant}, problems: [unused-source]").differences
    assert () == run(small, f"{variant}, problems: []").differences


def test_further_file(small: Rulebook) -> None:
    """`text` makes a further file."""
    assert () == run(small, 'file: new.yaml, text: "question: new", problems: [missing-key]').differences


def test_skip(small: Rulebook) -> None:
    """A test that expects problems can be skipped, too."""
    skip = "skip: {because: Wait., until: 2026-07-01}"
    assert run(small, f"{MISSPELLED}, {skip}, problems: []").skipped


def test_needs_no_question(small: Rulebook) -> None:
    """A file of such tests has no question and no day; a test that asks needs both."""
    assert () == read(small, f"{MISSPELLED}, problems: []").problems
    (problem,) = read(small, "expect: ELIGIBLE").problems
    assert "the test asks no question" == problem.message


@pytest.mark.parametrize(
    ("test", "message"),
    [
        ("file: scop.yaml, replace: {a: b}, problems: []", "the rulebook has no file `scop.yaml`"),
        ("file: scope.yaml, problems: []", "a variant has either `replace` or `text`"),
        (
            "file: scope.yaml, replace: {a: b}, text: c, problems: []",
            "a variant has either `replace` or `text`",
        ),
        ("file: scope.yaml, replace: {a: b}", "a test of a variant lacks `problems`"),
        ("replace: {a: b}, problems: []", "a test of a variant lacks `file`"),
        ("file: scope.yaml, replace: {xyz: b}, problems: []", "`xyz` does not stand in `scope.yaml`"),
        ("file: scope.yaml, replace: {cites: b}, problems: []", "`cites` stands in `scope.yaml` 2 times"),
        ("file: scope.yaml, replace: {site.kind: [b]}, problems: []", "the new text is text"),
        ("file: a_test.yaml, text: b, problems: []", "`a_test.yaml` is no rule file"),
        ("file: a.txt, text: b, problems: []", "`a.txt` is no rule file"),
        (f"{MISSPELLED}, problems: [{{line: 3}}]", "a problem lacks `code`"),
        (f"{MISSPELLED}, problems: [{{code: a, line: x}}]", "`line` is no whole number"),
        (f"{MISSPELLED}, problems: [{{code: a, lin: 3}}]", "a problem has no `lin`"),
        (f"{MISSPELLED}, problems: [[a]]", "a problem is a mapping; this is a list"),
    ],
)
def test_written_wrongly(small: Rulebook, test: str, message: str) -> None:
    """What is written wrongly is told, and the test is not run."""
    file = read(small, test)
    assert (message, ()) == (file.problems[0].message, file.problem_tests)


def test_shown(small: Rulebook) -> None:
    """A failure shows what was expected, what came, and each problem with its place."""
    assert (
        "x_test.yaml:2: a\n"
        "  problems\n"
        "    expected  [{code: unknown-fact, line: 8}]\n"
        "    actual    [unknown-fact (scope.yaml:9:11)]\n"
        "  scope.yaml:9:11: unknown fact `site.knid` [unknown-fact]\n"
    ) in run(small, f"{MISSPELLED}, problems: [{{code: unknown-fact, line: 8}}]").show()
