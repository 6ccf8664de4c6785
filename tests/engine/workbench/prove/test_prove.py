"""What is proved of rules and invariants, and what is found instead."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from engine.decide import decide
from engine.rulebook import Rulebook
from engine.rulebook.standing import Standing
from engine.workbench.prove.examples import broken
from engine.workbench.prove.prove import Bounds, prove_invariants, prove_rules
from engine.workbench.prove.report import Found, Kind, Report
from tests.engine.conftest import loaded

PLANTED = Path(__file__).parents[3] / "planted" / "parcels"
BOUNDS = Bounds(elements=2, seconds=60)

Make = Callable[..., Rulebook]


@pytest.fixture(scope="session")
def planted() -> Rulebook:
    """The rulebook with planted faults."""
    return loaded({path.name: path.read_text("utf-8") for path in sorted(PLANTED.iterdir())})


def found(report: Report) -> list[tuple[Kind, tuple[str, ...]]]:
    """The kinds of what was found, with the names."""
    assert () == report.unsettled
    return [(one.kind, one.names) for one in report.found]


def asked(make: Make, *pairs: tuple[str, str]) -> list[tuple[Kind, tuple[str, ...]]]:
    """What is found in a question of outcomes A to D, otherwise C, from (outcome, condition)s."""
    return found(prove_rules(make(*pairs), "asked", BOUNDS))


def broken_one(rulebook: Rulebook, name: str) -> Found:
    """What breaks the invariant."""
    report = prove_invariants(rulebook, [name], BOUNDS)
    assert [(Kind.BROKEN, (name,))] == found(report)
    return report.found[0]


def with_invariant(small_files: dict[str, str], never: str, more: str = "") -> Rulebook:
    """The small rulebook with an invariant."""
    text = (
        small_files["rulebook.yaml"]
        + f"invariants:\n  - invariant: made\n    never: |\n      {never}\n    because: So.\n{more}"
    )
    base = {name: small_files[name] for name in ("facts.yaml", "limits.csv")}
    return loaded({**base, "rulebook.yaml": text})


def test_planted_rules(planted: Rulebook) -> None:
    """Of the planted faults those that are in rules are found, and nothing else."""
    expected = [
        (Kind.NEVER_DECIDES, ("heavy",)),
        (Kind.NEVER_FIRES, ("featherweight",)),
        (Kind.DUPLICATE, ("too-heavy", "over-thirty")),
    ]
    assert expected == found(prove_rules(planted, "carriage", BOUNDS))


def test_planted_invariants(planted: Rulebook) -> None:
    """The broken invariant is found, and the other one holds."""
    report = prove_invariants(planted, planted.invariants, BOUNDS)
    assert ("carried-means-marked",) == report.proved
    assert [(Kind.BROKEN, ("carried-means-light",))] == found(report)


def test_example_reproduces(planted: Rulebook) -> None:
    """The order that is shown breaks the invariant when it is decided."""
    example = broken_one(planted, "carried-means-light").example
    assert example is not None
    assert "CARRIED" == decide(planted, "carriage", example.facts, example.on).outcome
    enforce = frozenset({Standing.ENACTED, Standing.REPORTED})
    assert broken(planted, planted.invariants["carried-means-light"], example.facts, example.on, enforce)


def test_named_by_what_shadows(planted: Rulebook) -> None:
    """A rule that never decides is told with the one that always fires beside it."""
    message = next(
        one.message for one in prove_rules(planted, "carriage", BOUNDS).found if one.names == ("heavy",)
    )
    expected = (
        "it can never decide: whenever it fires, `too-heavy` fires, and its outcome REFUSED is stronger"
        " (lists of up to 2 elements)"
    )
    assert expected == message


def test_shadowed_by_several(rules: Make) -> None:
    """A rule that several stronger ones shadow together never decides, and none of them is blamed alone."""
    stronger = [("A", "order.pieces > 5"), ("A", "order.pieces <= 5 && site.linked"), ("A", "!site.linked")]
    report = prove_rules(rules(*stronger, ("B", "order.pieces > 0")), "asked", BOUNDS)
    assert [(Kind.NEVER_DECIDES, ("r3",))] == found(report)
    assert "a rule with a stronger outcome fires" in report.found[0].message


def test_nothing_wrong(rules: Make) -> None:
    """Rules that can decide, each by itself, draw nothing."""
    assert [] == asked(rules, ("A", 'site.kind == "SHOP"'), ("B", "order.pieces > 5"), ("D", "site.linked"))


def test_weaker_than_otherwise(rules: Make) -> None:
    """A rule weaker than `otherwise` decides, for `otherwise` speaks only where no rule does."""
    assert [] == asked(rules, ("D", "order.pieces == 7"))


def test_changes_nothing(rules: Make) -> None:
    """A rule that gives what `otherwise` gives decides, and is noted as one that changes no outcome."""
    report = prove_rules(rules(("C", "order.pieces == 7"), ("A", "site.linked")), "asked", BOUNDS)
    assert (("r0", "r1"), ("r0",)) == (report.proved, report.changes_nothing)


def test_changes_nothing_beside_a_wider_one(rules: Make) -> None:
    """Of two rules of one outcome the narrower changes nothing; the wider one does."""
    report = prove_rules(rules(("A", "order.pieces > 5"), ("A", "order.pieces > 7")), "asked", BOUNDS)
    assert (("r0", "r1"), ("r1",)) == (report.proved, report.changes_nothing)


def test_no_duplicates_of_two_outcomes(rules: Make) -> None:
    """One condition under two outcomes is no duplicate; the weaker rule never decides."""
    assert [(Kind.NEVER_DECIDES, ("r1",))] == asked(rules, ("A", "site.linked"), ("B", "site.linked"))


def test_gate(book: Make) -> None:
    """A rule that is true only where the question does not apply never fires."""
    head = """question: asked
