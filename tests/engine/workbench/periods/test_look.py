"""What a look at a rulebook over time finds: every plant, nothing in the shipped rulebook, and no twins."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from engine.rulebook import Rulebook, load
from engine.workbench.periods.look import look
from engine.workbench.periods.model import Kind, Timeline
from engine.workbench.ruletests import read_tests
from server.rulebooks import read_files

PROJECT = Path(__file__).resolve().parents[4]
TODAY = date(2026, 11, 25)
HEAD = """question: asked
asks: What is asked?
outcomes: [A, B]
otherwise: {gives: B, because: Nothing was found., cites: [act]}
rules:
"""
RULEBOOK = """rulebook: tiny
title: Tiny
zone: Europe/Vienna
sources: {act: {title: The Act, standing: enacted, read: text of 2026}}
lists: {near: [AT, DE], nearer: [AT], far: [NZ]}
"""
FACTS = """facts:
  order.weight: {type: decimal, meaning: Weight.}
  order.kind: {type: string, meaning: Kind.}
  order.to: {type: string, meaning: Where it goes.}
  order.paid: {type: bool, meaning: Whether it is paid.}
"""


def rule(name: str, when: str, days: str = "", gives: str = "A", reason: str = "") -> str:
    """A rule as text; its reason is its name unless another is given."""
    code = reason or name.upper().replace("-", "_")
    dates = "".join(f"    {line}\n" for line in days.split("; ") if line)
    return (
        f"  - rule: {name}\n    reason: {code}\n{dates}    when: '{when}'\n    gives: {gives}\n"
        "    because: So it is.\n    cites: [act 1]\n"
    )


def seen(files: Mapping[str, str], today: date = TODAY, **days: date) -> Timeline:
    """A look at the rulebook of the files."""
    rulebook = load(files)
    assert isinstance(rulebook, Rulebook), rulebook
    return look(rulebook, files, today, **days)


def tiny(*rules: str) -> Mapping[str, str]:
    """A rulebook of one question."""
    return {"rulebook.yaml": RULEBOOK, "facts.yaml": FACTS, "asked.yaml": HEAD + "".join(rules)}


def found(timeline: Timeline) -> list[tuple[str, tuple[str, ...], str]]:
    """Kind, names without the question, and days of every remark."""
    return [
        (remark.kind, tuple(name.partition(":")[2] or name for name in remark.names), str(remark.days))
        for remark in timeline.remarks
    ]


@pytest.fixture(scope="module")
def planted() -> Timeline:
    """The rulebook with planted faults."""
    return seen(read_files(PROJECT / "tests" / "planted" / "parcels"))


def test_planted(planted: Timeline) -> None:
    """Each plant in time is found, and nothing else."""
    assert [
        (Kind.OVERLAP, ("dear-2026", "dear-2027"), "from 2027-01-01 on"),
        (Kind.GAP, ("paper-spring", "paper-autumn"), "from 2026-07-01 to 2026-07-31"),
        (Kind.EXPIRED, ("winter-surcharge",), "up to 2025-12-31"),
        (Kind.NOT_BEGUN, ("batteries",), "from 2027-06-01 on"),
    ] == found(planted)


def test_places(planted: Timeline) -> None:
    """Each remark stands at the day that would have to change, or at the rule where that day is lacking."""
    text = (PROJECT / "tests/planted/parcels/carriage.yaml").read_text("utf-8").splitlines()
    marked = [
        text[one.problem.line - 1][one.problem.column - 1 :][: one.problem.length] for one in planted.remarks
    ]
    assert ["dear-2026", "2026-08-01", "2025-12-31", "2027-06-01"] == marked


def test_mends(planted: Timeline) -> None:
    """Each fault says how to mend it; a note about the future needs no mend."""
    assert [
        "write `until: 2026-12-31` here; if both are to hold side by side, say both in one rule",
        "begin it on 2026-07-01, or end `paper-spring` on 2026-07-31; "
        "if the pause is meant, give the two reasons of their own",
        "delete it once nothing is decided for days up to 2025-12-31 any more, correct `until`, or write what holds since",
        "",
    ] == [remark.problem.mend for remark in planted.remarks]


def test_timeline(planted: Timeline) -> None:
    """The timeline has every dated rule in the order of the file, and counts the others."""
    names = ["dear-2026", "dear-2027", "paper-spring", "paper-autumn", "winter-surcharge", "batteries"]
    assert (names, 7) == ([line.name for line in planted.lines], planted.undated)


def test_usual_period(planted: Timeline) -> None:
    """Without its ends the period is a year back and two ahead, and wider where rules name earlier or later days."""
    assert "from 2025-11-25 to 2028-11-25" == str(planted.period)
    wide = seen(
        tiny(rule("old", "order.paid", "from: 1994-01-01"), rule("new", "!order.paid", "from: 2040-01-01"))
    )
    assert "from 1994-01-01 to 2040-01-01" == str(wide.period)


def test_shipped() -> None:
    """The shipped rulebook has no fault in time: the rule that has ended handed over on the next day."""
    timeline = seen(read_files(PROJECT / "rules" / "usmca"))
    assert () == timeline.faults
    assert {Kind.REVIEW} == {remark.kind for remark in timeline.notes}


def test_outside_the_period() -> None:
    """What lies outside the period that is asked for is not told."""
    files = read_files(PROJECT / "tests" / "planted" / "parcels")
    assert [] == found(seen(files, first=date(2026, 1, 1), last=date(2026, 6, 30)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("order.weight > 30.0", "order.weight > 20.0"),
        ("order.weight > 30.0 && order.to in near", "order.weight > 30.0 && order.to in nearer"),
        ("order.to in near", 'order.to in ["AT", "HU"]'),
        ('on > date("2026-01-01") && order.paid', 'on > date("2027-01-01") && order.paid'),
        ("order.paid", "order.paid"),
    ],
)
def test_overlap(old: str, new: str) -> None:
    """A number, a date or a list that changed makes a version; an old one that was not ended overlaps."""
    files = tiny(rule("old", old), rule("new", new, "from: 2027-01-01"))
    assert [(Kind.OVERLAP, ("old", "new"), "from 2027-01-01 on")] == found(seen(files))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('order.kind == "A"', 'order.kind == "B"'),
        ("order.paid == true", "order.paid == false"),
        ("order.to in near", "order.to in far"),
        ("order.weight > 30.0", "order.weight < 30.0"),
        ("order.weight > 30.0", "order.weight > 30.0 && order.paid"),
    ],
)
def test_other_cases(old: str, new: str) -> None:
    """Rules about another case are no versions of each other, however alike they look."""
    files = tiny(rule("old", old), rule("new", new, "from: 2026-01-01"))
    assert [] == found(seen(files))


@pytest.mark.parametrize("days", ["", "from: 2026-01-01", "until: 2030-01-01"])
def test_twins(days: str) -> None:
    """Rules that begin together stand side by side on purpose."""
    files = tiny(rule("one", "order.weight > 30.0", days), rule("two", "order.weight > 20.0", days))
    assert [] == [remark for remark in found(seen(files)) if remark[0] is Kind.OVERLAP]


def test_other_outcome() -> None:
    """Rules that give different outcomes are no versions of each other."""
    files = tiny(
        rule("old", "order.weight > 30.0"), rule("new", "order.weight > 20.0", "from: 2026-01-01", "B")
    )
    assert [] == found(seen(files))


def test_ended_in_time() -> None:
    """A version that ends on the day before the next one begins leaves nothing to say."""
    files = tiny(
        rule("old", "order.weight > 30.0", "until: 2026-06-30"),
        rule("new", "order.weight > 20.0", "from: 2026-07-01"),
    )
    assert [] == found(seen(files))


def test_next_overlap_is_with_the_latest() -> None:
    """Of three versions that were not ended, each is told of with the one before it."""
    files = tiny(
        rule("a", "order.weight > 30.0"),
        rule("b", "order.weight > 20.0", "from: 2026-01-01"),
        rule("c", "order.weight > 10.0", "from: 2027-01-01"),
    )
    assert [("a", "b"), ("b", "c")] == [names for _, names, _ in found(seen(files))]


def test_definitions_count() -> None:
    """A threshold in a definition is a constant too, whatever the definition is called."""
    files = tiny(rule("old", "heavy"), rule("new", "heavier", "from: 2026-01-01"))
    define = "define: {heavy: order.weight > 30.0, heavier: order.weight > 40.0}\n"
    files = {**files, "asked.yaml": files["asked.yaml"].replace("rules:\n", define + "rules:\n")}
    assert [Kind.OVERLAP] == [kind for kind, _, _ in found(seen(files))]


def test_expired_with_another_in_its_place() -> None:
    """A rule that has ended is no fault where one begins next day that gives the same and asks for the same facts."""
    ended = rule("old", "order.paid", "until: 2026-06-30")
    wider = rule("new", "order.paid && order.weight > 1.0", "from: 2026-07-01")
    other = rule("new", "order.weight > 1.0", "from: 2026-07-01")
    late = rule("new", "order.paid && order.weight > 1.0", "from: 2026-07-02")
    milder = rule("new", "order.paid && order.weight > 1.0", "from: 2026-07-01", "B")
    assert [] == found(seen(tiny(ended, wider)))
    assert [Kind.EXPIRED] == [kind for kind, _, _ in found(seen(tiny(ended, other)))]
    assert [Kind.EXPIRED] == [kind for kind, _, _ in found(seen(tiny(ended, late)))]
    assert [Kind.EXPIRED] == [kind for kind, _, _ in found(seen(tiny(ended, milder)))]


def test_day_of_expiry() -> None:
    """A rule is in force on its last day; the day after, it has expired."""
    files = tiny(rule("old", "order.paid", "until: 2026-06-30"))
    assert [Kind.ENDING] == [kind for kind, _, _ in found(seen(files, date(2026, 6, 30)))]
    assert [Kind.EXPIRED] == [kind for kind, _, _ in found(seen(files, date(2026, 7, 1)))]


def test_day_of_beginning() -> None:
    """A rule that begins today has begun."""
    files = tiny(rule("new", "order.paid", "from: 2026-06-30"))
    assert [Kind.NOT_BEGUN] == [kind for kind, _, _ in found(seen(files, date(2026, 6, 29)))]
    assert [] == found(seen(files, date(2026, 6, 30)))


def test_rows() -> None:
    """A table has a gap where no row of a key is in force between two of them."""
    table = "tables: {limits: {meaning: Limits., key: country, columns: {country: string, most: decimal}, cites: [act]}}\n"
    rows = (
        "country,most,from,until\nAT,1,,2026-06-30\nAT,2,2026-08-01,\n"
        "DE,1,,2026-06-30\nDE,2,2026-07-01,\nHU,3,2027-01-01,\n"
    )
    files = {
        **tiny(rule("dear", "order.to in limits && order.weight > limits[order.to].most")),
        "rulebook.yaml": RULEBOOK + table,
        "limits.csv": rows,
    }
    timeline = seen(files)
    assert [
        (Kind.GAP, ("AT",), "from 2026-07-01 to 2026-07-31"),
        (Kind.NOT_BEGUN, ("HU",), "from 2027-01-01 on"),
    ] == found(timeline)
    assert [("limits.csv", 3), ("limits.csv", 6)] == [
        (remark.problem.file, remark.problem.line) for remark in timeline.remarks
    ]


def test_review() -> None:
    """A source's day to be read again is a note before it and after it, and only within the period."""
    dated = RULEBOOK.replace("text of 2026", "text of 2026, review: 2027-01-01")
    files = {**tiny(rule("new", "order.paid")), "rulebook.yaml": dated}
    (ahead,), (passed,) = seen(files).notes, seen(files, date(2027, 1, 2)).notes
    assert "another look at the source `act` is due on 2027-01-01" == ahead.problem.message
    assert (
        "another look at the source `act` was due on 2027-01-01, and the day has passed"
        == passed.problem.message
    )
    assert () == seen(files, last=date(2026, 12, 31)).notes


def test_skip() -> None:
    """A rule test whose skip has run out is noted from the day after."""
    files = tiny(rule("new", "order.paid"))
    rulebook = load(files)
    assert isinstance(rulebook, Rulebook)
    text = (
        "question: asked\non: 2026-07-01\ntests:\n"
        "  - {test: later, skip: {because: Not yet., until: 2026-11-24}, expect: B}\n"
    )
    tests = read_tests("asked_test.yaml", text, rulebook).tests
    (note,) = look(rulebook, files, TODAY, tests=tests).notes
    assert (Kind.SKIP_ENDED, 4) == (note.kind, note.problem.line)
    assert () == look(rulebook, files, date(2026, 11, 24), tests=tests).notes


def test_order_does_not_matter() -> None:
    """The order of rules in the file changes no remark."""
    parts = [
        rule("a", "order.weight > 30.0", "until: 2026-06-30", reason="R"),
        rule("b", "order.weight > 20.0", "from: 2026-08-01", reason="R"),
        rule("c", "order.weight > 10.0", "from: 2027-01-01"),
    ]
    forward, backward = found(seen(tiny(*parts))), found(seen(tiny(*reversed(parts))))
    assert sorted(forward) == sorted(backward)
