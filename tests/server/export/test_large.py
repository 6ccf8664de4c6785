"""A case with many decisions goes out without being held in memory."""

import json
import os
import tracemalloc
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from engine.decide import decide
from engine.facts import EVERYTHING
from engine.rulebook import Rulebook
from engine.written_facts import canonical_bytes
from server.errors import CaseErased
from server.export import export_case
from server.log_keys import log_signer, make_log_key
from server.rulebooks import load_folder
from server.store import CaseRecord, NewDecision, Store, Transaction, decisions, erasure, rulebooks
from server.store.signing import begin_key
from server.wire.texts import decision_text
from tests.docs.pages import PROJECT
from tests.server.store.samples import MASTER, TENANT, Clock, place

OCTETS = 40_000


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    """The shipped rulebook."""
    return load_folder(PROJECT / "rules" / "usmca")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """A store whose log is signed."""
    opened = Store.open(f"sqlite:///{tmp_path}/og.db", Clock(), MASTER)
    opened.upgrade()
    make_log_key(tmp_path / "log.pem")
    signer = log_signer(tmp_path / "log.pem")
    opened.sign_with(signer)
    await opened.write(lambda tx: begin_key(tx, signer))
    yield opened
    opened.close()


async def decided(store: Store, rulebook: Rulebook, number: int, count: int) -> CaseRecord:
    """A case with so many decisions, each of 40 KB that no two share."""
    case, _ = await store.write(lambda tx: place(tx, number))
    files = json.dumps(dict(rulebook.files))
    await store.write(lambda tx: rulebooks.keep(tx, rulebook.digest, rulebook.name, files))
    made_here = []
    for each in range(count):
        facts = {"order": {"destination": "US", "order_id": os.urandom(OCTETS // 2).hex()}}
        made = decide(rulebook, "scope", facts, date(2026, 7, 1))
        new = NewDecision(
            TENANT, f"{number}-{each}", "scope", made.outcome, decision_text(made), rulebook.digest,
            made.facts_digest, canonical_bytes(facts, EVERYTHING).decode(), case.name,
        )  # fmt: skip
        made_here.append(new)
    await store.write(lambda tx: decisions.record(tx, made_here))
    return case


def exported(store: Store, rulebook: Rulebook, case: CaseRecord) -> tuple[int, int]:
    """The octets that are exported, and the most that were held in memory meanwhile."""
    tracemalloc.start()
    try:
        sent = sum(map(len, export_case(store.read_waiting, TENANT, case.name, rulebook)))
        return sent, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


async def test_memory(store: Store, rulebook: Rulebook) -> None:
    """A decision more makes an export 40 KB larger, and takes less than 6 KB more of memory: what lists it."""
    few, many = [await decided(store, rulebook, number, count) for number, count in ((1, 24), (2, 56))]
    (sent_few, held_few), (sent_many, held_many) = [exported(store, rulebook, case) for case in (few, many)]
    assert (sent_many - sent_few) / 32 > 40_000
    assert (held_many - held_few) / 32 < 6_000


async def test_erased_meanwhile(store: Store, rulebook: Rulebook) -> None:
    """An export that has begun ends where its case is erased: nothing is told after that."""
    case = await decided(store, rulebook, 1, 40)
    chunks = export_case(store.read_waiting, TENANT, case.name, rulebook)
    assert next(chunks)

    def erase(tx: Transaction) -> None:
        key = erasure.held(tx, TENANT, case.name)
        assert key is not None
        erasure.erase_case(tx, case, key, actor="operator", reason="asked for")

    await store.write(erase)
    with pytest.raises(CaseErased):
        list(chunks)
