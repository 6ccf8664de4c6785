"""The rules of a question as functions: a fast one for known facts, one in Kleene's logic, the tree walk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, cast

from engine.compiled.fast import LARGEST, Fast
from engine.compiled.kleene import Kleene, Place, Value
from engine.compiled.reader import Reader
from engine.compiled.runtime import Bits, Bounds, Extra, Leave, as_mask
from engine.compiled.source import Source, UncompilableError
from engine.expression import Bound, Expression, Unknown, evaluate
from engine.expression import tree as t
from engine.expression.types import ListType, OptionalType, strip
from engine.firing import Counted, Firing, put

Env = Mapping[str, object]
Rules = Sequence[tuple[int, Counted]]
"""Rules with their numbers; the strongest outcome has the lowest numbers."""

Entry = tuple[int, int, str, Bounds]
"""A rule's number, a Kleene integer that is not false, its place, and the elements that it stands at."""

Mask = Callable[[Env], int]
Doubtful = Callable[[Env, list[Entry], Extra], None]


class Keyed(Protocol):
    """Rules that begin with an equality on one fact, found by its value."""

    @property
    def path(self) -> t.Node:
        """The fact."""

    def known(self) -> Mapping[object, object]:
        """What to ask for each value: objects with `mask` and `doubt`."""

    def unknown(self, env: Env, out: list[Entry], extra: Extra) -> None:
        """Asks all the rules."""


def write_fast(
    source: Source, rules: Rules, reader: Reader, keyed: Sequence[Keyed], whole: Callable[[Env], Env]
) -> None:
    """Writes what sets the bit of each rule that is true in `m`, and keeps its places in `at`."""
    fast = Fast(source, reader)
    for number, rule in rules:
        fast.begin()
        try:
            _small(rule.rule.when)
            _write_rule(source, fast, number, rule)
        except UncompilableError:
            fast.undo()
            walk = source.bind(_walk(number, rule, whole))
            source.line(f"m, at = {walk}(env, m, at)")
        else:
            fast.finish()
    for group in keyed:
        fast.begin()
        value = source.named(fast.expr(group.path))
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
        _small(gate)
        text = fast.expr(gate.root)
    except UncompilableError:
        fast.undo()
        text = f"{source.bind(_walked_gate(gate, whole))}(env)"
    fast.finish()
    source.line(f"if not {text}: return {otherwise}")


def write_kleene(
    source: Source, rules: Rules, bits: Bits, questions: frozenset[str], keyed: Sequence[Keyed] = ()
) -> None:
    """Writes what adds an entry for each rule that is not false to `out`."""
    kleene = Kleene(source, bits, questions)
    begin = source.mark()
    for number, rule in rules:
        walk = source.bind(_doubted(number, rule))
        mark, depth = source.mark(), source.depth
        try:
            _small(rule.rule.when)
            _write_doubtful(source, kleene, number, rule)
        except UncompilableError:
            source.undo(mark, depth)
            source.line(f"{walk}(env, out, extra)")
        else:
            lines = source.cut(mark)
            with source.block("try:"):
                if kleene.counted:
                    source.line("n = 0")
                source.paste(lines)
            source.line(f"except LEAVING: {walk}(env, out, extra)")
    for group in keyed:
        kleene.begin()
        value = kleene.value(group.path)
        key = source.named(value.text)
        with source.block(f"if {value.unknown}:"):
            source.line(f"{source.bind(group.unknown)}(env, out, extra)")
        with source.block("else:"):
            bucket = source.assigned(f"{source.bind(group.known())}.get({key})")
            source.line(f"if {bucket} is not None: {bucket}.doubt(env, out, extra)")
    body = source.cut(begin)
    for line in kleene.loading:
        source.line(line)
    source.paste(body)


def kleene_function(
    rules: Rules, bits: Bits, questions: frozenset[str], keyed: Sequence[Keyed] = ()
) -> Doubtful:
    """What adds an entry for each rule that is not false; it never raises."""
    source = Source()
    with source.block("def doubtful(env, out, extra):"):
        write_kleene(source, rules, bits, questions, keyed)
    quick = cast(Doubtful, source.made("doubtful", {}))
    slow = [_doubted(number, rule) for number, rule in rules]

    def doubtful(env: Env, out: list[Entry], extra: Extra) -> None:
        mark = len(out)
        try:
            quick(env, out, extra)
        except (KeyError, TypeError, AttributeError, RecursionError):
            del out[mark:]
            for walk in slow:
                walk(env, out, extra)
            for group in keyed:
                group.unknown(env, out, extra)

    return doubtful


