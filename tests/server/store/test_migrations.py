"""Upgrades from each earlier revision, with records in the database."""

from decimal import Decimal

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, create_engine, inspect, select, text
from sqlalchemy.pool import NullPool

from engine.case import CaseState
from engine.coverage import Balance, Draw
from engine.merkle import Frontier, Node, grown
from server.store import Store, cases, ledger, log
from server.store.ledger_records import NewGood, NewLedger
from server.store.listing import CaseQuery, page
from server.store.migrate import configuration
from server.store.schema import REVISIONS, log_head, log_tiles

from .filling import TENANT, fill_cases, fill_log
from .samples import MASTER, Clock, case_name, certified, declared, placed

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
    store = Store.open(empty, Clock(), MASTER)
    store.upgrade()
    store.check()
    last = await store.read(lambda c: cases.find(c, TENANT, case_name(CASES)))
    assert (f"order-{CASES}", 4) == (last and last.order_id, last and last.version)
    assert 2 * CASES == len(await store.read(lambda c: log.read(c, 0, 10 * CASES)))
    one_state = CaseQuery(TENANT, (CaseState.MANUAL,))
    assert CASES // 100 == len(await store.read(lambda c: page(c, one_state, None, CASES)))
    assert case_name(CASES + 1) == (await placed(store, CASES + 1)).name
    store.close()


@pytest.mark.parametrize("revision", REVISIONS[:-1])
async def test_ledger_of_an_earlier_certificate(empty: str, revision: str) -> None:
    """After the upgrade a certificate gets its ledger, and another order draws on it, beside what was there before."""
    at_revision(empty, revision)
    store = Store.open(empty, Clock(), MASTER)
    store.upgrade()
    _, certificate = await certified(store, CASES + 1)
    new = NewLedger(None, None, (NewGood("bars", Decimal(2), "t"),), ())
    await store.write(lambda tx: ledger.open_ledger(tx, certificate, new))
    case = await declared(store, CASES + 2)
    draw = (Draw("1", "bars", Decimal(2), "t"),)
    await store.write(lambda tx: ledger.draw(tx, certificate, case, draw))
    assert {"bars": Balance(Decimal(2))} == await store.read(lambda c: ledger.balances(c, certificate))
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


async def test_tree_over_what_is_there(empty: str) -> None:
    """0006 builds the tree over the entries that are there, and it is the tree that would have grown with them."""
    engine = at_revision(empty, "0005")
    with engine.begin() as connection:
        command.upgrade(configuration(connection), "0006")
        leaves = list(connection.scalars(text("SELECT leaf FROM log ORDER BY position")))
        head = connection.execute(select(log_head)).mappings().one()
        tiles = connection.execute(select(log_tiles).order_by("level", "number")).mappings().all()
    nodes: dict[Node, bytes] = {}
    frontier = grown(Frontier(), leaves, nodes)
    assert (2 * CASES, frontier.octets) == (head["tree_size"], head["frontier"])
    assert [(1, number, nodes[8, number]) for number in range(2 * CASES // 256)] == [
        (tile["level"], tile["number"], tile["hash"]) for tile in tiles
    ]


async def test_earlier_version_writes_beside(empty: str) -> None:
    """What a server of an earlier version adds to the log after 0006 is in the tree with what comes next."""
    engine = at_revision(empty, REVISIONS[-1])
    store = Store.open(empty, Clock(), MASTER)
    await placed(store, CASES + 1)
    frontier = grown(Frontier(), await store.read(leaves_of))
    store.close()
    with engine.connect() as connection:
        head = connection.execute(select(log_head)).mappings().one()
    assert (2 * CASES + 1, 2 * CASES + 1, frontier.octets) == (
        head["size"],
        head["tree_size"],
        head["frontier"],
    )


def leaves_of(connection: Connection) -> list[bytes]:
    return list(connection.scalars(text("SELECT leaf FROM log ORDER BY position")))
