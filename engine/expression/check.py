"""The checker: gives every part of a tree its type, and finds every mistake that can be found without facts."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, cast

from engine.expression import tree as t
from engine.expression.arithmetic import NEGATABLE, arithmetic
from engine.expression.bounds import INT_MAX, INT_MIN
from engine.expression.calls import folded, overload
from engine.expression.compare import comparison, same_kind
from engine.expression.decimals import as_decimal
from engine.expression.faults import Fault
from engine.expression.guards import beside, given_if_false, given_if_true, without
from engine.expression.names import field_fault, function_fault, name_fault
from engine.expression.scope import Scope
from engine.expression.types import (
    BOOL,
    DECIMAL,
    DYN,
    INT,
    MONEY,
    STRING,
    ListType,
    MapType,
    OptionalType,
    RecordType,
    Type,
    accepts,
    is_dynamic,
    is_text,
    join,
    strip,
)
from engine.expression.unparse import to_text

_MONEY_FIELDS: Final = {"amount": DECIMAL, "currency": STRING}
_ARITHMETIC: Final = frozenset("+-*/%")


class Checker:
    """One pass over one tree. `dynamic` leaves to evaluation what cannot be decided without types.

    In dynamic mode a mistake becomes a part of the tree that evaluates to an error, as CEL has it for
    expressions that were not checked; else it is collected in `faults`.
    """

    def __init__(self, scope: Scope, dynamic: bool = False) -> None:
        self.faults: list[Fault] = []
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
            mend = f"write `has({text}) && ...` before it" if isinstance(typed, t.Select) else "guard it with `has`"
            message = f"`{text}` can be known to be none, and nothing here asks whether it is given"
            self._found(Fault("unguarded-optional", message, mend, typed.start, typed.end))
        return replace(typed, type=typed.type.inner)

    def condition(self, node: t.Node, where: str) -> t.Node:
        """The node, which must be true or false."""
        typed = self.value(node)
        if typed.type == BOOL or is_dynamic(typed.type):
            return typed
        message = f"{where} needs true or false; this is {typed.type}"
        return self._wrong(Fault("wrong-type", message, _mend_condition(typed), typed.start, typed.end), typed)

    def _found(self, fault: Fault) -> None:
        self.faults.append(fault)

    def _wrong(self, fault: Fault, soft: t.Node | None = None) -> t.Node:
        """Notes a mistake. What stands in its place means nothing, or in dynamic mode `soft`."""
        if self._dynamic and soft is not None:
            return replace(soft, type=DYN)
        self._found(fault)
        return t.Refused(fault.code, fault.message, fault.mend, start=fault.start, end=fault.end)

    def _refused(self, node: t.Refused) -> t.Node:
        return self._wrong(Fault(node.code, node.message, node.mend, node.start, node.end))

    def _literal(self, node: t.Literal) -> t.Node:
        if node.type == INT and not INT_MIN <= cast(int, node.value) <= INT_MAX:
            message = f"{node.text} does not fit into 64 bits"
            return self._wrong(Fault("int-range", message, "write a smaller number", node.start, node.end))
        if node.value == "UNDETERMINED" and not self._dynamic:
            mend = "compare with the outcomes that matter: an outcome that is not determined is unknown by itself"
            return self._wrong(
                Fault("undetermined-literal", '"UNDETERMINED" is never a value', mend, node.start, node.end)
            )
        return node

    def _name(self, node: t.Name) -> t.Node:
        scope = self._scope
        if not node.absolute and node.name in self._locals:
            return replace(node, type=self._locals[node.name])
        if node.name in scope.variables:
            return replace(node, type=scope.variables[node.name], absolute=node.name in self._locals)
        if node.name in scope.constants:
            constant = scope.constants[node.name]
            value = constant.value
            texts = isinstance(value, tuple) and all(isinstance(item, str) for item in value)
            members = frozenset(cast(tuple[str, ...], value)) if texts else None
            return t.Constant(node.name, value, members, start=node.start, end=node.end, type=constant.type)
        if node.name in scope.defines:
            return self._use(node, node.name, ())
        return self._wrong(name_fault(node, scope, self._locals), node)

    def _use(self, node: t.Node, name: str, arguments: tuple[t.Node, ...]) -> t.Node:
        define = self._scope.defines[name]
        if len(arguments) != len(define.parameters):
            wanted = ", ".join(parameter for parameter, _ in define.parameters)
            message = f"`{name}` takes {len(define.parameters)} arguments, not {len(arguments)}"
            mend = f"write `{name}({wanted})`" if wanted else f"write `{name}`"
            return self._wrong(Fault("wrong-arguments", message, mend, node.start, node.end))
        given = []
        for argument, (parameter, type_) in zip(arguments, define.parameters, strict=True):
            typed = self.check(argument) if isinstance(type_, OptionalType) else self.value(argument)
            typed = as_decimal(typed) or typed if strip(type_) == DECIMAL else typed
            if not accepts(type_, typed.type):
                message = f"`{parameter}` of `{name}` is {type_}; this is {typed.type}"
                self._found(Fault("wrong-type", message, f"give it {type_}", typed.start, typed.end))
            given.append(typed)
        parameters = tuple(parameter for parameter, _ in define.parameters)
        return t.Use(name, parameters, tuple(given), define.body.root, start=node.start, end=node.end, type=define.body.type)

    def _select(self, node: t.Select) -> t.Node:
        if self._dotted and (whole := self._whole_name(node)):
            return whole
        operand = self.value(node.operand)
        if isinstance(operand, t.Refused):
            return operand
        typed = replace(node, operand=operand)
        type_ = self._field_type(operand.type, node.field)
        if type_ is None:
            return self._wrong(field_fault(typed, self._scope), typed)
        if isinstance(type_, OptionalType) and to_text(typed) in self._guards:
            type_ = type_.inner
        return replace(typed, type=type_)

    def _whole_name(self, node: t.Select) -> t.Node | None:
        """A fact whose own name has dots, where the longest such name is meant."""
        text = to_text(node)
        root = text.removeprefix(".").split(".")[0]
        name = text.removeprefix(".")
        if name not in self._scope.variables or (root in self._locals and not text.startswith(".")):
            return None
        return t.Name(name, True, start=node.start, end=node.end, type=self._scope.variables[name])

    def _field_type(self, type_: Type, field: str) -> Type | None:
        if is_dynamic(type_):
            return DYN
        if isinstance(type_, RecordType):
            return type_.fields.get(field)
        if isinstance(type_, MapType) and (is_text(type_.key) or is_dynamic(type_.key)):
            return type_.value
        return _MONEY_FIELDS.get(field) if type_ == MONEY else None

    def _has(self, node: t.Has) -> t.Node:
        operand = self.check(node.operand)
        if isinstance(operand, t.Refused):
            return operand
        if self._field_type(strip(operand.type), node.field) is None:
            select = t.Select(operand, node.field, start=node.start, end=node.end)
            return self._wrong(field_fault(select, self._scope), replace(node, operand=operand))
        return replace(node, operand=operand, type=BOOL)

    def _index(self, node: t.Index) -> t.Node:
        operand, index = self.value(node.operand), self.value(node.index)
        typed = replace(node, operand=operand, index=index)
        type_ = operand.type
        if is_dynamic(type_):
            return typed
        if isinstance(type_, ListType) and (index.type == INT or is_dynamic(index.type)):
            return replace(typed, type=type_.element)
        if isinstance(type_, MapType) and accepts(type_.key, index.type):
            return replace(typed, type=type_.value)
        if isinstance(type_, MapType) and is_text(type_.key) and is_text(index.type):
            return replace(typed, type=type_.value)
        if isinstance(type_, RecordType):
            mend = f"write `{to_text(operand)}.{index.value}`" if isinstance(index, t.Literal) else "name the field"
            return self._wrong(Fault("wrong-type", "fields are named after a dot", mend, node.start, node.end), typed)
        wanted = "a number from 0" if isinstance(type_, ListType) else f"{type_.key}" if isinstance(type_, MapType) else ""
        message = f"an element of {type_} is found by {wanted}" if wanted else f"{type_} has no elements"
        return self._wrong(
            Fault("wrong-type", message, "use a list or a map", index.start, index.end), typed
        )

    def _list(self, node: t.ListOf) -> t.Node:
        items = tuple(self.check(item) for item in node.items)
        return replace(node, items=items, type=ListType(_joined([item.type for item in items])))

    def _map(self, node: t.MapOf) -> t.Node:
        entries = tuple((self.value(key), self.check(value)) for key, value in node.entries)
        for key, _ in entries:
            if not (is_text(key.type) or is_dynamic(key.type) or key.type in (BOOL, INT)):
                self._found(
                    Fault("wrong-type", f"{key.type} cannot be a key", "use strings, integers or booleans", key.start, key.end)
                )
        keys, values = _joined([key.type for key, _ in entries]), _joined([value.type for _, value in entries])
        return replace(node, entries=entries, type=MapType(keys, values))

    def _unary(self, node: t.Unary) -> t.Node:
        if node.operator == "!":
            return replace(node, operand=self.condition(node.operand, "`!`"), type=BOOL)
        operand = self.value(node.operand)
        typed = replace(node, operand=operand, type=operand.type)
        if operand.type in NEGATABLE or is_dynamic(operand.type):
            return typed
        message = f"`-` has no meaning for {operand.type}"
        return self._wrong(Fault("wrong-type", message, "take it away, or use a number", node.start, node.end), typed)

    def _binary(self, node: t.Binary) -> t.Node:
        left, right = same_kind(self.value(node.left), self.value(node.right))
        if node.operator in _ARITHMETIC:
            left, right = _money_by_number(node.operator, left, right)
        typed = replace(node, left=left, right=right)
        if isinstance(left, t.Refused) or isinstance(right, t.Refused):
            return typed
        if node.operator in _ARITHMETIC:
            result = arithmetic(typed)
            return self._wrong(result, typed) if isinstance(result, Fault) else replace(typed, type=result)
        fault = comparison(typed)
        typed = replace(typed, type=BOOL)
        return typed if fault is None else self._wrong(fault, None if fault.code == "date-against-timestamp" else typed)

    def _every(self, node: t.Every) -> t.Node:
        shown = beside([given_if_true(item, self._scope.defines) for item in node.items])
        return replace(node, items=self._conditions(node.items, shown, "`&&`"), type=BOOL)

    def _some(self, node: t.Some) -> t.Node:
        shown = beside([given_if_false(item, self._scope.defines) for item in node.items])
        return replace(node, items=self._conditions(node.items, shown, "`||`"), type=BOOL)

    def _conditions(
        self, items: tuple[t.Node, ...], shown: list[frozenset[str]], where: str
    ) -> tuple[t.Node, ...]:
        return tuple(
            self._guarded(guards, lambda item=item: self.condition(item, where))
            for item, guards in zip(items, shown, strict=True)
        )

    def _guarded(self, guards: frozenset[str], step: Callable[[], t.Node]) -> t.Node:
        outside, self._guards = self._guards, self._guards | guards
        try:
            return step()
        finally:
            self._guards = outside

    def _choice(self, node: t.Choice) -> t.Node:
        defines = self._scope.defines
        test = self.condition(node.test, "`?`")
        then = self._guarded(given_if_true(node.test, defines), lambda: self.check(node.then))
        otherwise = self._guarded(given_if_false(node.test, defines), lambda: self.check(node.otherwise))
        then, otherwise = same_kind(then, otherwise)
        typed = replace(node, test=test, then=then, otherwise=otherwise)
        type_ = join(then.type, otherwise.type)
        if type_ is not None:
            return replace(typed, type=type_)
        message = f"one branch is {then.type}, the other {otherwise.type}"
        return self._wrong(Fault("wrong-type", message, "give both branches one type", node.start, node.end), typed)

    def _call(self, node: t.Call) -> t.Node:
        if node.target is None and node.name in self._scope.defines:
            return self._use(node, node.name, node.arguments)
        fault = function_fault(node, self._scope)
        if fault is not None:
            for part in t.children(node):
                self.check(part)
            return self._wrong(fault)
        target = None if node.target is None else self.value(node.target)
        arguments = tuple(self.value(argument) for argument in node.arguments)
        typed = replace(node, target=target, arguments=arguments)
        if any(isinstance(part, t.Refused) for part in t.children(typed)):
            return typed
        result = overload(typed)
        if isinstance(result, Fault):
            return self._wrong(result, typed)
        ready = folded(replace(typed, type=result))
        return self._wrong(ready) if isinstance(ready, Fault) else ready

    def _macro(self, node: t.Macro) -> t.Node:
        operand = self.value(node.operand)
        type_ = operand.type
        if isinstance(type_, ListType):
            element = strip(type_.element)
        elif isinstance(type_, MapType):
            element = type_.key
        else:
            element = DYN
            if not is_dynamic(type_):
                message = f"`{node.name}` goes over a list or a map; this is {type_}"
                fault = Fault("wrong-type", message, "use it on a list", operand.start, operand.end)
                operand = self._wrong(fault, operand)
        outside, guards = self._locals, self._guards
        self._locals, self._guards = {**outside, node.variable: element}, without(guards, node.variable)
        try:
            typed = self._body(replace(node, operand=operand))
        finally:
            self._locals, self._guards = outside, guards
        if node.name == "filter":
            return replace(typed, type=ListType(element))
        return replace(typed, type=ListType(typed.body.type) if node.name == "map" else BOOL)

    def _body(self, node: t.Macro) -> t.Macro:
        if node.name != "map":
            return replace(node, body=self.condition(node.body, f"`{node.name}`"))
        if node.condition is None:
            return replace(node, body=self.check(node.body))
        shown = given_if_true(node.condition, self._scope.defines)
        condition = self.condition(node.condition, "`map`")
        body = self._guarded(shown, lambda: self.check(node.body))
        return replace(node, condition=condition, body=body)


def _joined(types: list[Type]) -> Type:
    """The type of all; any, where they have none in common."""
    joined: Type | None = types[0] if types else DYN
    for type_ in types[1:]:
        joined = joined and join(joined, type_)
    return joined or DYN


def _money_by_number(operator: str, left: t.Node, right: t.Node) -> tuple[t.Node, t.Node]:
    """Money times a number written out: the number is a decimal."""
    if operator == "*" and left.type == MONEY:
        return left, as_decimal(right) or right
    if operator == "*" and right.type == MONEY:
        return as_decimal(left) or left, right
    return left, right


def _mend_condition(node: t.Node) -> str:
    type_ = node.type
    if isinstance(type_, ListType):
        return f"write `size({to_text(node)}) > 0`, or `exists`"
    return "compare it with something: `==`, `<`, `in`"


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
