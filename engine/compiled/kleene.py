"""Conditions on facts some of which are not known, as Python that computes with Kleene's integers.

See `runtime` for the integers. What is irregular in an evaluation (another currency, an overflow, a missing
key) raises Leave or one of its like, and the condition is left to the tree walk, which gives it its name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

from engine.compiled import known, runtime
from engine.compiled.fast_facts import ELEMENT, may_be_none
from engine.compiled.source import UncompilableError
from engine.compiled.values import KNOWN, Value, Values
from engine.expression import tree as t
from engine.expression.types import ListType, MapType, OptionalType, RecordType, strip


class Kleene(Values):
    """Writes conditions into a function, in Kleene's logic."""

    def whole(self, node: t.Node) -> str:
        """A whole condition, which counts from nothing, as a name."""
        mark = self.source.mark()
        mask = self.source.named(self.condition(node))
        lines = self.source.cut(mark)
        if self.counted:
            self.source.line("n = 0")
        self.source.paste(lines)
        return mask

    def condition(self, node: t.Node) -> str:
        """A condition as an expression for a Kleene integer; what it needs is written before."""
        known.refuse_dynamic(node.type)
        step = _CONDITIONS.get(type(node))
        if step is not None:
            return self.source.short(step(self, node))
        value = self.value(node)
        return value.text if value.unknown == KNOWN else f"({value.unknown} or {value.text})"

    def _compared(self, node: t.Binary) -> str:
        if node.operator in ("==", "!=", "in") and self.is_outcome(node.left):
            return self._of_outcome(node)
        written = node.operator == "in" and isinstance(node.right, t.ListOf)
        left = self.value(node.left)
        right = Value("") if written else self.value(node.right)
        if node.operator == "in":
            self.counted |= self.loops > 0 and not isinstance(node.right, t.ListOf | t.Constant)
            text = known.member(self.source, node, left.text, right.text, self.costly)
            if text is None:
                return self.condition(known.same_items(node))
        else:
            text = known.compared(self.source, node, left.text, right.text, self.costly)
        unknown = self.together(left.unknown, right.unknown)
        return text if unknown == KNOWN else f"({unknown} or {text})"

    def _of_outcome(self, node: t.Binary) -> str:
        assert isinstance(node.left, t.Select)
        if node.operator == "in":
            wanted = known.literals(node.right, node.left.type)
        else:
            wanted = frozenset({node.right.value}) if isinstance(node.right, t.Literal) else None
        if wanted is None:
            raise UncompilableError("an outcome compared with no text")
        left = self.field(node.left)
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
        path = self.fixed(above)
        if path is not None and not may_be_none(node.operand):
            fact = self.load((*path, node.field), kind)
            return f"({fact.unknown} or {fact.text} is not None)"
        operand, result = source.named(above.text), source.name("k")
        given = source.name()
        head = "if"
        if above.unknown != KNOWN:
            source.line(f"if {above.unknown}: {result} = {above.unknown}")
            head = "elif"
        if head == "elif" or may_be_none(node.operand):
            source.line(f"{head} {operand} is None: {result} = 0")
        with source.block("else:" if head == "elif" or may_be_none(node.operand) else "if True:"):
            source.line(f"{given} = {operand}.get({source.bind(node.field)}, ABSENT)")
            absent = self.absent(above.place.below(node.field))
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
        listed = source.named(items.text)
        every = node.name == "all"
        result, number, variable = (
            source.assigned(str(int(every)), "k"),
            source.name("i"),
            source.name(ELEMENT),
        )
        if items.unknown != KNOWN:
            source.line(f"if {items.unknown}: {result} = {items.unknown}")
        with source.block("if True:" if items.unknown == KNOWN else "else:"):
            self.counted |= known.count(source, node.body, listed, self.loops > 0)
            outside = self.locals
            place = items.place and items.place.at(number)
            self.locals = {**self.locals, node.variable: Value(variable, KNOWN, place)}
            self.loops += 1
            with source.block(f"for {number}, {variable} in enumerate({listed}):"):
                inside = source.named(self.condition(node.body))
                with source.block(f"if {inside} != 1:" if every else f"if {inside}:"):
                    stop = f"not {inside}" if every else f"{inside} == 1"
                    source.line(f"if {stop}: {result} = {int(not every)}; break")
                    source.line(f"{result} |= {inside}")
            self.locals = outside
            self.loops -= 1
        return result

    def _used(self, node: t.Use) -> str:
        outside, self.locals = self.locals, self.arguments(node)
        text = self.condition(node.body)
        self.locals = outside
        return text


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
