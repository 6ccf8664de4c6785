"""Invariants in rulebook.yaml: what is never true of any order."""

from datetime import date

from engine.rulebook import Problem, Rulebook, load

BOTH = """
invariants:
  - invariant: first
    never: asked.outcome == "A" && site.linked
    because: So it is.
  - invariant: no-maker
    never: {never}
    because: So it is.
    cites: [act 3]
    from: 2026-06-27
    until: 2026-12-31
"""
ASKED = """question: asked
asks: What?
outcomes: [A, B]
otherwise: {gives: B, because: Nothing., cites: [act]}
rules:
  - {rule: far, reason: FAR, when: order.destination == "US", gives: A, because: So., cites: [act]}
"""


def loaded(small_files: dict[str, str], never: str) -> Rulebook | tuple[Problem, ...]:
    """The small rulebook with one question and an invariant."""
    base = {name: small_files[name] for name in ("facts.yaml", "limits.csv", "rulebook.yaml")}
    base["rulebook.yaml"] += BOTH.replace("{never}", never)
    return load({**base, "asked.yaml": ASKED})


def codes(small_files: dict[str, str], never: str) -> list[str]:
    """The codes of the problems that the condition draws."""
    problems = loaded(small_files, never)
    assert not isinstance(problems, Rulebook)
    return [problem.code for problem in problems]


def test_read(small_files: dict[str, str]) -> None:
    """An invariant has its name, condition, reason, citations, days, and the questions that it asks."""
    rulebook = loaded(small_files, 'order.destination == "US" && asked.outcome != "A"')
    assert isinstance(rulebook, Rulebook)
    assert ["first", "no-maker"] == list(rulebook.invariants)
    found = rulebook.invariants["no-maker"]
    assert ("So it is.", ("asked",), ["act 3"]) == (
        found.because,
        found.questions,
        [str(one) for one in found.cites],
    )
    assert [False, True, True, False] == [
        found.in_force(date(2026, 6, 26)),
        found.in_force(date(2026, 6, 27)),
        found.in_force(date(2026, 12, 31)),
        found.in_force(date(2027, 1, 1)),
    ]


def test_none_compares(small_files: dict[str, str]) -> None:
    """A fact that can be none is compared for equality without a guard, for none is equal to no value."""
    never = "order.goods.exists(good, good.share == 5 || good.share in [5, 6] || good.share != 7)"
    assert isinstance(loaded(small_files, never), Rulebook)


def test_none_has_no_order(small_files: dict[str, str]) -> None:
    """A fact that can be none is compared for order, or taken apart, only under a guard."""
    assert ["unguarded-optional"] == codes(small_files, "order.goods.exists(good, good.share > 5)")
    assert ["unguarded-optional"] == codes(small_files, 'order.maker.name == "M"')


def test_definitions_of_the_rulebook(small_files: dict[str, str]) -> None:
    """An invariant sees the names of the rulebook, and none of a question's own definitions."""
    assert ["unknown-fact"] == codes(small_files, "far_away && site.linked")
