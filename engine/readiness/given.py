"""Whether an order gave a fact, by its path, e.g. `declaration.goods[].hs`."""

from collections.abc import Mapping

from engine.facts import Facts, steps


def is_given(facts: Facts, path: str) -> bool | None:
    """True where it is given, also as known to be none; False where it, or what it would stand in, is not given.

    None where there is nothing that could have it: a list without elements, or what it would stand in is known to be none.
    In a list every element has to give it.
    """
    return _given(facts, steps(path))


def _given(value: object, way: list[str]) -> bool | None:
    if not way:
        return True
    step, *rest = way
    if step == "[]":
        found = [_given(one, rest) for one in value] if isinstance(value, tuple) else [None]
        if False in found:
            return False
        return True if True in found else None
    if value is None:
        return None
    if not isinstance(value, Mapping) or step not in value:
        return False
    return _given(value[step], rest)
