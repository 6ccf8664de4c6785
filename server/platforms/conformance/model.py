"""What the suite examines: promises, each kept, broken, or not to be seen from here."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from engine.certificate import ECertId
from engine.platform import Capabilities
from server.platforms.conformance.buyer import Buyer
from server.platforms.conformance.latency import Latency


class State(StrEnum):
    """What was seen of a promise."""

    KEPT = "KEPT"
    BROKEN = "BROKEN"
    # It holds, and the platform's capabilities do not promise it.
    MORE = "MORE"
    NOT_PROMISED = "NOT_PROMISED"
    NOT_TRIED = "NOT_TRIED"


def always(_can: Capabilities) -> bool:
    """Every platform promises it."""
    return True


@dataclass(frozen=True, slots=True)
class Promise:
    """One thing that a platform promises. `keep` gives what was seen, or raises Broken or CannotBeTried.

    `promised` tells whether capabilities promise it. Where they do not, it is tried all the same if that is `harmless`:
    what holds and is not promised is worth knowing too.
    """

    name: str
    theme: str
    says: str
    keep: Callable[[Buyer], Awaitable[str]]
    promised: Callable[[Capabilities], bool] = always
    harmless: bool = False


@dataclass(frozen=True, slots=True)
class Tried:
    """A promise and what was seen of it. `expected` is empty where nothing else was expected."""

    promise: Promise
    state: State
    seen: str
    seconds: float
    expected: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """All that was seen of one platform. `left` are the certificates that may be in force still."""

    platform: str
    manifest_digest: str
    capabilities: Capabilities
    tried: tuple[Tried, ...]
    latencies: tuple[Latency, ...]
    within: float
    bought: int
    left: tuple[ECertId, ...]

    @property
    def broken(self) -> tuple[Tried, ...]:
        """The promises that do not hold."""
        return tuple(one for one in self.tried if one.state is State.BROKEN)

    @property
    def holds(self) -> bool:
        """Whether no promise was seen broken."""
        return not self.broken
