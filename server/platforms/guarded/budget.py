"""A budget of retries: a platform that is in trouble is not asked much more often than one that is not."""

from collections import deque
from collections.abc import Callable

from server.platforms.guarded.care import Care


class RetryBudget:
    """Retries that may be made: a share of the calls of the last while, and a few in any case."""

    def __init__(self, care: Care, monotonic: Callable[[], float]) -> None:
        self._care = care
        self._monotonic = monotonic
        self._calls: deque[float] = deque()
        self._retries: deque[float] = deque()

    def called(self) -> None:
        """Takes note of a call that is no retry."""
        self._forget()
        self._calls.append(self._monotonic())

    def spend(self) -> bool:
        """Takes one retry out of the budget; False where none is left."""
        self._forget()
        allowed = max(self._care.retries_at_least, self._care.retry_share * len(self._calls))
        if len(self._retries) + 1 > allowed:
            return False
        self._retries.append(self._monotonic())
        return True

    def _forget(self) -> None:
        since = self._monotonic() - self._care.budget_window
        for moments in (self._calls, self._retries):
            while moments and moments[0] <= since:
                moments.popleft()
