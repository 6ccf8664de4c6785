"""Conditions on facts that are all known, as Python: what is missing or has no result raises, and is left.

Whatever comes out without raising is what the tree walk gives. Operands may be taken in another order or
though they are not needed: that can only raise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, cast

from engine.compiled import known, runtime
from engine.compiled.fast_facts import ELEMENT, FastFacts, Path
from engine.compiled.reader import Inner
from engine.compiled.source import UNCOMPILABLE, UncompilableError
from engine.expression import tree as t
from engine.expression.evaluate import evaluate_part
from engine.expression.types import INT, ListType, MapType, strip
from engine.expression.values import Unknown

LARGEST: Final = 2_000
"""Nodes of one condition, with the definitions it uses; larger ones are left to the tree walk."""

FLAT: Final = 20
"""Conditions in a row that are written as one `if` before a loop."""


class Fast(FastFacts):
    """Writes conditions into a function; facts that every decision needs are loaded once."""

    def each(self, variable: str, items: t.Node, number: str, optional: bool) -> str:
        """Opens the loop of a rule with `each`, and gives the name of its element."""
        listed = self.expr(items)
        name = self.source.name(ELEMENT)
        element = strip(items.type)
        assert isinstance(element, ListType)
        self._locals = {**self._locals, variable: (name, strip(element.element))}
        self._certain, self._loops = False, self._loops + 1
        elements = self._reader.elements(f"({listed} or ())" if optional else listed, element.element)
        self.source.open(f"for {number}, {name} in enumerate({elements}):")
        return name

    def condition(self, node: t.Node) -> str:
        """A condition as an expression; what it needs is written before, and counts from nothing."""
        mark = self.source.mark()
        text = self.expr(node)
        self._count_from_nothing(mark)
        return text

    def where(self, node: t.Node, effect: str) -> None:
        """Writes what happens where a condition is true, which counts from nothing."""
        mark = self.source.mark()
        self._where(node, effect)
        self._count_from_nothing(mark)

    def _count_from_nothing(self, mark: int) -> None:
        if self._counted:
            lines = self.source.cut(mark)
            self.source.line("n = 0")
            self.source.paste(lines)

    def _where(self, node: t.Node, effect: str) -> None:
        items = node.items if isinstance(node, t.Every) else (node,)
        *first, last = items
        if len(items) > FLAT or not isinstance(last, t.Macro) or last.name not in ("all", "exists"):
            self.source.line(f"if {self.expr(node)}: {effect}")
            return
        known.refuse_dynamic(*(item.type for item in items))
        certain, depth = self._certain, self.source.depth
        if first:
            self.source.open(f"if {self._joined(first, 'and', '')}:")
            self._certain = False
        with self._loop(last):
            self.source.line(f"if {'not ' if last.name == 'all' else ''}{self.expr(last.body)}:")
            self.source.line(" break" if last.name == "all" else f" {effect}; break")
        if last.name == "all":
            self.source.line(f"else: {effect}")
        self._certain, self.source.depth = certain, depth

    def expr(self, node: t.Node) -> str:
        """The value of a part as an expression; what it needs is written before."""
        step = _STEPS.get(type(node))
        if step is None:
            raise UncompilableError(type(node).__name__)
        return self.source.short(step(self, node))

    def _outcome(self, path: Path) -> str:
        inner = self._reader.inner(path[0])
        lines = None if inner is None else self._inlined(inner, name := self.source.name())
        if lines is None:
            name = self.source.name()
            lines = self._reader.outcome(name, path[0], self.source)
        self._loading += lines
        self._loaded[path] = name
        return name

    def _inlined(self, inner: Inner, name: str) -> list[str] | None:
        """The rules of another question, written in here: it shares the facts that are loaded."""
        source, mask = self.source, self.source.name("m")
        mark, depth = source.mark(), source.depth
        fast = Fast(source, self._reader)
        fast._loaded = dict(self._loaded)
        source.line(f"{mask} = 0")
        try:
            for number, condition in enumerate(inner.conditions):
                fast.begin()
                fast.where(condition, f"{mask} |= {1 << number}")
                fast.finish()
        except UNCOMPILABLE:
            source.undo(mark, depth)
            return None
        source.line(f"{name} = {source.bind(inner.outcomes)}[{mask}]")
        self._loaded |= fast._loaded
        return [" " * depth + text for depth, text in source.cut(mark)]

    def _index(self, node: t.Index) -> str:
        operand, index = self.expr(node.operand), self.expr(node.index)
        if isinstance(strip(node.operand.type), MapType):
            return f"{operand}[{index}]"
        if node.index.type != INT or not isinstance(strip(node.operand.type), ListType):
            raise UncompilableError("an index that is no whole number")
        return f"{self.source.bind(runtime.element)}({operand}, {index})"

    def _list(self, node: t.ListOf) -> str:
        known.refuse_dynamic(*(item.type for item in node.items))
        return f"({''.join(f'{self.expr(item)}, ' for item in node.items)})"

    def _unary(self, node: t.Unary) -> str:
        known.refuse_dynamic(node.operand.type)
        operand = self.expr(node.operand)
        return f"(not {operand})" if node.operator == "!" else known.negated(self.source, operand)

    def _binary(self, node: t.Binary) -> str:
        if node.operator != "in":
            left, right = self.expr(node.left), self.expr(node.right)
            return known.compared(self.source, node, left, right, self._costly)
        item = self.expr(node.left)
        container = None if isinstance(node.right, t.ListOf) else self.expr(node.right)
        self._counted |= self._loops > 0 and not isinstance(node.right, t.ListOf | t.Constant)
        text = known.member(self.source, node, item, container, self._costly)
        return self.expr(known.same_items(node)) if text is None else text

    def _every(self, node: t.Every) -> str:
        return self._joined(node.items, "and", "")

    def _some(self, node: t.Some) -> str:
        return self._joined(node.items, "or", "not ")

    def _joined(self, items: Sequence[t.Node], word: str, going_on: str) -> str:
        """Conditions one after the other, each taken only where those before it leave it open."""
        known.refuse_dynamic(*(item.type for item in items))
        source, certain = self.source, self._certain
        result, parts = "", list[str]()
        for item in items:
            mark = source.mark()
            text = self.expr(item)
            lines = source.cut(mark)
            if lines and (parts or result):
                if not result:
                    result = source.assigned(f" {word} ".join(parts))
                elif parts:
                    source.line(f"{result} = {f' {word} '.join([result, *parts])}")
                parts = []
                with source.block(f"if {going_on}{result}:"):
                    source.paste(lines)
                    source.line(f"{result} = {text}")
            else:
                source.paste(lines)
                parts.append(text)
            self._certain = False
        self._certain = certain
        return f"({f' {word} '.join([result, *parts] if result else parts)})"

    def _choice(self, node: t.Choice) -> str:
        known.refuse_dynamic(node.test.type, node.type)
        source, certain = self.source, self._certain
        test = self.expr(node.test)
        self._certain = False
        mark = source.mark()
        then = self.expr(node.then)
        lines = source.cut(mark)
        otherwise = self.expr(node.otherwise)
        others = source.cut(mark)
        self._certain = certain
        if not lines and not others:
            return f"({then} if {test} else {otherwise})"
        result = source.name("t")
        with source.block(f"if {test}:"):
            source.paste(lines)
            source.line(f"{result} = {then}")
        with source.block("else:"):
            source.paste(others)
            source.line(f"{result} = {otherwise}")
        return result

    def _use(self, node: t.Use) -> str:
        inside = {}
        for name, argument in zip(node.parameters, node.arguments, strict=True):
            inside[name] = (self.source.named(self.expr(argument)), argument.type)
        outside, self._locals = self._locals, inside
        text = self.expr(node.body)
        self._locals = outside
        return text

    def _call(self, node: t.Call) -> str:
        if all(isinstance(part, t.Literal) for part in t.children(node)):
            value = evaluate_part(node, {})
            if isinstance(value, Unknown):
                raise UncompilableError("a call without a result")
            return self.source.bind(value)
        operands = [self.expr(part) for part in t.children(node)]
        return known.called(self.source, node, operands, self._costly)

    @contextmanager
    def _loop(self, node: t.Macro, before: str = "") -> Iterator[str]:
        """Writes a loop over the elements of a list or map, and gives the name of the element."""
        source, listed = self.source, strip(node.operand.type)
        known.refuse_dynamic(listed, node.body.type)
        items = source.named(self.expr(node.operand))
        part = node.body if node.condition is None else t.ListOf((node.condition, node.body), start=0, end=0)
        self._counted |= known.count(source, part, items, self._loops > 0)
        element = listed.element if isinstance(listed, ListType) else None
        variable, type_ = source.name(ELEMENT), strip(element) if element else cast(MapType, listed).key
        outside = self._locals, self._certain, self._loops
        self._locals = {**self._locals, node.variable: (variable, type_)}
        self._certain, self._loops = False, self._loops + 1
        if before:
            source.line(before)
        with source.block(
            f"for {variable} in {self._reader.elements(items, element) if element else items}:"
        ):
            yield variable
        self._locals, self._certain, self._loops = outside

    def _macro(self, node: t.Macro) -> str:
        result = self.source.name("t")
        with self._loop(node, f"{result} = {_BEGINS[node.name]}") as variable:
            self._in_loop(node, result, variable)
        if node.name == "exists_one":
            return f"({result} == 1)"
        return result if node.name in ("all", "exists") else f"tuple({result})"

    def _in_loop(self, node: t.Macro, result: str, variable: str) -> None:
        source = self.source
        if node.name == "map":
            condition = None if node.condition is None else self.expr(node.condition)
            with source.block(f"if {condition or True}:"):
                source.line(f"{result} += [{self.expr(node.body)}]")
            return
        text = self.expr(node.body)
        with source.block(f"if {'not ' if node.name == 'all' else ''}{text}:"):
            match node.name:
                case "all" | "exists":
                    source.line(f"{result} = {node.name == 'exists'}")
                    source.line("break")
                case "exists_one":
                    source.line(f"{result} += 1")
                case _:
                    source.line(f"{result} += [{variable}]")


_BEGINS: Final = {"all": "True", "exists": "False", "exists_one": "0", "filter": "[]", "map": "[]"}


_STEPS: Final = cast(
    dict[type[t.Node], Callable[[Fast, t.Node], str]],
    {
        t.Literal: FastFacts._literal,
        t.Constant: FastFacts._constant,
        t.Name: FastFacts._name,
        t.Select: FastFacts._select,
        t.Has: FastFacts._has,
        t.Index: Fast._index,
        t.ListOf: Fast._list,
        t.Unary: Fast._unary,
        t.Binary: Fast._binary,
        t.Every: Fast._every,
        t.Some: Fast._some,
        t.Choice: Fast._choice,
        t.Use: Fast._use,
        t.Call: Fast._call,
        t.Macro: Fast._macro,
    },
)
