"""How long to wait before a submission is sent again."""

from random import SystemRandom
from typing import Final

from engine.platform import NotSent, Outcome, Retryable
from server.backoff import Chance, pause
from server.platforms.guarded.care import Care

_SYSTEM: Final = SystemRandom()


class Pauses:
    """Pauses with full jitter: any part of a time that doubles; what the platform wants to wait comes before it."""

    def __init__(self, care: Care, random: Chance = _SYSTEM.random) -> None:
        self._care = care
        self._random = random

    def after(self, answer: Outcome, tries: int) -> float | None:
        """Seconds to wait after so many tries, of which the last was answered so; None where it is not to be sent again."""
        if not isinstance(answer, Retryable | NotSent) or tries >= self._care.tries:
            return None
        wanted = answer.after if isinstance(answer, Retryable) else None
        own = pause(tries, self._care.first_pause, self._care.longest_pause, self._random)
        return (wanted.total_seconds() if wanted else 0.0) + own
