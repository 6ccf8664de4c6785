"""Orders that were refused, as counts that add up on both databases."""

from datetime import date

from server.store import Store, refused_orders
from server.store.refused_orders import Refused

from .samples import TENANT

FIRST, SECOND = date(2026, 7, 1), date(2026, 7, 2)
HS = ("REQUEST_INVALID", "declaration.goods[].hs")


def of(day: date, tenant: str = TENANT, site_id: str = "shop") -> Refused:
    """A code of a bad form on a day."""
    return Refused(tenant, site_id, day, *HS)


async def test_add(store: Store) -> None:
    """Counts of a day add up, and days from one on are summed."""
    await store.write(lambda tx: refused_orders.add(tx, {of(FIRST): 2, of(SECOND): 1}))
    await store.write(lambda tx: refused_orders.add(tx, {of(SECOND): 4}))
    assert {HS: 7} == await store.read(lambda c: refused_orders.since(c, TENANT, "shop", FIRST))
    assert {HS: 5} == await store.read(lambda c: refused_orders.since(c, TENANT, "shop", SECOND))


async def test_of_one_site(store: Store) -> None:
    """Another site's, and another tenant's, are not counted."""
    await store.write(
        lambda tx: refused_orders.add(tx, {of(FIRST, "other"): 1, of(FIRST, TENANT, "shop-2"): 1})
    )
    assert {} == await store.read(lambda c: refused_orders.since(c, TENANT, "shop", FIRST))
