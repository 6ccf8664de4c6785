"""The faults that are set, and which of them befall a request."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from server.sandbox.faults.fault import Fault, FaultKind
from server.sandbox.faults.seconds import draw


@dataclass(frozen=True, slots=True)
class Due:
    """A fault that befalls one request, with the seconds that were drawn for it."""

    fault: Fault
    seconds: float


@dataclass(slots=True)
class _Set:
    fault: Fault
    left: int | None
    seed: int
    random: Random
    happened: int = 0

    def happens(self) -> Due | None:
        if self.fault.rate < 1 and self.random.random() >= self.fault.rate:
            return None
        self.left = None if self.left is None else self.left - 1
        self.happened += 1
        return Due(self.fault, draw(self.fault.seconds, self.random))


class Faults:
    """The faults that are set, in the order in which they were."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._set: list[_Set] = []
        for fault in faults:
            self.add(fault)

    def add(self, fault: Fault) -> None:
        """Sets a fault, after those that are set already."""
        seed = secrets.randbelow(2**32) if fault.seed is None else fault.seed
        # What goes wrong has to be repeatable, not unforeseeable.
        self._set.append(_Set(fault, fault.times, seed, Random(seed)))  # noqa: S311

    def clear(self) -> None:
        """Takes all faults away."""
        self._set.clear()

    def waiting(self) -> list[dict[str, object]]:
        """Those that are set: how often they will still happen, how often they have, and the seed they draw by."""
        return [
            entry.fault.model_dump(mode="json", exclude_unset=True)
            | {"operation": entry.fault.operation, "times": entry.left}
            | {"happened": entry.happened, "seed": entry.seed}
            for entry in self._set
        ]

    def take(self, operation: str) -> dict[FaultKind, Due]:
        """The faults that befall one request, at most one of a kind; each is counted down."""
        taken: dict[FaultKind, Due] = {}
        for entry in self._set:
            kind = entry.fault.fault
            if kind not in taken and entry.fault.befalls(operation) and (due := entry.happens()):
                taken[kind] = due
        self._set = [entry for entry in self._set if entry.left != 0]
        return taken
