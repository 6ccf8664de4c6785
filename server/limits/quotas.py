"""Daily quotas. The database counts them, for all processes and over restarts; each takes some at a time from it.

What a process has taken and not used when it is killed counts as used: a quota may end early by that much, and never late.
The less is left of the day, the less is taken at a time, so that little of it lies with a process that does not need it.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

import structlog

from server.errors import QuotaUsedUp
from server.logs import trace_of
from server.store import Store, quotas
from server.store.errors import StoreError

# Where less than a fourth of what was taken last is left, more is taken beforehand: calls do not wait for it.
_BEFOREHAND: Final = 4
# Seconds for which it is believed that nothing is left: another process may give some back, or an operator more.
_NOTHING_FOR: Final = 5.0

log = structlog.get_logger("limits")


@dataclass(slots=True)
class _Hand:
    """What a process has in hand of a tenant's quota for a day."""

    day: date
    left: int = 0
    last: int = 0
    nothing_of: int | None = None
    nothing_until: float = 0.0
    taking: asyncio.Task[None] | None = None


class Quotas:
    """Spends tenants' daily quotas. A day is one of UTC."""

    def __init__(self, store: Store, clock: Callable[[], datetime], monotonic: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock
        self._monotonic = monotonic
        self._hands: dict[str, _Hand] = {}

    async def spend(self, tenant: str, count: int, a_day: int) -> None:
        """Spends so much of the day's quota. Raises QuotaUsedUp where less is left, and what the store raises."""
        hand = self._hand(tenant)
        if hand.left < count:
            await self._filled(hand, tenant, count, a_day)
            if hand.left < count:
                raise QuotaUsedUp(a_day, self._until_tomorrow())
        hand.left -= count
        if hand.left < hand.last // _BEFOREHAND and hand.taking is None and not self._has_none(hand, a_day):
            self._take(hand, tenant, 1, a_day)

    async def give_back(self) -> None:
        """Gives the database what is not used, when the server ends."""
        today = self._clock().astimezone(UTC).date()
        left = {tenant: hand.left for tenant, hand in self._hands.items() if hand.day == today and hand.left}
        self._hands.clear()
        if not left:
            return
        try:
            await self._store.write(lambda tx: quotas.give_back(tx, today, left))
        except StoreError as error:
            log.warning("what is left of daily quotas is not given back", trace=trace_of(error))

    def _hand(self, tenant: str) -> _Hand:
        today = self._clock().astimezone(UTC).date()
        hand = self._hands.get(tenant)
        if hand is None or hand.day != today:
            hand = self._hands[tenant] = _Hand(today)
        return hand

    async def _filled(self, hand: _Hand, tenant: str, count: int, a_day: int) -> None:
        """Takes more until there is enough or nothing is left. What others take meanwhile is waited for."""
        while hand.left < count and not self._has_none(hand, a_day):
            task = hand.taking or self._take(hand, tenant, count - hand.left, a_day)
            # A caller that goes away stops none of the others that wait.
            await asyncio.shield(task)

    def _take(self, hand: _Hand, tenant: str, least: int, a_day: int) -> asyncio.Task[None]:
        async def take() -> None:
            try:
                got = await self._store.write(
                    lambda tx: quotas.take(tx, tenant, hand.day, least=least, a_day=a_day)
                )
            finally:
                hand.taking = None
            hand.left += got
            hand.last = got
            if got < least:
                hand.nothing_of, hand.nothing_until = a_day, self._monotonic() + _NOTHING_FOR

        hand.taking = task = asyncio.create_task(take())
        task.add_done_callback(_seen)
        return task

    def _has_none(self, hand: _Hand, a_day: int) -> bool:
        return hand.nothing_of == a_day and self._monotonic() < hand.nothing_until

    def _until_tomorrow(self) -> float:
        now = self._clock().astimezone(UTC)
        tomorrow = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), UTC)
        return (tomorrow - now).total_seconds()


def _seen(task: asyncio.Task[None]) -> None:
    """Whoever waits for it gets its error; where nobody waits, the next that needs it asks again."""
    if not task.cancelled():
        task.exception()
