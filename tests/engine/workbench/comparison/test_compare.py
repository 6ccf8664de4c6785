"""What differs between two rulebooks, part by part."""

import pytest

from engine.workbench.comparison.compare import compare

from .books import PARCELS, SHIPPED, compared, files, said, side

RULES, BOOK, FACTS = "carriage.yaml", "rulebook.yaml", "facts.yaml"
WEIGHS = (RULES, "when: parcel.weight > 30.0", "when: parcel.weight > 25.0")
GATE = "applies: parcel.marked\nelse: {gives: REVIEW, because: No., cites: [act]}\nrules:\n"
NEW_RULE = """rules:
  - rule: wet
    reason: WET
    when: parcel.pieces < 0
    gives: REVIEW
    because: It is wet.
    cites: [act 10]
"""
MANY_PIECES = """  - rule: many-pieces
    reason: MANY_PIECES
    when: parcel.pieces >= 10
    gives: REVIEW
    because: The parcel has {parcel.pieces} pieces.
    cites: [act 5]
"""
EVERYTHING = (
    WEIGHS,
    (RULES, "rules:\n", NEW_RULE),
    (RULES, MANY_PIECES, ""),
    (RULES, "rule: heavy\n", "rule: two-people\n"),
    (BOOK, "[US, CA, MX]", "[US, CA]"),
    (RULES, "So light a parcel is looked at.", "So light a parcel draws a look."),
    (RULES, "question: carriage\n", "# a comment\nquestion:   carriage\n"),
    (
        RULES,
        "reason: OVER_THIRTY\n    when: 30.0 < parcel.weight\n",
        "when: parcel.weight > 30.00\n    reason: OVER_THIRTY\n",
    ),
)  # fmt: skip


def test_everything_planted() -> None:
    """A threshold, a rule more, a rule less, a new name, a list member less and other words are found; layout is not."""
    assert [
        "changed carriage:not-served condition",
        "changed carriage:too-heavy condition",
        "added carriage:wet",
        "removed carriage:many-pieces",
        "renamed carriage:two-people",
        "reworded carriage:featherweight because",
        "changed :served values",
    ] == said(compared(PARCELS, *EVERYTHING).changes)


def test_sides() -> None:
    """A difference has both texts, with the line of each."""
    (change,) = compared(PARCELS, WEIGHS, (RULES, "rules:\n", "\n\nrules:\n")).changes
    (one,) = change.differences
    assert ("parcel.weight > 30.0", "parcel.weight > 25.0") == (one.was, one.now)
    assert ("old/carriage.yaml:13", "new/carriage.yaml:15") == (str(change.before), str(change.after))
    assert ("old/carriage.yaml:15", "new/carriage.yaml:17") == (str(one.before), str(one.after))


def test_through_a_list() -> None:
    """A changed list is a change of each rule that uses it, and the rule names it."""
    comparison = compared(PARCELS, (BOOK, "[US, CA, MX]", "[US, CN, CA]"))
    rule, named = comparison.changes
    assert ("", "", ("the list `served`",)) == (
        rule.differences[0].was,
        rule.differences[0].now,
        rule.differences[0].through,
    )
    assert (("MX",), ("CN",)) == (named.differences[0].was, named.differences[0].now)


def test_through_definitions() -> None:
    """A definition that is changed changes the rules that use it, also through another definition."""
    comparison = compared(SHIPPED, ("copy.yaml", "is: notice.plusDays(30)", "is: notice.plusDays(31)"))
    assert [
        "changed copy:copy-due value submit_until",
        "changed copy:copy-late condition",
        "changed copy:copy-not-submitted condition",
        "changed copy:notice_ends is",
    ] == said(comparison.changes)
    assert ("the definition `notice_ends`",) == comparison.changes[1].differences[0].through


