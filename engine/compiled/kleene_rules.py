"""Rules on facts some of which are not known: an entry for each rule that is not false."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import cast

from engine.compiled.fast_facts import ELEMENT
from engine.compiled.kleene import Kleene
from engine.compiled.reader import Reader
from engine.compiled.runtime import LEAVING, Bits, Extra
from engine.compiled.shapes import (
    GATE,
    Doubtful,
    Entry,
    Env,
    Keyed,
    Rules,
    at_element,
    hold_small,
    list_may_be_none,
)
from engine.compiled.source import UNCOMPILABLE, Source, UncompilableError
from engine.compiled.values import Value
from engine.compiled.walks import doubted, doubted_gate
from engine.expression import Expression
from engine.expression.types import ListType, OptionalType, strip
from engine.firing import Counted


def write_kleene(
    source: Source,
    rules: Rules,
    bits: Bits,
    reader: Reader,
    whole: Callable[[Env], Env],
    keyed: Sequence[Keyed] = (),
    gate: Expression | None = None,
) -> None:
    """Writes what adds an entry for each rule that is not false to `out`; a gate that is false ends it."""
    kleene = Kleene(source, bits, reader)
    begin = source.mark()
    if gate is not None:
        walk = source.bind(doubted_gate(gate, whole))
        _tried(source, kleene, f"g = {walk}(env, extra)", lambda: _write_doubtful_gate(source, kleene, gate))
        source.line("if not g: return False")
        source.line(f"if g > 1: out.append(({GATE}, g, '', ()))")
    for number, rule in rules:
        walk = source.bind(doubted(number, rule, whole))
        writing = partial(_write_doubtful, source, kleene, number, rule)
        _tried(source, kleene, f"{walk}(env, out, extra)", writing)
    for group in keyed:
        kleene.begin()
        value = kleene.value(group.path)
        key = source.named(value.text)
        with source.block(f"if {value.unknown}:"):
            source.line(f"{source.bind(group.unknown)}(env, out, extra)")
        with source.block("else:"):
            bucket = source.assigned(f"{source.bind(group.known())}.get({key})")
            source.line(f"if {bucket} is not None: {bucket}.doubt(env, out, extra)")
    source.line("return True")
    body = source.cut(begin)
    for line in kleene.loading:
        source.line(line)
    source.paste(body)


def _tried(source: Source, kleene: Kleene, walk: str, writing: Callable[[], None]) -> None:
    """Writes a condition, and the tree walk for where it has no translation or leaves."""
    mark, depth = source.mark(), source.depth
    try:
        writing()
    except UNCOMPILABLE:
        source.undo(mark, depth)
        source.line(walk)
        return
    lines = source.cut(mark)
    with source.block("try:"):
        source.paste(lines)
    source.line(f"except LEAVING: {walk}")


def kleene_function(
    rules: Rules,
    bits: Bits,
    reader: Reader,
    whole: Callable[[Env], Env],
    keyed: Sequence[Keyed] = (),
    gate: Expression | None = None,
) -> Doubtful:
    """What adds an entry for each rule that is not false, unless the gate is; it never raises."""
    source = Source()
    try:
        with source.block("def doubtful(env, out, extra):"):
            write_kleene(source, rules, bits, reader, whole, keyed, gate)
        quick = cast(Doubtful, source.made("doubtful", {}))
    except UNCOMPILABLE:
        return _walked(rules, whole, keyed, gate)

    def doubtful(env: Env, out: list[Entry], extra: Extra) -> bool:
        mark = len(out)
        try:
            return quick(env, out, extra)
        except LEAVING:
            del out[mark:]
            return _walked(rules, whole, keyed, gate)(env, out, extra)

    return doubtful


def _walked(
    rules: Rules, whole: Callable[[Env], Env], keyed: Sequence[Keyed], gate: Expression | None
) -> Doubtful:
    """The tree walk for all of it, on facts that are not what they should be."""

    def walk(env: Env, out: list[Entry], extra: Extra) -> bool:
        if gate is not None:
            applies = doubted_gate(gate, whole)(env, extra)
            if not applies:
                return False
            if applies > 1:
                out.append((GATE, applies, "", ()))
        for number, rule in rules:
            doubted(number, rule, whole)(env, out, extra)
        for group in keyed:
            group.unknown(env, out, extra)
        return True

    return walk


def _write_doubtful_gate(source: Source, kleene: Kleene, gate: Expression) -> None:
    kleene.begin()
    hold_small(gate)
    source.line(f"g = {kleene.whole(gate.root)}")


def _write_doubtful(source: Source, kleene: Kleene, number: int, rule: Counted) -> None:
    kleene.begin()
    hold_small(rule.rule.when)
    if not rule.rule.each:
        mask = kleene.whole(rule.rule.when.root)
        source.line(f"if {mask}: out.append(({number}, {mask}, '', ()))")
        return
    found = source.assigned("[]", "f")
    bounds = []
    for loop in rule.rule.each:
        items = kleene.value(loop.path.root)
        type_ = strip(loop.path.type)
        if items.place is None or not isinstance(type_, ListType) or isinstance(type_.element, OptionalType):
            raise UncompilableError("a list made of facts")
        if items.unknown != "0":
            source.line(f"if {items.unknown}: raise LEAVE")
        index, element = source.name("i"), source.name(ELEMENT)
        place = items.place.at(index)
        optional = " or ()" if list_may_be_none(loop.path) else ""
        kleene.bound(loop.variable, Value(element, "0", place))
        bounds.append((loop.variable, element, place))
        source.open(f"for {index}, {element} in enumerate({items.text}{optional}):")
    mask = kleene.whole(rule.rule.when.root)
    source.line(f"if {mask}: {found}.append(({number}, {mask}, {at_element(source, bounds)}))")
    source.close(len(rule.rule.each))
    source.line(f"out += {found}")
