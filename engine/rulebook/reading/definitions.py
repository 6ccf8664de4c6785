"""Reads `define:`, named conditions and values, in the order in which they need each other.

define:
  goes_to_us: order.destination in us_customs_territory
  ends_late:
    parameters: {start: date, end: date}
    is: end > start.lastDay(12)
    meaning: The period is longer than twelve months.
    cites: [19cfr182.12 (g)(2)]
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.expression import Define
from engine.expression.types import Type
from engine.rulebook.dictionary import Dictionary
from engine.rulebook.model import Citation, Definition
from engine.rulebook.reading.dictionary import read_type
from engine.rulebook.reading.header import Citations
from engine.rulebook.reading.order import in_order
from engine.rulebook.reading.vocabulary import Vocabulary
from engine.rulebook.standing import weakest
from engine.rulebook.text.fields import IDENTIFIER, Fields, open_fields, said, scalar_of, shaped
from engine.rulebook.text.nodes import Mapping as MappingNode
from engine.rulebook.text.nodes import Node, Scalar

DEFINITION_REQUIRED = ("is",)
DEFINITION_OPTIONAL = ("parameters", "meaning", "cites")
_TEXT_OR_FIELD = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\.\s*[A-Za-z_][A-Za-z0-9_]*|//[^\n]*""")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class _Written:
    """A definition as it is written, before it is compiled."""

    key: Scalar
    body: Scalar
    parameters: tuple[tuple[str, Type], ...]
    meaning: str
    cites: tuple[Citation, ...]

    def names(self) -> set[str]:
        """The names in its body that could be definitions."""
        own = {name for name, _ in self.parameters}
        return set(_NAME.findall(_TEXT_OR_FIELD.sub(" ", self.body.text))) - own


@dataclass(frozen=True, slots=True)
class Defined:
    """Definitions by name, with their keys, and the vocabulary that has them."""

    definitions: Mapping[str, tuple[Scalar, Definition]]
    vocabulary: Vocabulary


def read_definitions(
    entries: Iterable[tuple[Scalar, Node]],
    vocabulary: Vocabulary,
    dictionary: Dictionary,
    citations: Citations,
) -> Defined:
    """Compiles definitions, each after those that it uses; circles and names that are taken are noted."""
    problems = citations.problems
    waiting: dict[str, _Written] = {}
    for key, node in entries:
        written = _written(key, node, dictionary, citations)
        if key.text in vocabulary.names():
            problems.add(
                key.span,
                "name-taken",
                f"`{key.text}` is the name of something else already",
                "choose another name",
            )
        elif written is not None:
            waiting[key.text] = written
    order = in_order({name: written.names() for name, written in waiting.items()})
    for circle in order.circles:
        shown = " -> ".join([*circle, circle[0]])
        problems.add(
            waiting[circle[0]].key.span,
            "define-cycle",
            f"the definitions need each other: {shown}",
            "write one of them out",
        )
    definitions: dict[str, tuple[Scalar, Definition]] = {}
    for name in order.ready:
        written = waiting[name]
        body = vocabulary.with_variables(dict(written.parameters)).condition(written.body, problems)
        if body is not None:
            standing = weakest(citation.standing for citation in written.cites)
            definition = Definition(name, written.parameters, body, written.meaning, written.cites, standing)
            definitions[name] = (written.key, definition)
            vocabulary = vocabulary.with_definition(name, Define(name, written.parameters, body))
        else:
            vocabulary = vocabulary.without(name)
    for name in waiting.keys() - set(order.ready):
        vocabulary = vocabulary.without(name)
    return Defined(definitions, vocabulary)


def _written(key: Scalar, node: Node, dictionary: Dictionary, citations: Citations) -> _Written | None:
    problems = citations.problems
    if not shaped(key, IDENTIFIER, "a definition", problems):
        return None
    if not isinstance(node, MappingNode):
        holder = Fields(
            MappingNode(node.file, key.start, node.end, ((key, node),), flow=False), "define", problems
        )
        body = holder.condition(key.text)
        return None if body is None else _Written(key, body, (), "", ())
    what = f"the definition `{key.text}`"
    fields = open_fields(node, what, problems, DEFINITION_REQUIRED, DEFINITION_OPTIONAL)
    body = fields.condition("is") if fields else None
    if fields is None or body is None:
        return None
    parameters: list[tuple[str, Type]] = []
    for name, written in fields.entries("parameters"):
        type_ = scalar_of(written, f"the type of `{name.text}`", problems)
        if type_ is not None and shaped(name, IDENTIFIER, "a parameter", problems):
            parameters.append((name.text, read_type(type_, dictionary, problems)))
    cites = citations.read(fields.texts("cites"))
    return _Written(key, body, tuple(parameters), said(fields.prose("meaning")), cites)
