"""Conditions on facts that are all known, as Python: what is missing or has no result raises, and is left.

Whatever comes out without raising is what the tree walk gives. Operands may be taken in another order or
though they are not needed: that can only raise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final, cast

from engine.compiled import known, runtime
from engine.compiled.reader import Inner, Reader
from engine.compiled.source import Source, UncompilableError
from engine.expression import tree as t
from engine.expression.evaluate import evaluate_part
from engine.expression.types import INT, MONEY, ListType, MapType, OptionalType, RecordType, Type, strip
from engine.expression.values import Unknown

LARGEST: Final = 2_000
"""Nodes of one condition, with the definitions it uses; larger ones are left to the tree walk."""

FLAT: Final = 20
"""Conditions in a row that are written as one `if` before a loop."""

ELEMENT: Final = "x"
"""Begins the names of elements of loops."""

Path = tuple[str, ...]


class Fast:
    """Writes conditions into a function; facts that every decision needs are loaded once."""

    def __init__(self, source: Source, reader: Reader) -> None:
        self.source = source
        self._reader = reader
        self._loaded: dict[Path, str] = {}
        self._loading: list[str] = []
        self._locals: Mapping[str, tuple[str, Type]] = {}
        self._certain = True
        self._loops = 0
        self._counted = False

    def begin(self) -> None:
        """Begins a condition, which may turn out to have no translation."""
        self._before = dict(self._loaded), self.source.mark(), self.source.depth
        self._loading, self._locals = [], {}
        self._certain, self._loops, self._counted = True, 0, False

    def undo(self) -> None:
        """Takes away what was written since `begin`."""
        self._loaded, mark, depth = self._before
        self._loading = []
        self.source.undo(mark, depth)

    def finish(self) -> None:
        """Writes the loading of the facts before what was written since `begin`."""
        lines = self.source.cut(self._before[1])
        for line in self._loading:
            self.source.line(line)
        self.source.paste(lines)

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

    def _costly(self, node: t.Node) -> bool:
        return self._loops > 1 or (self._loops == 1 and not self._is_own(node))

    def _is_own(self, node: t.Node) -> bool:
        """Whether a part is a field of the element of a loop: then each is looked at once."""
        operand = node.operand if isinstance(node, t.Select) else None
        own = isinstance(operand, t.Name) and not operand.absolute and operand.name in self._locals
        return own and self._locals[cast(t.Name, operand).name][0].startswith(ELEMENT)

    def _name(self, node: t.Name) -> str:
        if not node.absolute and node.name in self._locals:
            return self._locals[node.name][0]
        return self._root(node.name)

    def _root(self, name: str) -> str:
        path = (name,)
        if path not in self._loaded:
            self._loaded[path] = self.source.name()
            self._loading += self._reader.root(self._loaded[path], name, self.source)
        return self._loaded[path]

    def _select(self, node: t.Select) -> str:
        path = self._path(node)
        if path is not None and path in self._loaded:
            return self._loaded[path]
        if path is not None and self._reader.is_question(path[0]):
            return self._outcome(path)
        mark, operand = self.source.mark(), self.expr(node.operand)
        kind = strip(node.operand.type)
        if kind == MONEY:
            return f"{operand}.{node.field}"
        if isinstance(kind, MapType):
            return f"{operand}[{self.source.bind(node.field)}]"
        if not isinstance(kind, RecordType):
            raise UncompilableError("a field of no record")
        text = self._reader.field(operand, node.field, kind, self.source)
        if path is None or not self._certain or self.source.mark() != mark:
            return text
        self._loaded[path] = self.source.name()
        self._loading.append(f"{self._loaded[path]} = {text}")
        return self._loaded[path]

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
        except UncompilableError:
            source.undo(mark, depth)
            return None
        source.line(f"{name} = {source.bind(inner.outcomes)}[{mask}]")
        self._loaded |= fast._loaded
        return [" " * depth + text for depth, text in source.cut(mark)]

    def _path(self, node: t.Node) -> Path | None:
        """The path of a fact that is reached through records only."""
        steps: list[str] = []
        while isinstance(node, t.Select) and isinstance(strip(node.operand.type), RecordType):
            steps.append(node.field)
            node = node.operand
        if not isinstance(node, t.Name) or (node.name in self._locals and not node.absolute):
            return None
        return (node.name, *reversed(steps))

    def _has(self, node: t.Has) -> str:
        kind = strip(node.operand.type)
        if isinstance(kind, MapType):
            return f"({self.source.bind(node.field)} in {self.expr(node.operand)})"
        if not isinstance(kind, RecordType):
            raise UncompilableError("`has` of no record")
        place = {"start": node.start, "end": node.end}
        if not may_be_none(node.operand):
            fact = t.Select(node.operand, node.field, type=kind.fields[node.field], **place)
            return f"({self.expr(fact)} is not None)"
        operand = self.source.named(self.expr(node.operand))
        self._certain, certain = False, self._certain
        text = self._reader.field(operand, node.field, kind, self.source)
        self._certain = certain
        return f"({operand} is not None and {text} is not None)"

    def _literal(self, node: t.Literal) -> str:
        value = node.value
        return str(value) if value is None or isinstance(value, bool) else self.source.bind(value)

    def _constant(self, node: t.Constant) -> str:
        return known.table(self.source, node.value, node.type)

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


def may_be_none(node: t.Node) -> bool:
    """Whether a record can be known to be none where it is used, whatever guards stand beside it."""
    if isinstance(node, t.Select):
        kind = strip(node.operand.type)
        return not isinstance(kind, RecordType) or isinstance(kind.fields[node.field], OptionalType)
    return not (isinstance(node, t.Name) and isinstance(node.type, RecordType))


_STEPS: Final = cast(
    dict[type[t.Node], Callable[[Fast, t.Node], str]],
    {
        t.Literal: Fast._literal,
        t.Constant: Fast._constant,
        t.Name: Fast._name,
        t.Select: Fast._select,
        t.Has: Fast._has,
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
