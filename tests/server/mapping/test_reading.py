"""Mapping files: what they say, and every problem with its place and how to mend it."""

from pathlib import Path

import pytest

from engine.rulebook import Rulebook, show
from server.mapping.model import Mapping
from server.mapping.reading import MappingRefused, mapping_of, read_mapping, text_of
from server.rulebooks import load_folder

PROJECT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    """The shipped rulebook."""
    return load_folder(PROJECT / "rules" / "usmca")


def problems(rulebook: Rulebook, text: str) -> list[str]:
    """The problems of a mapping: place, what is wrong, code, and how to mend it."""
    found = read_mapping("m.yaml", text, rulebook.facts)
    assert not isinstance(found, Mapping)
    return [" | ".join(filter(None, (show(one, text).split("\n")[0], one.mend))) for one in found]


def test_mapping(rulebook: Rulebook) -> None:
    """Facts and what orders are counted by, each by an expression; all the columns that they read are known."""
    found = read_mapping(
        "m.yaml", (PROJECT / "examples/census/mapping.yaml").read_text("utf-8"), rulebook.facts
    )
    assert isinstance(found, Mapping)
    assert ["site.kind", "order.destination", "order.lines"] == [one.path for one in found.facts]
    assert {"ordered_on", "shop", "hs", "total", "currency", "ship_to", "usmca"} == found.columns
    assert {"yes": "true", "no": "false"} == found.words["order.lines[].claims_preference"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "1:1: the file says nothing [empty-file]"),
        ("- x\n", "1:1: the mapping is a mapping; this is a list [wrong-kind]"),
        ("day: x\n", "1:1: the mapping lacks `facts` [missing-key] | add `facts:`"),
        (
            "facts: {order.destinaton: x}\n",
            "1:9: unknown fact `order.destinaton` [unknown-fact] | write `order.destination`",
        ),
        ("facts: {order: x}\n", "1:9: unknown fact `order` [unknown-fact]"),
        ("facts:\n  order.lines[].hs: x\n", "2:3: unknown fact `order.lines[].hs` [unknown-fact]"),
        (
            "facts: {order.claim: x, order.claim.kind: y}\n",
            "1:25: `order.claim.kind` and `order.claim` say the same fact twice [mapped-twice] | delete one",
        ),
        (
            "facts: {order.destination: 'a b'}\n",
            "1:31: this is no JMESPath [bad-expression] | write it as on",
        ),
        (
            'facts: {order.destination: "@.to"}\n',
            "1:29: `@` alone names no column [bad-expression] | begin with a column's name",
        ),
        (
            "facts: {order.destination: x}\nvalue: {amount: y}\n",
            "2:9: `value` lacks `currency` [missing-key] | add `currency:`",
        ),
        (
            "facts: {order.destination: x}\nnone: [order.destination]\n",
            "2:8: `order.destination` cannot be known to be none [never-none]",
        ),
        (
            "facts: {order.destination: x}\nwords: {order.destination: US}\n",
            "2:28: `order.destination` has words, each with the one that the rules use [wrong-kind]",
        ),
        (
            "facts: {order.destination: x}\ndya: y\n",
            "2:1: the mapping has no `dya` [unknown-key] | write `day`",
        ),
    ],
)
def test_problems(rulebook: Rulebook, text: str, expected: str) -> None:
    """Each mistake is told where it stands, with how to mend it."""
    assert problems(rulebook, text)[0].startswith(f"m.yaml:{expected}")


def test_all_at_once(rulebook: Rulebook) -> None:
    """All mistakes are told at once, in their order."""
    found = problems(rulebook, "day: '['\nsite: sum(x)\nfacts: {order.destinatio: x}\n")
    assert ["m.yaml:1:", "m.yaml:2:", "m.yaml:3:"] == [one[:9] for one in found]


def test_refused(rulebook: Rulebook, tmp_path: Path) -> None:
    """A mapping with problems is refused with its lines and carets."""
    with pytest.raises(
        MappingRefused, match=r"unknown fact `x` \[unknown-fact\]\n +1 \| facts: \{x: y\}\n +\^"
    ):
        mapping_of(tmp_path / "m.yaml", "facts: {x: y}\n", rulebook.facts)


def test_unreadable(tmp_path: Path) -> None:
    """A file that is not there, or no text, says so."""
    with pytest.raises(MappingRefused, match="cannot be read"):
        text_of(tmp_path / "m.yaml")
    (tmp_path / "m.yaml").write_bytes(b"\xff")
    with pytest.raises(MappingRefused, match="is not UTF-8"):
        text_of(tmp_path / "m.yaml")
