"""A breaker: where too many of the last calls failed or were slow, no more are made for a while, then a few probes."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from server.platforms.guarded.care import Care


class Verdict(StrEnum):
    """What a call says of the platform's health."""

    GOOD = "GOOD"
    BAD = "BAD"
    NONE = "NONE"  # nothing: it was never made, or broken off by us before it was slow


class BreakerState(StrEnum):
    """What a breaker lets through."""

    CLOSED = "CLOSED"  # everything
    OPEN = "OPEN"  # nothing
    HALF_OPEN = "HALF_OPEN"  # one probe at a time


@dataclass(frozen=True, slots=True)
class Permit:
    """That one call may be made. Whoever has it says what came of the call, whatever came of it."""

    era: int
    probe: bool


class _Call(NamedTuple):
    at: float
    failed: bool
    slow: bool


def unheard(_: BreakerState) -> None:
    """Nobody listens."""


class Breaker:
    """Lets calls through, or not, by what came of the last ones.

    What came of a call that began before the breaker last opened or closed says nothing any more. `changed` is told each
    state that it comes to. It belongs to one event loop: no two of its methods run at the same time.
    """

    def __init__(
        self,
        care: Care,
        slow_after: float,
        monotonic: Callable[[], float],
        changed: Callable[[BreakerState], None] = unheard,
    ) -> None:
        self._care: Final = care
        self._slow_after: Final = slow_after
        self._monotonic: Final = monotonic
        self._changed: Final = changed
        self._state = BreakerState.CLOSED
        self._era = 0
        self._calls: deque[_Call] = deque(maxlen=care.most_calls)
        self._rests_until = 0.0
        self._rest = care.rest
        self._probing = False
        self._passed = 0

    @property
    def state(self) -> BreakerState:
        """What it lets through now."""
        if self._state is BreakerState.OPEN and self._monotonic() >= self._rests_until:
            return BreakerState.HALF_OPEN
        return self._state

    def admit(self) -> Permit | None:
        """The permit for one call, or None where none may be made."""
        state = self.state
        if state is BreakerState.CLOSED:
            return Permit(self._era, probe=False)
        if state is BreakerState.OPEN or self._probing:
            return None
        self._probing = True
        return Permit(self._era, probe=True)

    def ended(self, permit: Permit, verdict: Verdict, seconds: float) -> None:
        """Takes note of what came of a call, and how long it took."""
        if permit.era != self._era:
            return
        failed, slow = verdict is Verdict.BAD, seconds >= self._slow_after
        if permit.probe:
            self._probing = False
            self._probed(verdict, failed or slow)
        elif verdict is not Verdict.NONE:
            self._calls.append(_Call(self._monotonic(), failed, slow))
            if self._too_bad():
                self._open(self._care.rest)

    def _probed(self, verdict: Verdict, badly: bool) -> None:
        if verdict is Verdict.NONE:
            return
        if badly:
            self._open(min(2 * self._rest, self._care.longest_rest))
            return
        self._passed += 1
        if self._passed >= self._care.probes:
            self._come_to(BreakerState.CLOSED)

    def _too_bad(self) -> bool:
        since = self._monotonic() - self._care.window
        while self._calls and self._calls[0].at <= since:
            self._calls.popleft()
        count = len(self._calls)
        if count < self._care.least_calls:
            return False
        failed = sum(call.failed for call in self._calls)
        slow = sum(call.slow for call in self._calls)
        return failed >= self._care.failed_share * count or slow >= self._care.slow_share * count

    def _open(self, rest: float) -> None:
        self._rest = rest
        self._rests_until = self._monotonic() + rest
        self._come_to(BreakerState.OPEN)

    def _come_to(self, state: BreakerState) -> None:
        self._state = state
        self._era += 1
        self._calls.clear()
        self._passed = 0
        self._changed(state)
