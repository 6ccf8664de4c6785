"""Filled orders are what the store would have written: they are read as such, and nothing refers to what is not there."""

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from engine.case import CaseState
from server.store import Store
from server.store.log import size
from server.workflow.casework import CaseView, view_by_name

from .filling_orders import ENTRIES, fill_orders, filled_name
from .samples import MASTER, TENANT, Clock

COUNT = 40


@pytest.fixture
def filled(address: str) -> str:
    """The address of a database with some orders."""
    engine = create_engine(address, poolclass=NullPool)
    with engine.connect() as connection, connection.begin():
        fill_orders(connection, COUNT)
    return address


async def test_views(filled: str) -> None:
    """Every order has its case, declaration, decisions, certificate and attempt; the log is dense."""

    def all_views(connection: Connection) -> list[CaseView | None]:
        return [view_by_name(connection, TENANT, filled_name(number)) for number in range(1, COUNT + 1)]

    store = Store.open(filled, Clock(), MASTER)
    found = [view for view in await store.read(all_views) if view is not None]
    entries = await store.read(size)
    store.close()
    assert (COUNT, COUNT * ENTRIES) == (len(found), entries)
    assert all(view.declaration and view.certificate and len(view.attempts) == 1 for view in found)
    assert all(4 == len(view.decisions) for view in found)
    assert CaseState.CERTIFIED in {view.case.state for view in found}


def test_references(filled: str) -> None:
    """Every row that a row refers to is there."""
    engine = create_engine(filled, poolclass=NullPool)
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL was told not to look, and the rows are the same")
    with engine.connect() as connection:
        assert [] == connection.execute(text("PRAGMA foreign_key_check")).all()
