"""Retention: erases by itself what was kept for as long as it has to be, a few cases at a time."""

from datetime import UTC, datetime, time, timedelta
from typing import Final

import structlog

from server.store import Store, Transaction, cases, erasure
from server.store.erasure import Place
from server.store.sealing.keys import DataKeyRecord
from server.workflow.deciding import Clock
from server.workflow.erasing import against, day_screened, retained_until

ACTOR: Final = "origingate"
AT_ONCE: Final = 16
# Between two looks through all that is old enough.
PAUSE: Final = timedelta(hours=1)

log = structlog.get_logger("retention")


class Retention:
    """Looks through what is old, the oldest first, and erases what nothing stands against. Holds are respected."""

    def __init__(self, store: Store, clock: Clock, years: int) -> None:
        self._store = store
        self._clock = clock
        self._years = years
        self._place: Place | None = None
        self._due: datetime | None = None

    async def once(self) -> int:
        """Looks at the next that are old enough; how many these were. It looks again an hour after it saw the last."""
        now = self._clock()
        if self._due is not None and now < self._due:
            return 0
        before = _years_before(now, self._years)
        place = self._place
        found = await self._store.read(lambda c: erasure.past(c, before, place, AT_ONCE))
        if not found:
            self._place, self._due = None, now + PAUSE
            return 0
        erased = await self._store.write(lambda tx: self._erase(tx, found))
        if erased:
            log.info("erased what is past its retention", subjects=erased)
            await self._store.scrub()
        last = found[-1]
        self._place = Place(last.created_at, last.tenant, last.subject)
        return len(found)

    def _erase(self, tx: Transaction, found: list[DataKeyRecord]) -> int:
        return sum(self._erased(tx, each) for each in found)

    def _erased(self, tx: Transaction, seen: DataKeyRecord) -> bool:
        reason = f"kept for {self._years} years"
        day = day_screened(seen.subject)
        record = None if day is not None else cases.take(tx, seen.tenant, seen.subject)
        key = erasure.held(tx, seen.tenant, seen.subject)
        if key is None or key.erased_at is not None:
            return False
        if day is not None:
            end = datetime.combine(day, time(), UTC) + timedelta(days=1)
            if key.held_at is not None or tx.now < retained_until(end, self._years):
                return False
            erasure.erase_screenings(tx, key, day, actor=ACTOR, reason=reason)
            return True
        if record is None or tx.now < retained_until(record.updated_at, self._years):
            return False
        if against(tx, record, key) is not None:
            return False
        erasure.erase_case(tx, record, key, actor=ACTOR, reason=reason)
        return True


def _years_before(now: datetime, years: int) -> datetime:
    """The latest moment whose retention can be over now."""
    try:
        return now.replace(year=now.year - years)
    except ValueError:
        return now.replace(year=now.year - years, day=28)
