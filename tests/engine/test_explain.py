"""What an explanation says of rules that fired, did not, are unknown, or do not count."""

from collections.abc import Callable
from datetime import date

import pytest

from engine.decide import UnknownQuestionError
from engine.explanation import Clause, Compared, Explanation, RuleExplained, State, explain
from engine.rulebook import Rulebook
from tests.engine.conftest import DAY, typed

Book = Callable[..., Rulebook]
Rules = Callable[..., Rulebook]
GOODS = [{"hs": "7213", "transit": []}, {"hs": "721320", "transit": [{"country": "PA", "watched": "true"}]}]


def explained(
    rulebook: Rulebook, question: str = "asked", on: date = DAY, enforce: tuple[str, ...] = (), **raw: object
) -> Explanation:
    """The explanation of a question on facts written as in rule tests."""
    facts = typed(rulebook, **raw)
    return explain(rulebook, question, facts, on, enforce or ("enacted", "reported"))


def rule(explanation: Explanation, name: str) -> RuleExplained:
    """The rule of that name."""
    return next(one for one in explanation.rules if one.rule == name)


def said(rules: Rules, when: str, **raw: object) -> tuple[str, list[str]]:
    """What became of a rule with this condition, and what its clauses say."""
    place = explained(rules(("A", when)), **raw).rules[0].places[0]
    return place.state.value, [clause.says for clause in place.clauses]


@pytest.mark.parametrize(
    ("expected", "when"),
    [
        ('order.destination is "NO"; the rule needs "US"', 'order.destination == "US"'),
        ('order.destination is "NO"; the rule needs "US"', '"US" == order.destination'),
        ('order.destination is "NO"; the rule needs anything but "NO"', 'order.destination != "NO"'),
        ('order.destination is "NO"; the rule needs anything but "NO"', '!(order.destination == "NO")'),
        (
            'order.destination is "NO"; the rule needs one of "US", "CA", "MX" (parties)',
            "order.destination in parties",
        ),
        ('order.destination is "NO"; the rule needs one of "US"', 'order.destination in ["US"]'),
        ('order.destination is "NO"; the rule needs none of "NO"', '!(order.destination in ["NO"])'),
        ('order.destination is "NO"; the rule needs a key of limits', "order.destination in limits"),
        ("site.linked is false; the rule needs true", "site.linked"),
        ("order.pieces is 3; the rule needs more than 3", "order.pieces > 3"),
        ("order.pieces is 3; the rule needs less than 3", "3 > order.pieces"),
        ("order.pieces is 3; the rule needs at most 2", "!(order.pieces > 2)"),
        ("order.pieces is 3; the rule needs at least 4", "order.pieces >= 4"),
        (
            "order.value is 900.00 USD; the rule needs more than 900.00 USD",
            'order.value > money("900.00 USD")',
        ),
        (
            "order.import_date is 2026-07-15; the rule needs a day after 2026-07-15",
            'order.import_date > date("2026-07-15")',
        ),
        (
            "order.import_date is 2026-07-15; the rule needs on, which is 2026-07-01 or earlier",
            "order.import_date <= on",
        ),
        ('order.note is "x"; the rule needs it to start with "y"', 'order.note.startsWith("y")'),
        ('order.note is "x"; the rule needs it not to match "^x$"', '!order.note.matches("^x$")'),
        ("order.maker is none; the rule needs it", "has(order.maker)"),
        ("order.maker is none; the rule needs it", 'has(order.maker) && order.maker.country == "MX"'),
        ("order.goods[1].share is given; the rule needs it to be none", "!has(order.goods[1].share)"),
        ("size(order.goods) is 2; the rule needs 0", "size(order.goods) == 0"),
        (
            "order.import_date.plusDays(1) is 2026-07-16 (order.import_date is 2026-07-15); "
            "the rule needs 2026-07-15",
            'order.import_date.plusDays(1) == date("2026-07-15")',
        ),
        ("the condition is always false", "false"),
    ],
)
def test_stopped(rules: Rules, expected: str, when: str) -> None:
    """The clause that stopped a rule says what the fact is, and what the rule needs."""
    order = {
        "destination": "NO", "pieces": "3", "value": "900.00 USD", "import_date": "2026-07-15", "note": "x",
        "maker": None, "goods": [{}, {"share": "1"}],
    }  # fmt: skip
    assert ("stopped", [expected]) == said(rules, when, site={"linked": "false"}, order=order)


def test_first_clause_that_stopped(rules: Rules) -> None:
    """Of several clauses only the first that is false is shown, also where one before it is unknown."""
    when = 'site.linked && order.note == "x" && order.pieces == 1'
    assert ("stopped", ['order.note is "y"; the rule needs "x"']) == said(
        rules, when, order={"note": "y", "pieces": "3"}
    )


