"""Tenants: whose sites, cases, certificates and decisions there are."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from server.store.prepared import every, first
from server.store.rows import columns_of, insert_new, keyed, keys, rows_of
from server.store.schema import tenants
from server.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class TenantRecord:
    """A tenant. `title` is for people, and may be empty."""

    tenant: str
    title: str
    created_at: datetime


_ALL = rows_of(tenants, TenantRecord).order_by(tenants.c.tenant)
_THERE = select(tenants.c.tenant).where(keyed(tenants, "tenant"))


def create(tx: Transaction, tenant: str, title: str = "") -> bool:
    """Make a tenant; False where it is there already."""
    return insert_new(tx.connection, tenants, columns_of(TenantRecord(tenant, title, tx.now)))


def exists(connection: Connection, tenant: str) -> bool:
    """Whether there is such a tenant."""
    return first(connection, _THERE, str, keys(tenant=tenant)) is not None


def listed(connection: Connection) -> list[TenantRecord]:
    """Every tenant, by name."""
    return every(connection, _ALL, TenantRecord, {})
