"""What all work at platforms goes by: its times, its actor, and the end of a hold."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from server.settings import SEND_MARGIN

# Who acts where nobody asks for it.
ACTOR: Final = "origin-gate"


class HoldLost(Exception):
    """Somebody else took the attempt over; nothing of ours may be written."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long things may take.

    `attempt`: sending and its answer. `lease`: for how long an attempt is held. `settle`: what has to pass after the
    time in which bytes may have left before a platform's "not found" can be believed.
    """

    attempt: timedelta
    lease: timedelta
    settle: timedelta

    @property
    def to_send(self) -> timedelta:
        """What a lease has to leave before the first byte may go."""
        return self.attempt + SEND_MARGIN
