"""Reads a mapping from YAML; everything that is wrong with it is told at once.

day: ordered_on                          # JMESPath over a row's columns, or over an order's JSON
site: shop                               # by what orders are counted apart
hs: lines[].hs
value: {amount: total, currency: currency}
facts:
  site.kind: "'B2B_INDEPENDENT'"         # a text in single quotes is the same for every order
  order.destination: ship_to.country
  order.lines: "lines[].{line_id: sku, hs: hs, claims_preference: usmca}"
words:                                   # other words for a value, by its path
  order.destination: {USA: US, MEX: MX}
none: [declaration.producer]             # known to be none where nothing is found; all else is then not given
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from engine.expression.types import OptionalType
from engine.rulebook.dictionary import Dictionary
from engine.rulebook.problems import Problem, Problems, instead, show
from engine.rulebook.text.fields import Fields, open_fields, scalar_of
from engine.rulebook.text.files import TextFile
from engine.rulebook.text.nodes import Mapping as MappingNode
from engine.rulebook.text.nodes import Node, Scalar
from engine.rulebook.text.yaml_text import read_yaml
from server.mapping.model import Mapped, Mapping, Words
from server.platforms.expression import Expression, ExpressionError, compiled
from server.rulebooks import as_shown

REQUIRED: Final = ("facts",)
OPTIONAL: Final = ("day", "site", "hs", "value", "words", "none")
_QUOTED: Final = re.compile(r"'[^']*'|`[^`]*`")
_NOTHING: Final = compiled("`null`")
LARGEST: Final = 1024 * 1024


class MappingRefused(Exception):
    """The mapping cannot be used; the text shows every problem with its place and how to mend it."""


def text_of(path: Path) -> str:
    """The text of a mapping file. Raises MappingRefused."""
    try:
        if path.stat().st_size > LARGEST:
            raise MappingRefused(
                f"{path}: is larger than {LARGEST} bytes. Name a mapping, not the orders themselves."
            )
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise MappingRefused(f"{path}: is not UTF-8 (byte {error.start}). Save it as UTF-8.") from error
    except OSError as error:
        raise MappingRefused(f"{path}: cannot be read ({error.strerror}).") from error


def mapping_of(path: Path, text: str, dictionary: Dictionary) -> Mapping:
    """The mapping that a file holds. Raises MappingRefused."""
    found = read_mapping(as_shown(path), text, dictionary)
    if isinstance(found, Mapping):
        return found
    raise MappingRefused("\n".join(show(problem, text) for problem in found))


def read_mapping(path: str, text: str, dictionary: Dictionary) -> Mapping | tuple[Problem, ...]:
    """The mapping that a text is, or all its problems; `path` is what people know the file by."""
    problems = Problems()
    root = read_yaml(TextFile(path, text), problems)
    fields = open_fields(root, "the mapping", problems, REQUIRED, OPTIONAL) if root is not None else None
    made = _Reading(fields, dictionary, problems).mapping() if fields is not None else None
    return problems.sorted() if made is None or problems.fatal else made


class _Reading:
    def __init__(self, fields: Fields, dictionary: Dictionary, problems: Problems) -> None:
        self.fields = fields
        self.dictionary = dictionary
        self.problems = problems

    def mapping(self) -> Mapping:
        none = frozenset(self._none())
        facts = tuple(self._facts(none))
        amount, currency = self._value()
        words = dict(self._words())
        return Mapping(
            facts, self._said("day"), self._said("site"), self._said("hs"), amount, currency, words
        )

    def _facts(self, none: frozenset[str]) -> Iterator[Mapped]:
        seen: list[Scalar] = []
        for key, node in self.fields.entries("facts"):
            type_ = self.dictionary.type_of(key.text) if "[" not in key.text else None
            said = scalar_of(node, f"`{key.text}`", self.problems)
            if type_ is None or key.text in self.dictionary.roots:
                self._unknown(key)
                continue
            for other in seen:
                if _within(key.text, other.text) or _within(other.text, key.text):
                    self.problems.add(
                        key.span, "mapped-twice", f"`{key.text}` and `{other.text}` say the same fact twice",
                        "delete one",
                    )  # fmt: skip
            seen.append(key)
            found = self._expression(said) if said is not None else None
            if found is not None:
                yield Mapped(key.text, type_, found, key.text in none)
        for path in sorted(none - {key.text for key in seen}):
            yield Mapped(path, self.dictionary.type_of(path), _NOTHING, none=True)

    def _unknown(self, key: Scalar) -> None:
        mend = instead(key.text, self.dictionary.facts, "the facts are")
        self.problems.add(key.span, "unknown-fact", f"unknown fact `{key.text}`", mend)

    def _value(self) -> tuple[Expression | None, Expression | None]:
        node = self.fields.get("value")
        if node is None:
            return None, None
        below = open_fields(node, "`value`", self.problems, ("amount", "currency"))
        if below is None:
            return None, None
        amount, currency = below.scalar("amount"), below.scalar("currency")
        return (
            self._expression(amount) if amount is not None else None,
            self._expression(currency) if currency is not None else None,
        )

    def _said(self, key: str) -> Expression | None:
        said = self.fields.scalar(key)
        return self._expression(said) if said is not None else None

    def _expression(self, said: Scalar) -> Expression | None:
        try:
            found = compiled(said.text)
            if not found.roots and "@" in _QUOTED.sub("", said.text):
                raise ExpressionError(
                    "`@` alone names no column", "begin with a column's name", 0, len(said.text)
                )
            return found
        except ExpressionError as error:
            self.problems.add(
                said.part(error.at, error.at + error.length), "bad-expression", error.what, error.mend
            )
            return None

    def _none(self) -> Iterator[str]:
        for path in self.fields.texts("none"):
            type_ = self.dictionary.type_of(path.text)
            if type_ is None:
                self._unknown(path)
            elif not isinstance(type_, OptionalType):
                message = f"`{path.text}` cannot be known to be none"
                self.problems.add(path.span, "never-none", message, "delete it here: it is then not given")
            else:
                yield path.text

    def _words(self) -> Iterator[tuple[str, Words]]:
        for key, node in self.fields.entries("words"):
            if self.dictionary.type_of(key.text) is None:
                self._unknown(key)
            yield key.text, dict(self._pairs(key, node))

    def _pairs(self, key: Scalar, node: Node) -> Iterator[tuple[str, str]]:
        if not isinstance(node, MappingNode):
            message = f"`{key.text}` has words, each with the one that the rules use"
            self.problems.add(node.span, "wrong-kind", message, "write `{USA: US, MEX: MX}`")
            return
        for word, said in node.entries:
            meant = scalar_of(said, f"`{word.text}`", self.problems)
            if meant is not None:
                yield word.text, meant.text


def _within(path: str, other: str) -> bool:
    return path == other or path.startswith(f"{other}.")
