"""Rule tests: what is read, what is compared, what a failure says."""

from datetime import date

import pytest

from engine.rulebook import Rulebook
from engine.workbench.ruletests import RuleTest, TestFile, TestResult, read_tests
from engine.workbench.ruletests.running import run_test

TODAY = date(2026, 7, 1)
GIVEN = """
question: review
on: 2026-07-01
given:
  site: {kind: SHOP, linked: true}
  order:
    destination: US
    goods: [{hs: "721320", transit: []}, {hs: "7213"}]
    maker: {name: Aceros, country: MX}
    period: {start: 2026-01-01, end: 2026-12-31}
tests:
"""


def read(small: Rulebook, tests: str) -> TestFile:
    """The tests under the shared facts."""
    return read_tests("x_test.yaml", GIVEN + tests, small)


def only(small: Rulebook, test: str) -> RuleTest:
    """The one test, which has no problem."""
    file = read(small, test)
    assert file.problems == ()
    (one,) = file.tests
    return one


def run(small: Rulebook, test: str) -> TestResult:
    """The result of the one test."""
    return run_test(only(small, test), small, TODAY)


def test_small_tests(small: Rulebook, small_files: dict[str, str]) -> None:
    """The small rulebook's own tests hold, but for the one that is skipped."""
    file = read_tests("small_test.yaml", small_files["small_test.yaml"], small)
    results = [run_test(test, small, TODAY) for test in file.tests]
    assert [result.test.name for result in results if result.differences] == []
    assert [result.test.name for result in results if result.skipped] == ["not settled yet"]
    assert file.problems == ()


def test_with_over_given(small: Rulebook) -> None:
    """`with` changes single fields of shared records and list elements; the rest stays."""
    with_ = "  - {test: a, with: {order: {maker: {country: CA}}, 'order.goods[1].hs': '1'}, expect: REVIEW}"
    order = only(small, with_).facts["order"]
    assert isinstance(order, dict)
    assert order["maker"] == {"name": "Aceros", "country": "CA"}
    assert order["goods"] == ({"hs": "721320", "transit": ()}, {"hs": "1"})


def test_list_replaced(small: Rulebook) -> None:
    """A list under `with` takes the place of the shared one."""
    order = only(small, "  - {test: a, with: {order.goods: [{hs: '2'}]}, expect: REVIEW}").facts["order"]
    assert isinstance(order, dict)
    assert order["goods"] == ({"hs": "2"},)


def test_without_and_none(small: Rulebook) -> None:
    """`without` takes a fact away, `none` says that it is known not to exist."""
    order = only(
        small, "  - {test: a, without: ['order.goods[0].hs'], none: [order.maker], expect: REVIEW}"
    ).facts["order"]
    assert isinstance(order, dict)
    assert (order["maker"], order["goods"]) == (None, ({"transit": ()}, {"hs": "7213"}))


def test_tests_do_not_share_changes(small: Rulebook) -> None:
    """What one test changes is not changed for the next."""
    file = read(small, "  - {test: a, without: [order], expect: REVIEW}\n  - {test: b, expect: REVIEW}")
    assert [list(test.facts) for test in file.tests] == [["site"], ["site", "order"]]


def test_rows(small: Rulebook) -> None:
    """Each row is a test of its own, named by its number or its name, on its own line."""
    rows = """
  - test: rows
    with: {site.linked: false}
    rows:
      - {site.kind: MARKET, expect: NOT_APPLICABLE}
      - {row: early, on: 2026-06-01, expect: NOT_APPLICABLE}
      - {order.goods: [], enforce: [enacted, reported, assumed], expect: SUSPENDED}
"""
    file = read(small, rows)
    assert [(test.name, test.line) for test in file.tests] == [
        ("rows[0]", 16),
        ("rows[early]", 17),
        ("rows[2]", 18),
    ]
    assert [run_test(test, small, TODAY).differences for test in file.tests] == [(), (), ()]


def test_broken_test_beside_others(small: Rulebook) -> None:
    """A test with a mistake is told with its place; the others run."""
    file = read(
        small, "  - {test: a, with: {order.not: x}, expect: REVIEW}\n  - {test: b, expect: INELIGIBLE}"
    )
    assert [test.name for test in file.tests] == ["b"]
    assert [(problem.line, problem.column, problem.code) for problem in file.problems] == [
        (12, 22, "unknown-fact")
    ]


def test_skip_ends(small: Rulebook) -> None:
    """A test is skipped up to the last day of its `skip`, and runs from then on."""
    test = only(small, "  - {test: a, skip: {because: Wait., until: 2026-07-01}, expect: ELIGIBLE}")
    assert run_test(test, small, date(2026, 7, 1)).skipped
    assert run_test(test, small, date(2026, 7, 2)).differences


@pytest.mark.parametrize(
    ("expect", "what"),
    [
        ("ELIGIBLE", ["outcome"]),
        ("{outcome: INELIGIBLE, possible: [INELIGIBLE], favourable: 'NO', standing: reported}", []),
        ("{possible: [REVIEW, INELIGIBLE], favourable: 'YES', standing: enacted}", ["possible", "favourable", "standing"]),
        ("{missing: [], reasons: [LINKED, SHORT_HS], advisory: INELIGIBLE}", []),
        ("{missing: [order.note], reasons: [LINKED], because: x}", ["missing", "reasons", "because"]),
        ("{advisory: REVIEW}", ["advisory"]),
        ("{findings: [linked, short-hs], values: {digits: '4'}}", []),
        ("{findings: [short-hs], values: {digits: '5'}}", ["values", "findings"]),
        ("{findings: [linked, {rule: short-hs, place: 'order.goods[1]', values: {digits: '4'}, cites: [act 3]}]}", []),
        ("{findings: [linked, {rule: short-hs, place: 'order.goods[0]'}]}", ["findings"]),
        ("{findings: [linked, {rule: short-hs, values: {digits: '5'}}]}", ["findings"]),
        ("{findings: [linked, linked, short-hs]}", ["findings"]),
    ],
)  # fmt: skip
def test_compared(small: Rulebook, expect: str, what: list[str]) -> None:
    """What a test names is compared, and nothing else."""
    assert what == [
        difference.what for difference in run(small, f"  - {{test: a, expect: {expect}}}").differences
    ]


def test_failure_shown(small: Rulebook) -> None:
    """A failure says where, what was expected, what came, and why."""
    assert run(small, "  - {test: a site, with: {site.kind: MARKET}, expect: ELIGIBLE}").show() == (
        "x_test.yaml:12: a site\n"
        "  outcome\n"
        "    expected  ELIGIBLE\n"
        "    actual    NOT_APPLICABLE\n"
        "  The order is not within the rule."
    )


@pytest.mark.parametrize(
    ("given", "mend"),
    [
        ("{site.lniked: true}", "write `site.linked`"),
        ("{sit.linked: true}", "write `site.linked`"),
        ("{'order.goods[0].shar': 5}", "write `order.goods[0].share`"),
        ("{order: {'goods[0].shar': 5}}", "write `goods[0].share`"),
        ("{order: {maker: {nam: x}}}", "write `name`"),
    ],
)
def test_mend_of_a_path(small: Rulebook, given: str, mend: str) -> None:
    """A wrong name in a path is mended with the whole of what is written there."""
    (problem,) = read(small, f"  - {{test: a, with: {given}, expect: REVIEW}}").problems
    assert mend == problem.mend
