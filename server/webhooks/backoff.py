"""How long an endpoint is let alone after deliveries that failed."""

import random
from datetime import timedelta
from typing import Final

from server import backoff

FIRST_PAUSE: Final = 1.0
"""In seconds."""


def pause(
    tries: int, longest: timedelta, asked: timedelta | None = None, chance: backoff.Chance = random.random
) -> timedelta:
    """The pause after so many tries that failed, at least what was `asked` for. `chance` tells a part of one."""
    drawn = timedelta(seconds=backoff.pause(tries, FIRST_PAUSE, longest.total_seconds(), chance))
    return drawn if asked is None else max(drawn, asked)
