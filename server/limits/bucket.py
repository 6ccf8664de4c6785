"""A token bucket: so many calls in a second over time, and some more at once."""


class Bucket:
    """Holds at most `burst` tokens, and gets `rate` a second.

    It may owe: where one token is there, a call that counts for many takes them all, and the next waits until the debt is
    paid. Else a batch that is larger than the bucket could never be asked.
    """

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self._rate = rate
        self._burst = max(burst, 1.0)
        self._level = self._burst
        self._at = now

    def take(self, count: int, now: float) -> float:
        """Takes tokens and returns 0; or takes none, and returns the seconds until it would."""
        self._level = min(self._burst, self._level + (now - self._at) * self._rate)
        self._at = now
        if self._level < 1.0:
            return (1.0 - self._level) / self._rate
        self._level -= count
        return 0.0