def test_every_alternative_stopped(rules: Rules) -> None:
    """Where no alternative holds, each of them is shown."""
    says = ['order.note is "y"; the rule needs "x"', "order.pieces is 3; the rule needs less than 2"]
    assert ("stopped", says) == said(
        rules, 'order.note == "x" || order.pieces < 2', order={"note": "y", "pieces": "3"}
    )


def test_fired(rules: Rules) -> None:
    """A rule that fired shows every clause that made it true, and of alternatives the first that holds."""
    says = ['order.note is "x"', "order.pieces is 3; the rule needs more than 1"]
    when = 'order.note == "x" && (site.linked || order.pieces > 1 || order.pieces > 2)'
    assert ("fired", says) == said(rules, when, site={"linked": "false"}, order={"note": "x", "pieces": "3"})


def test_guard(rules: Rules) -> None:
    """That a fact is given is not said where another clause says what it is."""
    maker = {"name": "A", "country": "MX"}
    says = ['order.maker.country is "MX"; the rule needs one of "US", "CA", "MX" (parties)']
    assert ("fired", says) == said(
        rules, "has(order.maker) && order.maker.country in parties", order={"maker": maker}
    )


def test_choice_with_a_written_branch(rules: Rules) -> None:
    """Of a choice whose branch is written out, the test decided."""
    assert ("stopped", ["site.linked is false; the rule needs true"]) == said(
        rules, "site.linked ? order.pieces > 1 : false", site={"linked": "false"}
    )


def test_choice_that_fired(rules: Rules) -> None:
    """Of a choice that is true, the test and the branch that it chose decided."""
    says = ["site.linked is true", "order.pieces is 3; the rule needs more than 1"]
    assert ("fired", says) == said(
        rules,
        "site.linked ? order.pieces > 1 : order.pieces > 9",
        site={"linked": "true"},
        order={"pieces": "3"},
    )


@pytest.mark.parametrize(
    ("expected", "when"),
    [
        (
            'none of the 2 elements of order.goods meets `g.hs == "1"`; the rule needs one that does',
            'order.goods.exists(g, g.hs == "1")',
        ),
        ('order.goods[1].hs is "721320"; the rule needs "7213"', 'order.goods.all(g, g.hs == "7213")'),
        (
            'order.goods[1].hs is "721320"; the rule needs anything but "721320"',
            '!order.goods.exists(g, g.hs == "721320")',
        ),
        (
            "each of the 2 elements of order.goods meets `size(g.hs) > 3`; the rule needs one that does not",
            "!order.goods.all(g, size(g.hs) > 3)",
        ),
        (
            'order.goods[1].transit[0].country is "PA"; the rule needs one of "US", "CA", "MX" (parties)',
            "order.goods.all(g, g.transit.all(s, s.country in parties))",
        ),
        (
            'order.goods[1].hs is "721320"; the rule needs "1"',
            'order.goods.filter(g, size(g.hs) == 6).exists(g, g.hs == "1")',
        ),
        (
            "order.goods[0].transit is empty; the rule needs an element that meets `s.watched`",
            "order.goods.all(g, g.transit.exists(s, s.watched))",
        ),
    ],
)
def test_elements_that_stopped(rules: Rules, expected: str, when: str) -> None:
    """A quantifier names the element that decided, or how many did not."""
    assert ("stopped", [expected]) == said(rules, when, order={"goods": GOODS})


@pytest.mark.parametrize(
    ("expected", "when"),
    [
        ('order.goods[0].hs is "7213"', 'order.goods.exists(g, g.hs == "7213")'),
        (
            "each of the 2 elements of order.goods meets `size(g.hs) > 3`",
            "order.goods.all(g, size(g.hs) > 3)",
        ),
        ("order.goods[0].transit is empty", "order.goods[0].transit.all(s, s.watched)"),
        (
            'order.goods[1].hs is "721320"; the rule needs it to start with "7213"',
            '["9", "7213"].exists(start, order.goods[1].hs.startsWith(start))',
        ),
    ],
)
def test_elements_that_made_it_true(rules: Rules, expected: str, when: str) -> None:
    """A quantifier that holds names the element that was enough, or that each one meets it."""
    assert ("fired", [expected]) == said(rules, when, order={"goods": GOODS})


