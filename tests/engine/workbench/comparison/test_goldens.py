"""The report as people read it: a comparison of the planted rulebook with an edited one, and the orders that flip."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.workbench.comparison.flip_text import Asked, Example, flip_lines, flip_markdown, flip_report
from engine.workbench.comparison.flips import Flip, Tally
from engine.workbench.comparison.report import report
from engine.workbench.comparison.text import Piece, lines, markdown, summary

from .books import PARCELS, compared
from .test_compare import EVERYTHING, RULES

GOLDENS = Path(__file__).parent / "goldens"
COMPARISON = compared(PARCELS, *EVERYTHING, (RULES, "cites: [act 9]", "cites: [act 9, act 1]"))
FLIP = Flip("carriage", "CARRIED", "REFUSED", "otherwise", "too-heavy")
OPEN = Flip("carriage", "REVIEW", "UNDETERMINED", "not-marked", "not-served")
OUTCOMES = {"carriage": [("REFUSED", "REVIEW", "CARRIED")] * 2}
EXAMPLES = (
    Example(
        FLIP, "orders.jsonl:17", "P-12", "2026-07-01", "Nothing speaks against the parcel.",
        "The parcel weighs 28 kg; 30 kg are carried.", "parcel:\n  weight: 28\n",
    ),
)  # fmt: skip


def tally() -> Tally:
    """Of 1,200 orders some flip, two could not be read, and one was recorded otherwise."""
    made = Tally(1, orders=1_198, compared=1_198)
    made.asked["carriage"] = 1_198
    made.flips.update({FLIP: 1_010, OPEN: 7})
    made.unreadable("orders.jsonl:3", "it is not JSON: Expecting value: line 1 column 1 (char 0)")
    made.unreadable("orders.jsonl:9", "`on` is no day: soon; write it as 2026-07-01")
    made.differs("carriage", "CARRIED", "REVIEW", "d-1")
    return made


def joined(said: list[list[Piece]]) -> str:
    """Lines without their tones."""
    return "".join("".join(text for text, _ in pieces).rstrip() + "\n" for pieces in said)


def text() -> str:
    """What a terminal shows."""
    flips = list(flip_lines(tally(), OUTCOMES, Asked("orders"), EXAMPLES, ["readiness"]))
    return joined([[(summary(COMPARISON), "")], *lines(COMPARISON), *flips])


def pull_request() -> str:
    """What a pull request shows."""
    return "\n".join([*markdown(COMPARISON), *flip_markdown(tally(), "orders")]) + "\n"


def data() -> str:
    """What machines read."""
    said = {
        **report(COMPARISON),
        "orders": flip_report(tally(), "orders", ["other"], EXAMPLES, ["readiness"]),
    }
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


@pytest.mark.parametrize(
    ("name", "made"), [("parcels.txt", text), ("parcels.md", pull_request), ("parcels.json", data)]
)
def test_golden(name: str, made: Callable[[], str]) -> None:
    """The report is what the golden says."""
    expected = GOLDENS / name
    if os.environ.get("UPDATE_GOLDENS"):
        expected.write_text(made(), "utf-8")
    assert expected.read_text("utf-8") == made()


def test_nothing() -> None:
    """Where nothing differs one line says so."""
    nothing = compared(PARCELS)
    assert "parcels, old -> new: no difference." == summary(nothing)
    assert ([], ["**parcels, old -> new: no difference.**"]) == (
        list(lines(nothing)),
        list(markdown(nothing)),
    )
