"""What a reading of one message gathers: the breaches of form that were found, and where."""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from server.errors import KEPT_VIOLATIONS, Violation

# Where a value stands: its parent's place with a field's name or a list index; None is the message itself. It
# becomes text only for a fault.
Place: TypeAlias = "tuple[Place, str | int] | None"

ABSENT: Final = object()
"""What a reader gives where there is no fact: the value says "not given", or it has a fault."""


class Reading:
    """The faults of one message. Only the first are kept, all are counted: a hostile message has millions."""

    __slots__ = ("elements", "faults", "total")

    def __init__(self) -> None:
        self.faults: list[Violation] = []
        self.total = 0
        self.elements = 0

    def fault(self, at: Place, rule: str, text: str) -> object:
        """Keeps a fault, and gives ABSENT for the value that has it."""
        self.total += 1
        if len(self.faults) < KEPT_VIOLATIONS:
            self.faults.append(Violation(path_of(at), rule, text))
        return ABSENT


Reader: TypeAlias = Callable[[Any, Place, Reading], object]


def path_of(at: Place) -> str:
    """The place as a proto field path, e.g. `order.lines.items[2].value`; empty for the message itself."""
    steps: list[str | int] = []
    while at is not None:
        at, step = at
        steps.append(step)
    path = ""
    for step in reversed(steps):
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else step
    return path


def quoted(text: str) -> str:
    """A caller's text for an error message: short, in quotes, without anything that a terminal would obey."""
    short = text if len(text) <= 40 else text[:39] + "…"
    return ascii(short) if not short.isprintable() else f'"{short}"'
