"""Values some of which are not known, as Python: what they are, and what is unknown of them.

See `runtime` for the integers. What is irregular in an evaluation (another currency, an overflow, a missing
key) raises Leave or one of its like, and the condition is left to the tree walk, which gives it its name.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, cast

from engine.compiled import known, runtime
from engine.compiled.fast_facts import ELEMENT, may_be_none
from engine.compiled.reader import Reader, is_namespace
from engine.compiled.runtime import ERROR, Bits
from engine.compiled.source import Source, UncompilableError
from engine.expression import tree as t
from engine.expression.evaluate import evaluate_part
from engine.expression.types import BOOL, INT, MONEY, ListType, MapType, RecordType, strip
from engine.expression.values import Unknown

KNOWN: Final = "0"


@dataclass(frozen=True, slots=True)
class Place:
    """The path of a fact: a pattern with a `%d` for every list that it goes through, and those numbers."""

    pattern: str
    numbers: tuple[str, ...] = ()

    def below(self, step: str) -> Place:
        """The path of a field."""
        return replace(self, pattern=f"{self.pattern}.{step.replace('%', '%%')}")

    def at(self, number: str) -> Place:
        """The path of an element."""
        return Place(f"{self.pattern}[%d]", (*self.numbers, number))


@dataclass(frozen=True, slots=True)
class Value:
    """A value as text, what is unknown of it as text (KNOWN where nothing can be), and its path."""

    text: str
    unknown: str = KNOWN
    place: Place | None = None


class Values(ABC):
    """Writes values into a function, in Kleene's logic; facts of fixed paths are loaded first."""

    def __init__(self, source: Source, bits: Bits, reader: Reader) -> None:
        self.source = source
        self.bits = bits
        self.reader = reader
        self._loaded: dict[tuple[str, ...], Value] = {}
        self.loading: list[str] = []
        self.locals: Mapping[str, Value] = {}
        self.loops = 0
        self.counted = False

    def begin(self) -> None:
        """Begins a condition."""
        self.locals, self.loops, self.counted = {}, 0, False

    def bound(self, variable: str, value: Value) -> None:
        """Gives a loop variable of a rule with `each` its element."""
        self.locals = {**self.locals, variable: value}
        self.loops += 1

    def costly(self, node: t.Node) -> bool:
        """See `known.Costly`."""
        return self.loops > 1 or (self.loops == 1 and not self._is_own(node))

    def _is_own(self, node: t.Node) -> bool:
        operand = node.operand if isinstance(node, t.Select) else None
        own = isinstance(operand, t.Name) and not operand.absolute and operand.name in self.locals
        return own and self.locals[cast(t.Name, operand).name].text.startswith(ELEMENT)

    @abstractmethod
    def condition(self, node: t.Node) -> str:
        """A condition as an expression for a Kleene integer; what it needs is written before."""

    def value(self, node: t.Node) -> Value:
        """A value; what it needs is written before."""
        if strip(node.type) == BOOL and type(node) not in _FACTS:
            mask = self.source.assigned(self.condition(node), "k")
            return Value(f"({mask} == 1)", self.source.assigned(f"{mask} if {mask} > 1 else 0", "u"))
        step = _VALUES.get(type(node))
        if step is None:
            raise UncompilableError(type(node).__name__)
        value = step(self, node)
        return replace(value, text=self.source.short(value.text))

    def load(self, path: tuple[str, ...], kind: RecordType | None) -> Value:
        """A fact by its path through records; `kind` is the record that its last step is a field of."""
        if path in self._loaded:
            return self._loaded[path]
        place, name = Place(".".join(path)), self.source.name()
        if kind is None:
            self.loading += self.reader.root_or_nothing(name, path[0], self.source)
            value = Value(name, KNOWN, place)
        elif self.reader.is_question(path[0]):
            self.loading += self.reader.possible(name, path[0], self.source)
            value = Value(name, KNOWN, place)
        elif is_namespace(kind, path[-1]):
            above, step = self._loaded[path[:-1]].text, self.source.bind(path[-1])
            self.loading.append(f"{name} = {above}.get({step}) or NOTHING")
            value = Value(name, KNOWN, place)
        else:
            value = Value(name, self.source.name("u"), place)
            self.loading += self._field_lines(self._loaded[path[:-1]], value, path[-1])
        self._loaded[path] = value
        return value

    def _field_lines(self, above: Value, value: Value, field: str) -> list[str]:
        """What gives the names of a value theirs: a field that may be absent, of what may be unknown or none."""
        assert value.place is not None
        name, unknown = value.text, value.unknown
        get = f"{name} = {above.text}.get({self.source.bind(field)}, ABSENT)"
        mark = f"{unknown} = {self.absent(value.place)} if {name} is ABSENT else 0"
        if above.unknown == KNOWN:
            return [get, mark]
        error = self.bits.of(f"{ERROR}no_such_field")
        return [
            f"if {above.unknown}: {name} = None; {unknown} = {above.unknown}",
            f"elif {above.text} is None: {name} = None; {unknown} = {error}",
            "else:", f" {get}", f" {mark}",
        ]  # fmt: skip

    def _name(self, node: t.Name) -> Value:
        if not node.absolute and node.name in self.locals:
            return self.locals[node.name]
        if isinstance(node.type, RecordType):
            return self.load((node.name,), None)
        name = self.source.name()
        self.loading += self.reader.root(name, node.name, self.source)
        return Value(name)

    def _select(self, node: t.Select) -> Value:
        value = self.field(node)
        if self.is_outcome(node):
            return replace(value, text=self._where(KNOWN, f"{self.source.bind(runtime.known)}({value.text})"))
        return value

    def is_outcome(self, node: t.Node) -> bool:
        return (
            isinstance(node, t.Select)
            and isinstance(node.operand, t.Name)
            and self.reader.is_question(node.operand.name)
            and (node.operand.absolute or node.operand.name not in self.locals)
        )

    def field(self, node: t.Select) -> Value:
        source, kind, above = self.source, strip(node.operand.type), self.value(node.operand)
        if kind == MONEY:
            return Value(self._where(above.unknown, f"{above.text}.{node.field}"), above.unknown)
        if isinstance(kind, MapType):
            return Value(
                self._where(above.unknown, f"{above.text}[{source.bind(node.field)}]"), above.unknown
            )
        if not isinstance(kind, RecordType):
            raise UncompilableError("a field of no record")
        place = above.place
        if place is None:
            text = f"{above.text}[{source.bind(node.field)}]"
            return Value(self._where(above.unknown, text), above.unknown)
        path = self.fixed(above)
        if path is not None:
            return self.load((*path, node.field), kind)
        if may_be_none(node.operand) and above.unknown == KNOWN:
            above = replace(above, unknown=source.assigned("0", "u"))
        value = Value(source.name(), source.name("u"), place.below(node.field))
        for line in self._field_lines(replace(above, text=source.named(above.text)), value, node.field):
            source.line(line)
        return value

    def fixed(self, value: Value) -> tuple[str, ...] | None:
        """The path of a fact that was loaded, if the value is one."""
        path = tuple(value.place.pattern.split(".")) if value.place is not None else ()
        return path if self._loaded.get(path) == value else None

    def absent(self, place: Place) -> str:
        if not place.numbers:
            return str(self.bits.of(place.pattern))
        return f"bit(extra, {self.source.bind(place.pattern)} % ({', '.join(place.numbers)},))"

    def _where(self, unknown: str, text: str) -> str:
        """A name for what may fail; it is computed wherever its own operands are known, for errors add up."""
        return self.source.assigned(text if unknown == KNOWN else f"None if {unknown} else {text}")

    def together(self, *unknowns: str) -> str:
        """What is unknown of several values."""
        names = [unknown for unknown in dict.fromkeys(unknowns) if unknown != KNOWN]
        if len(names) < 2:
            return names[0] if names else KNOWN
        return self.source.assigned(" | ".join(names), "u")

    def _literal(self, node: t.Literal) -> Value:
        value = node.value
        plain = value is None or isinstance(value, bool)
        return Value(str(value) if plain else self.source.bind(value))

    def _constant(self, node: t.Constant) -> Value:
        return Value(known.table(self.source, node.value, node.type))

    def _index(self, node: t.Index) -> Value:
        operand, index = self.value(node.operand), self.value(node.index)
        unknown = self.together(operand.unknown, index.unknown)
        if isinstance(strip(node.operand.type), MapType):
            return Value(self._where(unknown, f"{operand.text}[{index.text}]"), unknown)
        if node.index.type != INT or not isinstance(node.index, t.Literal) or operand.place is None:
            raise UncompilableError("an index that is computed")
        element = f"{self.source.bind(runtime.element)}({operand.text}, {index.text})"
        place = Place(f"{operand.place.pattern}[{node.index.value}]", operand.place.numbers)
        return Value(self.source.named(self._where(unknown, element)), unknown, place)

    def _choice(self, node: t.Choice) -> Value:
        if isinstance(strip(node.type), RecordType | ListType | MapType):
            raise UncompilableError("a choice between facts with parts")
        source = self.source
        test = source.assigned(self.condition(node.test), "k")
        name, unknown = source.name(), source.name("u")
        source.line(f"if {test} > 1: {name} = None; {unknown} = {test}")
        for head, branch in ((f"elif {test}:", node.then), ("else:", node.otherwise)):
            with source.block(head):
                value = self.value(branch)
                source.line(f"{name} = {value.text}; {unknown} = {value.unknown}")
        return Value(name, unknown)

    def _use(self, node: t.Use) -> Value:
        outside, self.locals = self.locals, self.arguments(node)
        value = self.value(node.body)
        self.locals = outside
        return value

    def arguments(self, node: t.Use) -> dict[str, Value]:
        inside = {}
        for name, argument in zip(node.parameters, node.arguments, strict=True):
            value = self.value(argument)
            inside[name] = replace(value, text=self.source.named(value.text))
        return inside

    def _negated(self, node: t.Unary) -> Value:
        operand = self.value(node.operand)
        return Value(self._where(operand.unknown, known.negated(self.source, operand.text)), operand.unknown)

    def _call(self, node: t.Call) -> Value:
        if all(isinstance(part, t.Literal) for part in t.children(node)):
            result = evaluate_part(node, {})
            if isinstance(result, Unknown):
                raise UncompilableError("a call without a result")
            return Value(self.source.bind(result))
        operands = [self.value(part) for part in t.children(node)]
        unknown = self.together(*(operand.unknown for operand in operands))
        text = known.called(self.source, node, [operand.text for operand in operands], self.costly)
        return Value(self._where(unknown, text), unknown)

    def _arithmetic(self, node: t.Binary) -> Value:
        left, right = self.value(node.left), self.value(node.right)
        unknown = self.together(left.unknown, right.unknown)
        text = known.compared(self.source, node, left.text, right.text, self.costly)
        return Value(self._where(unknown, text), unknown)


_FACTS: Final = frozenset({t.Literal, t.Constant, t.Name, t.Select, t.Index, t.Call})
"""What is no condition by itself, even where its value is true or false."""

_VALUES: Final = cast(
    dict[type[t.Node], Callable[[Values, t.Node], Value]],
    {
        t.Literal: Values._literal,
        t.Constant: Values._constant,
        t.Name: Values._name,
        t.Select: Values._select,
        t.Index: Values._index,
        t.Call: Values._call,
        t.Unary: Values._negated,
        t.Binary: Values._arithmetic,
        t.Choice: Values._choice,
        t.Use: Values._use,
    },
)
