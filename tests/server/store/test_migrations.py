"""Upgrades from each earlier revision, with records in the database."""

import pytest
from alembic import command
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.pool import NullPool

from engine.case import CaseState
from server.store import Store, cases, log
from server.store.listing import CaseQuery, page
from server.store.migrate import configuration
from server.store.schema import REVISIONS

from .filling import TENANT, fill_cases, fill_log
from .samples import Clock, case_name, placed

CASES = 500


def at_revision(address: str, revision: str) -> Engine:
    """A database as a version left it whose newest revision this was, with cases and a log."""
    engine = create_engine(address, poolclass=NullPool)
    with engine.begin() as connection:
        command.upgrade(configuration(connection), revision)
        fill_cases(connection, CASES)
        fill_log(connection, 2 * CASES)
    return engine


@pytest.mark.parametrize("revision", REVISIONS[:-1])
async def test_from_each_revision(empty: str, revision: str) -> None:
    """After the upgrade every record is there as it was, and the store serves."""
    at_revision(empty, revision)
    store = Store.open(empty, Clock())
    store.upgrade()
    store.check()
    last = await store.read(lambda c: cases.find(c, TENANT, case_name(CASES)))
    assert (f"order-{CASES}", 4) == (last and last.order_id, last and last.version)
    assert 2 * CASES == len(await store.read(lambda c: log.read(c, 0, 10 * CASES)))
    one_state = CaseQuery(TENANT, (CaseState.MANUAL,))
    assert CASES // 100 == len(await store.read(lambda c: page(c, one_state, None, CASES)))
    assert case_name(CASES + 1) == (await placed(store, CASES + 1)).name
    store.close()


async def test_earlier_version_beside(empty: str) -> None:
    """0002 only adds indexes: what an earlier version wrote and read it goes on writing and reading."""
    engine = at_revision(empty, "0001")
    before = {table: inspect(engine).get_columns(table) for table in inspect(engine).get_table_names()}
    with engine.begin() as connection:
        command.upgrade(configuration(connection), "0002")
        connection.execute(text("UPDATE cases SET version = version + 1"))
    after = {table: inspect(engine).get_columns(table) for table in inspect(engine).get_table_names()}
    assert str(before) == str(after)