def test_standing_through_a_source() -> None:
    """A source of another standing changes the standing of what cites it."""
    comparison = compared(PARCELS, (BOOK, "on marks, standing: enacted", "on marks, standing: reported"))
    rule, source = comparison.changes
    assert [
        "changed carriage:not-marked standing",
        "changed :letter standing",
    ] == said(comparison.changes)
    assert ("enacted", "reported", ("the source `letter`",)) == (
        rule.differences[0].was,
        rule.differences[0].now,
        rule.differences[0].through,
    )
    assert "old/rulebook.yaml:6" == str(source.differences[0].before)


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ("gives: REVIEW\n    because: A parcel of", "gives: REFUSED\n    because: A parcel of", "heavy outcome"),
        ("reason: HEAVY\n", "reason: WEIGHTY\n", "heavy reason"),
        ("from: 2027-06-01", "from: 2027-07-01", "batteries from"),
        ("    until: 2025-12-31\n", "", "winter-surcharge until"),
        ("cites: [act 9]", "cites: [act 9, act 1]", "batteries citations"),
        ("cites: [act 9]", "cites: [act 9]\n    values: {pieces: parcel.pieces}", "batteries value pieces"),
        ("outcomes: [REFUSED, REVIEW, CARRIED]", "outcomes: [REVIEW, REFUSED, CARRIED]", "carriage outcomes"),
        ("favourable: [CARRIED]", "favourable: [CARRIED, REVIEW]", "carriage favourable"),
        ("otherwise: {gives: CARRIED", "otherwise: {gives: REVIEW", "otherwise outcome"),
        ("rules:\n", GATE, "carriage applies"),
    ],
)  # fmt: skip
def test_aspects(was: str, now: str, expected: str) -> None:
    """Whatever a rule or question says by which it can answer otherwise is a change of that, and of nothing else."""
    changes = compared(PARCELS, (RULES, was, now)).changes
    assert f"changed carriage:{expected}" == said(changes)[0]
    assert all(change.counts for change in changes)


@pytest.mark.parametrize(
    ("name", "was", "now", "expected"),
    [
        (FACTS, "type: int,", "type: decimal,", "changed :parcel.pieces type"),
        (FACTS, "unit: kg", "unit: lb", "changed :parcel.weight type"),
        (
            FACTS,
            "meaning: How many pieces are in it.",
            "meaning: The pieces.",
            "reworded :parcel.pieces words",
        ),
        (FACTS, "facts:\n", "facts:\n  parcel.wet: {type: bool, meaning: Wet.}\n", "added :parcel.wet"),
        (BOOK, "zone: America/New_York", "zone: Europe/Vienna", "changed :rulebook zone"),
        (BOOK, "Carriage of parcels, with", "Parcels with", "reworded :rulebook title"),
        (BOOK, "The Carriage Act", "The Act on Carriage", "reworded :act title"),
        (BOOK, "[US, CA, MX]", "[MX, CA, US]", None),
        (RULES, "asks: Is the parcel carried?", "asks: Do we carry it?", "reworded carriage:carriage asks"),
    ],
)
def test_shared(name: str, was: str, now: str, expected: str | None) -> None:
    """Facts, sources, lists and the rulebook itself are told too; the order of a list's members is not."""
    changes = said(compared(PARCELS, (name, was, now)).changes)
    assert [expected] == changes if expected else changes == []


def test_questions() -> None:
    """A question more or less is one change, whatever it says; it was in one of them only."""
    less = {name: text for name, text in files(SHIPPED).items() if name != "readiness.yaml"}
    comparison = compare(side("old", files(SHIPPED)), side("new", less))
    assert ["removed readiness:readiness"] == said(comparison.changes)
    assert "readiness" not in comparison.same


