"""How many orders of a registered site were refused on a day of UTC, by why and by what about."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, Text, bindparam, func, select

from server.store.prepared import every
from server.store.rows import insert_into, keyed, keys
from server.store.schema import refused_orders
from server.store.transaction import Transaction


class Refused(NamedTuple):
    """What is counted. `about` is the path of a fact, or the method that was called."""

    tenant: str
    site_id: str
    day: date
    reason: str
    about: str


_SINCE = (
    select(refused_orders.c.reason, refused_orders.c.about, func.sum(refused_orders.c.orders))
    .where(keyed(refused_orders, "tenant", "site_id"), refused_orders.c.day >= bindparam("day", type_=Text))
    .group_by(refused_orders.c.reason, refused_orders.c.about)
)


def add(tx: Transaction, counts: Mapping[Refused, int]) -> None:
    """Count more."""
    statement = insert_into(refused_orders, tx.connection.dialect.name)
    adding = statement.on_conflict_do_update(
        index_elements=list(refused_orders.primary_key),
        set_={"orders": refused_orders.c.orders + statement.excluded.orders},
    )
    for what, count in sorted(counts.items()):
        row = {**what._asdict(), "day": what.day.isoformat(), "orders": count}
        tx.connection.execute(adding, row)


def since(connection: Connection, tenant: str, site_id: str, day: date) -> dict[tuple[str, str], int]:
    """How many orders of a site were refused from a day on, by reason and by what about."""
    bounds = {"day": day.isoformat()} | keys(tenant=tenant, site_id=site_id)
    found = every(connection, _SINCE, lambda reason, about, count: ((reason, about), int(count)), bounds)
    return dict(found)
