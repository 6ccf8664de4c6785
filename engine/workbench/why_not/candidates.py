"""The values that a fact in the way could have instead: those for which its clause becomes as wanted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from engine.expression import (
    BOOL,
    EnumType,
    ListType,
    Map,
    Money,
    OptionalType,
    RecordType,
    Type,
    evaluate_part,
    to_text,
)
from engine.expression import tree as t
from engine.expression.types import strip
from engine.rulebook.model import Rulebook
from engine.workbench.why_not.changing import at, changed, generic
from engine.workbench.why_not.examples import example
from engine.workbench.why_not.model import Taken
from engine.workbench.why_not.obstacles import Spot
from engine.workbench.why_not.standing import Stand
from engine.workbench.why_not.turning import turning_points

_FEW = 12
"""Words of an enum that are all tried; of a larger one those that the rulebook speaks of, and one more."""


def candidates(stand: Stand, spot: Spot) -> tuple[object, ...]:
    """New values for the fact of a spot, none of them its present one, those nearest to it first."""
    now = at(stand.facts, spot.path)
    if spot.clause is None:
        return _elements(stand.setting.rulebook, spot, now)
    beside = tuple(repr(at(stand.facts, path)) for path in spot.beside)
    key = (to_text(spot.clause), spot.wanted, spot.path, repr(now), beside)
    known = stand.setting.candidates
    if key not in known:
        known[key] = _candidates(stand, spot, spot.clause, now)
    return known[key]


def _candidates(stand: Stand, spot: Spot, clause: t.Node, now: object) -> tuple[object, ...]:
    rulebook = stand.setting.rulebook
    type_ = rulebook.facts.type_of(generic(spot.path))
    if type_ is None:
        return ()
    trial = _Trial(stand, spot, clause)
    found: dict[str, object] = {}
    for value in _tried(rulebook, spot, clause, type_, now, trial):
        if not same(value, now) and trial.turned(value):
            found.setdefault(repr(value), value)
    kind = strip(type_)
    if not found and isinstance(kind, EnumType):
        other = next((word for word in kind.values if not same(word, now) and trial.turned(word)), None)
        if other is not None:
            return (other,)
    if not found and now is Taken.ABSENT:
        # Of several facts that are missing each has to be given before the clause can be known.
        value = example(rulebook.facts, generic(spot.path))
        return () if value is None else (value,)
    return tuple(found.values())


def same(one: object, other: object) -> bool:
    """Whether two values of a fact are the same; the number of zeros at an amount's end does not matter."""
    return type(one) is type(other) and one == other


class _Trial:
    """A clause tried with other values of one fact."""

    def __init__(self, stand: Stand, spot: Spot, clause: t.Node) -> None:
        self._stand, self._spot, self._clause = stand, spot, clause

    def turned(self, value: object) -> bool:
        """Whether the clause is as wanted with the value."""
        facts = changed(self._stand.facts, {self._spot.path: value})
        other = Stand(self._stand.setting, facts)
        env = other.clause_env(self._spot.question, self._clause)
        return evaluate_part(self._clause, env) is self._spot.wanted

    def beside(self) -> Iterator[object]:
        """The known values of the clause's parts, the longest part first."""
        env = self._stand.clause_env(self._spot.question, self._clause)
        for part in t.walk(self._clause):
            if isinstance(part, t.Literal):
                yield part.value
            elif not isinstance(part, t.Constant | t.MapOf):
                value = evaluate_part(part, env)
                if isinstance(value, str | int | Decimal | Money | date):
                    yield value


def _tried(
    rulebook: Rulebook, spot: Spot, clause: t.Node, type_: Type, now: object, trial: _Trial
) -> Iterable[object]:
    kind = strip(type_)
    beside = list(trial.beside())
    shown = example(rulebook.facts, generic(spot.path))
    if isinstance(kind, RecordType):
        yield shown
    elif isinstance(kind, ListType):
        yield from _lists(kind, now, beside, shown)
    elif kind == BOOL:
        yield from (True, False)
    elif isinstance(kind, EnumType):
        yield from _words(rulebook, kind, clause, shown)
    elif isinstance(shown, str):
        yield shown
        yield from _texts(clause, beside)
    else:
        yield from _ordered(now, beside, shown, trial)
    if isinstance(type_, OptionalType):
        yield None


def _ordered(now: object, beside: list[object], shown: object, trial: _Trial) -> Iterable[object]:
    """Values at which the clause turns, looked for from the present one, or from what stands beside it."""
    alike = [value for value in beside if type(value) is type(shown)]
    if now in (None, Taken.ABSENT):
        starts = [shown, *alike]
    elif isinstance(now, Money):
        currencies = dict.fromkeys(value.currency for value in alike if isinstance(value, Money))
        starts = [now, *(Money(now.amount, currency) for currency in currencies if currency != now.currency)]
    else:
        starts = [now]
    for start in starts:
        if trial.turned(start):
            yield start
            return
        yield from turning_points(start, beside, trial.turned)


def _texts(clause: t.Node, beside: list[object]) -> Iterable[object]:
    yield from (value for value in beside if isinstance(value, str))
    for node in t.walk(clause):
        if isinstance(node, t.Constant) and isinstance(node.value, tuple):
            yield from (value for value in node.value if isinstance(value, str))
        elif isinstance(node, t.Constant) and isinstance(node.value, Map):
            yield from (key for key in node.value if isinstance(key, str))


def _words(rulebook: Rulebook, kind: EnumType, clause: t.Node, shown: object) -> Iterable[object]:
    """Every word of a small enum; of a large one those of the clause, of the rulebook's lists, and the example."""
    if len(kind.values) <= _FEW:
        yield from kind.values
        return
    spoken = [node.value for node in t.walk(clause) if isinstance(node, t.Literal)]
    for each in rulebook.lists.values():
        element = strip(each.type)
        if isinstance(element, ListType) and strip(element.element) == kind:
            spoken += each.values
    known = [word for word in dict.fromkeys(spoken) if word in kind.values]
    yield from known
    yield shown


def _lists(kind: ListType, now: object, beside: list[object], shown: object) -> Iterable[object]:
    """The list with what stands beside it added or taken out, or empty, or as an example has it."""
    items = now if isinstance(now, tuple) else ()
    element = strip(kind.element)
    if isinstance(element, RecordType):
        yield ()
        yield shown
        return
    texts = [value for value in beside if isinstance(value, str)]
    words = list(element.values) if isinstance(element, EnumType) and len(element.values) <= _FEW else texts
    yield from ((*items, word) for word in dict.fromkeys(words) if word not in items)
    for number in range(len(items)):
        yield (*items[:number], *items[number + 1 :])
    yield ()


def _elements(rulebook: Rulebook, spot: Spot, now: object) -> tuple[object, ...]:
    if not spot.wanted:
        return (Taken.OUT,)
    type_ = rulebook.facts.type_of(generic(spot.path))
    kind = strip(type_) if type_ is not None else None
    if not isinstance(kind, ListType):
        shown = example(rulebook.facts, generic(spot.path))
        return () if shown is None else (shown,)
    element = example(rulebook.facts, f"{generic(spot.path)}[]")
    # A list that has elements needs them changed; one more of an unknown kind is no change that anybody asks for.
    if isinstance(now, tuple) and now:
        return ()
    return ((element,),) if isinstance(now, tuple) else ((), (element,))
