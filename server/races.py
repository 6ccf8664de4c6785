"""Races for a record: who lost one tries again after a pause by chance, until that has gone on for too long."""

import asyncio
import random
import time
from typing import Final

from server.backoff import Chance, pause
from server.errors import LimitExceeded

# In seconds. The first pause is about as long as one try takes; later ones double, so that ever fewer meet.
FIRST_PAUSE: Final = 0.02
LONGEST_PAUSE: Final = 1.0
LASTS: Final = 10.0


class Race:
    """The tries of one call to change a record that others change as well. `lasts` is in seconds."""

    def __init__(self, lasts: float = LASTS, chance: Chance = random.random) -> None:
        self._end = time.monotonic() + lasts
        self._chance = chance
        self._tries = 0

    async def lost(self) -> None:
        """Waits until it may be tried again. Raises LimitExceeded where it was tried for long enough."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise LimitExceeded(
                "calls at once that change the same record",
                "1",
                "Wait, and call again.",
                retry_after=1.0,
                bound="CHANGES_AT_ONCE",
            )
        self._tries += 1
        await asyncio.sleep(min(pause(self._tries, FIRST_PAUSE, LONGEST_PAUSE, self._chance), left))
