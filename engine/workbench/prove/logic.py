"""Formulas over truths and numbers, simplified as they are built; z3 searches for values that make one true.

z3 is imported where it is first needed: the rest of the workbench does without it. No object of its own leaves this module
but as a `Term`, which only this module takes apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import cache
from importlib import import_module
from itertools import count
from typing import Any, Protocol


class Term(Protocol):
    """A part of a formula whose value the solver finds."""

    def get_id(self) -> int:
        """A number that the same term has again."""

    def arg(self, number: int) -> Term:
        """One of the terms that it is made of, from 0."""


Truth = bool | Term
Number = int | Fraction | Term
"""Whole numbers are int or an integer term; exact amounts are Fraction or a real term."""

_numbers = count()


@cache
def _z3() -> Any:
    return import_module("z3")


def a_truth(name: str) -> Term:
    """A truth of its own, for the solver to choose."""
    made: Term = _z3().Bool(f"{name}#{next(_numbers)}")
    return made


def an_integer(name: str) -> Term:
    """A whole number of its own."""
    made: Term = _z3().Int(f"{name}#{next(_numbers)}")
    return made


def a_real(name: str) -> Term:
    """An exact number of its own."""
    made: Term = _z3().Real(f"{name}#{next(_numbers)}")
    return made


def both(*parts: Truth) -> Truth:
    """Whether all are true."""
    return all_of(parts)


def either(*parts: Truth) -> Truth:
    """Whether one is true."""
    return any_of(parts)


def all_of(parts: Iterable[Truth]) -> Truth:
    """Whether all are true."""
    left: dict[int, Term] = {}
    for part in parts:
        if part is False:
            return False
        if not isinstance(part, bool):
            left[part.get_id()] = part
    if not left:
        return True
    terms = list(left.values())
    made: Term = terms[0] if len(terms) == 1 else _z3().And(terms)
    return made


def any_of(parts: Iterable[Truth]) -> Truth:
    """Whether one is true."""
    left: dict[int, Term] = {}
    for part in parts:
        if part is True:
            return True
        if not isinstance(part, bool):
            left[part.get_id()] = part
    if not left:
        return False
    terms = list(left.values())
    made: Term = terms[0] if len(terms) == 1 else _z3().Or(terms)
    return made


def negated(part: Truth) -> Truth:
    """Whether it is false."""
    if isinstance(part, bool):
        return not part
    z3 = _z3()
    made: Term = z3.Not(part)
    # A formula that is turned twice is the one that it was.
    return part.arg(0) if z3.is_not(part) else made


def implied(if_: Truth, then: Truth) -> Truth:
    """Whether `then` is true wherever `if_` is."""
    return either(negated(if_), then)


def alike(one: Truth, other: Truth) -> Truth:
    """Whether both are true, or both false."""
    if isinstance(one, bool):
        return other if one else negated(other)
    if isinstance(other, bool):
        return one if other else negated(one)
    made: Term = _z3().Xor(one, negated(other))
    return made


def equal(one: Number, other: Number) -> Truth:
    """Whether two numbers are the same."""
    if _concrete(one) and _concrete(other):
        return one == other
    made: Term = _lifted(one) == _lifted(other)
    return made


def less(one: Number, other: Number) -> Truth:
    """Whether the first is smaller."""
    if _concrete(one) and _concrete(other):
        return bool(_lifted_value(one) < _lifted_value(other))
    made: Term = _lifted(one) < _lifted(other)
    return made


def at_most(one: Number, other: Number) -> Truth:
    """Whether the first is not larger."""
    return negated(less(other, one))


def within(number: Number, first: int, last: int) -> Truth:
    """Whether a whole number lies between two, both included."""
    return both(at_most(first, number), at_most(number, last))


def plus(one: Number, other: Number) -> Number:
    """The sum."""
    if _concrete(one) and _concrete(other):
        folded: Number = _lifted_value(one) + _lifted_value(other)
        return folded
    made: Number = _lifted(one) + _lifted(other)
    return made


def minus(one: Number, other: Number) -> Number:
    """The difference."""
    if _concrete(one) and _concrete(other):
        folded: Number = _lifted_value(one) - _lifted_value(other)
        return folded
    made: Number = _lifted(one) - _lifted(other)
    return made


def times(one: Number, other: Number) -> Number:
    """The product."""
    if _concrete(one) and _concrete(other):
        folded: Number = _lifted_value(one) * _lifted_value(other)
        return folded
    made: Number = _lifted(one) * _lifted(other)
    return made


def quotient(number: Number, by: int) -> Number:
    """The whole quotient by a positive number, rounded down."""
    if isinstance(number, int):
        return number // by
    made: Number = _lifted(number) / by
    return made


def remainder(number: Number, by: int) -> Number:
    """What the quotient leaves, from 0 up."""
    if isinstance(number, int):
        return number % by
    made: Number = _lifted(number) % by
    return made


def as_real(number: Number) -> Number:
    """A whole number as an exact one."""
    if isinstance(number, int):
        return Fraction(number)
    made: Number = number if isinstance(number, Fraction) else _z3().ToReal(number)
    return made


def chosen(test: Truth, then: Number, otherwise: Number) -> Number:
    """One of two numbers."""
    if isinstance(test, bool):
        return then if test else otherwise
    made: Number = _z3().If(test, _lifted(then), _lifted(otherwise))
    return made


def counted(parts: Iterable[Truth]) -> Number:
    """How many are true."""
    total: Number = 0
    for part in parts:
        total = plus(total, chosen(part, 1, 0))
    return total


def _concrete(number: Number) -> bool:
    return isinstance(number, int | Fraction)


def _lifted_value(number: Number) -> Any:
    return number


def _lifted(number: Number) -> Any:
    if isinstance(number, int):
        return _z3().IntVal(number)
    return _z3().RealVal(str(number)) if isinstance(number, Fraction) else number


class TookTooLong(Exception):
    """The solver gave no answer within its time."""


class Model:
    """Values that make a formula true."""

    def __init__(self, model: Any) -> None:
        self._model = model

    def truth(self, part: Truth) -> bool:
        """Whether the formula is true of these values."""
        if isinstance(part, bool):
            return part
        return bool(_z3().is_true(self._model.eval(part, model_completion=True)))

    def other_than(self, term: Term) -> Term:
        """Whether the term has another value than here."""
        made: Term = term != self._model.eval(term, model_completion=True)
        return made

    def integer(self, number: Number) -> int:
        """The value of a whole number."""
        if isinstance(number, int):
            return number
        return int(self._model.eval(number, model_completion=True).as_long())

    def fraction(self, number: Number) -> Fraction:
        """The value of an exact number."""
        if isinstance(number, int | Fraction):
            return Fraction(number)
        value = self._model.eval(number, model_completion=True)
        if not hasattr(value, "numerator_as_long"):
            value = value.approx(30)
        return Fraction(value.numerator_as_long(), value.denominator_as_long())


def unlike(model: Model, terms: Iterable[Truth | Number]) -> Truth:
    """Whether one of the terms has another value than in the model."""
    return any_of(model.other_than(term) for term in terms if not isinstance(term, bool | int | Fraction))


class Search:
    """One solver: what always holds is given once, then it is asked whether something else can hold with it."""

    def __init__(self, always: Iterable[Truth], seconds: float) -> None:
        self._always = [part for part in always if part is not True]
        self._solver = _z3().Solver()
        self._solver.set("timeout", max(1, int(seconds * 1000)))
        for part in self._always:
            self._solver.add(part)

    def model(self, wanted: Truth, besides: Iterable[Truth] = ()) -> Model | None:
        """Values for which it holds; None where there are none. Raises TookTooLong."""
        z3 = _z3()
        if wanted is False:
            return None
        # Under a flag, and not taken back: so the solver keeps what it has learned for the next question.
        flag = z3.FreshBool()
        for part in (wanted, *besides):
            self._solver.add(z3.Implies(flag, part))
        answer = self._solver.check(flag)
        if answer == z3.sat:
            return Model(self._solver.model())
        if answer == z3.unsat:
            return None
        raise TookTooLong


def installed() -> bool:
    """Whether the solver is there."""
    try:
        _z3()
    except ImportError:
        return False
    return True
