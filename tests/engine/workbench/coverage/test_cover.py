"""What tests have seen of rules, clauses and sources."""

from collections.abc import Callable

from engine.rulebook import Rulebook
from engine.workbench.coverage.model import Coverage, Kind, Side, Tally, tally
from tests.engine.conftest import HEAD
from tests.engine.workbench.coverage.conftest import Covers

Rules = Callable[..., Rulebook]

RULE = (
    "  - rule: {name}\n    reason: {reason}\n    {more}when: '{when}'\n    gives: A\n"
    "    because: Because.\n    cites: [{cites}]\n"
)


def written(when: str, name: str = "r", more: str = "", cites: str = "act 9") -> str:
    """One rule that gives A; `more` are further lines."""
    return RULE.format(name=name, reason=name.upper(), when=when, more=more, cites=cites)


def gaps(coverage: Coverage) -> list[str]:
    """What is lacking, as people read it."""
    return [f"{one.part}: {one.lack}" for one in coverage.gaps]


def sides(coverage: Coverage, text: str) -> tuple[int, ...]:
    """In how many tests the part was true, false and unknown."""
    (one,) = [one for one in coverage.parts if one.part.text == text]
    return tuple(one.tests[side] for side in Side)


def clauses(coverage: Coverage) -> list[str]:
    """The clauses in the order of the file."""
    return [one.part.text for one in coverage.parts if one.part.kind is Kind.CLAUSE]


def test_no_tests(rules: Rules, covers: Covers) -> None:
    """Without tests nothing is seen, and every side is lacking. A rule never seen stands for its clauses."""
    coverage = covers(rules(("A", "site.linked")))
    assert ["rule `r0`: never seen"] == gaps(coverage)
    assert 0 == coverage.of(Kind.CLAUSE).seen
    assert (0, 2, 0.0) == (
        coverage.of(Kind.RULE).seen,
        coverage.of(Kind.RULE).demanded,
        coverage.of(Kind.RULE).percent,
    )


def test_both_sides(rules: Rules, covers: Covers) -> None:
    """A rule that fired in one test and not in another lacks nothing, nor does its clause."""
    rulebook = rules(("A", "site.linked"))
    both = ("with: {site.linked: true}, expect: A", "with: {site.linked: false}, expect: C")
    assert [] == gaps(covers(rulebook, *both))
    assert 100.0 == covers(rulebook, *both).of(Kind.CLAUSE).percent


def test_one_side(rules: Rules, covers: Covers) -> None:
    """A rule that fired in every test says so; of a clause the missing side is named."""
    coverage = covers(rules(("A", "site.linked")), "with: {site.linked: true}, expect: A")
    assert ["rule `r0`: fired in every test", "`site.linked` in rule `r0`: never false"] == gaps(coverage)
    coverage = covers(rules(("A", "site.linked")), "with: {site.linked: false}, expect: C")
    assert ["rule `r0`: never fired", "`site.linked` in rule `r0`: never true"] == gaps(coverage)


def test_unknown(rules: Rules, covers: Covers) -> None:
    """Unknown is counted, and is neither side."""
    coverage = covers(rules(("A", "site.linked")), "expect: UNDETERMINED")
    assert (0, 0, 1) == sides(coverage, "site.linked")
    assert ["rule `r0`: never known", "`site.linked` in rule `r0`: never known"] == gaps(coverage)


def test_passed_over(rules: Rules, covers: Covers) -> None:
    """A clause behind one that has decided is not seen."""
    rulebook = rules(("A", "site.linked && order.pieces > 3"))
    coverage = covers(rulebook, "with: {site.linked: false, order.pieces: 4}, expect: C")
    assert (0, 0, 0) == sides(coverage, "order.pieces > 3")
    assert (0, 1, 0) == sides(coverage, "site.linked")


def test_decides_after_unknown(rules: Rules, covers: Covers) -> None:
    """A clause that decides although one before it is unknown is seen."""
    coverage = covers(rules(("A", "site.linked && order.pieces > 3")), "with: {order.pieces: 3}, expect: C")
    assert (0, 1, 0) == sides(coverage, "order.pieces > 3")


def test_branch_not_taken(rules: Rules, covers: Covers) -> None:
    """Of a choice the test and the branch taken are seen; words written out are no clauses."""
    rulebook = rules(("A", "has(order.maker) ? order.maker.country == 'CA' : false".replace("'", '"')))
    coverage = covers(rulebook, "none: [order.maker], expect: C")
    assert ["has(order.maker)", 'order.maker.country == "CA"'] == clauses(coverage)
    assert (0, 0, 0) == sides(coverage, 'order.maker.country == "CA"')


