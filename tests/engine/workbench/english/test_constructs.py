"""Every construct of the language has words, and no two have the same."""

import pytest

from engine.expression import Expression
from engine.expression import tree as t
from engine.expression.functions import names
from engine.rulebook import load
from engine.rulebook.model import Rulebook
from engine.workbench.english import sentence

RULEBOOK = """
rulebook: words
title: Words
zone: UTC
sources: {act: {title: The act, standing: enacted, read: all of it}}
lists:
  parties: {values: [US, CA], type: country, meaning: The Parties., cites: [act]}
define:
  cheap: {is: 'parcel.value <= money("10.00 USD")', meaning: It is cheap.}
  half: {parameters: {number: decimal}, is: 'number * decimal("0.5")', meaning: Half of it.}
  heavier: {parameters: {item: item, limit: decimal}, is: item.weight > limit, meaning: It is heavier.}
"""
FACTS = """
records:
  item:
    meaning: One item.
    fields:
      name: {type: string, meaning: Its name.}
      weight: {type: decimal, meaning: Its weight.}
      fragile: {type: bool, meaning: Whether the item is fragile.}
facts:
  parcel.destination: {type: country, meaning: Where it goes.}
  parcel.marked: {type: bool, meaning: Whether it is marked.}
  parcel.agreed: {type: bool, meaning: "Whether the sender agrees, or has agreed."}
  parcel.plain: {type: bool, meaning: Plainness.}
  parcel.hs: {type: string, meaning: The HS code.}
  parcel.note: {type: string?, meaning: A note.}
  parcel.weight: {type: decimal, meaning: What it weighs., unit: kg}
  parcel.pieces: {type: int, meaning: How many pieces., unit: pieces}
  parcel.value: {type: money, meaning: What it is worth.}
  parcel.sent_on: {type: date, meaning: The day of sending.}
  parcel.seen: {type: timestamp, meaning: When it was seen.}
  parcel.items: {type: list(item), meaning: What is in it.}
  parcel.marks: {type: list(string), meaning: Marks on it.}
"""
QUESTION = """
question: carried
asks: Is it carried?
outcomes: [NO, YES]
otherwise: {gives: YES, because: Nothing against it., cites: [act]}
rules:
  - rule: r
    reason: R
    when: cheap && half(parcel.weight) > 1 && parcel.destination in parties
    gives: NO
    because: So.
    cites: [act]
"""
WORDS = {
    "parcel.marked": "the parcel is marked",
    "!parcel.marked": "the parcel is not marked",
    "!!parcel.marked": "it is not so that (the parcel is not marked)",
    "parcel.agreed": "the sender agrees, or has agreed",
    "!parcel.agreed": "it is not so that (the sender agrees, or has agreed)",
    "parcel.agreed && parcel.marked": "(the sender agrees, or has agreed), and the parcel is marked",
    "parcel.plain": "the parcel's plain is true",
    "!parcel.plain": "the parcel's plain is false",
    "true": "always",
    "false": "never",
    "parcel.marked == true": "whether (the parcel is marked) is true",
    "parcel.weight == 1": "the parcel's weight is 1",
    "parcel.weight != 1": "the parcel's weight is not 1",
    "parcel.weight < 1": "the parcel's weight is less than 1",
    "parcel.weight <= 1": "the parcel's weight is at most 1",
    "parcel.weight > 1": "the parcel's weight is more than 1",
    "parcel.weight >= 1": "the parcel's weight is at least 1",
    "!(parcel.weight < 1)": "it is not so that (the parcel's weight is less than 1)",
    "parcel.pieces > 3": "the parcel's number of pieces is more than 3",
    'parcel.value <= money("5.00 USD")': "the parcel's value is at most 5.00 USD",
    'parcel.destination == "US"': "the parcel's destination is US",
    'parcel.hs == "US"': 'the parcel\'s HS is "US"',
    "has(parcel.note)": "the parcel's note is given",
    "!has(parcel.note)": "the parcel's note is known to be none",
    "parcel.destination in parties": 'the parcel\'s destination is one of "parties" (US, CA)',
    "!(parcel.destination in parties)": 'the parcel\'s destination is none of "parties" (US, CA)',
    'parcel.destination in ["US", "MX"]': "the parcel's destination is one of US, MX",
    "parcel.hs in parcel.marks": "the parcel's HS is among the parcel's marks",
    "!(parcel.hs in parcel.marks)": "the parcel's HS is not among the parcel's marks",
    'parcel.hs in {"a": 1}': "the parcel's HS has an entry in the map (1 for \"a\")",
    "parcel.marked && parcel.plain": "the parcel is marked, and the parcel's plain is true",
    "parcel.marked || parcel.plain": "either the parcel is marked, or the parcel's plain is true",
    "!(parcel.marked && parcel.plain)": "not all of these hold (the parcel is marked; the parcel's plain is true)",
    "!(parcel.marked || parcel.plain)": "none of these holds (the parcel is marked; the parcel's plain is true)",
    "parcel.marked && (parcel.plain || parcel.agreed)": (
        "the parcel is marked, and (either the parcel's plain is true, or (the sender agrees, or has agreed))"
    ),
    "parcel.marked && parcel.plain || parcel.agreed": (
        "either (the parcel is marked, and the parcel's plain is true), or (the sender agrees, or has agreed)"
    ),
    "parcel.marked ? parcel.plain : false": "the parcel is marked, and, where that is so, the parcel's plain is true",
    "parcel.marked ? parcel.plain : true": (
        "the parcel is not marked, or, where that is not so, the parcel's plain is true"
    ),
    "parcel.marked ? false : parcel.plain": (
        "the parcel is not marked, and, where that is so, the parcel's plain is true"
    ),
    "parcel.marked ? true : parcel.plain": "the parcel is marked, or, where that is not so, the parcel's plain is true",
    "parcel.marked ? parcel.plain : parcel.agreed": (
        "where the parcel is marked: the parcel's plain is true; where not: (the sender agrees, or has agreed)"
    ),
    "parcel.items.exists(item, item.fragile)": (
        "for at least one item among the parcel's items (the item is fragile)"
    ),
    "!parcel.items.exists(item, item.fragile)": "for no item among the parcel's items (the item is fragile)",
    "parcel.items.all(item, item.fragile)": "for every item among the parcel's items (the item is fragile)",
    "!parcel.items.all(item, item.fragile)": "not for every item among the parcel's items (the item is fragile)",
    "parcel.items.exists_one(item, item.fragile)": (
        "for exactly one item among the parcel's items (the item is fragile)"
    ),
    "parcel.items.exists(i, i.fragile)": "for at least one `i` among the parcel's items (the item is fragile)",
    "size(parcel.items.filter(item, item.fragile)) > 1": (
        "the number of (those among the parcel's items (each called the item) for which this is so: "
        "the item is fragile) is more than 1"
    ),
    "size(parcel.items.map(item, item.weight)) > 1": (
        "the number of (the list of the item's weight for each among the parcel's items (called the item)) "
        "is more than 1"
    ),
    "size(parcel.items.map(item, item.fragile, item.weight)) > 1": (
        "the number of (the list of the item's weight for each among the parcel's items (called the item), "
        "where this is so: the item is fragile) is more than 1"
    ),
    "size(parcel.items) == 0": "the number of the parcel's items is 0",
    "size(parcel.hs) == 0": "the length of the parcel's HS is 0",
    'parcel.hs.matches("^[0-9]{6,10}$")': "the parcel's HS is 6 to 10 digits",
    '!parcel.hs.matches("^[0-9]{6,10}$")': "the parcel's HS is not 6 to 10 digits",
    'parcel.hs.matches("^[0-9]{6}")': "the parcel's HS begins with 6 digits",
    'parcel.hs.matches("^(72|73)")': 'the parcel\'s HS fits the pattern "^(72|73)"',
    'parcel.hs.startsWith("72")': 'the parcel\'s HS begins with "72"',
    '!parcel.hs.startsWith("72")': 'the parcel\'s HS does not begin with "72"',
    'parcel.hs.endsWith("72")': 'the parcel\'s HS ends with "72"',
    'parcel.hs.contains("72")': 'the parcel\'s HS contains "72"',
    "parcel.sent_on < on": "the parcel's sent-on date is before the day of the decision",
    "parcel.sent_on <= on": "the parcel's sent-on date is on or before the day of the decision",
    "parcel.sent_on > on": "the parcel's sent-on date is after the day of the decision",
    "parcel.sent_on >= on": "the parcel's sent-on date is on or after the day of the decision",
    "on > parcel.sent_on.plusDays(30)": "the day of the decision is after 30 days after the parcel's sent-on date",
    "on > parcel.sent_on.plusMonths(1)": "the day of the decision is after 1 month after the parcel's sent-on date",
    "on > parcel.sent_on.plusYears(4)": "the day of the decision is after 4 years after the parcel's sent-on date",
    "on > parcel.sent_on.lastDay(12)": (
        "the day of the decision is after the last day of the 12 months that begin on the parcel's sent-on date"
    ),
    "on - parcel.sent_on > 3": "the number of days from the parcel's sent-on date to the day of the decision is more than 3",
    "parcel.pieces + 1 > 2": "the parcel's number of pieces plus 1 is more than 2",
    "parcel.pieces - 1 > 2": "the parcel's number of pieces minus 1 is more than 2",
    "parcel.pieces * 3 > 2": "the parcel's number of pieces times 3 is more than 2",
    "parcel.pieces / 3 > 2": "the parcel's number of pieces divided by 3 is more than 2",
    "parcel.pieces % 3 > 2": "the remainder of the parcel's number of pieces divided by 3 is more than 2",
    "-parcel.pieces > 2": "the negative of the parcel's number of pieces is more than 2",
    "(parcel.pieces + 1) * 3 > 2": "(the parcel's number of pieces plus 1) times 3 is more than 2",
    "parcel.pieces + 1 * 3 > 2": "the parcel's number of pieces plus (1 times 3) is more than 2",
    "(parcel.marked ? 1 : 2) > 1": "(where this is so: the parcel is marked: 1; otherwise 2) is more than 1",
    'parcel.items[0].name == "x"': 'the name of the first of the parcel\'s items is "x"',
    'parcel.items[parcel.pieces].name == "x"': (
        "the name of the element number the parcel's number of pieces, counted from 0, of the parcel's items "
        'is "x"'
    ),
    "cheap": '"cheap" holds',
    "!cheap": '"cheap" does not hold',
    "half(parcel.weight) > 1": '"half" of the parcel\'s weight is more than 1',
    "parcel.items.exists(item, heavier(item, 3))": (
        'for at least one item among the parcel\'s items ("heavier" holds for the item and limit 3)'
    ),
    'carried.outcome == "NO"': "the answer to `carried` is NO",
    'carried.outcome in ["NO", "YES"]': "the answer to `carried` is one of NO, YES",
    "parcel.marks == []": "the parcel's marks is the empty list",
    'parcel.marks == ["a"]': 'the parcel\'s marks is the list ("a")',
    "parcel.sent_on.getFullYear() == 2026": "the year of the parcel's sent-on date is 2026",
    "parcel.sent_on.getMonth() == 6": "the month of the parcel's sent-on date, where January is 0 is 6",
    "parcel.sent_on.getDate() == 1": "the day of the month of the parcel's sent-on date is 1",
    "parcel.sent_on.getDayOfMonth() == 1": (
        "the day of the month of the parcel's sent-on date, where the first is 0 is 1"
    ),
    "parcel.sent_on.getDayOfWeek() == 1": "the day of the week of the parcel's sent-on date, where Sunday is 0 is 1",
    "parcel.sent_on.getDayOfYear() == 1": "the day of the year of the parcel's sent-on date, where the first is 0 is 1",
    'parcel.seen.getHours("UTC") == 1': 'the hour of the parcel\'s seen in the zone "UTC" is 1',
    "parcel.seen.getMinutes() == 1": "the minutes of the parcel's seen is 1",
    "parcel.seen.getSeconds() == 1": "the seconds of the parcel's seen is 1",
    "parcel.seen.getMilliseconds() == 1": "the milliseconds of the parcel's seen is 1",
    'date(parcel.seen, "UTC") == on': 'the day of the parcel\'s seen in the zone "UTC" is the day of the decision',
    'int(parcel.hs) == 1': "the parcel's HS as a whole number is 1",
    'double(parcel.hs) == 1.0': "the parcel's HS as a number of limited precision is 1",
    'string(parcel.pieces) == "1"': 'the parcel\'s number of pieces as text is "1"',
    'bool(parcel.hs)': "the parcel's HS as true or false is true",
    'timestamp(parcel.hs) == parcel.seen': "the parcel's HS as a moment is the parcel's seen",
    'duration(parcel.hs) == duration("1h")': "the parcel's HS as a span of time is 3600s",
    'decimal(parcel.hs) == parcel.weight': "the parcel's HS as an exact number is the parcel's weight",
    'money(parcel.hs) == parcel.value': "the parcel's HS as an amount is the parcel's value",
}  # fmt: skip


