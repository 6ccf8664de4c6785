"""A row of operands and operators becomes a tree by CEL's precedence."""

from typing import Final

from engine.expression.tree import Binary, Every, Node, Some

_FLAT: Final[dict[str, type[Every] | type[Some]]] = {"&&": Every, "||": Some}
_STRENGTH: Final = {
    "||": 1,
    "&&": 2,
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">=", "in"), 3),
    "+": 4,
    "-": 4,
    "*": 5,
    "/": 5,
    "%": 5,
}


def climb(operands: list[Node], operators: list[str]) -> Node:
    """The tree of the row: stronger operators first, equal ones from the left; `&&` and `||` stay flat."""
    ready = [operands[0]]
    waiting: list[str] = []
    for operator, operand in zip(operators, operands[1:], strict=True):
        weaker = _STRENGTH[operator] + (operator in _FLAT)
        while waiting and _STRENGTH[waiting[-1]] >= weaker:
            _combine(ready, waiting)
        waiting.append(operator)
        ready.append(operand)
    while waiting:
        _combine(ready, waiting)
    return ready[0]


def _combine(ready: list[Node], waiting: list[str]) -> None:
    """Takes the last operator with its operands; of `&&` and `||` the whole row of them."""
    operator = waiting.pop()
    count = 2
    while operator in _FLAT and waiting and waiting[-1] == operator:
        waiting.pop()
        count += 1
    taken = tuple(ready[-count:])
    del ready[-count:]
    start, end = taken[0].start, taken[-1].end
    if operator in _FLAT:
        ready.append(_FLAT[operator](taken, start=start, end=end))
    else:
        left, right = taken
        ready.append(Binary(operator, left, right, start=start, end=end))