def test_negation(rules: Rules, covers: Covers) -> None:
    """`!` is no clause of its own; what it turns round is."""
    coverage = covers(rules(("A", "!site.linked")), "with: {site.linked: false}, expect: A")
    assert ["site.linked"] == clauses(coverage)
    assert (0, 1, 0) == sides(coverage, "site.linked")


def test_list(rules: Rules, covers: Covers) -> None:
    """A macro is a clause, and so is each in its body; elements after the one that decides are not seen."""
    coverage = covers(
        rules(("A", "order.goods.exists(good, size(good.hs) < 6)")),
        'with: {order.goods: [{hs: "72"}, {hs: "721320"}]}, expect: A',
    )
    assert ["order.goods.exists(good, size(good.hs) < 6)", "size(good.hs) < 6"] == clauses(coverage)
    assert (1, 0, 0) == sides(coverage, "size(good.hs) < 6")


def test_clause_in_value(rules: Rules, covers: Covers) -> None:
    """Conditions inside a value that is compared are clauses too."""
    coverage = covers(
        rules(("A", "size(order.goods.filter(good, size(good.hs) < 6)) > 1")),
        'with: {order.goods: [{hs: "72"}, {hs: "721320"}]}, expect: C',
    )
    assert (1, 1, 0) == sides(coverage, "size(good.hs) < 6")


def test_each(book: Rules, covers: Covers) -> None:
    """A rule with `each` is seen once for each element: one test can show both sides."""
    rule = written("size(good.hs) < 6", more="each: good in order.goods\n    ")
    coverage = covers(book(HEAD + rule), 'with: {order.goods: [{hs: "72"}, {hs: "721320"}]}, expect: A')
    assert [] == gaps(coverage)


def test_each_of_nothing(book: Rules, covers: Covers) -> None:
    """For an empty list a rule with `each` is not seen at all; for an unknown one it is unknown."""
    rulebook = book(HEAD + written("size(good.hs) < 6", more="each: good in order.goods\n    "))
    assert (0, 0, 0) == sides(covers(rulebook, "with: {order.goods: []}, expect: C"), "r")
    assert (0, 0, 1) == sides(covers(rulebook, "expect: UNDETERMINED"), "r")


def test_constant(rules: Rules, covers: Covers) -> None:
    """A condition that reads no fact has one side, and no clause."""
    coverage = covers(rules(("A", "true")), "expect: A")
    assert (1, 100.0) == (coverage.of(Kind.RULE).demanded, coverage.of(Kind.RULE).percent)
    assert [] == clauses(coverage)


def test_definition(book: Rules, covers: Covers) -> None:
    """A definition's clauses are counted once, where it is written, from all its uses; each use is a clause."""
    define = "define:\n  short: {parameters: {code: string}, is: size(code) < 6, cites: [act 3]}\n"
    rulebook = book(
        HEAD.replace("rules:", f"{define}rules:")
        + written("short(order.note)", "r1")
        + written("order.pieces == 1 && short(order.note)", "r2")
    )
    coverage = covers(rulebook, "with: {order.note: abc, order.pieces: 1}, expect: A")
    assert (1, 0, 0) == sides(coverage, "size(code) < 6")
    assert ["size(code) < 6", "short(order.note)", "order.pieces == 1", "short(order.note)"] == clauses(
        coverage
    )


def test_definition_in_texts(book: Rules, covers: Covers) -> None:
    """A definition that only texts use decides nothing, and has no clauses."""
    define = 'define:\n  kind: {is: "site.linked ? 1 : 2"}\n'
    rule = written("order.pieces == 1").replace("Because.", '"{kind}"')
    coverage = covers(book(HEAD.replace("rules:", f"{define}rules:") + rule))
    assert ["order.pieces == 1"] == clauses(coverage)


def test_gate(book: Rules, covers: Covers) -> None:
    """Where the gate is not true, its clauses are seen and the rules are not."""
    gate = "applies: order.destination in parties\nelse: {gives: D, because: Elsewhere., cites: [act 8]}\n"
    rulebook = book(HEAD.replace("rules:", f"{gate}rules:") + written("site.linked"))
    coverage = covers(rulebook, "with: {order.destination: PA, site.linked: true}, expect: D")
    assert (0, 1, 0) == sides(coverage, "order.destination in parties")
    assert (1, 0, 0) == sides(coverage, "else")
    assert (0, 0, 0) == sides(coverage, "r")
    assert "`order.destination in parties` in `applies`: never true" in gaps(coverage)


