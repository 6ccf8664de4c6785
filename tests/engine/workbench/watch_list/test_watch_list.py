"""The watch-list: what is watched, what recorded answers rest on, and which would flip if it were otherwise."""

from dataclasses import replace
from datetime import date

import pytest

from engine.decide import decide
from engine.facts import read_facts
from engine.rulebook import ALL_STANDINGS, DEFAULT_ENFORCE, Rulebook, Standing
from engine.workbench.comparison.flips import Order
from engine.workbench.watch_list.counting import Watching
from engine.workbench.watch_list.model import CONFIRMED, WITHOUT, Counts, Kind, Name
from engine.workbench.watch_list.watched import watch_list
from tests.engine.conftest import loaded

DAY = date(2026, 7, 1)
HEADER = """
rulebook: small
title: Small
zone: America/New_York
sources:
  act: {title: An act, standing: enacted, read: its text}
  report: {title: A report, standing: reported, read: second-hand, watch: The text itself.}
  guess: {title: A guess, standing: assumed, read: none}
"""
QUESTIONS = """
question: asked
asks: What?
outcomes: [A, REVIEW, C]
otherwise: {gives: C, because: None., cites: [act]}
rules:
  - {rule: reported-one, reason: R, when: 'order.destination == "US"', gives: A, because: So., cites: [report]}
  - {rule: guessed, reason: G, when: 'order.destination == "MX"', gives: A, because: So., cites: [guess]}
  - rule: unclear
    reason: U
    when: 'order.destination == "NO"'
    because: So.
    cites: [act]
    readings:
      strict: {says: It counts., gives: A}
      lenient: {says: It does not.}
"""
OUTER = """
question: outer
asks: And then?
outcomes: [YES, NO]
otherwise: {gives: NO, because: None., cites: [act]}
rules:
  - {rule: by-asked, reason: B, when: 'asked.outcome == "A"', gives: YES, because: So., cites: [act]}
"""


@pytest.fixture
def rulebook(small_files: dict[str, str]) -> Rulebook:
    """A reported rule, an assumed one, an unclear one, and a question that uses theirs."""
    facts = small_files["facts.yaml"]
    return loaded(
        {"rulebook.yaml": HEADER, "facts.yaml": facts, "asked.yaml": QUESTIONS, "outer.yaml": OUTER}
    )


def named(kind: Kind, name: str, question: str = "asked") -> Name:
    """The name of a part."""
    return Name(kind, question if kind in (Kind.RULE, Kind.STATEMENT) else "", name)


REPORTED, GUESSED = named(Kind.RULE, "reported-one"), named(Kind.RULE, "guessed")
UNCLEAR, REPORT = named(Kind.RULE, "unclear"), named(Kind.SOURCE, "report")


def counts(
    rulebook: Rulebook, question: str, *destinations: str, enforce: tuple[Standing, ...] = DEFAULT_ENFORCE
) -> Counts:
    """What is counted of answers about orders to these countries; an empty one is not given."""
    watching, found = Watching(rulebook), Counts()
    for to in destinations:
        facts, _ = read_facts(rulebook.facts, {"order": {"destination": to} if to else {}})
        watching.decided(question, Order("", DAY, enforce, facts, facts), found)
    return found


def decided_otherwise(
    rulebook: Rulebook, question: str, to: str, enforce: tuple[Standing, ...]
) -> set[tuple[Name, str]]:
    """The alternatives by which `decide` gives another outcome."""
    facts, _ = read_facts(rulebook.facts, {"order": {"destination": to} if to else {}})
    was = decide(rulebook, question, facts, DAY, enforce).outcome
    return {
        (name, alternative.name)
        for name, one in watch_list(rulebook).items()
        for alternative in one.alternatives
        if decide(alternative.rulebook, question, facts, DAY, enforce).outcome != was
    }


def test_watched(rulebook: Rulebook) -> None:
    """What is not enacted is watched, and what can be read in several ways; with what it would be otherwise."""
    expected = {
        REPORT: [WITHOUT],
        named(Kind.SOURCE, "guess"): [WITHOUT],
        REPORTED: [WITHOUT],
        GUESSED: [WITHOUT, CONFIRMED],
        UNCLEAR: [WITHOUT, "strict", "lenient"],
    }
    found = watch_list(rulebook)
    assert expected == {name: [one.name for one in found[name].alternatives] for name in found}
    assert "The text itself." == found[REPORTED].sources[0].watch


def test_rested(rulebook: Rulebook) -> None:
    """An answer rests on the rules that gave it and on their sources; an open one on those that could."""
    found = counts(rulebook, "asked", "US", "US", "NO")
    assert {REPORTED: 2, REPORT: 2, UNCLEAR: 1} == found.rested
    assert {REPORTED, REPORT, UNCLEAR} == set(counts(rulebook, "asked", "").rested)


def test_rested_inside(rulebook: Rulebook) -> None:
    """An answer rests on what the answers inside it rest on."""
    assert {REPORTED: 1, REPORT: 1} == counts(rulebook, "outer", "US").rested


def test_not_counting(rulebook: Rulebook) -> None:
    """Nothing rests on an assumed rule where assumptions do not count."""
    assert {} == counts(rulebook, "asked", "MX").rested
    everything = counts(rulebook, "asked", "MX", enforce=ALL_STANDINGS)
    assert {GUESSED: 1, named(Kind.SOURCE, "guess"): 1} == everything.rested


def test_without(rulebook: Rulebook) -> None:
    """Without a rule, or all that cites a source, the answers that it gave are others; also those of outer questions."""
    found = counts(rulebook, "outer", "US", "FR")
    assert {(REPORTED, WITHOUT): 1, (REPORT, WITHOUT): 1} == found.flips
    assert 1 == found.ways[REPORTED, WITHOUT, "YES", "NO"]


