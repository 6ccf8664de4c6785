"""What an operator said of a tenant's limits; where nothing is said, the servers' settings count."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert

from server.store.rows import columns_of, every, keyed, keys, rows_of
from server.store.schema import tenant_limits
from server.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class TenantLimitsRecord:
    """Limits of a tenant; None where the settings count. `rate` is in calls a second."""

    tenant: str
    calls_at_once: int | None = None
    streams_at_once: int | None = None
    rate: float | None = None
    burst: float | None = None
    calls_a_day: int | None = None


_ROWS = rows_of(tenant_limits, TenantLimitsRecord)
_OF_TENANT = _ROWS.where(keyed(tenant_limits, "tenant"))
_FORGET = delete(tenant_limits).where(keyed(tenant_limits, "tenant"))


def find(connection: Connection, tenant: str) -> TenantLimitsRecord | None:
    """What is said of the tenant; None where nothing is."""
    return next(iter(every(connection, _OF_TENANT, TenantLimitsRecord, keys(tenant=tenant))), None)


def keep(tx: Transaction, record: TenantLimitsRecord) -> None:
    """Have this be what is said of a tenant, which exists, in the place of what was."""
    tx.connection.execute(_FORGET, keys(tenant=record.tenant))
    tx.connection.execute(insert(tenant_limits), columns_of(record))
