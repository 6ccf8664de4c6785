"""docs/cases.md is what engine/case.py says, and nothing of it is left out."""

import re
import runpy
from typing import Any

import pytest

from engine.case import TABLE, CaseState, Event
from tests.docs.pages import PROJECT, rows, section

CASES = PROJECT / "docs" / "cases.md"
MADE: dict[str, Any] = runpy.run_path(str(PROJECT / "scripts" / "case_page.py"))


def test_fresh() -> None:
    """The page is the one that the code gives now."""
    assert MADE["page"](MADE["SOURCE"].read_text("utf-8")) == CASES.read_text("utf-8")


def test_every_arrow() -> None:
    """The drawing has an arrow for each event that can happen in each state, and no other."""
    expected = {
        (state or "[*]", after, event) for state, events in TABLE.items() for event, after in events.items()
    }
    drawn = re.findall(r"^    (\S+) --> (\w+): (.+)$", section(CASES, "Drawn"), re.MULTILINE)
    assert expected == {(was, now, event) for was, now, events in drawn for event in events.split(", ")}


def test_every_cell() -> None:
    """The table has a row for each state and for no case yet, and a column for each event."""
    table = rows(section(CASES, "Which event leads where"))
    expected = [
        [TABLE[state].get(event, "") and f"`{TABLE[state][event]}`" for event in Event]
        for state in (None, *CaseState)
    ]
    assert expected == [row[1:] for row in table]


def test_word_without_meaning() -> None:
    """A word that the code does not explain cannot be put on the page."""
    source = MADE["SOURCE"].read_text("utf-8").replace("# handed off to the pre-review", "")
    with pytest.raises(LookupError, match="no comment beside HAND_OFF of Event"):
        MADE["page"](source)