def test_otherwise(rules: Rules, covers: Covers) -> None:
    """`otherwise` is demanded of no test; where none gets it, it is named."""
    rulebook = rules(("A", "site.linked"))
    fired = covers(rulebook, "with: {site.linked: true}, expect: A")
    assert ["`otherwise`"] == list(map(str, fired.never_given))
    assert () == covers(rulebook, "with: {site.linked: false}, expect: C").never_given
    assert 2 == fired.of(Kind.RULE).demanded


def test_not_in_force(book: Rules, covers: Covers) -> None:
    """A rule is not seen before it begins, nor where its standing does not count."""
    early = book(HEAD + written("site.linked", more="from: 2026-07-02\n    "))
    assert (0, 0, 0) == sides(covers(early, "with: {site.linked: true}, expect: C"), "r")
    assumed = book(HEAD + written("site.linked", cites="guess"))
    assert (0, 0, 0) == sides(covers(assumed, "with: {site.linked: true}, expect: C"), "r")


def test_inner_question(book: Rules, covers: Covers) -> None:
    """A test counts for the question that it asks, not for those that this one uses."""
    inner = HEAD.replace("question: asked", "question: within") + written("site.linked", "inner")
    outer = HEAD + written('within.outcome == "A"')
    coverage = covers(book(outer, inner), "with: {site.linked: true}, expect: A")
    assert (1, 0, 0) == sides(coverage, "r")
    assert (0, 0, 0) == sides(coverage, "inner")


def test_inner_question_open(book: Rules, covers: Covers) -> None:
    """An outcome that is open is known as far as all its possible values agree."""
    inner = HEAD.replace("question: asked", "question: within") + written("site.linked", "inner")
    outer = HEAD + written('within.outcome == "D"', "r1") + written('within.outcome == "A"', "r2")
    coverage = covers(book(outer, inner), "expect: UNDETERMINED")
    assert (0, 1, 0) == sides(coverage, 'within.outcome == "D"')
    assert (0, 0, 1) == sides(coverage, 'within.outcome == "A"')


def test_failing_test(rules: Rules, covers: Covers) -> None:
    """A test that fails or is skipped shows nothing, and is named."""
    coverage = covers(
        rules(("A", "site.linked")),
        "with: {site.linked: true}, expect: B",
        "with: {site.linked: true}, skip: {because: Wait., until: 2027-01-01}, expect: A",
    )
    assert (0, 0, 0) == sides(coverage, "r0")
    assert (0, ("asked_test.yaml:4: t0",), ("asked_test.yaml:5: t1",)) == (
        coverage.tests,
        coverage.failed,
        coverage.skipped,
    )


def test_sources(book: Rules, covers: Covers) -> None:
    """A citation lacks a side on which no test has seen anything that rests on it."""
    rulebook = book(
        HEAD
        + written("site.linked", "r1", cites="act 9, act 10")
        + written("!site.linked", "r2", cites="act 9")
    )
    coverage = covers(rulebook, "with: {site.linked: true}, expect: A")
    lacking = {cited.citation: cited.lack for cited in coverage.citations}
    assert {"act": "", "act 9": "", "act 10": "no test in which it does not speak"} == lacking
    assert (3, 4) == (tally(coverage.citations).seen, tally(coverage.citations).demanded)


def test_places(book: Rules, covers: Covers) -> None:
    """A clause has its place in the file, also in a block of text over several lines."""
    rule = written("x").replace("'x'", "|\n      site.linked\n      && order.pieces\n         > 3")
    coverage = covers(book(HEAD + rule))
    places = {one.part.text: (one.part.span.file.path, *one.part.position) for one in coverage.parts}
    assert ("0.yaml", 10, 7) == places["site.linked"]
    assert ("0.yaml", 11, 10) == places["order.pieces > 3"]
    assert ("0.yaml", 7, 11) == places["r"]


def test_percent() -> None:
    """Percentages are rounded down, so that 100 is said of nothing less; of nothing, all is covered."""
    assert [99.9, 100.0, 100.0] == [Tally(1999, 2000).percent, Tally(2, 2).percent, Tally(0, 0).percent]


def test_source_without_tests(rules: Rules, covers: Covers) -> None:
    """A citation that nothing tests says so."""
    coverage = covers(rules(("A", "site.linked")))
    assert {"act": "no test at all"} == {cited.citation: cited.lack for cited in coverage.citations}
