"""Reads `each`: the lists over which a rule goes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from engine.expression import DYN, ListType, Type
from engine.expression.tree import Name, Select
from engine.expression.types import strip
from engine.rulebook.model import Loop
from engine.rulebook.problems import Problems
from engine.rulebook.reading.vocabulary import Vocabulary
from engine.rulebook.text.fields import Fields, scalar_of
from engine.rulebook.text.nodes import Scalar, Sequence

_EACH = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*)\s+in\s+([A-Za-z_][A-Za-z0-9_.]*)\s*")
ELEMENT = "[]"


@dataclass(slots=True)
class Loops:
    """The loops of one rule: compiled, the names they add, and what each name stands for in facts' paths."""

    compiled: list[Loop] = field(default_factory=list)
    types: dict[str, Type] = field(default_factory=dict)
    stands_for: dict[str, str] = field(default_factory=dict)

    def path(self, path: str) -> str:
        """A path that may begin with a loop's name, from the fact on."""
        root, dot, rest = path.partition(".")
        root, bracket, inside = root.partition("[")
        return f"{self.stands_for.get(root, root)}{bracket}{inside}{dot}{rest}"


def read_loops(fields: Fields, vocabulary: Vocabulary) -> Loops:
    """The loops of a rule, each of which may go over a list of the one before it."""
    loops = Loops()
    node = fields.get("each")
    if node is None:
        return loops
    for item in fields.items("each") if isinstance(node, Sequence) else (node,):
        written = scalar_of(item, "`each`", fields.problems)
        if written is not None:
            _loop(written, vocabulary, loops, fields.problems)
    return loops


def _loop(written: Scalar, vocabulary: Vocabulary, loops: Loops, problems: Problems) -> None:
    match = _EACH.fullmatch(written.text)
    if match is None:
        problems.add(
            written.span,
            "bad-each",
            "this does not say over what the rule goes",
            "write a name, `in` and a fact that is a list, as `good in declaration.goods`",
        )
        return
    variable, path = match.groups()
    inside = vocabulary.with_variables(loops.types)
    if variable in inside.names():
        problems.add(
            written.part(*match.span(1)),
            "name-taken",
            f"`{variable}` is the name of something else",
            "choose another name",
        )
        return
    compiled = inside.part(written, *match.span(2), problems)
    type_ = strip(compiled.type) if compiled else DYN
    if compiled is not None and not (
        isinstance(type_, ListType) and isinstance(compiled.root, Name | Select)
    ):
        problems.add(
            written.part(*match.span(2)),
            "not-a-list",
            f"`{path}` is no fact that is a list",
            "write a fact whose type is `list(...)`",
        )
        compiled = None
    if compiled is not None:
        loops.compiled.append(Loop(variable, compiled))
        loops.stands_for[variable] = loops.path(path) + ELEMENT
    loops.types[variable] = type_.element if isinstance(type_, ListType) else DYN
