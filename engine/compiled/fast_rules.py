"""Rules on facts that are all known: one bit for each rule that is true."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from engine.compiled.fast import Fast
from engine.compiled.reader import Reader
from engine.compiled.runtime import Leave
from engine.compiled.shapes import Env, Keyed, Mask, Rules, at_element, hold_small, list_may_be_none
from engine.compiled.source import UNCOMPILABLE, Source, UncompilableError
from engine.compiled.values import Place
from engine.compiled.walks import walked, walked_gate
from engine.expression import Expression
from engine.expression import tree as t
from engine.firing import Counted


def write_fast(
    source: Source, rules: Rules, reader: Reader, keyed: Sequence[Keyed], whole: Callable[[Env], Env]
) -> None:
    """Writes what sets the bit of each rule that is true in `m`, and keeps its places in `at`."""
    fast = Fast(source, reader)
    fast.expect(rule.rule.when.root for _, rule in rules)
    for number, rule in rules:
        fast.begin()
        try:
            hold_small(rule.rule.when)
            _write_rule(source, fast, number, rule)
        except UNCOMPILABLE:
            fast.undo()
            walk = source.bind(walked(number, rule, whole))
            source.line(f"m, at = {walk}(env, m, at)")
        else:
            fast.finish()
    for group in keyed:
        fast.begin()
        try:
            value = source.named(fast.expr(group.path))
        except UNCOMPILABLE:
            fast.undo()
            source.line("raise LEAVE")
            return
        fast.finish()
        bucket = source.assigned(f"{source.bind(group.known())}.get({value})")
        source.line(f"if {bucket} is not None: m |= {bucket}.mask(env)")


def write_gate(
    source: Source, gate: Expression, reader: Reader, whole: Callable[[Env], Env], otherwise: str
) -> None:
    """Writes what gives the answer at once where the gate is false."""
    fast = Fast(source, reader)
    fast.begin()
    try:
        hold_small(gate)
        text = fast.condition(gate.root)
    except UNCOMPILABLE:
        fast.undo()
        text = f"{source.bind(walked_gate(gate, whole))}(env)"
    fast.finish()
    source.line(f"if not {text}: return {otherwise}")


def mask_function(rules: Rules, reader: Reader, whole: Callable[[Env], Env]) -> Mask:
    """What gives the bits of the rules that are true, for rules without `each`."""
    source = Source()
    with source.block("def mask(env):"):
        source.line("m = 0; at = None")
        write_fast(source, rules, reader, (), whole)
        source.line("return m")
    try:
        return cast(Mask, source.made("mask", {}))
    except UNCOMPILABLE:
        return _leave


def _leave(_env: Env) -> int:
    raise Leave


def _write_rule(source: Source, fast: Fast, number: int, rule: Counted) -> None:
    each = rule.rule.each
    if not each:
        fast.where(rule.rule.when.root, f"m |= {1 << number}")
        return
    numbers = [source.name("i") for _ in each]
    bounds: list[tuple[str, str, Place]] = []
    patterns: dict[str, str] = {}
    for loop, index in zip(each, numbers, strict=True):
        patterns[loop.variable] = _pattern(loop.path.root, patterns)
        element = fast.each(loop.variable, loop.path.root, index, list_may_be_none(loop.path))
        place = Place(patterns[loop.variable], tuple(numbers[: len(bounds) + 1]))
        bounds.append((loop.variable, element, place))
    with source.block(f"if {fast.condition(rule.rule.when.root)}:"):
        source.line(f"m |= {1 << number}")
        source.line("if at is None: at = []")
        source.line(f"at.append(({number}, 1, {at_element(source, bounds)}))")
    source.close(len(each))


def _pattern(node: t.Node, outer: Mapping[str, str]) -> str:
    """The path of the elements of a list, with `%d` for each number."""
    steps: list[str] = []
    while isinstance(node, t.Select):
        steps.append(node.field)
        node = node.operand
    if not isinstance(node, t.Name):
        raise UncompilableError("a list made of facts")
    root = node.name if node.absolute else outer.get(node.name, node.name)
    return ".".join([root, *reversed(steps)]) + "[%d]"
