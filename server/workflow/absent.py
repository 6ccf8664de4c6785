"""How long attempts have waited for a platform that is not set up here, as far as this process has seen."""

from datetime import datetime, timedelta
from typing import Final

from server.store.records import AttemptRecord

# Servers that start again, one after the other, take less.
ABSENT_FOR: Final = timedelta(hours=1)


class Absent:
    """Counts from the first time that this process met an attempt in vain, as long as nobody else took it between."""

    def __init__(self) -> None:
        self._met: dict[tuple[str, str], tuple[datetime, int]] = {}

    def too_long(self, attempt: AttemptRecord, now: datetime) -> bool:
        """Whether it has waited long enough for a person to be told. To be asked each time that it is met."""
        key = attempt.tenant, attempt.reference
        since, fence = self._met.get(key, (now, attempt.fence - 1))
        # Whoever takes it raises its fence by one.
        if fence != attempt.fence - 1:
            since = now
        if now < since + ABSENT_FOR:
            self._met[key] = since, attempt.fence
            return False
        self._met.pop(key, None)
        return True
