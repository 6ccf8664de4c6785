"""The text of a condition with one part of it written anew."""

from __future__ import annotations

from dataclasses import dataclass

from engine.expression import tree as t
from engine.expression.unparse import to_text
from engine.workbench.mutation.model import DROPPED, Change, Kind


@dataclass(frozen=True, slots=True)
class Rewriting:
    """A condition's text written anew: what people are shown of it, and from where to where that stands.

    Two of one `meaning` say the same.
    """

    text: str
    meaning: str
    change: Change
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Clause:
    """The part of a condition that people are shown around a change."""

    text: str
    node: t.Node

    def rewritten(
        self, kind: Kind, old: t.Node, new: t.Node, hint: str, meaning: tuple[t.Node, str] | None = None
    ) -> Rewriting:
        """The whole text with `old`, a part of the clause, written as `new`; `meaning` says it for a part around."""
        shown = self.node
        alone = shown.start == old.start and shown.end == old.end
        written = to_text(new) if alone else _safe(new)
        before = self.text[shown.start : shown.end]
        after = f"{self.text[shown.start : old.start]}{written}{self.text[old.end : shown.end]}"
        change = Change(kind, one_line(before), one_line(after), hint)
        meant = self._with(*meaning) if meaning is not None else self._with(old, _safe(new))
        return Rewriting(self._with(old, _safe(new)), one_line(meant), change, shown.start, shown.end)

    def dropped(self, item: t.Node, old: t.Node, rest: t.Node, hint: str, kind: Kind) -> Rewriting:
        """The whole text with `item` left out of `old`, which leaves `rest`."""
        change = Change(kind, one_line(self.text[item.start : item.end]), DROPPED, hint)
        text = self._with(old, _safe(rest))
        return Rewriting(text, one_line(text), change, item.start, item.end)

    def _with(self, old: t.Node, written: str) -> str:
        return self.text[: old.start] + written + self.text[old.end :]


def written(text: str, node: t.Node) -> str:
    """A part of a condition as the author wrote it, on one line."""
    return one_line(text[node.start : node.end])


def one_line(text: str) -> str:
    """The text without line breaks and double spaces."""
    return " ".join(text.split())


def _safe(node: t.Node) -> str:
    """The node's text, in brackets where what stands around it could tear it apart."""
    text = to_text(node)
    torn = t.Binary | t.Every | t.Some | t.Choice
    return f"({text})" if isinstance(node, torn) else text
