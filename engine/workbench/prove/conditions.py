"""Conditions as formulas: the same walk over the tree as `engine.expression.evaluate`, with facts that are open.

What formulas do not say (texts put together, texts in order, conversions of texts, patterns of a rare kind) becomes a
value of its own that can be anything, also unknown, and is noted in `left_open`. What is proved in spite of that is proved;
facts that are found may be none, and `decide` tells.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.expression import tree as t
from engine.expression.types import ListType, MapType, OptionalType, RecordType, is_dynamic
from engine.expression.unparse import to_text
from engine.workbench.prove.logic import (
    Truth,
    all_of,
    any_of,
    as_real,
    both,
    counted,
    either,
    equal,
    implied,
    minus,
)
from engine.workbench.prove.patterns import NotRead
from engine.workbench.prove.relations import UNKNOWN, Relations, opposite
from engine.workbench.prove.values import (
    NOTHING,
    Amount,
    Condition,
    Count,
    Day,
    Fields,
    Listed,
    Outcomes,
    Rows,
    Unsupported,
    Value,
    Words,
    as_words,
    condition,
    known,
    merged,
    where,
)
from engine.workbench.prove.world import World

Env = Mapping[str, Value]


class Conditions:
    """Conditions over the facts of a world. `names` gives what a name means that no loop or definition gives."""

    def __init__(self, world: World, names: Callable[[str], Value]) -> None:
        self.left_open: dict[str, None] = {}
        self._world = world
        self._names = names
        self._between = Relations(world.texts, world.calendar)

    def truth(self, node: t.Node, env: Env) -> Condition:
        """Where a condition is true, and where it is false."""
        return as_condition(self.value(node, env))

    def value(self, node: t.Node, env: Env) -> Value:
        """What a part of the tree stands for."""
        try:
            return _STEPS[type(node)](self, node, env)
        except (Unsupported, NotRead) as unsupported:
            type_ = node.type.inner if isinstance(node.type, OptionalType) else node.type
            if isinstance(type_, ListType | MapType | RecordType) or is_dynamic(type_):
                raise
            self.left_open[f"`{to_text(node)}`"] = None
            if str(unsupported):
                self.left_open[f"`{to_text(node)}` ({unsupported})"] = self.left_open.pop(
                    f"`{to_text(node)}`"
                )
            return self._world.fresh("open", node.type)

    def _literal(self, node: t.Literal, _env: Env) -> Value:
        return known(node.value, node.type)

    def _constant(self, node: t.Constant, _env: Env) -> Value:
        return known(node.value, node.type)

    def _name(self, node: t.Name, env: Env) -> Value:
        return env[node.name] if node.name in env and not node.absolute else self._names(node.name)

    def _select(self, node: t.Select, env: Env) -> Value:
        operand = self.value(node.operand, env)
        match operand:
            case Fields():
                return where(operand.field(node.field), operand.known)
            case Amount() if node.field == "amount":
                return Count(operand.known, False, operand.number, "decimal")
            case Amount():
                return where(operand.currency, operand.known)
            case Rows():
                return self._row(operand, known(node.field))
        return NOTHING

    def _has(self, node: t.Has, env: Env) -> Value:
        operand = self.value(node.operand, env)
        if isinstance(operand, Fields):
            field = operand.field(node.field)
            if isinstance(field, Outcomes):
                return condition(operand.known, operand.none)
            return condition(
                both(operand.known, field.known), either(operand.none, both(operand.known, field.none))
            )
        if isinstance(operand, Rows):
            return self._between.contained(known(node.field), operand, written_out=False)
        if operand.known is False:
            return condition(False, operand.none)
        raise Unsupported("`has` of what is no record")

    def _index(self, node: t.Index, env: Env) -> Value:
        operand, index = self.value(node.operand, env), self.value(node.index, env)
        if isinstance(operand, Rows):
            return where(self._row(operand, index), both(operand.known, index.known))
        if operand.known is False or index.known is False:
            return NOTHING
        if not isinstance(operand, Listed) or not operand.dense or not isinstance(index, Count):
            raise Unsupported("an element of a list that is made anew")
        found: Value = NOTHING
        for number, (there, value) in reversed(list(enumerate(operand.places))):
            found = merged(equal(index.number, number), where(value, there), found)
        return where(found, both(operand.known, index.known))

    def _row(self, rows: Rows, key: Value) -> Value:
        found: Value = NOTHING
        for here, value in self._between.row(rows, key):
            found = merged(here, known(value), found)
        return found

    def _list(self, node: t.ListOf, env: Env) -> Value:
        items = [self.value(item, env) for item in node.items]
        at = all_of(either(item.known, item.none) for item in items)
        return Listed(at, False, tuple((True, item) for item in items), dense=True)

    def _unary(self, node: t.Unary, env: Env) -> Value:
        value = self.value(node.operand, env)
        if node.operator == "!":
            return opposite(as_condition(value))
        match value:
            case Count(kind_of="int"):
                return self._between.computed("-", known(0), value)
            case Count():
                return Count(value.known, False, minus(0, value.number), value.kind_of)
            case Amount():
                return Amount(value.known, False, minus(0, value.number), value.currency)
        return NOTHING

    def _binary(self, node: t.Binary, env: Env) -> Value:
        left = self.value(node.left, env)
        if node.operator == "in" and isinstance(node.right, t.ListOf):
            items = [self.value(item, env) for item in node.right.items]
            listed = Listed(True, False, tuple((True, item) for item in items), dense=True)
            return self._between.contained(left, listed, written_out=True)
        right = self.value(node.right, env)
        if node.operator == "in":
            return self._between.contained(left, right, written_out=False)
        if node.operator in "+-*/%":
            return self._between.computed(node.operator, left, right)
        return self._between.compared(node.operator, left, right)

    def _every(self, node: t.Every, env: Env) -> Value:
        parts = [self.truth(item, env) for item in node.items]
        return condition(all_of(part.true for part in parts), any_of(part.false for part in parts))

    def _some(self, node: t.Some, env: Env) -> Value:
        parts = [self.truth(item, env) for item in node.items]
        return condition(any_of(part.true for part in parts), all_of(part.false for part in parts))

    def _choice(self, node: t.Choice, env: Env) -> Value:
        test = self.truth(node.test, env)
        then, otherwise = self.value(node.then, env), self.value(node.otherwise, env)
        return where(merged(test.true, then, otherwise), test.known)

    def _use(self, node: t.Use, env: Env) -> Value:
        arguments = (self.value(argument, env) for argument in node.arguments)
        return self.value(node.body, dict(zip(node.parameters, arguments, strict=True)))

    def _macro(self, node: t.Macro, env: Env) -> Value:
        operand = self.value(node.operand, env)
        if isinstance(operand, Rows):
            operand = Listed(
                operand.known, False, tuple((there, known(key)) for there, key, _ in operand.rows), False
            )
        if not isinstance(operand, Listed):
            return NOTHING
        inside: list[tuple[Truth, Env]] = [
            (there, {**env, node.variable: value}) for there, value in operand.places
        ]
        if node.name in ("all", "exists"):
            return _quantified(
                node.name, operand.known, [(there, self.truth(node.body, each)) for there, each in inside]
            )
        test = node.condition if node.name == "map" else node.body
        kept = inside
        at = operand.known
        if test is not None:
            tests = [self.truth(test, each) for _, each in inside]
            at = both(
                at, all_of(implied(there, one.known) for (there, _), one in zip(inside, tests, strict=True))
            )
            kept = [(both(there, one.true), each) for (there, each), one in zip(inside, tests, strict=True)]
        if node.name == "exists_one":
            return Condition(at, False, both(at, equal(counted(there for there, _ in kept), 1)))
        made = [
            (there, self.value(node.body, each) if node.name == "map" else each[node.variable])
            for there, each in kept
        ]
        if node.name == "map":
            at = both(at, all_of(implied(there, either(value.known, value.none)) for there, value in made))
        return Listed(at, False, tuple(made), dense=test is None and operand.dense)

    def _call(self, node: t.Call, env: Env) -> Value:
        operands = node.arguments if node.target is None else (node.target, *node.arguments)
        values = [self.value(operand, env) for operand in operands]
        if any(value.known is False for value in values):
            return NOTHING
        first = values[0]
        if node.name == "size":
            return self._size(first)
        if node.name in ("matches", "startsWith", "endsWith", "contains"):
            return self._between.matching(node.name, first, values[1])
        if isinstance(first, Day):
            return self._of_day(node.name, first, values[1:])
        if isinstance(first, Count) and node.name == first.kind_of:
            return first
        if isinstance(first, Count) and (node.name, first.kind_of) == ("decimal", "int"):
            return Count(first.known, False, as_real(first.number), "decimal")
        if node.name == "string" and isinstance(first, Words):
            return first
        raise Unsupported("")

    def _size(self, value: Value) -> Value:
        if isinstance(value, Listed):
            return Count(value.known, False, counted(there for there, _ in value.places), "int")
        if isinstance(value, Rows):
            return Count(value.known, False, counted(there for there, _, _ in value.rows), "int")
        if isinstance(value, Words | Outcomes):
            words = as_words(value)
            found: Value = Count(True, False, 0, "int")
            for here, part in words.cases:
                found = merged(here, Count(True, False, self._world.texts.size(part), "int"), found)
            return where(found, words.known)
        return NOTHING

    def _of_day(self, name: str, value: Day, arguments: list[Value]) -> Value:
        calendar = self._world.calendar
        if not arguments:
            number = calendar.part(value.day, name)
            if number is None:
                return value if name == "date" else self._unsupported()
            return Count(value.known, False, number, "int")
        moved = {
            "plusDays": calendar.plus_days,
            "plusMonths": calendar.plus_months,
            "lastDay": calendar.last_day,
        }
        by = arguments[0]
        assert isinstance(by, Count)
        if name == "plusYears":
            by = self._between.computed("*", by, known(12))
            assert isinstance(by, Count)
            name = "plusMonths"
        exists, day = moved[name](value.day, by.number)
        return Day(both(value.known, by.known, exists), False, day)

    def _unsupported(self) -> Value:
        raise Unsupported("")

    def _refused(self, _node: t.Node, _env: Env) -> Value:
        raise Unsupported("")


def as_condition(value: Value) -> Condition:
    """The value where true or false is asked for."""
    return value if isinstance(value, Condition) else UNKNOWN


def _quantified(name: str, at: Truth, parts: list[tuple[Truth, Condition]]) -> Condition:
    if name == "exists":
        true = any_of(both(there, part.true) for there, part in parts)
        false = all_of(implied(there, part.false) for there, part in parts)
    else:
        true = all_of(implied(there, part.true) for there, part in parts)
        false = any_of(both(there, part.false) for there, part in parts)
    return condition(both(at, true), both(at, false))


_STEPS: dict[type[t.Node], Callable[..., Value]] = {
    t.Literal: Conditions._literal,
    t.Constant: Conditions._constant,
    t.Name: Conditions._name,
    t.Select: Conditions._select,
    t.Has: Conditions._has,
    t.Index: Conditions._index,
    t.ListOf: Conditions._list,
    t.MapOf: Conditions._refused,
    t.Refused: Conditions._refused,
    t.Unary: Conditions._unary,
    t.Binary: Conditions._binary,
    t.Every: Conditions._every,
    t.Some: Conditions._some,
    t.Choice: Conditions._choice,
    t.Use: Conditions._use,
    t.Macro: Conditions._macro,
    t.Call: Conditions._call,
}
