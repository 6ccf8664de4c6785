"""The tree of an expression. The parser makes it without types; the checker makes it again, typed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar
from typing import Literal as OneWord

from engine.expression.types import DYN, Type


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A part of an expression: code points `start` to `end` of its text, and the type of its value."""

    below: ClassVar[tuple[str, ...]] = ()
    """The fields that hold the nodes directly under this one."""

    start: int
    end: int
    type: Type = DYN


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A value written out; `text` is how it was written, for numbers that are read again as decimals."""

    value: object
    text: str


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A fact's root, a loop variable or a parameter. `absolute` (`.name`) passes over loop variables."""

    name: str
    absolute: bool = False


@dataclass(frozen=True, slots=True)
class Constant(Node):
    """A list or table of the rulebook; `members` are a list's elements, for a quick `in`."""

    name: str
    value: object
    members: frozenset[object] | None = None


@dataclass(frozen=True, slots=True)
class Select(Node):
    """A field of a record or an entry of a map."""

    below: ClassVar[tuple[str, ...]] = ("operand",)

    operand: Node
    field: str


@dataclass(frozen=True, slots=True)
class Has(Node):
    """Whether a field is given."""

    below: ClassVar[tuple[str, ...]] = ("operand",)

    operand: Node
    field: str


@dataclass(frozen=True, slots=True)
class Index(Node):
    """An element of a list by its number from 0, or of a map by its key."""

    below: ClassVar[tuple[str, ...]] = ("operand", "index")

    operand: Node
    index: Node


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    """A list written out."""

    below: ClassVar[tuple[str, ...]] = ("items",)

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class MapOf(Node):
    """A map written out."""

    below: ClassVar[tuple[str, ...]] = ("entries",)

    entries: tuple[tuple[Node, Node], ...]


@dataclass(frozen=True, slots=True)
class Unary(Node):
    """`!` or `-` before a value."""

    below: ClassVar[tuple[str, ...]] = ("operand",)

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """An operator between two values: arithmetic, order, equality, `in`."""

    below: ClassVar[tuple[str, ...]] = ("left", "right")

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Every(Node):
    """`&&` between two or more conditions, flat."""

    below: ClassVar[tuple[str, ...]] = ("items",)

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Some(Node):
    """`||` between two or more conditions, flat."""

    below: ClassVar[tuple[str, ...]] = ("items",)

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice(Node):
    """`test ? then : otherwise`."""

    below: ClassVar[tuple[str, ...]] = ("test", "then", "otherwise")

    test: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function: `name(arguments)` or `target.name(arguments)`."""

    below: ClassVar[tuple[str, ...]] = ("target", "arguments")

    name: str
    target: Node | None
    arguments: tuple[Node, ...]
    absolute: bool = False


@dataclass(frozen=True, slots=True)
class Use(Node):
    """A definition of the rulebook, used: its body with the arguments for its parameters."""

    below: ClassVar[tuple[str, ...]] = ("arguments", "body")

    name: str
    parameters: tuple[str, ...]
    arguments: tuple[Node, ...]
    body: Node


MacroName = OneWord["all", "exists", "exists_one", "map", "filter"]


@dataclass(frozen=True, slots=True)
class Macro(Node):
    """`operand.name(variable, body)`; `map` may have a condition before its body."""

    below: ClassVar[tuple[str, ...]] = ("operand", "condition", "body")

    name: MacroName
    operand: Node
    variable: str
    variable_start: int
    condition: Node | None
    body: Node


@dataclass(frozen=True, slots=True)
class Refused(Node):
    """What the language has no meaning for, why, and what to write instead. Evaluated, it is an error."""

    code: str
    message: str
    mend: str


def children(node: Node) -> Iterator[Node]:
    """The nodes directly under a node, in the order of the text."""
    for name in node.below:
        value = getattr(node, name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            for part in value:
                if isinstance(part, Node):
                    yield part
                else:
                    yield from part


def walk(root: Node) -> Iterator[Node]:
    """Every node of the tree, a node before what is under it."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(list(children(node))))


def depth(root: Node) -> int:
    """How many levels a tree without definitions has; without recursion."""
    levels = 0
    level = [root]
    while level:
        levels += 1
        level = [child for node in level for child in children(node)]
    return levels


def measure(root: Node) -> tuple[int, int]:
    """How deep the tree is and how many nodes it has, with the bodies of definitions; without recursion."""
    done: dict[int, tuple[int, int]] = {}
    waiting = [root]
    while waiting:
        node = waiting[-1]
        if id(node) in done:
            waiting.pop()
            continue
        below = list(children(node))
        missing = [child for child in below if id(child) not in done]
        if missing:
            waiting.extend(missing)
            continue
        depth = 1 + max((done[id(child)][0] for child in below), default=0)
        done[id(node)] = (depth, 1 + sum(done[id(child)][1] for child in below))
        waiting.pop()
    return done[id(root)]
