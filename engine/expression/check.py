"""The checker: gives every part of a tree its type, and finds the mistakes that need no facts to be found."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from math import isinf
from typing import Final, cast

from engine.expression import tree as t
from engine.expression.arithmetic import NEGATABLE, arithmetic
from engine.expression.bounds import INT_MAX, INT_MIN
from engine.expression.calls import fitting, folded, overload
from engine.expression.compare import comparison, same_kind
from engine.expression.decimals import as_decimal
from engine.expression.faults import Fault
from engine.expression.guards import beside, given_if_false, given_if_true, without
from engine.expression.names import element_type, field_fault, field_type, function_fault, name_fault
from engine.expression.scope import Define, Scope
from engine.expression.types import (
    BOOL,
    DECIMAL,
    DOUBLE,
    DYN,
    INT,
    ListType,
    MapType,
    OptionalType,
    Type,
    is_dynamic,
    is_text,
    join,
    strip,
)
from engine.expression.unparse import to_text

_ARITHMETIC: Final = frozenset("+-*/%")
_HARD: Final = frozenset(
    {"date-against-timestamp", "no-division", "no-types", "no-dyn", "no-uint", "no-bytes"}
)


class Checker:
    """One pass over one tree. `dynamic` leaves to evaluation what cannot be decided without types.

    In dynamic mode a mistake becomes a part of the tree that evaluates to an error, as CEL has it for
    expressions that were not checked; else it is collected in `faults`.
    """

    def __init__(self, scope: Scope, dynamic: bool = False) -> None:
        self.faults: list[Fault] = []
        self.uses_definitions = False
        self._scope = scope
        self._dynamic = dynamic
        self._dotted = any("." in name for name in scope.variables)
        self._locals: Mapping[str, Type] = {}
        self._guards: frozenset[str] = frozenset()

    def check(self, node: t.Node) -> t.Node:
        """The node with its type, which may be optional."""
        return _STEPS[type(node)](self, node)

    def value(self, node: t.Node) -> t.Node:
        """The node with its type; a fact that can be none must be guarded here."""
        typed = self.check(node)
        if not isinstance(typed.type, OptionalType):
            return typed
        if not self._dynamic:
            text = to_text(typed)
            guard = f"has({text})" if isinstance(typed, t.Select) else "has(...)"
            message = f"`{text}` can be known to be none, and nothing here asks whether it is given"
            mend = f"write `{guard} && ...` or `{guard} ? ... : ...`"
            self.faults.append(Fault("unguarded-optional", message, mend, typed.start, typed.end))
        return replace(typed, type=typed.type.inner)

    def condition(self, node: t.Node, where: str) -> t.Node:
        """The node, which must be true or false."""
        typed = self.value(node)
        if typed.type == BOOL or is_dynamic(typed.type):
            return typed
        text = to_text(typed)
        mend = (
            f"write `size({text}) > 0`" if isinstance(typed.type, ListType) else "compare it with something"
        )
        message = f"{where} needs true or false; this is {typed.type}"
        return self._wrong(Fault("wrong-type", message, mend, typed.start, typed.end), typed)

    def _wrong(self, fault: Fault, soft: t.Node | None = None) -> t.Node:
        """Notes a mistake. In dynamic mode `soft` stays in its place, where evaluation can tell more."""
        if self._dynamic and soft is not None and fault.code not in _HARD:
            return replace(soft, type=DYN)
        self.faults.append(fault)
        return t.Refused(fault.code, fault.message, fault.mend, start=fault.start, end=fault.end)

    @contextmanager
    def _within(self, guards: frozenset[str], local: Mapping[str, Type] | None = None) -> Iterator[None]:
        """Where these guards hold besides those around, or with other loop variables."""
        outside = self._guards, self._locals
        self._guards |= guards
        if local is not None:
            self._guards = without(self._guards, local)
            self._locals = {**self._locals, **local}
        try:
            yield
        finally:
            self._guards, self._locals = outside

    def _defines(self) -> Mapping[str, Define]:
        """The definitions that no loop variable hides."""
        defines = self._scope.defines
        return (
            {name: defines[name] for name in defines if name not in self._locals} if self._locals else defines
        )

    def _refused(self, node: t.Refused) -> t.Node:
        return self._wrong(Fault(node.code, node.message, node.mend, node.start, node.end))

    def _literal(self, node: t.Literal) -> t.Node:
        mend = f'write a smaller number, or `decimal("{node.text}")`'
        if node.type == INT and not INT_MIN <= cast(int, node.value) <= INT_MAX:
            message = f"{node.text} does not fit into 64 bits"
            return self._wrong(Fault("int-range", message, mend, node.start, node.end))
        if node.type == DOUBLE and isinf(cast(float, node.value)):
            message = f"{node.text} is more than a double can hold"
            return self._wrong(Fault("double-range", message, mend, node.start, node.end))
        if node.value == "UNDETERMINED" and not self._dynamic:
            message = '"UNDETERMINED" is never a value'
            mend = "compare with the outcomes that matter: one that is not determined is unknown by itself"
            return self._wrong(Fault("undetermined-literal", message, mend, node.start, node.end))
        return node

    def _name(self, node: t.Name) -> t.Node:
        scope, name = self._scope, node.name
        if not node.absolute and name in self._locals:
            return replace(node, type=self._locals[name])
        if name in scope.variables:
            return replace(node, type=scope.variables[name], absolute=name in self._locals)
        if name in scope.constants:
            constant = scope.constants[name]
            return t.Constant(
                name, constant.value, constant.members, start=node.start, end=node.end, type=constant.type
            )
        if name in scope.defines:
            return self._use(node, name, ())
        return self._wrong(name_fault(node, scope, self._locals), node)

    def _use(self, node: t.Node, name: str, arguments: tuple[t.Node, ...]) -> t.Node:
        self.uses_definitions = True
        define = self._scope.defines[name]
        names = tuple(parameter for parameter, _ in define.parameters)
        if len(arguments) != len(names):
            message = f"`{name}` takes {len(names)} arguments, not {len(arguments)}"
            mend = f"write `{name}({', '.join(names)})`" if names else f"write `{name}`"
            return self._wrong(Fault("wrong-arguments", message, mend, node.start, node.end))
        given = []
        for argument, (parameter, type_) in zip(arguments, define.parameters, strict=True):
            typed = self.check(argument) if isinstance(type_, OptionalType) else self.value(argument)
            fit = fitting(typed, type_)
            if isinstance(fit, Fault):
                self.faults.append(replace(fit, message=f"`{parameter}` of `{name}`: {fit.message}"))
            else:
                given.append(fit)
        body = define.body
        return t.Use(name, names, tuple(given), body.root, start=node.start, end=node.end, type=body.type)

    def _select(self, node: t.Select) -> t.Node:
        if self._dotted and (whole := self._whole_name(node)):
            return whole
        operand = self.value(node.operand)
        if isinstance(operand, t.Refused):
            return operand
        typed = replace(node, operand=operand)
        type_ = field_type(operand.type, node.field)
        if type_ is None:
            return self._wrong(field_fault(typed, self._scope), typed)
        guarded = isinstance(type_, OptionalType) and to_text(typed) in self._guards
        return replace(typed, type=strip(type_) if guarded else type_)

    def _whole_name(self, node: t.Select) -> t.Node | None:
        """A fact whose own name has dots; the longest such name is the one that is meant."""
        text = to_text(node)
        name = text.removeprefix(".")
        hidden = name == text and name.split(".")[0] in self._locals
        if hidden or name not in self._scope.variables:
            return None
        return t.Name(name, True, start=node.start, end=node.end, type=self._scope.variables[name])

    def _has(self, node: t.Has) -> t.Node:
        operand = self.check(node.operand)
        if isinstance(operand, t.Refused):
            return operand
        typed = replace(node, operand=operand)
        if field_type(operand.type, node.field) is None:
            return self._wrong(field_fault(typed, self._scope), typed)
        return replace(typed, type=BOOL)

    def _index(self, node: t.Index) -> t.Node:
        typed = replace(node, operand=self.value(node.operand), index=self.value(node.index))
        type_ = element_type(typed)
        return self._wrong(type_, typed) if isinstance(type_, Fault) else replace(typed, type=type_)

    def _list(self, node: t.ListOf) -> t.Node:
        items = tuple(self.check(item) for item in node.items)
        if any(item.type == DECIMAL for item in items):
            items = tuple(as_decimal(item) or item for item in items)
        return replace(node, items=items, type=ListType(_joined([item.type for item in items])))

    def _map(self, node: t.MapOf) -> t.Node:
        entries = tuple((self.value(key), self.check(value)) for key, value in node.entries)
        for key, _ in entries:
            if (
                not (is_text(key.type) or is_dynamic(key.type) or key.type in (BOOL, INT))
                and not self._dynamic
            ):
                mend = "use strings, integers or booleans"
                self._wrong(Fault("wrong-type", f"{key.type} cannot be a key", mend, key.start, key.end))
        keys, values = ([entry[place].type for entry in entries] for place in (0, 1))
        return replace(node, entries=entries, type=MapType(_joined(keys), _joined(values)))

    def _unary(self, node: t.Unary) -> t.Node:
        if node.operator == "!":
            return replace(node, operand=self.condition(node.operand, "`!`"), type=BOOL)
        operand = self.value(node.operand)
        typed = replace(node, operand=operand, type=operand.type)
        if operand.type in NEGATABLE or is_dynamic(operand.type):
            return typed
        fault = Fault(
            "wrong-type", f"`-` has no meaning for {operand.type}", "use a number", node.start, node.end
        )
        return self._wrong(fault, typed)

    def _binary(self, node: t.Binary) -> t.Node:
        left, right = same_kind(node.operator, self._side(node, node.left), self._side(node, node.right))
        typed = replace(node, left=left, right=right)
        if isinstance(left, t.Refused) or isinstance(right, t.Refused):
            return typed
        if node.operator in _ARITHMETIC:
            result = arithmetic(typed)
            return self._wrong(result, typed) if isinstance(result, Fault) else replace(typed, type=result)
        fault = comparison(typed)
        return self._wrong(fault, typed) if fault else replace(typed, type=BOOL)

    def _side(self, node: t.Binary, side: t.Node) -> t.Node:
        """One side of an operator. Where the scope says so, none may be compared: it equals no value."""
        may_be_none = self._scope.none_compares and (
            node.operator in ("==", "!=") or (node.operator == "in" and side is node.left)
        )
        if not may_be_none:
            return self.value(side)
        typed = self.check(side)
        return replace(typed, type=typed.type.inner) if isinstance(typed.type, OptionalType) else typed

    def _every(self, node: t.Every) -> t.Node:
        defines = self._defines()
        shown = beside([given_if_true(item, defines) for item in node.items])
        return replace(node, items=self._conditions(node.items, shown, "`&&`"), type=BOOL)

    def _some(self, node: t.Some) -> t.Node:
        defines = self._defines()
        shown = beside([given_if_false(item, defines) for item in node.items])
        return replace(node, items=self._conditions(node.items, shown, "`||`"), type=BOOL)

    def _conditions(
        self, items: tuple[t.Node, ...], shown: list[frozenset[str]], where: str
    ) -> tuple[t.Node, ...]:
        typed = []
        for item, guards in zip(items, shown, strict=True):
            with self._within(guards):
                typed.append(self.condition(item, where))
        return tuple(typed)

    def _choice(self, node: t.Choice) -> t.Node:
        test = self.condition(node.test, "`?`")
        with self._within(given_if_true(node.test, self._defines())):
            then = self.check(node.then)
        with self._within(given_if_false(node.test, self._defines())):
            otherwise = self.check(node.otherwise)
        then, otherwise = same_kind("?", then, otherwise)
        typed = replace(node, test=test, then=then, otherwise=otherwise)
        type_ = join(then.type, otherwise.type)
        if type_ is not None:
            return replace(typed, type=type_)
        message = f"one branch is {then.type}, the other {otherwise.type}"
        return self._wrong(Fault("wrong-type", message, "give both one type", node.start, node.end), typed)

    def _call(self, node: t.Call) -> t.Node:
        if node.target is None and node.name in self._scope.defines:
            return self._use(node, node.name, node.arguments)
        fault = function_fault(node, self._scope)
        target = None if node.target is None else self.value(node.target)
        if fault is not None and self._makes_a_variable(node):
            return self._wrong(fault)
        arguments = tuple(self.value(argument) for argument in node.arguments)
        if fault is not None:
            return self._wrong(fault)
        typed = replace(node, target=target, arguments=arguments)
        if any(isinstance(part, t.Refused) for part in t.children(typed)):
            return typed
        result = overload(typed)
        if isinstance(result, Fault):
            return self._wrong(result, typed)
        ready = folded(replace(typed, type=result))
        return self._wrong(ready) if isinstance(ready, Fault) else ready

    def _makes_a_variable(self, node: t.Call) -> bool:
        """Whether it reads as `all` or `exists` misspelled: its variable is then no fact that is missing."""
        first = node.arguments[0] if node.target is not None and len(node.arguments) > 1 else None
        return isinstance(first, t.Name) and first.name not in {*self._locals, *self._scope.names()}

    def _macro(self, node: t.Macro) -> t.Node:
        operand = self.value(node.operand)
        type_, element = operand.type, DYN
        if isinstance(type_, ListType):
            element = strip(type_.element)
        elif isinstance(type_, MapType):
            element = type_.key
        elif not is_dynamic(type_):
            message = f"`{node.name}` goes over a list or a map; this is {type_}"
            fault = Fault("wrong-type", message, "use it on a list", operand.start, operand.end)
            operand = self._wrong(fault, operand)
        with self._within(frozenset(), {node.variable: element}):
            typed = self._body(replace(node, operand=operand))
        if node.name == "filter":
            return replace(typed, type=ListType(element))
        return replace(typed, type=ListType(typed.body.type) if node.name == "map" else BOOL)

    def _body(self, node: t.Macro) -> t.Macro:
        if node.name != "map":
            return replace(node, body=self.condition(node.body, f"`{node.name}`"))
        if node.condition is None:
            return replace(node, body=self.check(node.body))
        condition = self.condition(node.condition, "`map`")
        with self._within(given_if_true(node.condition, self._defines())):
            return replace(node, condition=condition, body=self.check(node.body))


def _joined(types: list[Type]) -> Type:
    """The type of all; any, where they have none in common."""
    joined: Type | None = types[0] if types else DYN
    for type_ in types[1:]:
        joined = joined and join(joined, type_)
    return joined or DYN


_STEPS: Final = cast(
    dict[type[t.Node], Callable[[Checker, t.Node], t.Node]],
    {
        t.Literal: Checker._literal,
        t.Name: Checker._name,
        t.Refused: Checker._refused,
        t.Select: Checker._select,
        t.Has: Checker._has,
        t.Index: Checker._index,
        t.ListOf: Checker._list,
        t.MapOf: Checker._map,
        t.Unary: Checker._unary,
        t.Binary: Checker._binary,
        t.Every: Checker._every,
        t.Some: Checker._some,
        t.Choice: Checker._choice,
        t.Call: Checker._call,
        t.Macro: Checker._macro,
    },
)
