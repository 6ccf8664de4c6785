"""Kleene's logic: what follows from values some of which are unknown."""

from collections.abc import Callable, Iterable

from engine.expression.values import OneOf, OperationError, Unknown

NO_OVERLOAD = "no_such_overload"


def failed(code: str) -> Unknown:
    """What no fact can cure."""
    return Unknown(errors=frozenset({code}))


def not_given(path: str) -> Unknown:
    """What the fact at the path would cure."""
    return Unknown(paths=frozenset({path}))


def settle(values: Iterable[object], decides: bool) -> object:
    """`&&` over the values, or `||`: one that decides is enough; else one unknown leaves it unknown."""
    unknown: Unknown | None = None
    for value in values:
        if value is decides:
            return decides
        if value is not (not decides):
            doubt = as_unknown(value)
            unknown = doubt if unknown is None else unknown | doubt
    return (not decides) if unknown is None else unknown


def as_unknown(value: object) -> Unknown:
    """What is unknown about a value that should have been true or false."""
    if isinstance(value, Unknown):
        return value
    return Unknown(value.paths) if isinstance(value, OneOf) else failed(NO_OVERLOAD)


def any_unknown(values: Iterable[object]) -> bool:
    """Whether a value is missing, or one of several."""
    return any(isinstance(value, Unknown | OneOf) for value in values)


def all_unknown(values: Iterable[object]) -> Unknown:
    """What is unknown about all the values together."""
    found = [as_unknown(value) for value in values if isinstance(value, Unknown | OneOf)]
    paths = frozenset[str]().union(*(one.paths for one in found))
    return Unknown(paths, frozenset[str]().union(*(one.errors for one in found)))


def attempt(operation: Callable[..., object], *operands: object) -> object:
    """The operation's result, or what no fact can cure."""
    try:
        return operation(*operands)
    except OperationError as error:
        return failed(error.code)