FILES = {"rulebook.yaml": RULEBOOK, "facts.yaml": FACTS, "carried.yaml": QUESTION}


def loaded(text: str) -> tuple[Rulebook, Expression]:
    """A rulebook with the condition in a rule of its own, and the condition."""
    written = QUESTION.replace("carried", "tried").partition("rules:")[0] + (
        "rules:\n  - rule: r\n    reason: R\n    when: |\n      "
        f"{text}\n    gives: NO\n    because: So.\n    cites: [act]\n"
    )
    rulebook = load({**FILES, "tried.yaml": written})
    assert isinstance(rulebook, Rulebook), rulebook
    return rulebook, rulebook.questions["tried"].rules[0].when


@pytest.mark.parametrize(("text", "words"), list(WORDS.items()))
def test_words(text: str, words: str) -> None:
    """Each construct is said in its words."""
    rulebook, condition = loaded(text)
    assert words == sentence(condition.root, rulebook.facts)


def test_no_two_alike() -> None:
    """No two of these conditions have the same words: none is taken for another one."""
    assert len(WORDS) == len(set(WORDS.values()))


def test_every_function_is_in_the_table() -> None:
    """A function that is added to the language is missing here until it has words."""
    assert [] == [name for name in names() if not any(f"{name}(" in text for text in WORDS)]


def test_every_kind_of_node_is_in_the_table() -> None:
    """So is a new kind of node."""
    kinds = {type(node) for text in WORDS for node in t.walk(loaded(text)[1].root)}
    everything = {kind for kind in vars(t).values() if isinstance(kind, type) and issubclass(kind, t.Node)}
    assert {t.Node, t.Refused} == everything - kinds


def test_a_variable_and_a_fact_of_the_same_name() -> None:
    """Two facts that would be called alike are told apart by their paths."""
    rulebook, condition = loaded("parcel.items.exists(parcel, parcel.weight > .parcel.weight)")
    assert sentence(condition.root, rulebook.facts).endswith(
        "(the parcel's weight is more than the parcel among the facts' weight)"
    )
