"""What is let in: the border asks here before a method runs."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from server.auth import OPEN_SERVICES, Role
from server.errors import LimitExceeded
from server.limits.bounds import (
    OPEN_AT_ONCE,
    PEOPLE_AT_ONCE,
    PEOPLE_OF_A_TENANT,
    BoundsOf,
    ServerBounds,
    TenantBounds,
)
from server.limits.bucket import Bucket
from server.limits.places import Counted, Kind, Place

# Spends so many calls of a tenant's quota of so many a day.
Spend = Callable[[str, int, int], Awaitable[None]]

_AGAIN: Final = 1.0


class Limiting:
    """Lets calls in while there are places.

    What order systems call is bounded by what the settings say, by what waits for the database, and for each tenant by its
    own bounds, rate and quota. What people call has some places that orders never take, and of which no tenant's people
    take all, and no rate; health and reflection have others. It belongs to one event loop.
    """

    def __init__(
        self,
        roles: Mapping[str, Role],
        bounds: ServerBounds,
        bounds_of: BoundsOf,
        spend: Spend,
        waiting: Callable[[], int] = lambda: 0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._roles = roles
        self._bounds = bounds
        self._bounds_of = bounds_of
        self._spend = spend
        self._waiting = waiting
        self._monotonic = monotonic
        self._all = Counted()
        self._tenants = {kind: Counted() for kind in Kind}
        self._buckets: dict[str, tuple[tuple[float, float], Bucket]] = {}

    def place(self, method: str, streaming: bool) -> Place:
        """A place for a call, to be left when it ends. Raises LimitExceeded."""
        kind = self._kind(method)
        if kind is Kind.ORDERS and self._waiting() >= self._bounds.database_queue:
            raise LimitExceeded(
                "work that waits for the database",
                str(self._bounds.database_queue),
                "Wait, and call again.",
                retry_after=_AGAIN,
                bound="DATABASE_QUEUE",
            )
        most = self._most(kind, streaming)
        if not self._all.take((kind, streaming), most):
            raise _too_many("that this server serves at once", most, streaming, "")
        return Place(self, kind, streaming)

    async def take_of(self, place: Place, tenant: str, weight: int) -> None:
        """What `Place.of` says."""
        if place.kind is Kind.OPEN:
            return
        if place.kind is Kind.PEOPLE:
            self._take_of_tenant(place, tenant, PEOPLE_OF_A_TENANT)
            return
        bounds = await self._bounds_of(tenant)
        self._take_of_tenant(
            place, tenant, bounds.streams_at_once if place.streaming else bounds.calls_at_once
        )
        if not weight:
            return
        wait = self._taken(tenant, bounds, weight)
        if wait:
            assert bounds.rate is not None
            raise LimitExceeded(
                "calls a second of a tenant, each item of a batch counted",
                f"{bounds.rate:g}",
                "Wait, and call again.",
                retry_after=wait,
                bound="TENANT_RATE",
            )
        if bounds.calls_a_day is not None:
            await self._spend(tenant, weight, bounds.calls_a_day)

    async def pace(self, place: Place, weight: int) -> None:
        """What `Place.go_on` says."""
        if place.tenant is None or place.kind is not Kind.ORDERS:
            return
        bounds = await self._bounds_of(place.tenant)
        while wait := self._taken(place.tenant, bounds, weight):  # noqa: ASYNC110 - time alone fills the bucket
            await asyncio.sleep(wait)
        if bounds.calls_a_day is not None:
            await self._spend(place.tenant, weight, bounds.calls_a_day)

    def give(self, place: Place) -> None:
        """What leaving a place does."""
        self._all.give((place.kind, place.streaming))
        if place.tenant is not None:
            self._tenants[place.kind].give((place.tenant, place.streaming))
            place.tenant = None

    def _take_of_tenant(self, place: Place, tenant: str, most: int) -> None:
        if not self._tenants[place.kind].take((tenant, place.streaming), most):
            raise _too_many("that a tenant has under way at once", most, place.streaming, "TENANT_")
        place.tenant = tenant

    def _kind(self, method: str) -> Kind:
        if method.startswith(OPEN_SERVICES):
            return Kind.OPEN
        return Kind.ORDERS if self._roles.get(method) is Role.ORDER_SYSTEM else Kind.PEOPLE

    def _most(self, kind: Kind, streaming: bool) -> int:
        if kind is Kind.ORDERS:
            return self._bounds.streams_at_once if streaming else self._bounds.calls_at_once
        return PEOPLE_AT_ONCE if kind is Kind.PEOPLE else OPEN_AT_ONCE

    def _taken(self, tenant: str, bounds: TenantBounds, weight: int) -> float:
        """0 once the tenant's tokens are taken; else the seconds until they can be."""
        if bounds.rate is None:
            return 0.0
        now = self._monotonic()
        said = bounds.bucket
        known = self._buckets.get(tenant)
        if known is None or known[0] != said:
            known = self._buckets[tenant] = (said, Bucket(*said, now))
        return known[1].take(weight, now)


def _too_many(which: str, most: int, streaming: bool, prefix: str) -> LimitExceeded:
    what = "streams" if streaming else "calls"
    return LimitExceeded(
        f"{what} {which}",
        str(most),
        "End another stream, or ask for more in one." if streaming else "Wait, and call again.",
        retry_after=None if streaming else _AGAIN,
        bound=f"{prefix}{what.upper()}_AT_ONCE",
    )
