"""The tree's builder: one step for each rule of the grammar, from the leaves upward."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final, cast

from lark import Token, Transformer

from engine.expression.literals import EscapeError, unquote, unquote_raw
from engine.expression.precedence import climb
from engine.expression.tree import (
    Call,
    Choice,
    Has,
    Index,
    ListOf,
    Literal,
    Macro,
    MacroName,
    MapOf,
    Name,
    Node,
    Refused,
    Select,
    Unary,
)
from engine.expression.types import BOOL, DOUBLE, INT, NULL, STRING, Type

RESERVED: Final = frozenset(
    {"as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop"}
    | {"package", "namespace", "return", "var", "void", "while"}
)
_MANY_DIGITS: Final = 100
MACROS: Final = frozenset({"all", "exists", "exists_one", "map", "filter"})

Part = Node | Token | list[Node] | list[tuple[Node, Node]] | tuple[Node, Node]


def _span(parts: list[Part]) -> tuple[int, int]:
    return _start(parts[0]), _end(parts[-1])


def _start(part: Part) -> int:
    return part.start if isinstance(part, Node) else cast(int, cast(Token, part).start_pos)


def _end(part: Part) -> int:
    return part.end if isinstance(part, Node) else cast(int, cast(Token, part).end_pos)


def _nodes(parts: list[Part]) -> tuple[Node, ...]:
    return tuple(part for part in parts if isinstance(part, Node))


def _arguments(parts: list[Part]) -> tuple[Node, ...]:
    return next((tuple(cast(list[Node], part)) for part in parts if isinstance(part, list)), ())


def _literal(token: Part, value: object, type_: Type) -> Literal:
    start, end = _span([token])
    return Literal(value, str(token), start=start, end=end, type=type_)


def _reserved(name: Token) -> Refused | None:
    if str(name) not in RESERVED:
        return None
    message = f"`{name}` is a reserved word and cannot be a name"
    start, end = _span([name])
    return Refused("reserved-word", message, "choose another name", start=start, end=end)


def _takes_sign(node: Literal) -> bool:
    """Whether a number stands there without sign and brackets, so that `-` before it is part of it."""
    return node.type in (INT, DOUBLE) and node.text[0] != "-" and node.end - node.start == len(node.text)


class Builder(Transformer[Token, Node]):
    """A method for each step of the grammar; it keeps no state, so that one serves all texts."""

    def choice(self, parts: list[Part]) -> Node:
        test, then, otherwise = _nodes(parts)
        start, end = _span(parts)
        return Choice(test, then, otherwise, start=start, end=end)

    def row(self, parts: list[Part]) -> Node:
        return climb(list(_nodes(parts)), [str(part) for part in parts[1::2]])

    def prefix(self, parts: list[Part]) -> Node:
        node = cast(Node, parts[-1])
        for sign in reversed(parts[:-1]):
            start = _start(sign)
            if str(sign) == "-" and isinstance(node, Literal) and _takes_sign(node):
                value = -cast(int | float, node.value)
                node = Literal(value, "-" + node.text, start=start, end=node.end, type=node.type)
            else:
                node = Unary(str(sign), node, start=start, end=node.end)
        return node

    def select(self, parts: list[Part]) -> Node:
        start, end = _span(parts)
        return Select(cast(Node, parts[0]), str(parts[2]).strip("`"), start=start, end=end)

    def index(self, parts: list[Part]) -> Node:
        operand, index = _nodes(parts)
        start, end = _span(parts)
        return Index(operand, index, start=start, end=end)

    def method(self, parts: list[Part]) -> Node:
        start, end = _span(parts)
        target, name, arguments = cast(Node, parts[0]), cast(Token, parts[2]), _arguments(parts)
        if name in MACROS:
            return _macro(target, name, arguments, start, end)
        return Call(str(name), target, arguments, start=start, end=end)

    def message(self, parts: list[Part]) -> Node:
        start, end = _span(parts)
        mend = 'write a map, `{"key": value}`, or compare the fields one by one'
        return Refused("no-messages", "messages cannot be made in an expression", mend, start=start, end=end)

    def name(self, parts: list[Part]) -> Node:
        start, end = _span(parts)
        token = cast(Token, parts[0])
        return _reserved(token) or Name(str(token), start=start, end=end)

    def absolute_name(self, parts: list[Part]) -> Node:
        start, end = _span(parts)
        token = cast(Token, parts[1])
        return _reserved(token) or Name(str(token), True, start=start, end=end)

    def function(self, parts: list[Part]) -> Node:
        start, end = _span(parts)
        name, arguments = cast(Token, parts[0]), _arguments(parts)
        if name == "has":
            return _has(arguments, start, end)
        return _reserved(name) or Call(str(name), None, arguments, start=start, end=end)

    def absolute_function(self, parts: list[Part]) -> Node:
        start, end = _span(parts)
        name = cast(Token, parts[1])
        return _reserved(name) or Call(str(name), None, _arguments(parts), True, start=start, end=end)

    def group(self, parts: list[Part]) -> Node:
        """Brackets leave no node, but the node in them begins and ends where they do."""
        start, end = _span(parts)
        return replace(cast(Node, parts[1]), start=start, end=end)

    def list_of(self, parts: list[Part]) -> Node:
        start, end = _span(parts)
        return ListOf(_arguments(parts), start=start, end=end)

    def map_of(self, parts: list[Part]) -> Node:
        start, end = _span(parts)
        entries = next((tuple(cast(list[tuple[Node, Node]], p)) for p in parts if isinstance(p, list)), ())
        return MapOf(entries, start=start, end=end)

    def arguments(self, parts: list[Part]) -> list[Node]:
        return list(_nodes(parts))

    items = arguments

    def entries(self, parts: list[Part]) -> list[tuple[Node, Node]]:
        return [part for part in parts if isinstance(part, tuple)]

    def entry(self, parts: list[Part]) -> tuple[Node, Node]:
        key, value = _nodes(parts)
        return key, value

    def integer(self, parts: list[Part]) -> Node:
        digits = str(parts[0])
        return _literal(parts[0], int(digits) if len(digits) < _MANY_DIGITS else 2**64, INT)

    def hexadecimal(self, parts: list[Part]) -> Node:
        return _literal(parts[0], int(str(parts[0]), 16), INT)

    def double(self, parts: list[Part]) -> Node:
        return _literal(parts[0], float(str(parts[0])), DOUBLE)

    def uint(self, parts: list[Part]) -> Node:
        start, end = _span(parts)
        mend = f"write `{str(parts[0])[:-1]}`"
        return Refused(
            "no-uint", "unsigned integers are not part of the language", mend, start=start, end=end
        )

    def string(self, parts: list[Part]) -> Node:
        return _text(parts[0], unquote)

    def raw(self, parts: list[Part]) -> Node:
        return _text(parts[0], unquote_raw)

    def bytes(self, parts: list[Part]) -> Node:
        start, end = _span(parts)
        mend = "write a string, without the `b`"
        return Refused("no-bytes", "bytes are not part of the language", mend, start=start, end=end)

    def true(self, parts: list[Part]) -> Node:
        return _literal(parts[0], True, BOOL)

    def false(self, parts: list[Part]) -> Node:
        return _literal(parts[0], False, BOOL)

    def null(self, parts: list[Part]) -> Node:
        return _literal(parts[0], None, NULL)


def _text(token: Part, read: Callable[[str], str]) -> Node:
    try:
        return _literal(token, read(str(token)), STRING)
    except EscapeError as error:
        start = _start(token) + error.offset
        mend = "write `\\\\` for a backslash, or put `r` before the quotes"
        message = f"`{error.escape}` is no escape"
        return Refused("bad-escape", message, mend, start=start, end=start + len(error.escape))


def _has(arguments: tuple[Node, ...], start: int, end: int) -> Node:
    if len(arguments) == 1 and isinstance(arguments[0], Select):
        return Has(arguments[0].operand, arguments[0].field, start=start, end=end)
    message = "`has` asks whether one field is given"
    return Refused("bad-macro", message, "write it as `has(record.field)`", start=start, end=end)


def _macro(target: Node, name: Token, arguments: tuple[Node, ...], start: int, end: int) -> Node:
    counts = (2, 3) if name == "map" else (2,)
    first = arguments[0] if arguments else None
    if len(arguments) not in counts or not isinstance(first, Name) or first.absolute:
        mend = f"write it as `list.{name}(item, ...)`, with a plain name for the item"
        return Refused(
            "bad-macro", f"`{name}` takes a name and what to do with it", mend, start=start, end=end
        )
    condition = arguments[1] if len(arguments) == 3 else None
    kind = cast(MacroName, str(name))
    return Macro(kind, target, first.name, first.start, condition, arguments[-1], start=start, end=end)
