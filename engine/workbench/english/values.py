"""Values in words: facts, literals, lists, arithmetic, functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from engine.expression import BOOL, DATE, DURATION, EnumType, ListType, MapType, render, to_text
from engine.expression import tree as t
from engine.expression.literals import quote
from engine.expression.types import strip
from engine.rulebook.dictionary import Dictionary
from engine.rulebook.model import DAY
from engine.workbench.english.naming import called, field_of, possessive, spaced

MOST: Final = 8
"""Values of a list that are written out."""

_ORDINALS: Final = (
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
)
_ARITHMETIC: Final = {
    "+": "{} plus {}",
    "-": "{} minus {}",
    "*": "{} times {}",
    "/": "{} divided by {}",
    "%": "the remainder of {} divided by {}",
}
_TEXTS: Final = {
    "startsWith": "begins with {}",
    "endsWith": "ends with {}",
    "contains": "contains {}",
    "matches": "fits the pattern {}",
}
_READ: Final = {
    "getFullYear": "the year of {}",
    "getMonth": "the month of {}, where January is 0",
    "getDate": "the day of the month of {}",
    "getDayOfMonth": "the day of the month of {}, where the first is 0",
    "getDayOfWeek": "the day of the week of {}, where Sunday is 0",
    "getDayOfYear": "the day of the year of {}, where the first is 0",
    "getHours": "the hour of {}",
    "getMinutes": "the minutes of {}",
    "getSeconds": "the seconds of {}",
    "getMilliseconds": "the milliseconds of {}",
}
_SPANS: Final = {
    "getHours": "the whole hours of {}",
    "getMinutes": "the whole minutes of {}",
    "getSeconds": "the whole seconds of {}",
    "getMilliseconds": "the milliseconds within the second of {}",
}
_CONVERTED: Final = {
    "int": "a whole number",
    "double": "a number of limited precision",
    "string": "text",
    "bool": "true or false",
    "timestamp": "a moment",
    "duration": "a span of time",
    "date": "a day",
    "decimal": "an exact number",
    "money": "an amount",
}
_ADDED: Final = {"plusDays": "day", "plusMonths": "month", "plusYears": "year"}


class Values:
    """Puts values into words. `said` puts a condition into words, where one stands as a value."""

    def __init__(self, dictionary: Dictionary, said: Callable[[t.Node], str]) -> None:
        self._dictionary = dictionary
        self._said = said
        self._called: dict[str, str] = {}

    def words(self, node: t.Node) -> str:
        """A value in words that can stand anywhere in a sentence."""
        match node:
            case t.Literal():
                return self._literal(node)
            case t.Name():
                return self._name(node)
            case t.Constant():
                return (
                    f'the list "{spaced(node.name)}"'
                    if isinstance(node.type, ListType)
                    else self._table(node.name)
                )
            case t.Select():
                return self.unique(node, self._select(node))
            case t.Index():
                return self._index(node)
            case t.ListOf():
                return (
                    f"the list ({', '.join(map(self.held, node.items))})" if node.items else "the empty list"
                )
            case t.MapOf():
                pairs = (f"{self.held(value)} for {self.held(key)}" for key, value in node.entries)
                return f"the map ({', '.join(pairs)})"
            case t.Binary() if node.operator in _ARITHMETIC:
                return self._arithmetic(node)
            case t.Unary(operator="-"):
                return f"the negative of {self.held(node.operand)}"
            case t.Choice() if strip(node.type) != BOOL:
                then, other = self.held(node.then), self.held(node.otherwise)
                return f"(where this is so: {self._said(node.test)}: {then}; otherwise {other})"
            case t.Call():
                return self.call(node)
            case t.Use() if strip(node.type) != BOOL:
                return self.used(node)
            case t.Macro(name="map" | "filter"):
                return self._made_list(node)
        if strip(node.type) == BOOL:
            return f"whether ({self._said(node)})"
        return f"`{to_text(node)}`"

    def held(self, node: t.Node) -> str:
        """The same, in brackets where it is made of several values."""
        text = self.words(node)
        made = isinstance(node, t.Binary | t.Unary | t.Macro) or (
            isinstance(node, t.Call)
            and (node.name in _ADDED or node.name == "lastDay" or len(node.arguments) > 1)
        )
        return f"({text})" if made and not text.startswith("(") else text

    def compared(self, node: t.Node, other: t.Node) -> str:
        """A value beside the one that it is compared with; the words of an enum need no quotes."""
        if (
            isinstance(node, t.Literal)
            and isinstance(node.value, str)
            and isinstance(strip(other.type), EnumType)
        ):
            return node.value
        if strip(node.type) == BOOL and not isinstance(node, t.Literal):
            return f"whether ({self._said(node)})"
        return self.words(node)

    def unique(self, node: t.Node, text: str) -> str:
        """The words for a fact; with its path where they stand for another one already."""
        path = to_text(node)
        if self._called.setdefault(text, path) == path:
            return text
        return f"{text} (`{path}`)"

    def used(self, use: t.Use) -> str:
        """A definition that stands for a value, by its name and with what it is taken of."""
        return f'"{spaced(use.name)}"{f" of {self.asked_of(use)}" if use.arguments else ""}'

    def asked_of(self, use: t.Use) -> str:
        """What a definition is asked of; of several, what is no fact goes by the parameter's name."""
        if len(use.arguments) == 1:
            return self.held(use.arguments[0])
        texts = [
            f"{spaced(name)} {self.held(argument)}"
            if isinstance(argument, t.Literal)
            else self.held(argument)
            for name, argument in zip(use.parameters, use.arguments, strict=True)
        ]
        return " and ".join(texts)

    def members(self, node: t.Node, of: t.Node) -> str:
        """The list that something is looked for in: its name, and the values of a short one."""
        if isinstance(node, t.ListOf):
            return ", ".join(self.compared(item, of) for item in node.items) or "nothing"
        if isinstance(node, t.Constant) and isinstance(node.value, tuple):
            return f'"{spaced(node.name)}" ({listed(node.value)})'
        return self.words(node)

    def _table(self, name: str) -> str:
        return f'the table "{spaced(name)}"'

    def _literal(self, node: t.Literal) -> str:
        if isinstance(node.value, str):
            return node.value if isinstance(node.type, EnumType) else quote(node.value)
        return render(node.value)

    def _name(self, node: t.Name) -> str:
        if node.name == DAY:
            return "the day of the decision"
        if isinstance(node.type, MapType):
            return self._table(node.name)
        text = f"`{node.name}`" if len(node.name) == 1 else f"the {spaced(node.name)}"
        return f"{text} among the facts" if node.absolute else text

    def _select(self, node: t.Select) -> str:
        if _is_outcome(node) and isinstance(node.operand, t.Name):
            return f"the answer to `{node.operand.name}`"
        name = called(node.field, field_of(node, self._dictionary), node.type)
        if isinstance(node.operand, t.Name):
            return f"{possessive(self.words(node.operand))} {name}"
        return f"the {name} of {self.held(node.operand)}"

    def _index(self, node: t.Index) -> str:
        number = node.index.value if isinstance(node.index, t.Literal) else None
        held = self.held(node.operand)
        if isinstance(strip(node.operand.type), MapType):
            kind = "row" if isinstance(node.operand, t.Constant | t.Name) else "entry"
            return f"the {kind} of {held} for {self.held(node.index)}"
        if isinstance(number, int) and not isinstance(number, bool) and 0 <= number < len(_ORDINALS):
            return f"the {_ORDINALS[number]} of {held}"
        return f"the element number {self.held(node.index)}, counted from 0, of {held}"

    def _arithmetic(self, node: t.Binary) -> str:
        left, right = self.held(node.left), self.held(node.right)
        if node.operator == "-" and strip(node.left.type) == DATE == strip(node.right.type):
            return f"the number of days from {right} to {left}"
        return _ARITHMETIC[node.operator].format(left, right)

    def _made_list(self, node: t.Macro) -> str:
        name = self._name(t.Name(node.variable, start=0, end=0))
        of = self.held(node.operand)
        if node.name == "filter":
            return f"those among {of} (each called {name}) for which this is so: {self._said(node.body)}"
        where = f", where this is so: {self._said(node.condition)}" if node.condition is not None else ""
        return f"the list of {self.held(node.body)} for each among {of} (called {name}){where}"

    def call(self, node: t.Call) -> str:
        """A function in words; one that is true or false is said as `whether`."""
        target, *arguments = [*([node.target] if node.target is not None else []), *node.arguments]
        of = self.held(target)
        if node.name in _TEXTS:
            return f"whether ({self._said(node)})"
        if node.name == "size":
            return f"the {'length' if strip(target.type).name == 'string' else 'number'} of {of}"
        if node.name in _ADDED and len(arguments) == 1:
            return f"{self.counted(arguments[0], _ADDED[node.name])} after {of}"
        if node.name == "lastDay" and len(arguments) == 1:
            return f"the last day of the {self.counted(arguments[0], 'month')} that begin on {of}"
        if node.name in _READ:
            read = _SPANS if node.name in _SPANS and strip(target.type) == DURATION else _READ
            zone = f" in the zone {self.held(arguments[0])}" if arguments else ""
            return read[node.name].format(of) + zone
        if node.name == "date" and arguments:
            return f"the day of {of} in the zone {self.held(arguments[0])}"
        if node.name in _CONVERTED and not arguments:
            return f"{of} as {_CONVERTED[node.name]}"
        return f"`{to_text(node)}`"

    def counted(self, node: t.Node, unit: str) -> str:
        """How many of a unit."""
        if isinstance(node, t.Literal):
            return f"{node.value} {unit}" if node.value == 1 else f"{node.value} {unit}s"
        return f"{self.held(node)} {unit}s"


def listed(values: tuple[object, ...]) -> str:
    """The first values of a list, and how many more there are."""
    some = ", ".join(map(render, values[:MOST]))
    return some + (f" and {len(values) - MOST} more" if len(values) > MOST else "") or "empty"


def text_words(name: str) -> str:
    """What a test of a text says, with a gap for the other text."""
    return _TEXTS[name]


def _is_outcome(node: t.Select) -> bool:
    of = node.operand.name if isinstance(node.operand, t.Name) else ""
    return (
        node.field == "outcome" and isinstance(node.type, EnumType) and node.type.name == f"outcome of {of}"
    )
