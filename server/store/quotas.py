"""Tenants' calls of each day, as far as servers took them to let through."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from sqlalchemy import Connection, bindparam, select, update

from server.store.prepared import first, write
from server.store.rows import insert_new, keyed, keys
from server.store.schema import daily_calls
from server.store.transaction import Transaction

# What a process takes at a time: this part of what is left, and no more than MOST.
_PART: Final = 16
_MOST: Final = 1000

_KEY: Final = keyed(daily_calls, "tenant", "day")
_TAKEN = select(daily_calls.c.taken).where(_KEY)
_TO_CHANGE = _TAKEN.with_for_update()
_ADD = (
    update(daily_calls)
    .where(_KEY)
    .values(taken=daily_calls.c.taken + bindparam("more", type_=daily_calls.c.taken.type))
)


def take(tx: Transaction, tenant: str, day: date, least: int, a_day: int) -> int:
    """Take some of what the day has left: at least so much, more while there is much; what is left where it is less."""
    key = {"tenant": tenant, "day": day.isoformat()}
    insert_new(tx.connection, daily_calls, {**key, "taken": 0})
    taken = first(tx.connection, _TO_CHANGE, int, keys(**key)) or 0
    left = max(a_day - taken, 0)
    got = min(left, max(least, min(left // _PART, _MOST)))
    if got:
        write(tx.connection, _ADD, keys(**key) | {"more": got})
    return got


def give_back(tx: Transaction, day: date, left: Mapping[str, int]) -> None:
    """Give back what was taken for tenants and is not used."""
    for tenant, count in left.items():
        write(tx.connection, _ADD, keys(tenant=tenant, day=day.isoformat()) | {"more": -count})


def taken(connection: Connection, tenant: str, day: date) -> int:
    """How much of the day's quota servers took."""
    return first(connection, _TAKEN, int, keys(tenant=tenant, day=day.isoformat())) or 0
