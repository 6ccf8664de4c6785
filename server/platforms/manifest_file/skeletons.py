"""Reads the skeletons of requests: what in them is constant, and what an expression."""

import re
from collections.abc import Iterable
from typing import Final

from engine.declaration import Json
from engine.rulebook.problems import Problems, instead
from engine.rulebook.text.nodes import Mapping, Node, Scalar, Sequence, canonical, kind_of
from server.platforms.expression import ExpressionError, compiled
from server.platforms.skeleton import Constant, Items, Record, Skeleton

FROM: Final = "from"
LITERAL: Final = "literal"

_WHOLE: Final = re.compile(r"-?(0|[1-9][0-9]{0,14})")
_NUMBER: Final = re.compile(r"[-+]?(\.?[0-9]+)+([eE][-+]?[0-9]+)?")
_WORDS: Final[dict[str, Json]] = {"true": True, "false": False, "null": None, "~": None}


class Skeletons:
    """Reads the skeletons of one operation, whose requests know these names."""

    def __init__(self, operation: str, names: Iterable[str], problems: Problems) -> None:
        self._operation = operation
        self._names = tuple(names)
        self._problems = problems

    def read(self, node: Node) -> Skeleton:
        """A body, or a part of one. What is wrong is noted, and is none then."""
        if isinstance(node, Scalar):
            return Constant(self._constant(node))
        if isinstance(node, Sequence):
            return Items(tuple(self.read(item) for item in node.items))
        if (inner := _sole(node, FROM)) is not None:
            return self._expression(inner)
        if (inner := _sole(node, LITERAL)) is not None:
            return Constant(self._literal(inner))
        return Record(tuple((key.text, self.read(value)) for key, value in node.entries))

    def flat(self, node: Node, what: str) -> Skeleton | None:
        """Headers or a query: each a text, or an expression."""
        if not isinstance(node, Mapping):
            return None  # its kind is noted already
        entries: list[tuple[str, Skeleton]] = []
        for key, value in node.entries:
            inner = _sole(value, FROM)
            if inner is not None:
                entries.append((key.text, self._expression(inner)))
            elif isinstance(value, Scalar) and value.text and value.text.isprintable():
                entries.append((key.text, Constant(value.text)))
            else:
                mend = "write a text, or {from: an expression}"
                message = f"a value of `{what}` is a text on one line; this is {kind_of(value)}"
                self._problems.add(value.span, "wrong-kind", message, mend)
        return Record(tuple(entries))

    def _expression(self, node: Node) -> Skeleton:
        if not isinstance(node, Scalar) or not node.text:
            message = f"`{FROM}` is followed by an expression; this is {kind_of(node)}"
            mend = f"write a JMESPath; for an object with the one key `{FROM}`, write {{{LITERAL}: ...}} around it"
            self._problems.add(node.span, "wrong-kind", message, mend)
            return Constant(None)
        try:
            expression = compiled(node.text)
        except ExpressionError as error:
            where = node.part(error.at, error.at + max(1, error.length))
            self._problems.add(where, "bad-expression", error.what, error.mend)
            return Constant(None)
        for name in sorted(expression.roots - set(self._names)):
            at = max(node.text.find(name), 0)
            message = f"a request to {self._operation} knows no `{name}`"
            mend = instead(name, self._names, "it can begin with")
            self._problems.add(node.part(at, at + len(name)), "unknown-name", message, mend)
        return expression

    def _constant(self, node: Scalar) -> Json:
        if node.style:
            return node.text
        if node.text in _WORDS:
            return _WORDS[node.text]
        if _WHOLE.fullmatch(node.text):
            return int(node.text)
        if _NUMBER.fullmatch(node.text):
            message = (
                f"`{node.text}` is no whole number of at most 15 digits, and others are not exact in JSON"
            )
            self._problems.add(
                node.span, "inexact-number", message, "put it in quotes: a text is sent as it is"
            )
        return node.text

    def _literal(self, node: Node) -> Json:
        if isinstance(node, Scalar):
            return self._constant(node)
        if isinstance(node, Sequence):
            return [self._literal(item) for item in node.items]
        return {key.text: self._literal(value) for key, value in node.entries}


def constants(node: Node, problems: Problems) -> Json:
    """A part of a file in which everything is constant."""
    return Skeletons("", (), problems)._literal(node)


def _sole(node: Node, name: str) -> Node | None:
    """What follows the one key of a mapping, if that is its name."""
    if isinstance(node, Mapping) and len(node.entries) == 1 and node.entries[0][0].text == name:
        return node.entries[0][1]
    return None


def source_of(node: Node) -> Json:
    """What a manifest says, without layout and comments; of a text that reads as a number, whether it was quoted."""
    if isinstance(node, Mapping):
        return {key.text: source_of(value) for key, value in node.entries}
    if isinstance(node, Sequence):
        return [source_of(item) for item in node.items]
    looks = node.text in _WORDS or _NUMBER.fullmatch(node.text) is not None
    return [node.text] if looks and not node.style else str(canonical(node))
