"""Data keys: made with what they are for, at hand once committed, never before."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine.case import Event
from server.store import Store, Transaction, cases, decisions, rulebooks
from server.store.errors import KeyMissing
from server.store.schema import cases as table
from server.store.schema import data_keys
from server.store.sealing import MasterKey, MasterKeys
from server.store.sealing.envelope import is_sealed, key_id_of

from ..samples import MASTER, RULEBOOK, TENANT, Clock, case_name, decision, declare, place, placed


class Undone(Exception):
    """Something after which nothing is kept."""


async def test_kept_sealed(store: Store) -> None:
    """What a case says is sealed in the table, and read in plain."""
    case = await placed(store)
    kept = await store.read(lambda c: c.execute(select(table.c.order)).scalar_one())
    there = await store.read(lambda c: cases.find(c, TENANT, case.name))
    assert is_sealed(kept)
    assert case == there


async def test_key_for_each_case(store: Store) -> None:
    """Each case has a key of its own."""
    await placed(store, 1)
    await placed(store, 2)
    kept = await store.read(lambda c: c.scalars(select(table.c.order)).all())
    assert 2 == len({key_id_of(text) for text in kept})


async def test_key_that_was_never_committed(store: Store) -> None:
    """A key whose transaction was undone seals nothing: what is written under its name later can be read."""

    def undone(tx: Transaction) -> None:
        place(tx)
        raise Undone

    with pytest.raises(Undone):
        await store.write(undone)
    case = await placed(store)
    await store.write(lambda tx: declare(tx, case))
    assert case.order == (await store.read(lambda c: cases.find(c, TENANT, case_name()))).order  # type: ignore[union-attr]


async def test_order_that_has_a_case(store: Store) -> None:
    """Where an order has its case already, no key is left of the one that did not come to be."""
    await placed(store, 1)
    await store.write(
        lambda tx: cases.create(
            tx, tenant=TENANT, name=case_name(9), site_id="shop", order_id="order-1", site="{}", order="{}",
            event=Event.PLACE, actor="orders", reason="again",
        )
    )  # fmt: skip
    assert 1 == await store.read(lambda c: c.scalar(select(func.count()).select_from(data_keys)))


async def test_screenings_of_a_day(store: Store) -> None:
    """Decisions without a case are sealed under the key of their day."""
    await store.write(lambda tx: rulebooks.keep(tx, RULEBOOK, "usmca", "{}"))
    await store.write(lambda tx: decisions.record(tx, (decision("d1"), decision("d2"))))
    subjects = await store.read(lambda c: c.scalars(select(data_keys.c.subject)).all())
    found = await store.read(lambda c: decisions.find(c, TENANT, "d1"))
    assert ["screenings/2026-07-01"] == subjects
    assert found is not None
    assert '{"outcome":"IN_SCOPE"}' == found.body


async def test_sealed_with_a_case(store: Store) -> None:
    """A decision that is about a case's order, though not the case's own, is sealed under the case's key."""
    await store.write(lambda tx: rulebooks.keep(tx, RULEBOOK, "usmca", "{}"))
    case = await placed(store)
    await store.write(lambda tx: decisions.record(tx, (decision("d1"),), sealed_with=case.name))
    assert [case.name] == await store.read(lambda c: c.scalars(select(data_keys.c.subject)).all())


async def test_another_process(address: str) -> None:
    """Whoever opens the database with the master key reads what others sealed."""
    store = Store.open(address, Clock(), MASTER)
    case = await placed(store)
    store.close()
    again = Store.open(address, Clock(), MASTER)
    again.check_keys()
    assert case == await again.read(lambda c: cases.find(c, TENANT, case.name))
    again.close()


async def test_without_the_master_key(address: str) -> None:
    """With another master key nothing is served or read, and the one that is missing is named."""
    store = Store.open(address, Clock(), MASTER)
    await placed(store)
    store.close()
    other = Store.open(address, Clock(), MasterKeys([MasterKey(b"another" + b"." * 25)]))
    with pytest.raises(KeyMissing, match=MASTER.newest):
        other.check_keys()
    with pytest.raises(KeyMissing, match=MASTER.newest):
        await other.read(lambda c: cases.find(c, TENANT, case_name()))
    other.close()


def test_no_key_before_the_file_is_ours(upgraded_sqlite: str, tmp_path: Path) -> None:
    """Master keys are asked for once the file is this process's alone: two never make one each."""
    first = Store.open(upgraded_sqlite, Clock(), MASTER)
    asked: list[str] = []

    def keys() -> MasterKeys:
        asked.append("asked")
        return MASTER

    with pytest.raises(Exception, match="another process"):
        Store.open(upgraded_sqlite, Clock(), keys)
    first.close()
    assert [] == asked
