"""Conditions on facts some of which are not known, as Python that computes with Kleene's integers.

See `runtime` for the integers. What is irregular in an evaluation (another currency, an overflow, a missing
key) raises Leave or one of its like, and the condition is left to the tree walk, which gives it its name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, cast

from engine.compiled import known, runtime
from engine.compiled.fast import MOST, may_be_none
from engine.compiled.runtime import ERROR, Bits
from engine.compiled.source import Source, UncompilableError
from engine.expression import tree as t
from engine.expression.evaluate import evaluate_part
from engine.expression.types import BOOL, INT, MONEY, ListType, MapType, OptionalType, RecordType, strip
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


class Kleene:
    """Writes conditions into a function, in Kleene's logic; facts of fixed paths are loaded first."""

    def __init__(self, source: Source, bits: Bits, questions: frozenset[str]) -> None:
        self.source = source
        self._bits = bits
        self._questions = questions
        self._loaded: dict[tuple[str, ...], Value] = {}
        self.loading: list[str] = []
        self._locals: Mapping[str, Value] = {}
        self._looped = False
        self.counted = False

    def begin(self) -> None:
        """Begins a condition."""
        self._locals, self._looped, self.counted = {}, False, False

    def bound(self, variable: str, value: Value) -> None:
        """Gives a loop variable of a rule with `each` its element."""
        self._locals = {**self._locals, variable: value}
        self._looped = True

    def condition(self, node: t.Node) -> str:
        """A condition as an expression for a Kleene integer; what it needs is written before."""
        known.refuse_dynamic(node.type)
        step = _CONDITIONS.get(type(node))
        if step is not None:
            return self.source.short(step(self, node))
        value = self.value(node)
        return value.text if value.unknown == KNOWN else f"({value.unknown} or {value.text})"

    def value(self, node: t.Node) -> Value:
        """A value; what it needs is written before."""
        if strip(node.type) == BOOL and type(node) in _CONDITIONS:
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
        place, source = Place(".".join(path)), self.source
        name, bind = source.name(), source.bind
        if kind is None:
            self.loading.append(f"{name} = env.get({bind(path[0])}, NOTHING)")
            value = Value(name, KNOWN, place)
        else:
            above = self._loaded[path[:-1]]
            unknown, absent = source.name("u"), self._bits.of(place.pattern)
            get = f"{name} = {above.text}.get({bind(path[-1])}, ABSENT)"
            mark = f"{unknown} = {absent} if {name} is ABSENT else 0"
            if above.unknown == KNOWN:
                self.loading += [get, mark]
            else:
                error = self._bits.of(f"{ERROR}no_such_field")
                self.loading += [
                    f"if {above.unknown}: {name} = None; {unknown} = {above.unknown}",
                    f"elif {above.text} is None: {name} = None; {unknown} = {error}",
                    "else:", f" {get}", f" {mark}",
                ]  # fmt: skip
            value = Value(name, unknown, place)
        self._loaded[path] = value
        return value

    def _name(self, node: t.Name) -> Value:
        if not node.absolute and node.name in self._locals:
            return self._locals[node.name]
        if isinstance(node.type, RecordType):
            return self.load((node.name,), None)
        name = self.source.name()
        self.loading.append(f"{name} = env[{self.source.bind(node.name)}]")
        return Value(name)

    def _select(self, node: t.Select) -> Value:
        value = self._field(node)
        if self._is_outcome(node):
            return replace(value, text=f"{self.source.bind(runtime.known)}({value.text})")
        return value

    def _is_outcome(self, node: t.Node) -> bool:
        return (
            isinstance(node, t.Select)
            and isinstance(node.operand, t.Name)
            and node.operand.name in self._questions
            and (node.operand.absolute or node.operand.name not in self._locals)
        )

    def _field(self, node: t.Select) -> Value:
        source, kind, above = self.source, strip(node.operand.type), self.value(node.operand)
        if kind == MONEY:
            return Value(self._where(above.unknown, f"{above.text}.{node.field}"), above.unknown)
        if isinstance(kind, MapType):
            return Value(
                self._where(above.unknown, f"{above.text}[{source.bind(node.field)}]"), above.unknown
            )
        if not isinstance(kind, RecordType):
            raise UncompilableError("a field of no record")
        if above.place is not None and not above.place.numbers and self._fixed(above):
            return self.load((*above.place.pattern.split("."), node.field), kind)
        if above.place is None:
            return Value(
                self._where(above.unknown, f"{above.text}[{source.bind(node.field)}]"), above.unknown
            )
        name, unknown, place = source.name(), source.name("u"), above.place.below(node.field)
        operand = source.named(above.text)
        if above.unknown != KNOWN:
            source.line(f"if {above.unknown}: {name} = None; {unknown} = {above.unknown}")
        error = self._bits.of(f"{ERROR}no_such_field")
        source.line(
            f"{'if' if above.unknown == KNOWN else 'elif'} {operand} is None:"
            f" {name} = None; {unknown} = {error}"
        )
        with source.block("else:"):
            source.line(f"{name} = {operand}.get({source.bind(node.field)}, ABSENT)")
            source.line(f"{unknown} = {self._absent(place)} if {name} is ABSENT else 0")
        return Value(name, unknown, place)

    def _fixed(self, value: Value) -> bool:
        return value.place is not None and self._loaded.get(tuple(value.place.pattern.split("."))) == value

    def _absent(self, place: Place) -> str:
        if not place.numbers:
            return str(self._bits.of(place.pattern))
        return f"bit(extra, {self.source.bind(place.pattern)} % ({', '.join(place.numbers)},))"

    def _where(self, unknown: str, text: str) -> str:
        """The text, taken only where nothing is unknown."""
        return text if unknown == KNOWN else self.source.assigned(f"None if {unknown} else {text}")

    def _together(self, *unknowns: str) -> str:
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
        unknown = self._together(operand.unknown, index.unknown)
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
        outside, self._locals = self._locals, self._arguments(node)
        value = self.value(node.body)
        self._locals = outside
        return value

    def _used(self, node: t.Use) -> str:
        outside, self._locals = self._locals, self._arguments(node)
        text = self.condition(node.body)
        self._locals = outside
        return text

    def _arguments(self, node: t.Use) -> dict[str, Value]:
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
        unknown = self._together(*(operand.unknown for operand in operands))
        text = known.called(self.source, node, [operand.text for operand in operands], self._looped)
        return Value(self._where(unknown, text), unknown)

    def _arithmetic(self, node: t.Binary) -> Value:
        left, right = self.value(node.left), self.value(node.right)
        unknown = self._together(left.unknown, right.unknown)
        text = known.compared(self.source, node, left.text, right.text, self._looped)
        return Value(self._where(unknown, text), unknown)

    def _compared(self, node: t.Binary) -> str:
        if node.operator in ("==", "!=", "in") and self._is_outcome(node.left):
            return self._of_outcome(node)
        written = node.operator == "in" and isinstance(node.right, t.ListOf)
        left = self.value(node.left)
        right = Value("") if written else self.value(node.right)
        if node.operator == "in":
            text = known.member(self.source, node, left.text, right.text, self._looped)
            if text is None:
                return self.condition(known.same_items(node))
        else:
            text = known.compared(self.source, node, left.text, right.text, self._looped)
        unknown = self._together(left.unknown, right.unknown)
        return text if unknown == KNOWN else f"({unknown} or {text})"

    def _of_outcome(self, node: t.Binary) -> str:
        assert isinstance(node.left, t.Select)
        if node.operator == "in":
            wanted = known.literals(node.right, node.left.type)
        else:
            wanted = frozenset({node.right.value}) if isinstance(node.right, t.Literal) else None
        if wanted is None:
            raise UncompilableError("an outcome compared with no text")
        left = self._field(node.left)
        text = f"{self.source.bind(runtime.one_of)}({left.text}, {self.source.bind(wanted)}, extra)"
        mask = f"({left.unknown} or {text})"
        return mask if node.operator != "!=" else self._not(mask)

    def _not(self, mask: str) -> str:
        name = self.source.named(mask)
        return f"({name} if {name} > 1 else not {name})"

    def _unary(self, node: t.Unary) -> str:
        return self._not(self.condition(node.operand))

    def _has(self, node: t.Has) -> str:
        source, kind, above = self.source, strip(node.operand.type), self.value(node.operand)
        if isinstance(kind, MapType):
            text = f"({source.bind(node.field)} in {above.text})"
            return text if above.unknown == KNOWN else f"({above.unknown} or {text})"
        if not isinstance(kind, RecordType) or above.place is None:
            raise UncompilableError("`has` of no fact")
        if self._fixed(above) and not may_be_none(node.operand):
            fact = self.load((*above.place.pattern.split("."), node.field), kind)
            return f"({fact.unknown} or {fact.text} is not None)"
        operand, result = source.named(above.text), source.name("k")
        given = source.name()
        head = "if"
        if above.unknown != KNOWN:
            source.line(f"if {above.unknown}: {result} = {above.unknown}")
            head = "elif"
        source.line(f"{head} {operand} is None: {result} = 0")
        with source.block("else:"):
            source.line(f"{given} = {operand}.get({source.bind(node.field)}, ABSENT)")
            absent = self._absent(above.place.below(node.field))
            source.line(f"{result} = {absent} if {given} is ABSENT else {given} is not None")
        return result

    def _every(self, node: t.Every) -> str:
        result = self.source.assigned(self.condition(node.items[0]), "k")
        for item in node.items[1:]:
            with self.source.block(f"if {result}:"):
                other = self.source.named(self.condition(item))
                self.source.line(f"{result} = {other} and {result} | {other}")
        return result

    def _some(self, node: t.Some) -> str:
        result = self.source.assigned(self.condition(node.items[0]), "k")
        for item in node.items[1:]:
            with self.source.block(f"if {result} != 1:"):
                other = self.source.named(self.condition(item))
                self.source.line(f"{result} = 1 if {other} == 1 else {result} | {other}")
        return result

    def _chosen(self, node: t.Choice) -> str:
        result = self.source.assigned(self.condition(node.test), "k")
        chosen = self.source.name("k")
        self.source.line(f"if {result} > 1: {chosen} = {result}")
        for head, branch in ((f"elif {result}:", node.then), ("else:", node.otherwise)):
            with self.source.block(head):
                self.source.line(f"{chosen} = {self.condition(branch)}")
        return chosen

    def _macro(self, node: t.Macro) -> str:
        if node.name not in ("all", "exists"):
            raise UncompilableError(f"`{node.name}` over what may be unknown")
        source, type_ = self.source, strip(node.operand.type)
        if not isinstance(type_, ListType) or isinstance(type_.element, OptionalType):
            raise UncompilableError("a loop over no list")
        items = self.value(node.operand)
        if items.place is None and isinstance(strip(type_.element), RecordType):
            raise UncompilableError("a list made of facts")
        listed, weight = source.named(items.text), known.weight(node.body)
        every = node.name == "all"
        result, number, variable = source.assigned(str(int(every)), "k"), source.name("i"), source.name("x")
        self.counted = True
        if items.unknown != KNOWN:
            source.line(f"if {items.unknown}: {result} = {items.unknown}")
        with source.block("if True:" if items.unknown == KNOWN else "else:"):
            source.line(f"n += len({listed}) * {weight} + {weight}")
            source.line(f"if n > {MOST}: raise LEAVE")
            outside = self._locals, self._looped
            place = items.place and items.place.at(number)
            self._locals, self._looped = {**self._locals, node.variable: Value(variable, KNOWN, place)}, True
            with source.block(f"for {number}, {variable} in enumerate({listed}):"):
                inside = source.named(self.condition(node.body))
                with source.block(f"if {inside} != 1:" if every else f"if {inside}:"):
                    stop = f"not {inside}" if every else f"{inside} == 1"
                    source.line(f"if {stop}: {result} = {int(not every)}; break")
                    source.line(f"{result} |= {inside}")
            self._locals, self._looped = outside
        return result


_CONDITIONS: Final = cast(
    dict[type[t.Node], Callable[[Kleene, t.Node], str]],
    {
        t.Unary: Kleene._unary,
        t.Binary: Kleene._compared,
        t.Has: Kleene._has,
        t.Every: Kleene._every,
        t.Some: Kleene._some,
        t.Choice: Kleene._chosen,
        t.Use: Kleene._used,
        t.Macro: Kleene._macro,
    },
)
_VALUES: Final = cast(
    dict[type[t.Node], Callable[[Kleene, t.Node], Value]],
    {
        t.Literal: Kleene._literal,
        t.Constant: Kleene._constant,
        t.Name: Kleene._name,
        t.Select: Kleene._select,
        t.Index: Kleene._index,
        t.Call: Kleene._call,
        t.Unary: Kleene._negated,
        t.Binary: Kleene._arithmetic,
        t.Choice: Kleene._choice,
        t.Use: Kleene._use,
    },
)
