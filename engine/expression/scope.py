"""What an expression may name, and what it becomes once it is compiled."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from engine.expression.tree import Node
from engine.expression.types import Type
from engine.expression.values import Timestamp, key_of

_PLAIN = (str, int, date, Decimal, Timestamp)


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression: its text, the type of its value, its typed tree and the facts it can read.

    A path in `reads` stands for everything under it; elements of lists are written `order.lines[].hs`.
    `uses` are the names of the lists, tables and definitions that it rests on, also through others.
    """

    text: str
    type: Type
    root: Node
    reads: frozenset[str]
    uses: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Constant:
    """A list or table of the rulebook: a tuple, or a Map from keys to rows.

    `members` are the elements of a list as `key_of` has them, for a quick `in`.
    """

    type: Type
    value: object
    members: frozenset[object] | None = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        plain = isinstance(self.value, tuple) and all(isinstance(item, _PLAIN) for item in self.value)
        members = frozenset(map(key_of, self.value)) if isinstance(self.value, tuple) and plain else None
        object.__setattr__(self, "members", members)


@dataclass(frozen=True, slots=True)
class Define:
    """An expression with a name; its body was compiled with its parameters among the variables."""

    name: str
    parameters: tuple[tuple[str, Type], ...]
    body: Expression


@dataclass(frozen=True, slots=True)
class Scope:
    """The names an expression may use: roots of facts, the rulebook's lists and tables, its definitions."""

    variables: Mapping[str, Type] = field(default_factory=dict)
    constants: Mapping[str, Constant] = field(default_factory=dict)
    defines: Mapping[str, Define] = field(default_factory=dict)
    none_compares: bool = False
    """Whether what can be none may be compared for equality unguarded: none is equal to no value."""

    def names(self) -> tuple[str, ...]:
        """Every name there is, for "did you mean"."""
        return (*self.variables, *self.constants, *self.defines)
