"""Prepared statements: they do what SQLAlchemy does with them, and fail as it does."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import bindparam, insert, select

from server.store import Store
from server.store.errors import StoreRefused
from server.store.prepared import every, first, write, write_all
from server.store.rows import keyed, keys
from server.store.schema import requests
from server.store.transaction import Transaction

from .samples import TENANT

AT = datetime(2026, 7, 1, 14, 30, 0, 250, tzinfo=timezone(timedelta(hours=2)))
ADD = insert(requests)
COLUMNS = (requests.c.request_id, requests.c.case_name, requests.c.recorded_at)
READ = select(*COLUMNS).where(keyed(requests, "tenant")).order_by(requests.c.request_id)
FIXED = select(requests.c.request_id).where(requests.c.recorded_at <= AT, keyed(requests, "tenant"))


def row(request_id: str) -> dict[str, object]:
    """A request's row."""
    return {
        "tenant": TENANT,
        "request_id": request_id,
        "method": "ProcessOrder 100 %",
        "body_digest": "sha256:?",
        "case_name": None,
        "decisions": "[]",
        "recorded_at": AT,
    }


def fill(tx: Transaction) -> int:
    """Adds a request alone and two together."""
    write_all(tx.connection, ADD, [row("b"), row("c")])
    write_all(tx.connection, ADD, [])
    return write(tx.connection, ADD, row("a"))


async def test_rows(store: Store) -> None:
    """Values go in and come out as columns say, moments in UTC, and SQLAlchemy reads the same."""
    assert 1 == await store.write(fill)
    expected = [(name, None, AT.astimezone(UTC)) for name in "abc"]
    values = keys(tenant=TENANT)
    assert expected == await store.read(lambda c: every(c, READ, lambda *row: row, values))
    assert expected == await store.read(lambda c: [tuple(row) for row in c.execute(READ, values)])
    assert expected[0] == await store.read(lambda c: first(c, READ, lambda *row: row, values))
    assert await store.read(lambda c: first(c, READ, lambda *row: row, keys(tenant="other"))) is None


async def test_fixed_values(store: Store) -> None:
    """Values that are part of a statement need not be given."""
    await store.write(fill)
    found = await store.read(lambda c: every(c, FIXED, str, keys(tenant=TENANT)))
    assert ["a", "b", "c"] == sorted(found)


async def test_refused_by_the_database(store: Store) -> None:
    """What the schema forbids is told as it is by SQLAlchemy, and nothing of the transaction is kept."""

    def twice(tx: Transaction) -> None:
        write(tx.connection, ADD, row("a"))
        write(tx.connection, ADD, row("a"))

    with pytest.raises(StoreRefused, match="a rule of its schema"):
        await store.write(twice)
    assert await store.read(lambda c: every(c, READ, str, keys(tenant=TENANT))) == []


async def test_refused_by_the_column(store: Store) -> None:
    """A value that its column cannot hold is refused before the database sees it."""
    naive = row("a") | {"recorded_at": datetime(2026, 7, 1)}  # noqa: DTZ001 - that is the point
    with pytest.raises(StoreRefused, match="not of the kind"):
        await store.write(lambda tx: write(tx.connection, ADD, naive))


async def test_lists(store: Store) -> None:
    """A statement with a list of values is refused: it would be another text for each length."""
    listed = select(requests.c.method).where(requests.c.request_id.in_(bindparam("ids", expanding=True)))
    with pytest.raises(AssertionError, match="expanded"):
        await store.read(lambda c: every(c, listed, str, {"ids": ["a"]}))
