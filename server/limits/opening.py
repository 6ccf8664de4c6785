"""The limits that the settings ask for, with everything that they need."""

import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from datetime import datetime
from typing import Final

from server.auth import Role
from server.identity.fresh import Fresh
from server.limits.bounds import ServerBounds, TenantBounds
from server.limits.limiting import Limiting
from server.limits.quotas import Quotas
from server.recent import Recent
from server.settings import Settings
from server.store import Store, tenant_limits
from server.store.errors import StoreError

# Seconds within which every process knows what an operator said of a tenant.
SAID_WITHIN: Final = 2.0
_MOST: Final = 10_000


def limiting(
    settings: Settings,
    store: Store,
    roles: Mapping[str, Role],
    clock: Callable[[], datetime],
    stack: AsyncExitStack,
) -> Limiting:
    """What lets calls in. What is left of daily quotas goes back when the stack ends."""
    of_all = TenantBounds.of(settings)
    last = Recent[str, TenantBounds](_MOST)

    async def look_up(tenant: str) -> TenantBounds:
        try:
            said = await store.read(lambda c: tenant_limits.find(c, tenant))
        except StoreError:
            # Whether the database is needed at all, the call itself will find out.
            return last.get(tenant) or of_all
        bounds = of_all.under(said)
        last.keep(tenant, bounds)
        return bounds

    known = Fresh(look_up, SAID_WITHIN, time.monotonic, strangers=_MOST)

    async def bounds_of(tenant: str) -> TenantBounds:
        bounds = await known.get(tenant)
        assert bounds is not None, "each tenant has bounds"
        return bounds

    quotas = Quotas(store, clock, time.monotonic)
    stack.push_async_callback(quotas.give_back)
    return Limiting(roles, ServerBounds.of(settings), bounds_of, quotas.spend, lambda: store.waiting)