@pytest.mark.parametrize(
    ("expected", "when"),
    [
        ('order.destination is not given; the rule needs "US"', 'order.destination == "US"'),
        (
            "order.import_date is not given; the rule needs a day after on, which is 2026-07-01",
            "order.import_date > on",
        ),
        ("order.maker is not given; the rule needs it to be none", "!has(order.maker)"),
        ("order.goods is not given; the rule needs `size(order.goods) > 2`", "size(order.goods) > 2"),
        (
            "order.goods is not given; the rule needs `order.goods.exists(g, size(g.hs) < 6)` to be false",
            "!order.goods.exists(g, size(g.hs) < 6)",
        ),
        (
            "order.value is 3.00 EUR, and order.value in USD is not given; "
            'the rule needs `order.value > money("900.00 USD")`',
            'order.value > money("900.00 USD")',
        ),
        (
            "10 / order.pieces cannot be computed (divide by zero), which no fact can cure (order.pieces is 0); "
            "the rule needs `10 / order.pieces > 2`",
            "10 / order.pieces > 2",
        ),
    ],
)
def test_unknown(rules: Rules, expected: str, when: str) -> None:
    """A clause that is unknown says which fact is not given, or that none can cure it."""
    assert ("unknown", [expected]) == said(rules, when, order={"value": "3.00 EUR", "pieces": "0"})


def test_unknown_elements(rules: Rules) -> None:
    """Of a list, the elements are named whose facts are not given."""
    says = [f'order.goods[{place}].hs is not given; the rule needs "7213"' for place in (0, 2)]
    assert ("unknown", says) == said(
        rules, 'order.goods.all(g, g.hs == "7213")', order={"goods": [{}, {"hs": "7213"}, {}]}
    )


def test_missing_and_errors(rules: Rules) -> None:
    """An unknown rule has the missing facts and the errors of its whole condition."""
    place = explained(
        rules(("A", "10 / order.pieces > 2 || site.linked")), order={"pieces": "0"}
    ).rules[0].places[0]  # fmt: skip
    assert (("site.linked",), ("divide_by_zero",)) == (place.missing, place.errors)


def test_compared(rules: Rules) -> None:
    """A clause carries its text with the paths of facts, and the values it compared."""
    clause = explained(
        rules(("A", "order.goods.all(g, order.pieces > size(g.hs))")),
        order={"pieces": "5", "goods": GOODS},
    ).rules[0].places[0].clauses[0]  # fmt: skip
    assert clause == Clause(
        "order.pieces > size(order.goods[1].hs)",
        False,
        "order.pieces is 5; the rule needs more than size(order.goods[1].hs), which is 6",
        (Compared("order.pieces", "5"), Compared("order.goods[1].hs", '"721320"')),
    )


def test_definition(small: Rulebook) -> None:
    """A definition is opened by its name, with the facts in place of its parameters."""
    order = {"value": "2500.00 USD", "destination": "US"}
    clause = rule(explained(small, "paper", order=order), "over-the-limit").places[0].clauses[0]
    assert (
        ("over(order.value, limits[order.destination].limit)",),
        "order.value is 2500.00 USD; the rule needs more than limits[order.destination].limit, "
        "which is 2500.00 USD",
    ) == (clause.within, clause.says)


def test_hidden_name(book: Book) -> None:
    """A loop variable of a definition never captures a fact that is given to it, which is then written `.site`."""
    rulebook = book("""
question: asked
asks: What is asked?
outcomes: [A, C]
otherwise: {gives: C, because: Nothing was found., cites: [act]}
define:
  has_code: {parameters: {code: string}, is: 'order.goods.exists(site, site.hs == code)'}
rules:
  - rule: r
    reason: R
    when: has_code(string(site.kind))
    gives: A
    because: It has.
    cites: [act]
""")
    place = explained(rulebook, site={"kind": "SHOP"}, order={"goods": [{"hs": "1"}]}).rules[0].places[0]
    assert (
        'order.goods[0].hs is "1"; the rule needs string(.site.kind), which is "SHOP"'
        == place.clauses[0].says
    )


def test_each_place(small: Rulebook) -> None:
    """A rule over a list is explained at every element."""
    explanation = explained(
        small,
        "review",
        site={"kind": "SHOP", "linked": "true"},
        order={"destination": "US", "goods": [{"hs": "7213"}, {"hs": "721320"}, {}]},
    )
    short = rule(explanation, "short-hs")
    assert State.FIRED == short.state
    assert [
        ("order.goods[0]", "fired", 'size(order.goods[0].hs) is 4 (order.goods[0].hs is "7213"); '
         "the rule needs less than 6"),
        ("order.goods[1]", "stopped", 'size(order.goods[1].hs) is 6 (order.goods[1].hs is "721320"); '
         "the rule needs less than 6"),
        ("order.goods[2]", "unknown", "order.goods[2].hs is not given; "
         "the rule needs `size(order.goods[2].hs) < 6`"),
    ] == [(place.place, place.state.value, place.clauses[0].says) for place in short.places]  # fmt: skip


