"""What an audit says of cases that were erased."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import update

from server.audit.faults import Kind
from server.log_keys import log_signer, make_log_key
from server.store import Store, Transaction, cases, decisions, erasure
from server.store.schema import data_keys
from server.store.signing import begin_key
from tests.server.store.samples import MASTER, TENANT, Clock, case_name, certified, decision

from .corpus import audited


def at_work(folder: Path, *works: Callable[[Transaction], object]) -> Path:
    """A database with two certified orders on which some work was done."""
    make_log_key(folder / "log.pem")

    async def work_on() -> None:
        store = Store.open(f"sqlite:///{folder}/og.db", Clock(), MASTER)
        store.upgrade()
        signer = log_signer(folder / "log.pem")
        store.sign_with(signer)
        await store.write(lambda tx: begin_key(tx, signer))
        for number in (1, 2):
            await certified(store, number)
        for work in works:
            await store.write(work)
        store.close()

    asyncio.run(work_on())
    return folder / "og.db"


def decide(tx: Transaction) -> None:
    case = cases.find(tx.connection, TENANT, case_name(1))
    decisions.record(tx, (decision("d1", case=case),))


def erase(tx: Transaction) -> None:
    case, key = cases.take(tx, TENANT, case_name(1)), erasure.held(tx, TENANT, case_name(1))
    assert case is not None
    assert key is not None
    erasure.erase_case(tx, case, key, actor="ann", reason="asked for")


def from_before(tx: Transaction) -> None:
    """Says that records of the case are from before values were sealed."""
    tx.connection.execute(update(data_keys).values(plain=True))


def test_erased(tmp_path: Path) -> None:
    """A case that was erased leaves nothing that does not hold."""
    assert [] == audited(at_work(tmp_path, decide, erase)).tally.faults


def test_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does one of before values were sealed, whose texts are written over."""
    monkeypatch.setattr(decisions, "sealed_row", lambda connection, table, subject, values: dict(values))
    file = at_work(tmp_path, decide, from_before, erase)
    database = sqlite3.connect(file)
    assert ("",) == database.execute("SELECT facts FROM decisions").fetchone()
    database.close()
    assert [] == audited(file).tally.faults


@pytest.mark.parametrize("works", [(decide, from_before), (decide, erase)], ids=["not erased", "sealed"])
def test_emptied(tmp_path: Path, works: tuple[Callable[[Transaction], None], ...]) -> None:
    """Whoever empties a text by himself is found: where nothing was erased, and where erasing needed nothing of it."""
    file = at_work(tmp_path, *works)
    database = sqlite3.connect(file)
    database.execute("UPDATE decisions SET facts = ''")
    database.commit()
    database.close()
    assert [(Kind.CHANGED, "decisions", "facts")] == [
        (fault.kind, fault.table, fault.column) for fault in audited(file).tally.faults
    ]
