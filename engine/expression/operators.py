"""What operators do to known values; where there is no result they raise OperationError."""

from collections.abc import Callable
from datetime import date
from decimal import Context, Decimal, DecimalException, Inexact, InvalidOperation, Overflow
from math import copysign, inf, nan
from typing import Final

from engine.expression.bounds import MAX_DIGITS
from engine.expression.kleene import NO_OVERLOAD
from engine.expression.times import duration, timestamp
from engine.expression.values import Duration, Map, Money, OperationError, Timestamp, checked

OTHER_CURRENCY: Final = "other_currency"
_EXACT: Final = Context(prec=MAX_DIGITS, traps=[Inexact, InvalidOperation, Overflow])


def equal(left: object, right: object) -> bool:
    """CEL's equality: values of different kinds are unequal, numbers compare as numbers.

    Records are not compared: a field that is not given would make them equal or not.
    """
    if isinstance(left, str) or isinstance(right, str):
        return left == right
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(map(equal, left, right))
    if isinstance(left, Map) and isinstance(right, Map):
        return len(left) == len(right) and all(key in right and equal(left[key], right[key]) for key in left)
    if isinstance(left, dict) and isinstance(right, dict):
        raise OperationError(NO_OVERLOAD)
    if isinstance(left, Money) and isinstance(right, Money) and left.currency != right.currency:
        raise OperationError(OTHER_CURRENCY)
    if isinstance(left, Decimal) != isinstance(right, Decimal):
        return False
    return left == right


def less(left: object, right: object) -> bool:
    """Whether `left` comes before `right`."""
    match left, right:
        case bool(), bool():
            return left < right
        case (bool(), _) | (_, bool()):
            raise OperationError(NO_OVERLOAD)
        case ((int() | float()), (int() | float())):
            return left < right
        case str(), str():
            return left < right
        case Decimal(), Decimal():
            return left < right
        case date(), date():
            return left < right
        case Timestamp(), Timestamp():
            return left < right
        case Duration(), Duration():
            return left < right
        case Money(), Money():
            if left.currency != right.currency:
                raise OperationError(OTHER_CURRENCY)
            return left.amount < right.amount
    raise OperationError(NO_OVERLOAD)


def at_most(left: object, right: object) -> bool:
    """Whether `left` comes before `right` or is equal to it."""
    return less(left, right) or (equal(left, right))


def add(left: object, right: object) -> object:
    """The sum, or the texts or lists one after the other."""
    match left, right:
        case (bool(), _) | (_, bool()):
            raise OperationError(NO_OVERLOAD)
        case int(), int():
            return checked(left + right)
        case float(), float():
            return left + right
        case str(), str():
            return left + right
        case Decimal(), Decimal():
            return exact(_EXACT.add, left, right)
        case Money(), Money():
            return Money(exact(_EXACT.add, left.amount, right.amount), _one_currency(left, right))
        case Timestamp(), Duration():
            return timestamp(left.nanos + right.nanos)
        case Duration(), Timestamp():
            return timestamp(left.nanos + right.nanos)
        case Duration(), Duration():
            return duration(left.nanos + right.nanos)
    raise OperationError(NO_OVERLOAD)


def subtract(left: object, right: object) -> object:
    """The difference; between dates it is a number of days."""
    match left, right:
        case (bool(), _) | (_, bool()):
            raise OperationError(NO_OVERLOAD)
        case int(), int():
            return checked(left - right)
        case float(), float():
            return left - right
        case Decimal(), Decimal():
            return exact(_EXACT.subtract, left, right)
        case Money(), Money():
            return Money(exact(_EXACT.subtract, left.amount, right.amount), _one_currency(left, right))
        case date(), date():
            return left.toordinal() - right.toordinal()
        case Timestamp(), Timestamp():
            return duration(left.nanos - right.nanos)
        case Timestamp(), Duration():
            return timestamp(left.nanos - right.nanos)
        case Duration(), Duration():
            return duration(left.nanos - right.nanos)
    raise OperationError(NO_OVERLOAD)


def multiply(left: object, right: object) -> object:
    """The product; money times a decimal is money."""
    match left, right:
        case (bool(), _) | (_, bool()):
            raise OperationError(NO_OVERLOAD)
        case int(), int():
            return checked(left * right)
        case float(), float():
            return left * right
        case Decimal(), Decimal():
            return exact(_EXACT.multiply, left, right)
        case Money(), Decimal():
            return Money(exact(_EXACT.multiply, left.amount, right), left.currency)
        case Decimal(), Money():
            return Money(exact(_EXACT.multiply, left, right.amount), right.currency)
    raise OperationError(NO_OVERLOAD)


def divide(left: object, right: object) -> object:
    """The quotient: of integers cut towards zero, of doubles as IEEE 754 has it."""
    match left, right:
        case (bool(), _) | (_, bool()):
            raise OperationError(NO_OVERLOAD)
        case int(), int():
            if right == 0:
                raise OperationError("divide_by_zero")
            quotient = abs(left) // abs(right)
            return checked(quotient if (left < 0) == (right < 0) else -quotient)
        case float(), float():
            if right != 0:
                return left / right
            return nan if left == 0 or left != left else copysign(inf, left) * copysign(1, right)
    raise OperationError(NO_OVERLOAD)


def remainder(left: object, right: object) -> object:
    """What is left over by the division; it has the sign of `left`."""
    match left, right:
        case (bool(), _) | (_, bool()):
            raise OperationError(NO_OVERLOAD)
        case int(), int():
            if right == 0:
                raise OperationError("modulus_by_zero")
            rest = abs(left) % abs(right)
            return -rest if left < 0 else rest
    raise OperationError(NO_OVERLOAD)


def negate(value: object) -> object:
    """The number or amount with the other sign."""
    match value:
        case bool():
            raise OperationError(NO_OVERLOAD)
        case int():
            return checked(-value)
        case float():
            return -value
        case Decimal():
            return value.copy_negate()
        case Money():
            return Money(value.amount.copy_negate(), value.currency)
    raise OperationError(NO_OVERLOAD)


def exact(operation: Callable[[Decimal, Decimal], Decimal], left: Decimal, right: Decimal) -> Decimal:
    """The result without any rounding, or an overflow."""
    try:
        return operation(left, right)
    except DecimalException:
        raise OperationError("overflow") from None


def _one_currency(left: Money, right: Money) -> str:
    if left.currency != right.currency:
        raise OperationError(OTHER_CURRENCY)
    return left.currency


def greater(left: object, right: object) -> bool:
    """Whether `left` comes after `right`."""
    return less(right, left)


def at_least(left: object, right: object) -> bool:
    """Whether `left` comes after `right` or is equal to it."""
    return at_most(right, left)


def unequal(left: object, right: object) -> bool:
    """The opposite of equality."""
    return not equal(left, right)


OPERATORS: Final[dict[str, Callable[[object, object], object]]] = {
    "==": equal, "!=": unequal, "<": less, "<=": at_most, ">": greater, ">=": at_least,
    "+": add, "-": subtract, "*": multiply, "/": divide, "%": remainder,
}  # fmt: skip
