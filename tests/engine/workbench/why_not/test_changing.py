"""Facts changed by path: nothing that was there is touched, and elements keep their numbers until the end."""

import pytest

from engine.facts import Facts
from engine.workbench.why_not.changing import as_numbered_before, at, changed
from engine.workbench.why_not.model import Taken

FACTS: Facts = {"order": {"to": "US", "note": None, "lines": ({"id": "a"}, {"id": "b"}, {"id": "c"})}}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("order.to", "US"),
        ("order.note", None),
        ("order.note.text", Taken.ABSENT),
        ("order.value", Taken.ABSENT),
        ("order.lines[1].id", "b"),
        ("order.lines[3]", Taken.ABSENT),
        ("site.kind", Taken.ABSENT),
    ],
)
def test_at(path: str, expected: object) -> None:
    """A path leads to a value, to none, or to what is not given."""
    assert expected == at(FACTS, path)


def test_one_value() -> None:
    """One value changed leaves the others, and the facts that were given, as they are."""
    before = repr(FACTS)
    new = changed(FACTS, {"order.to": "CA"})
    assert ("CA", None, at(FACTS, "order.lines")) == tuple(
        at(new, f"order.{name}") for name in ("to", "note", "lines")
    )
    assert before == repr(FACTS)


def test_records_are_made_on_the_way() -> None:
    """A fact in a record that was not given gives the record."""
    assert {"kind": "SHOP"} == changed(FACTS, {"site.kind": "SHOP"})["site"]


def test_elements_are_taken_out_last() -> None:
    """Numbers are those of the facts as they were, whatever else is taken out."""
    new = changed(FACTS, {"order.lines[0]": Taken.OUT, "order.lines[1]": Taken.OUT, "order.lines[2].id": "z"})
    assert ({"id": "z"},) == at(new, "order.lines")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("order.lines[0].id", "order.lines[1].id"),
        ("order.lines[1].id", "order.lines[3].id"),
        ("order.goods[0]", "order.goods[0]"),
    ],
)
def test_numbers_as_they_were(path: str, expected: str) -> None:
    """A path in the changed facts is told by the numbers that its elements had before."""
    changes = {"order.lines[0]": Taken.OUT, "order.lines[2]": Taken.OUT}
    assert expected == as_numbered_before(path, changes)