def test_confirmed(rulebook: Rulebook) -> None:
    """An assumed rule that is confirmed counts also where assumptions do not."""
    assert {(GUESSED, CONFIRMED): 1} == counts(rulebook, "asked", "MX").flips


def test_readings(rulebook: Rulebook) -> None:
    """An unclear text is answered in each way that it can be read."""
    found = counts(rulebook, "asked", "NO")
    assert {"strict": "A", "lenient": "C", WITHOUT: "C"} == {
        alternative: now for _, alternative, _, now in found.ways
    }
    assert {"REVIEW"} == {was for *_, was, _ in found.ways}


@pytest.mark.parametrize("to", ["US", "MX", "NO", "FR", ""])
@pytest.mark.parametrize("enforce", [DEFAULT_ENFORCE, ALL_STANDINGS])
def test_as_decided(rulebook: Rulebook, to: str, enforce: tuple[Standing, ...]) -> None:
    """A flip is what `decide` says by the two rulebooks."""
    assert decided_otherwise(rulebook, "outer", to, enforce) == set(
        counts(rulebook, "outer", to, enforce=enforce).flips
    )


def test_statement(rulebook: Rulebook) -> None:
    """What is said where no rule decides is watched too, where it is not enacted."""
    question = rulebook.questions["asked"]
    otherwise = replace(question.otherwise, standing=Standing.REPORTED)
    changed = replace(rulebook, questions={"asked": replace(question, otherwise=otherwise)})
    assert {named(Kind.STATEMENT, "otherwise"): 1} == counts(changed, "asked", "FR").rested


def test_parts_add_up(rulebook: Rulebook) -> None:
    """The counts of parts add up to those of the whole."""
    whole = counts(rulebook, "asked", "US", "NO", "")
    parts = Counts()
    for to in ("", "US", "NO"):
        parts.add(counts(rulebook, "asked", to))
    assert whole == parts


def test_table(small: Rulebook) -> None:
    """Rows that are not enacted are watched as their table, with what the rulebook is without them."""
    tables = [one for name, one in watch_list(small).items() if name.kind is Kind.TABLE]
    assert [["without"]] == [[one.name for one in table.alternatives] for table in tables]


LEANING = """
question: asked
asks: What?
applies: order.destination in served
else: {gives: C, because: None., cites: [act]}
outcomes: [A, C]
otherwise: {gives: C, because: None., cites: [act]}
define:
  south: {is: 'order.destination == "MX"', cites: [hearsay]}
rules:
  - {rule: by-list, reason: L, when: order.destination in far, gives: A, because: So., cites: [act]}
  - {rule: by-definition, reason: D, when: south, gives: A, because: So., cites: [act]}
  - {rule: by-row, reason: T, when: order.destination in duty, gives: A, because: So., cites: [act]}
"""
LISTS = """
lists:
  far: {values: [US], type: country, cites: [report]}
  served: {values: [US, MX, NO, FR], type: country, cites: [letter]}
tables:
  duty: {meaning: Duties., key: to, columns: {to: country, rate: decimal}, cites: [act]}
"""


@pytest.fixture
def leaning(small_files: dict[str, str]) -> Rulebook:
    """Rules that cite an act alone, and use a list, a definition and rows of a table that are not enacted."""
    more = "".join(
        f"  {name}: {{title: T, standing: reported, read: it}}\n" for name in ("letter", "hearsay")
    )
    facts, rows = small_files["facts.yaml"], "to,rate,cites\nNO,1,report\nFR,1,act\nCA,1,guess\n"
    return loaded(
        {"rulebook.yaml": HEADER + more + LISTS, "facts.yaml": facts, "asked.yaml": LEANING, "duty.csv": rows}
    )


def sources(found: Counts) -> set[str]:
    """The sources that were rested on."""
    return {name.name for name in found.rested if name.kind is Kind.SOURCE}


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        ("US", {"letter", "report"}),
        ("MX", {"letter", "hearsay"}),
        ("NO", {"letter", "report"}),
        ("DE", {"letter"}),
    ],
)
def test_rested_behind(leaning: Rulebook, to: str, expected: set[str]) -> None:
    """An answer rests on the sources behind the lists, definitions and rows that its rules and its gate use."""
    assert expected == sources(counts(leaning, "asked", to))


def test_rested_on_rows_that_count(leaning: Rulebook) -> None:
    """Rows that do not count are rested on by nobody."""
    lawful = counts(leaning, "asked", "FR", enforce=(Standing.ENACTED,))
    assert {"letter"} == sources(lawful)


def test_without_what_rests(leaning: Rulebook) -> None:
    """Without a source no rule stands that uses its lists and definitions, and no row that cites it."""
    report, hearsay = named(Kind.SOURCE, "report"), named(Kind.SOURCE, "hearsay")
    flips = counts(leaning, "asked", "US", "MX", "NO", "FR").flips
    assert (2, 1) == (flips[report, WITHOUT], flips[hearsay, WITHOUT])
    assert 1 == flips[named(Kind.TABLE, "duty"), WITHOUT]


@pytest.mark.parametrize("to", ["US", "MX", "NO", "FR", "CA", ""])
@pytest.mark.parametrize("enforce", [DEFAULT_ENFORCE, ALL_STANDINGS])
def test_as_decided_behind(leaning: Rulebook, to: str, enforce: tuple[Standing, ...]) -> None:
    """So is one where lists, definitions and rows are otherwise."""
    assert decided_otherwise(leaning, "asked", to, enforce) == set(
        counts(leaning, "asked", to, enforce=enforce).flips
    )
