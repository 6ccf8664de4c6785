"""Rules that go over lists: known, unknown, empty, and lists inside lists."""

from collections.abc import Callable

import pytest

from engine.decision import Decision
from engine.rulebook import Rulebook

Ask = Callable[..., Decision]
Book = Callable[..., Rulebook]
Each = Callable[[str, str], Rulebook]


@pytest.fixture
def each(book: Book) -> Each:
    """Makes a rulebook with one rule over a list."""

    def make(loops: str, when: str) -> Rulebook:
        return book(f"""
question: asked
asks: What is asked?
outcomes: [A, C]
otherwise: {{gives: C, because: Nothing was found., cites: [act]}}
rules:
  - rule: r
    reason: R
    each: {loops}
    when: '{when}'
    gives: A
    because: "The code is {{good.hs}}."
    cites: [act]
""")

    return make


def test_finding_for_each_element(each: Each, ask: Ask) -> None:
    """Every element for which the rule is true has a finding with its place and its facts."""
    decision = ask(
        each("good in order.goods", "size(good.hs) < 6"),
        order={"goods": [{"hs": "1"}, {"hs": "721320"}, {"hs": "3"}]},
    )
    assert [(finding.place, finding.because) for finding in decision.findings] == [
        ("order.goods[0]", "The code is 1."),
        ("order.goods[2]", "The code is 3."),
    ]


def test_element_fact_missing(each: Each, ask: Ask) -> None:
    """A fact that an element lacks is missing by its path in that element."""
    decision = ask(each("good in order.goods", "size(good.hs) < 6"), order={"goods": [{"hs": "721320"}, {}]})
    assert (decision.possible, decision.missing) == (("A", "C"), ("order.goods[1].hs",))


def test_fired_beside_unknown(each: Each, ask: Ask) -> None:
    """One element is enough: what another lacks no longer matters."""
    decision = ask(each("good in order.goods", "size(good.hs) < 6"), order={"goods": [{}, {"hs": "1"}]})
    assert (decision.outcome, decision.missing) == ("A", ())


def test_empty_list(each: Each, ask: Ask) -> None:
    """A list that is given is complete: an empty one has no element for which the rule could be true."""
    assert ask(each("good in order.goods", "true"), order={"goods": []}).outcome == "C"


def test_unknown_list(each: Each, ask: Ask) -> None:
    """Over an unknown list the rule is unknown by the list's path."""
    decision = ask(each("good in order.goods", "size(good.hs) < 6"))
    assert (decision.possible, decision.missing) == (("A", "C"), ("order.goods",))


def test_unknown_list_and_always_true(each: Each, ask: Ask) -> None:
    """Even a condition that always holds is unknown over an unknown list, for the list may be empty."""
    assert ask(each("good in order.goods", "true")).possible == ("A", "C")


def test_unknown_list_and_false(each: Each, ask: Ask) -> None:
    """Over an unknown list a condition that is false whatever the element is does not fire."""
    decision = ask(each("good in order.goods", "site.linked && size(good.hs) < 6"), site={"linked": "false"})
    assert decision.outcome == "C"


def test_unknown_list_and_more(each: Each, ask: Ask) -> None:
    """What else the condition lacks is missing beside the list."""
    decision = ask(each("good in order.goods", "site.linked && size(good.hs) < 6"))
    assert decision.missing == ("order.goods", "site.linked")


def test_nested(each: Each, ask: Ask) -> None:
    """A rule over a list inside a list has the inner element's place."""
    goods = [{"hs": "1", "transit": []}, {"hs": "2", "transit": [{"watched": "true"}, {"watched": "false"}]}]
    decision = ask(
        each("[good in order.goods, stop in good.transit]", "!stop.watched"), order={"goods": goods}
    )
    assert [finding.place for finding in decision.findings] == ["order.goods[1].transit[1]"]


def test_nested_unknown_inside(each: Each, ask: Ask) -> None:
    """An inner list that one element lacks is missing by its path in that element."""
    goods = [{"transit": []}, {"hs": "2"}]
    decision = ask(
        each("[good in order.goods, stop in good.transit]", "!stop.watched"), order={"goods": goods}
    )
    assert decision.missing == ("order.goods[1].transit",)


def test_nested_unknown_outside(each: Each, ask: Ask) -> None:
    """Where the outer list is unknown, it is the highest unknown path."""
    decision = ask(each("[good in order.goods, stop in good.transit]", "!stop.watched"))
    assert decision.missing == ("order.goods",)


def test_digest_without_reading_elements(each: Each, ask: Ask) -> None:
    """A rule that only goes over a list reads it: another length is another digest."""
    rulebook = each("good in order.goods", "true")
    digests = {ask(rulebook, order={"goods": [{}] * count}).facts_digest for count in range(3)}
    assert len(digests) == 3
