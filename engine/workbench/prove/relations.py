"""Operators between two values, as formulas: equality, order, arithmetic, `in`."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from engine.expression.bounds import INT_MAX, INT_MIN
from engine.workbench.prove.days import Calendar
from engine.workbench.prove.logic import (
    Number,
    Truth,
    alike,
    all_of,
    any_of,
    both,
    chosen,
    either,
    equal,
    implied,
    less,
    minus,
    negated,
    plus,
    quotient,
    times,
    within,
)
from engine.workbench.prove.texts import Asked, Texts
from engine.workbench.prove.values import (
    NOTHING,
    Amount,
    Condition,
    Count,
    Day,
    Listed,
    Outcomes,
    Rows,
    Unsupported,
    Value,
    Words,
    as_words,
    condition,
    known,
)

UNKNOWN = Condition(False, False, False)


class Relations:
    """Operators over the texts and days of one search."""

    def __init__(self, texts: Texts, calendar: Calendar) -> None:
        self.texts = texts
        self.calendar = calendar

    def compared(self, operator: str, left: Value, right: Value) -> Condition:
        """`==`, `!=`, `<`, `<=`, `>` or `>=`."""
        if isinstance(left, Outcomes) or isinstance(right, Outcomes):
            return _agreed(left, right, lambda one, other: self.compared(operator, one, other))
        match operator:
            case "==":
                return self.same(left, right)
            case "!=":
                return opposite(self.same(left, right))
            case "<":
                return self._less(left, right)
            case ">":
                return self._less(right, left)
            case "<=":
                return opposite(self._less(right, left))
        return opposite(self._less(left, right))

    def same(self, left: Value, right: Value) -> Condition:
        """Whether two values are equal; what is none equals none, and no value."""
        at = both(left.known, right.known)
        same, certain = self._same(left, right)
        none = both(left.none, right.none)
        one_none = either(both(left.none, right.known), both(left.known, right.none))
        return condition(
            either(both(at, certain, same), none), either(both(at, certain, negated(same)), one_none)
        )

    def _same(self, left: Value, right: Value) -> tuple[Truth, Truth]:
        """Whether two known values are equal, and whether that can be said at all."""
        if left.known is False or right.known is False:
            return False, True
        match left, right:
            case Condition(), Condition():
                return alike(left.true, right.true), True
            case Count(), Count() if left.kind_of == right.kind_of:
                return equal(left.number, right.number), True
            case Amount(), Amount():
                return equal(left.number, right.number), self._same_words(left.currency, right.currency)
            case Day(), Day():
                return equal(left.day.key, right.day.key), True
            case ((Words() | Outcomes()), (Words() | Outcomes())):
                return self._same_words(as_words(left), as_words(right)), True
        raise Unsupported("a comparison of lists or maps")

    def _same_words(self, left: Words, right: Words) -> Truth:
        return any_of(
            both(here, there, self.texts.same(one, other))
            for here, one in left.cases
            for there, other in right.cases
        )

    def _less(self, left: Value, right: Value) -> Condition:
        at = both(left.known, right.known)
        if at is False:
            return UNKNOWN
        match left, right:
            case Condition(), Condition():
                return Condition(at, False, both(at, negated(left.true), right.true))
            case Count(), Count() if left.kind_of == right.kind_of:
                return Condition(at, False, both(at, less(left.number, right.number)))
            case Amount(), Amount():
                at = both(at, self._same_words(left.currency, right.currency))
                return Condition(at, False, both(at, less(left.number, right.number)))
            case Day(), Day():
                return Condition(at, False, both(at, less(left.day.key, right.day.key)))
        raise Unsupported("an order of texts")

    def contained(self, left: Value, right: Value, written_out: bool) -> Condition:
        """`left in right`. In a list that is `written_out` a single element may be unknown."""
        if isinstance(left, Outcomes):
            return _agreed(left, None, lambda one, _: self.contained(one, right, written_out))
        if isinstance(right, Rows):
            met = [both(there, self._key(left, key)) for there, key, _ in right.rows]
            at = both(left.known, right.known)
            return condition(
                both(at, any_of(met)), both(right.known, either(left.none, both(at, negated(any_of(met)))))
            )
        if not isinstance(right, Listed):
            if right.known is False:
                return UNKNOWN
            raise Unsupported("`in` what is no list")
        found = [(there, self.same(left, item)) for there, item in right.places]
        true = both(right.known, any_of(both(there, one.true) for there, one in found))
        false = both(right.known, all_of(implied(there, one.false) for there, one in found))
        if not written_out:
            false = both(false, either(left.known, left.none))
        return condition(true, false)

    def _key(self, left: Value, key: object) -> Truth:
        if isinstance(left, Words) and isinstance(key, str):
            return any_of(both(here, self.texts.same(part, key)) for here, part in left.cases)
        return self.same(left, known(key)).true

    def row(self, rows: Rows, key: Value) -> list[tuple[Truth, object]]:
        """The values of a map for a key, each under its condition."""
        return [(both(there, self._key(key, one)), value) for there, one, value in rows.rows]

    def computed(self, operator: str, left: Value, right: Value) -> Value:
        """The result of `+`, `-`, `*`, `/` or `%`."""
        at = both(left.known, right.known)
        if at is False:
            return NOTHING
        match left, right:
            case Count(kind_of="int"), Count(kind_of="int"):
                number, exists = _whole(operator, left.number, right.number)
                return Count(both(at, exists, within(number, INT_MIN, INT_MAX)), False, number, "int")
            case Count(kind_of="decimal"), Count(kind_of="decimal"):
                return Count(at, False, _sum(operator, left.number, right.number), "decimal")
            case Amount(), Amount() if operator in "+-":
                at = both(at, self._same_words(left.currency, right.currency))
                return Amount(at, False, _sum(operator, left.number, right.number), left.currency)
            case Amount(), Count(kind_of="decimal") if operator == "*":
                return Amount(at, False, times(left.number, right.number), left.currency)
            case Count(kind_of="decimal"), Amount() if operator == "*":
                return Amount(at, False, times(left.number, right.number), right.currency)
            case Day(), Day() if operator == "-":
                days = minus(self.calendar.ordinal(left.day), self.calendar.ordinal(right.day))
                return Count(at, False, days, "int")
            case Listed(), Listed() if operator == "+":
                return Listed(at, False, (*left.places, *right.places), dense=False)
        raise Unsupported(f"`{operator}` between these values")

    def matching(self, name: str, text: Value, argument: Value) -> Condition:
        """`startsWith`, `endsWith`, `contains` or `matches`."""
        if not isinstance(text, Words | Outcomes) or not isinstance(argument, Words | Outcomes):
            return UNKNOWN
        met: list[Truth] = []
        for here, part in as_words(argument).cases:
            if not isinstance(part, str):
                raise Unsupported(f"`{name}` of a text that is a fact")
            asked = Asked(name, part)
            met += [both(here, there, self.texts.ask(one, asked)) for there, one in as_words(text).cases]
        at = both(text.known, argument.known)
        return Condition(at, False, both(at, any_of(met)))


def opposite(value: Condition) -> Condition:
    """`!`."""
    return Condition(value.known, False, value.false)


def _whole(operator: str, left: Number, right: Number) -> tuple[Number, Truth]:
    if operator in "+-*":
        return _sum(operator, left, right), True
    if not isinstance(right, int) or right <= 0:
        raise Unsupported(f"`{operator}` by what is no positive number written out")
    below = negated(less(left, 0))
    cut = chosen(below, quotient(left, right), minus(0, quotient(minus(0, left), right)))
    return (cut if operator == "/" else minus(left, times(cut, right))), True


def _sum(operator: str, left: Number, right: Number) -> Number:
    match operator:
        case "+":
            return plus(left, right)
        case "-":
            return minus(left, right)
        case "*":
            return times(left, right)
    raise Unsupported(f"`{operator}` between decimals")


def _agreed(left: Value, right: Value | None, apply: Callable[[Value, Value], Condition]) -> Condition:
    """What holds of outcomes where it holds of all that are possible."""
    rights = _options(right) if right is not None else [(True, NOTHING)]
    found = [
        (both(here, there), apply(one, other)) for here, one in _options(left) for there, other in rights
    ]
    return condition(
        all_of(implied(where, one.true) for where, one in found),
        all_of(implied(where, one.false) for where, one in found),
    )


def _options(value: Value) -> Iterable[tuple[Truth, Value]]:
    if isinstance(value, Outcomes):
        return [(there, known(name)) for name, there in value.possible]
    return [(True, value)]
