"""How long to wait before the next try: twice as long each time up to a bound, and any part of that by chance."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Final

FIRST_PAUSE: Final = timedelta(seconds=1)

Chance = Callable[[], float]


def pause(
    tries: int, longest: timedelta, asked: timedelta | None = None, chance: Chance = random.random
) -> timedelta:
    """The pause after so many tries that failed, at least what was `asked` for. `chance` tells a part of one."""
    doubled = FIRST_PAUSE * (1 << min(max(tries - 1, 0), 20))
    drawn = min(doubled, longest) * chance()
    return drawn if asked is None else max(drawn, asked)