def mask_function(rules: Rules, reader: Reader, whole: Callable[[Env], Env]) -> Mask:
    """What gives the bits of the rules that are true, for rules without `each`."""
    source = Source()
    with source.block("def mask(env):"):
        source.line("m = 0; at = None")
        write_fast(source, rules, reader, (), whole)
        source.line("return m")
    return cast(Mask, source.made("mask", {}))


def _small(when: Expression) -> None:
    if t.measure(when.root)[1] > LARGEST:
        raise UncompilableError("a very large condition")


def _write_rule(source: Source, fast: Fast, number: int, rule: Counted) -> None:
    each = rule.rule.each
    if not each:
        source.line(f"if {fast.expr(rule.rule.when.root)}: m |= {1 << number}")
        return
    numbers = [source.name("i") for _ in each]
    bounds: list[tuple[str, str, Place]] = []
    patterns: dict[str, str] = {}
    for loop, index in zip(each, numbers, strict=True):
        patterns[loop.variable] = _pattern(loop.path.root, patterns)
        element = fast.each(loop.variable, loop.path.root, index, _may_be_none(loop.path))
        place = Place(patterns[loop.variable], tuple(numbers[: len(bounds) + 1]))
        bounds.append((loop.variable, element, place))
    with source.block(f"if {fast.expr(rule.rule.when.root)}:"):
        source.line(f"m |= {1 << number}")
        source.line("if at is None: at = []")
        source.line(f"at.append(({number}, 1, {_at(source, bounds)}))")
    source.close(len(each))


def _write_doubtful(source: Source, kleene: Kleene, number: int, rule: Counted) -> None:
    kleene.begin()
    if not rule.rule.each:
        mask = source.named(kleene.condition(rule.rule.when.root))
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
        index, element = source.name("i"), source.name("x")
        place = items.place.at(index)
        optional = " or ()" if _may_be_none(loop.path) else ""
        kleene.bound(loop.variable, Value(element, "0", place))
        bounds.append((loop.variable, element, place))
        source.open(f"for {index}, {element} in enumerate({items.text}{optional}):")
    mask = source.named(kleene.condition(rule.rule.when.root))
    source.line(f"if {mask}: {found}.append(({number}, {mask}, {_at(source, bounds)}))")
    source.close(len(rule.rule.each))
    source.line(f"out += {found}")


def _at(source: Source, bounds: Sequence[tuple[str, str, Place]]) -> str:
    """The place of the innermost element, and what the loop variables stand for."""
    places = [f"{source.bind(place.pattern)} % ({', '.join(place.numbers)},)" for _, _, place in bounds]
    bound = source.bind(Bound)
    pairs = [
        f"({source.bind(variable)}, {bound}({element}, {place}))"
        for (variable, element, _), place in zip(bounds, places, strict=True)
    ]
    return f"{places[-1]}, ({', '.join(pairs)},)"


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


def _may_be_none(path: Expression) -> bool:
    node = path.root
    if isinstance(path.type, OptionalType):
        return True
    kind = strip(node.operand.type) if isinstance(node, t.Select) else None
    fields = getattr(kind, "fields", {})
    return isinstance(node, t.Select) and isinstance(fields.get(node.field), OptionalType)


def _walk(number: int, rule: Counted, whole: Callable[[Env], Env]) -> Callable[..., tuple[int, object]]:
    """The tree walk on known facts."""

    def walk(env: Env, mask: int, at: list[Entry] | None) -> tuple[int, list[Entry] | None]:
        for result in put(rule, whole(env)):
            if not isinstance(result, Firing):
                raise Leave
            mask |= 1 << number
            if rule.rule.each:
                at = at if at is not None else []
                at.append((number, 1, result.place, _bounds(rule, result)))
        return mask, at

    return walk


def _doubted(number: int, rule: Counted) -> Doubtful:
    """The tree walk on any facts."""

    def walk(env: Env, out: list[Entry], extra: Extra) -> None:
        for result in put(rule, env):
            if isinstance(result, Firing):
                out.append((number, 1, result.place, _bounds(rule, result)))
            else:
                out.append((number, as_mask(result.unknown, extra), result.place, ()))

    return walk


def _bounds(rule: Counted, firing: Firing) -> Bounds:
    return tuple((loop.variable, cast(Bound, firing.env[loop.variable])) for loop in rule.rule.each)


def _walked_gate(gate: Expression, whole: Callable[[Env], Env]) -> Callable[[Env], bool]:
    def walk(env: Env) -> bool:
        value = evaluate(gate, whole(env))
        if isinstance(value, Unknown):
            raise Leave
        return value is True

    return walk