asks: What?
outcomes: [A, B, N]
applies: site.linked
else: {gives: N, because: No., cites: [act]}
otherwise: {gives: B, because: Nothing., cites: [act]}
rules:
  - {rule: unlinked, reason: UNLINKED, when: "!site.linked", gives: A, because: So., cites: [act]}
"""
    assert [(Kind.NEVER_FIRES, ("unlinked",))] == found(prove_rules(book(head), "asked", BOUNDS))


def test_never_by_calendar(rules: Make) -> None:
    """Days are reckoned exactly: no day plus a month is in the same month, and 30 days can be."""
    same_month = "order.import_date.{}.getMonth() == order.import_date.getMonth()"
    plus = [("A", same_month.format("plusMonths(1)")), ("B", same_month.format("plusDays(30)"))]
    assert [(Kind.NEVER_FIRES, ("r0",))] == asked(rules, *plus)


def test_money_of_two_currencies(rules: Make) -> None:
    """An amount is never more than one in one currency and less than one in another: that is unknown."""
    both = 'order.value > money("1.00 USD") && order.value < money("9.00 EUR")'
    assert [(Kind.NEVER_FIRES, ("r0",))] == asked(rules, ("A", both))


def test_money_is_no_other_money(rules: Make) -> None:
    """Amounts of two currencies are neither equal nor unequal: that is unknown."""
    dollars = '(order.value == money("1.00 EUR") || order.value != money("1.00 EUR")) && order.value == money("1.00 USD")'
    assert [(Kind.NEVER_FIRES, ("r0",))] == asked(rules, ("A", dollars))


def test_texts(rules: Make) -> None:
    """What is asked of a text is taken together: no text of two characters has three digits."""
    assert [(Kind.NEVER_FIRES, ("r0",))] == asked(
        rules,
        ("A", 'size(order.note) == 2 && order.note.matches("[0-9].*[0-9].*[0-9]")'),
        ("B", 'size(order.note) > 50 && order.note.startsWith("ab")'),
    )


def test_bound(rules: Make) -> None:
    """Within a bound of two elements a rule about three never fires; with a bound of three it does."""
    rulebook = rules(("A", "size(order.goods) > 2"))
    assert [(Kind.NEVER_FIRES, ("r0",))] == found(prove_rules(rulebook, "asked", Bounds(2, 60)))
    assert [] == found(prove_rules(rulebook, "asked", Bounds(3, 60)))


def test_duplicates_on_common_days(planted: Rulebook) -> None:
    """Rules with the same condition that are never in force together are no duplicates."""
    report = prove_rules(planted, "carriage", BOUNDS)
    assert not any("paper-spring" in one.names for one in report.found)


def test_duplicates_by_meaning(rules: Make) -> None:
    """Two rules that say the same in other words are duplicates; other outcomes are not compared."""
    pairs = [
        ("A", 'order.goods.exists(good, good.hs == "1")'),
        ("A", '!order.goods.all(good, good.hs != "1")'),
        ("B", "site.linked"),
    ]
    assert [(Kind.DUPLICATE, ("r0", "r1"))] == asked(rules, *pairs)


def test_not_understood(rules: Make) -> None:
    """What formulas do not say is never taken as proved: it is named."""
    report = prove_rules(rules(("A", 'order.note + "x" == "y"')), "asked", BOUNDS)
    assert ((), ()) == (report.proved, report.found)
    assert ["rule `r0` of `asked`"] == [one.what for one in report.unsettled]
    assert "not understood: `order.note + " in report.unsettled[0].why


def test_proved_in_spite(rules: Make) -> None:
    """A rule that never fires whatever stands for what is not understood never fires."""
    assert [(Kind.NEVER_FIRES, ("r0",))] == asked(
        rules, ("A", 'order.note + "x" == "y" && site.linked && !site.linked')
    )


def test_time_limit(rules: Make) -> None:
    """A proof that takes too long, here of the factors of a large number, is not settled."""
    factors = (
        "order.pieces > 1 && size(order.note) > 1 && order.pieces * size(order.note) == 1000000016000000063"
    )
    report = prove_rules(rules(("A", factors)), "asked", Bounds(2, 0.2))
    assert ["it took too long"] == [one.why for one in report.unsettled]


def test_none_breaks_inequality(small_files: dict[str, str]) -> None:
    """A fact that is known to be none is unequal to every value, so that `!=` needs no guard."""
    never = "order.goods.exists(good, good.share != 5 && site.linked)"
    example = broken_one(with_invariant(small_files, never), "made").example
    assert example is not None
    assert {"site": {"linked": True}} == {
        name: value for name, value in example.facts.items() if name == "site"
    }


def test_outcome_by_errors(book: Make) -> None:
    """What no fact can cure leaves an outcome open, and an invariant that asks for it is not broken by that."""
    question = """question: asked
asks: What?
outcomes: [A, B]
otherwise: {gives: B, because: Nothing., cites: [act]}
rules:
  - {rule: dear, reason: DEAR, when: 'order.value > money("1.00 USD")', gives: A, because: So., cites: [act]}
"""
    never = 'asked.outcome == "B" && order.value.currency == "EUR"'
    text = f"invariants:\n  - {{invariant: made, never: '{never}', because: So.}}\n"
    base = book(question)
    rulebook = loaded({**base.files, "rulebook.yaml": base.files["rulebook.yaml"] + text})
    assert ("made",) == prove_invariants(rulebook, ["made"], BOUNDS).proved


def test_days_of_invariants(small_files: dict[str, str]) -> None:
    """An invariant holds on its days alone."""
    never = 'site.linked && on == date("2026-06-27")'
    held = with_invariant(small_files, never, "    from: 2026-06-28\n")
    assert ("made",) == prove_invariants(held, ["made"], BOUNDS).proved
    example = broken_one(with_invariant(small_files, never, "    from: 2026-06-27\n"), "made").example
    assert example is not None
    assert (date(2026, 6, 27), {"site": {"linked": True}}) == (example.on, example.facts)
