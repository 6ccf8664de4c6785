"""The meaning of an answer: what is possible, what is missing, what it rests on."""

from collections.abc import Callable
from datetime import date

import pytest

from engine.decide import UnknownQuestionError, decide
from engine.decision import Decision, Incurable
from engine.rulebook import Rulebook, Standing, load

Ask = Callable[..., Decision]
Rules = Callable[..., Rulebook]
Book = Callable[..., Rulebook]

LINKED = {"linked": "true"}
NOT_LINKED = {"linked": "false"}


def test_otherwise(rules: Rules, ask: Ask) -> None:
    """Where no rule fires, `otherwise` decides and says why."""
    decision = ask(rules(("A", "site.linked")), site=NOT_LINKED)
    assert (decision.outcome, decision.possible, decision.findings) == ("C", ("C",), ())
    assert decision.because == "Nothing was found."


def test_weaker_than_otherwise(rules: Rules, ask: Ask) -> None:
    """A rule that fires decides also where its outcome is weaker than that of `otherwise`."""
    assert ask(rules(("D", "site.linked")), site=LINKED).possible == ("D",)


def test_strongest_fired(rules: Rules, ask: Ask) -> None:
    """The strongest of the outcomes that fired is the outcome; every rule that fired has its finding."""
    decision = ask(rules(("D", "true"), ("B", "true"), ("A", "false")))
    assert (decision.outcome, [finding.reason for finding in decision.findings]) == ("B", ["R1", "R0"])


def test_unknown_and_nothing_fired(rules: Rules, ask: Ask) -> None:
    """Where nothing fired, `otherwise` and every unknown rule's outcome are possible."""
    decision = ask(rules(("A", "site.linked"), ("D", 'order.note == "x"')))
    assert (decision.outcome, decision.possible) == ("UNDETERMINED", ("A", "C", "D"))
    assert decision.missing == ("order.note", "site.linked")


def test_unknown_stronger_than_fired(rules: Rules, ask: Ask) -> None:
    """Above what fired only stronger unknown rules count; weaker ones and their facts are not missing."""
    decision = ask(rules(("A", "site.linked"), ("B", "true"), ("D", 'order.note == "x"')))
    assert (decision.possible, decision.missing) == (("A", "B"), ("site.linked",))


def test_unknown_that_cannot_change(rules: Rules, ask: Ask) -> None:
    """Where every unknown rule gives what `otherwise` gives, the answer is determined."""
    decision = ask(rules(("C", "site.linked")))
    assert (decision.outcome, decision.missing) == ("C", ())


def test_unknown_that_gives_otherwise_matters(rules: Rules, ask: Ask) -> None:
    """A rule that gives what `otherwise` gives can still overrule a weaker one that is open."""
    decision = ask(rules(("C", "site.linked"), ("D", 'order.note == "x"')))
    assert decision.missing == ("order.note", "site.linked")


def test_false_beats_unknown(rules: Rules, ask: Ask) -> None:
    """A condition that is false whatever the rest says does not fire, and asks for nothing."""
    decision = ask(rules(("A", 'site.linked && order.note == "x"')), site=NOT_LINKED)
    assert (decision.outcome, decision.missing) == ("C", ())


@pytest.mark.parametrize(
    ("favourable", "note", "expected"),
    [
        ("[C]", "y", "YES"),
        ("[A]", "y", "NO"),
        ("[C]", None, "UNKNOWN"),
        ("[C, D]", None, "UNKNOWN"),
        ("[D]", None, "NO"),
    ],
)
def test_favourable(rules: Rules, ask: Ask, favourable: str, note: str | None, expected: str) -> None:
    """The favourable answer is over all that is possible: it can be known where the outcome is not."""
    head = f"""
question: asked
asks: What is asked?
outcomes: [A, B, C, D]
favourable: {favourable}
otherwise: {{gives: C, because: Nothing was found., cites: [act]}}
rules:
"""
    rulebook = rules(("A", 'order.note == "x"'), head=head)
    assert expected == ask(rulebook, order={} if note is None else {"note": note}).favourable


def test_no_favourable(rules: Rules, ask: Ask) -> None:
    """A question without favourable outcomes has no such answer."""
    assert ask(rules(("A", "true"))).favourable is None


