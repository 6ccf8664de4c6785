"""What is said of tenants' limits, on both databases."""

from server.store import Store, Transaction, tenant_limits, tenants
from server.store.tenant_limits import TenantLimitsRecord


async def test_said_again(store: Store) -> None:
    """What is said last counts, and of whom nothing is said, nothing is found."""
    first = TenantLimitsRecord("acme", calls_at_once=5, rate=1.5, calls_a_day=1000)
    second = TenantLimitsRecord("acme", streams_at_once=2, burst=3.0)

    def say(tx: Transaction) -> None:
        tenants.create(tx, "acme")
        tenant_limits.keep(tx, first)

    await store.write(say)
    assert first == await store.read(lambda c: tenant_limits.find(c, "acme"))
    await store.write(lambda tx: tenant_limits.keep(tx, second))
    assert second == await store.read(lambda c: tenant_limits.find(c, "acme"))
    assert await store.read(lambda c: tenant_limits.find(c, "brasa")) is None