def test_each_over_nothing(small: Rulebook) -> None:
    """A list without elements stops a rule that goes over it."""
    facts = {"site": {"kind": "SHOP"}, "order": {"destination": "US", "goods": [{"hs": "7", "transit": []}]}}
    place = rule(explained(small, "review", **facts), "unwatched-stop").places[0]
    assert ("stopped", "order.goods[0].transit is empty: there is nothing to look at") == (
        place.state.value,
        place.clauses[0].says,
    )


def test_each_over_an_unknown_list(small: Rulebook) -> None:
    """Over an unknown list a rule is unknown by the list."""
    facts = {"site": {"kind": "SHOP"}, "order": {"destination": "US"}}
    place = rule(explained(small, "review", **facts), "short-hs").places[0]
    assert ("order.goods", ("order.goods",), ["order.goods is not given"]) == (
        place.place,
        place.missing,
        [clause.says for clause in place.clauses],
    )


def test_gate_closed(small: Rulebook) -> None:
    """Where the gate is closed its clause is shown, and no rule is put to the facts."""
    explanation = explained(small, "review", site={"kind": "MARKET"})
    assert explanation.gate is not None
    assert (False, ['scope.outcome is "OUT"; `applies` needs "IN"'], ()) == (
        explanation.gate.applies,
        [clause.says for clause in explanation.gate.clauses],
        explanation.rules,
    )
    assert "`applies` is false, so `else` gives NOT_APPLICABLE" == explanation.otherwise


def test_gate_unknown(small: Rulebook) -> None:
    """A gate that is unknown says what the other question can still answer."""
    explanation = explained(small, "review", site={"kind": "SHOP"})
    assert explanation.gate is not None
    assert (None, ['scope.outcome can still be "IN" or "OUT"; `applies` needs "IN"']) == (
        explanation.gate.applies,
        [clause.says for clause in explanation.gate.clauses],
    )


def test_inner_question(small: Rulebook) -> None:
    """The questions that the question uses are explained too."""
    inner = explained(small, "review", site={"kind": "MARKET"}).inner
    assert [("scope", 'site.kind is "MARKET"; the rule needs "SHOP"')] == [
        (one.decision.question, one.rules[0].places[0].clauses[0].says) for one in inner
    ]


def test_otherwise(rules: Rules) -> None:
    """Where no rule is true it says that `otherwise` decided."""
    explanation = explained(rules(("A", "site.linked")), site={"linked": "false"})
    assert "no rule in force is true, so `otherwise` gives C" == explanation.otherwise


def test_open(rules: Rules) -> None:
    """An unknown rule is open while it could still change the answer."""
    explanation = explained(
        rules(("A", "site.linked"), ("B", "true"), ("D", 'order.note == "x"')),
    )
    assert [True, False, False] == [one.places[0].open for one in explanation.rules]


def test_not_in_force_yet(small: Rulebook) -> None:
    """A rule before its first day says from when it is in force."""
    explanation = explained(small, "scope", on=date(2026, 6, 26))
    assert (
        State.NOT_IN_FORCE,
        "it is in force from 2026-06-27; the decision is for 2026-06-26",
    ) == (explanation.rules[0].state, explanation.rules[0].because)


def test_not_enforced(small: Rulebook) -> None:
    """A rule whose standing does not count says so."""
    explanation = explained(small, "scope", enforce=("enacted",))
    assert (State.NOT_ENFORCED, "its standing is reported; enforced here: enacted") == (
        explanation.rules[0].state,
        explanation.rules[0].because,
    )


def test_no_consequence(book: Book) -> None:
    """A rule whose chosen reading has no consequence says which reading that is."""
    rulebook = book("""
question: asked
asks: What is asked?
outcomes: [A, C]
otherwise: {gives: C, because: Nothing was found., cites: [act]}
rules:
  - rule: r
    reason: R
    when: site.linked
    gives: A
    because: The text is unclear.
    cites: [act]
    readings:
      strict: {says: It binds., gives: A}
      lenient: {says: It is a wish.}
    chosen: lenient
""")
    one = explained(rulebook, enforce=("enacted", "reported", "assumed")).rules[0]
    assert (
        State.NO_CONSEQUENCE,
        "as its text is read here (lenient: It is a wish.) it has no consequence",
    ) == (one.state, one.because)


def test_unknown_question(small: Rulebook) -> None:
    """A question that does not exist is refused as a decision of it is."""
    with pytest.raises(UnknownQuestionError, match="did you mean `scope`"):
        explain(small, "scop", {}, DAY)


def test_long_values_are_cut(rules: Rules) -> None:
    """A long text is cut, and of a long list the first members are shown."""
    expected = (
        f'order.note is "{"x" * 100}..."; the rule needs one of "a", "b", "c", "d", "e", "f" and 2 more'
    )
    when = 'order.note in ["a", "b", "c", "d", "e", "f", "g", "h"]'
    assert ("stopped", [expected]) == said(rules, when, order={"note": "x" * 500})
