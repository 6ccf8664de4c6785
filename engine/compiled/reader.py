"""How generated functions read facts; what is not there raises."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from engine.compiled.source import Source
from engine.environment import Answered, as_value
from engine.expression.tree import Node
from engine.expression.types import RecordType, Type
from engine.rulebook.model import UNDETERMINED


@dataclass(frozen=True, slots=True, eq=False)
class Inner:
    """Another question that is small enough to be written into the one that uses it.

    `outcomes` has its outcome for every set of conditions that are true, each a bit from the first on.
    """

    conditions: tuple[Node, ...]
    outcomes: tuple[str, ...]


class Reader(Protocol):
    """Writes the reading of facts from `env`, the argument of the function."""

    def root(self, name: str, root: str, source: Source) -> list[str]:
        """The lines that give a root of facts, the day, or a table of the day, a name."""

    def field(self, operand: str, name: str, record: RecordType, source: Source) -> str:
        """A field of a record, as an expression."""

    def elements(self, text: str, element: Type) -> str:
        """What a loop over a list goes over, as an expression."""

    def kept(self, text: str) -> str:
        """A list that is gone over more than once, as an expression."""

    def is_question(self, root: str) -> bool:
        """Whether a root is another question."""

    def outcome(self, name: str, question: str, source: Source) -> list[str]:
        """The lines that give another question's outcome a name, and leave where it is undetermined."""

    def inner(self, question: str) -> Inner | None:
        """Another question, where it can be written in."""

    def root_or_nothing(self, name: str, root: str, source: Source) -> list[str]:
        """The lines that give a root of facts a name, where it may not be given."""

    def possible(self, name: str, question: str, source: Source) -> list[str]:
        """The lines that give another question's outcome a name, which may be one of several."""


def is_namespace(record: RecordType, name: str) -> bool:
    """Whether a field of a record is a namespace of facts, which is there even when nothing in it is given."""
    below = record.fields.get(name)
    return isinstance(below, RecordType) and below.name == f"{record.name}.{name}"


Ask = Callable[[Mapping[str, object]], Answered]


@dataclass(frozen=True, slots=True)
class EnvReader:
    """Reads what `decide` lays out: facts as dicts, the day, the tables of the day, decided questions."""

    questions: frozenset[str]

    def root(self, name: str, root: str, source: Source) -> list[str]:
        """See Reader."""
        return [f"{name} = env[{source.bind(root)}]"]

    def field(self, operand: str, name: str, record: RecordType, source: Source) -> str:
        """See Reader."""
        return f"{operand}[{source.bind(name)}]"

    def elements(self, text: str, element: Type) -> str:
        """See Reader."""
        return text

    def kept(self, text: str) -> str:
        """See Reader."""
        return text

    def root_or_nothing(self, name: str, root: str, source: Source) -> list[str]:
        """See Reader."""
        return [f"{name} = env.get({source.bind(root)}) or NOTHING"]

    def inner(self, question: str) -> Inner | None:
        """See Reader: it is decided already."""
        return None

    def possible(self, name: str, question: str, source: Source) -> list[str]:
        """See Reader."""
        return [f"{name} = env[{source.bind(question)}][{source.bind('outcome')}]"]

    def is_question(self, root: str) -> bool:
        """See Reader."""
        return root in self.questions

    def outcome(self, name: str, question: str, source: Source) -> list[str]:
        """See Reader."""
        return [
            f"{name} = env[{source.bind(question)}][{source.bind('outcome')}]",
            f"if {name}.__class__ is not {source.bind(str)}: raise LEAVE",
        ]


@dataclass(frozen=True, slots=True)
class FactReader:
    """Reads facts as dicts and nothing else: other questions are asked, day and tables are `fixed`."""

    asks: Mapping[str, Ask]
    fixed: Mapping[str, object] = field(default_factory=dict)
    inners: Mapping[str, Inner] = field(default_factory=dict)

    def root(self, name: str, root: str, source: Source) -> list[str]:
        """See Reader."""
        if root in self.fixed:
            return [f"{name} = {source.bind(self.fixed[root])}"]
        return [f"{name} = env[{source.bind(root)}]"]

    def field(self, operand: str, name: str, record: RecordType, source: Source) -> str:
        """See Reader."""
        return f"{operand}[{source.bind(name)}]"

    def elements(self, text: str, element: Type) -> str:
        """See Reader."""
        return text

    def kept(self, text: str) -> str:
        """See Reader."""
        return text

    def root_or_nothing(self, name: str, root: str, source: Source) -> list[str]:
        """See Reader."""
        return [f"{name} = env.get({source.bind(root)}) or NOTHING"]

    def inner(self, question: str) -> Inner | None:
        """See Reader."""
        return self.inners.get(question)

    def possible(self, name: str, question: str, source: Source) -> list[str]:
        """See Reader."""
        return [f"{name} = {source.bind(as_value)}({source.bind(self.asks[question])}(env))"]

    def is_question(self, root: str) -> bool:
        """See Reader."""
        return root in self.asks

    def outcome(self, name: str, question: str, source: Source) -> list[str]:
        """See Reader."""
        return [
            f"{name} = {source.bind(self.asks[question])}(env).outcome",
            f"if {name} == {source.bind(UNDETERMINED)}: raise LEAVE",
        ]