def test_table_rows() -> None:
    """A row more changes the table and the rules that look into it."""
    head = files(SHIPPED)["platforms.csv"].splitlines()[0]
    cells = {"from": "2026-01-01", "until": "", "cites": "ecert-guidelines-2026-06-26"}
    row = ",".join(cells.get(column, "gate-one") for column in head.split(","))
    comparison = compared(SHIPPED, ("platforms.csv", f"{head}\n", f"{head}\n\n{row}\n"))
    assert [
        "changed prereview:evidence-complete condition",
        "changed prereview:platform-not-recognised condition",
        "changed :platforms rows",
        "changed :eligible-by-recognised-platform never",
    ] == said(comparison.changes)
    (rows,) = comparison.changes[-2].differences
    assert ("old/platforms.csv:1", "new/platforms.csv:3") == (str(rows.before), str(rows.after))


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("parcel.weight < 1.0 && parcel.weight > 2.0", "parcel.weight > 2.00 && 1.0 > parcel.weight"),
        ('"!(parcel.destination in served)"', '\'!(parcel.destination in ["CA", "MX", "US"])\''),
        ("when: parcel.pieces >= 10", "when: 10 <= parcel.pieces"),
        ('when: parcel.value > money("100.00 USD")', 'when: money("100 USD") < parcel.value'),
    ],
)
def test_same_meaning(was: str, now: str) -> None:
    """The two sides of a comparison, the order of clauses, zeros at the end and a list written out say the same."""
    changes = compared(PARCELS, (RULES, was, now)).changes
    assert [] == [change for change in said(changes) if "condition" in change]


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("parcel.weight < 1.0 && parcel.weight > 2.0", "parcel.weight < 1.0 || parcel.weight > 2.0"),
        ("when: parcel.pieces >= 10", "when: parcel.pieces > 10"),
        ("when: parcel.pieces >= 10", "when: 10 >= parcel.pieces"),
        ("when: parcel.batteries", 'when: "!parcel.batteries"'),
        ("when: parcel.batteries", "when: has(parcel.batteries)"),
        ('money("200.00 USD")', 'money("200.00 CAD")'),
        ('when: parcel.value > money("200.00 USD")', 'when: parcel.value != money("200.00 USD")'),
        ("when: parcel.pieces >= 10", "when: on >= date('2026-01-01') && parcel.pieces >= 10"),
    ],
)
def test_other_meaning(was: str, now: str) -> None:
    """Another operator, operand or clause is another condition."""
    (change,) = said(compared(PARCELS, (RULES, was, now)).changes)
    assert change.endswith(" condition")


def test_written_out() -> None:
    """A condition that becomes a definition, and loop variables under other names, change no rule."""
    comparison = compared(
        PARCELS,
        (RULES, "rules:\n", "define:\n  many: parcel.pieces >= 10\nrules:\n"),
        (RULES, "    when: parcel.pieces >= 10", "    when: many"),
    )
    assert ["added carriage:many"] == said(comparison.changes)
    assert not comparison.counting
    loops = compared(
        SHIPPED, ("scope.yaml", "order.lines.all(line, !line.claims_preference)", "order.lines.all(l, !l.claims_preference)")
    )  # fmt: skip
    assert () == loops.changes


def test_renamed_means_the_same() -> None:
    """A rule of another name is renamed only where it means the same; two that do are told apart by their words."""
    renamed = compared(
        PARCELS, (RULES, "rule: over-thirty", "rule: beyond"), (RULES, "rule: too-heavy", "rule: much")
    )
    pairs = [(change.old_name, change.key.name) for change in renamed.changes]
    assert [("over-thirty", "beyond"), ("too-heavy", "much")] == pairs
    other = compared(
        PARCELS, (RULES, "rule: batteries", "rule: cells"), (RULES, "from: 2027-06-01", "from: 2028-06-01")
    )
    assert ["added carriage:cells", "removed carriage:batteries"] == said(other.changes)


def test_same_questions() -> None:
    """Questions that mean the same, with all that they use, cannot answer otherwise."""
    scope = compared(SHIPPED, ("scope.yaml", "reason: SITE_NOT_B2B_INDEPENDENT", "reason: OTHER_SITE"))
    assert {"scope", "prereview"} == set(scope.questions) - scope.same


def test_dictionary_is_everyones() -> None:
    """Where what facts can be has changed, every question may answer otherwise."""
    assert frozenset() == compared(PARCELS, (FACTS, "type: int,", "type: decimal,")).same