def test_period_in_force(small: Rulebook, ask: Ask) -> None:
    """A rule counts from its first day on."""
    order = {"destination": "US"}
    outcomes = [
        ask(small, "scope", on=date(2026, 6, day), site={"kind": "SHOP"}, order=order).outcome
        for day in (26, 27)
    ]
    assert outcomes == ["OUT", "IN"]


def test_last_day_in_force(book: Book, ask: Ask) -> None:
    """A rule counts up to and with its last day."""
    rulebook = book("""
question: asked
asks: What is asked?
outcomes: [A, C]
otherwise: {gives: C, because: Nothing was found., cites: [act]}
rules:
  - {rule: r, reason: R, until: 2026-07-01, when: "true", gives: A, because: It is so., cites: [act]}
""")
    assert [ask(rulebook, on=date(2026, 7, day)).outcome for day in (1, 2)] == ["A", "C"]


def test_highest_unknown_path(rules: Rules, ask: Ask) -> None:
    """What is missing is named by the highest fact that is not given, never by what only groups facts."""
    rulebook = rules(("A", 'order.period.end < on || order.goods[0].hs == "x"'))
    assert ask(rulebook).missing == ("order.goods", "order.period.end")
    assert ask(rulebook, order={"goods": [{}]}).missing == ("order.goods[0].hs", "order.period.end")


def test_other_currency(small: Rulebook, ask: Ask) -> None:
    """An amount in another currency is unknown, and says which amount is missing."""
    decision = ask(small, "paper", order={"destination": "US", "value": "900.00 EUR"})
    assert (decision.possible, decision.missing) == (("ASKED", "NOT_ASKED"), ("order.value in USD",))


def test_incurable(rules: Rules, ask: Ask) -> None:
    """A rule that fails is an unknown that no fact can cure, and is shown as such."""
    decision = ask(rules(("A", "10 / order.pieces > 1")), order={"pieces": "0"})
    assert ("UNDETERMINED", (), (Incurable("r0", "", "divide_by_zero"),)) == (
        decision.outcome, decision.missing, decision.incurable,
    )  # fmt: skip


def test_unknown_question(small: Rulebook) -> None:
    """A question that does not exist is an error that says which exist."""
    with pytest.raises(UnknownQuestionError, match=r"no question `reviev`; did you mean `review`\?"):
        decide(small, "reviev", {}, date(2026, 7, 1))


def test_unknown_standing(small: Rulebook) -> None:
    """A standing that does not exist is an error, not one that nothing has."""
    with pytest.raises(ValueError, match="proposed"):
        decide(small, "review", {}, date(2026, 7, 1), ["enacted", "proposed"])


def test_day_in_condition(rules: Rules, ask: Ask) -> None:
    """A condition can ask for the day of the decision."""
    rulebook = rules(("A", "order.import_date < on"))
    order = {"import_date": "2026-07-01"}
    assert [ask(rulebook, on=date(2026, 7, day), order=order).outcome for day in (1, 2)] == ["C", "A"]


def test_recorded(small: Rulebook, ask: Ask) -> None:
    """A decision says which rulebook, day, standings and data it was made with, and who stated what."""
    decision = ask(small, "scope", site={"kind": "SHOP", "linked": "true"}, order={"destination": "US"})
    assert ("small", small.digest, date(2026, 7, 1)) == (
        decision.rulebook,
        decision.rulebook_digest,
        decision.on,
    )
    assert decision.enforce == (Standing.ENACTED, Standing.REPORTED)
    assert decision.asserted == (("order.destination", "caller"), ("site.kind", "caller"))
    assert decision.reference_data.startswith("ISO 3166-1, ISO 4217 of ")


def test_same_inputs_same_decision(small_files: dict[str, str], ask: Ask) -> None:
    """The same rulebook and facts give an equal decision, whichever way the files were loaded."""
    backwards = load(dict(reversed(small_files.items())))
    forwards = load(small_files)
    facts = {"site": {"kind": "SHOP"}, "order": {"destination": "US", "goods": [{"hs": "72"}]}}
    assert ask(forwards, "review", **facts) == ask(backwards, "review", **facts)
