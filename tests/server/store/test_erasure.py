"""Erasing a case: what was said is gone, what happened stays, and the log still vouches for what is kept."""

import hashlib
import json
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from engine.case import Event
from server.store import (
    CaseRecord,
    Store,
    Transaction,
    attempts,
    cases,
    certificates,
    dead_letters,
    decisions,
    erasure,
    events,
    log,
    requests,
)
from server.store.covered import text_digest
from server.store.cursors import open_cursor
from server.store.dead_letters import NewDeadLetter
from server.store.errors import CaseChanged, RecordsErased
from server.store.records import NewRequest
from server.store.schema import certificates as certificate_rows
from server.store.schema import data_keys, declarations
from server.store.schema import decisions as decision_rows

from .samples import TENANT, case_name, certified, decision, placed


async def told(store: Store, number: int = 1) -> CaseRecord:
    """A certified case with a decision, a request and a dead letter."""
    case, _ = await certified(store, number)

    def more(tx: Transaction) -> None:
        decisions.record(tx, (decision(f"d{number}", case=case),))
        requests.record(tx, NewRequest(TENANT, f"request-{number}", "ProcessOrder", "sha256:b", case.name))
        open_cursor(tx, TENANT, "orders", beginning=True)
        dead_letters.bury(
            tx, NewDeadLetter(TENANT, "orders", number, case.name, '{"Jane":1}', 3, "it answered 410")
        )

    await store.write(more)
    return case


def erase(tx: Transaction, name: str) -> None:
    case = cases.take(tx, TENANT, name)
    key = erasure.held(tx, TENANT, name)
    assert case is not None
    assert key is not None
    erasure.erase_case(tx, case, key, actor="ann", reason="asked for")


async def test_what_was_said_is_gone(store: Store) -> None:
    """Of an erased case every text that could hold a personal value is empty."""
    case = await told(store)
    await store.write(lambda tx: erase(tx, case.name))

    def texts(connection):  # type: ignore[no-untyped-def]
        found = cases.find(connection, TENANT, case.name)
        declared = cases.find_declaration(connection, TENANT, case.name, 1)
        [attempt] = attempts.of_case(connection, TENANT, case.name)
        [certificate] = certificates.of_case(connection, TENANT, case.name)
        decided = decisions.find(connection, TENANT, "d1")
        asked = requests.find(connection, TENANT, "request-1")
        [letter] = dead_letters.listed(connection, settled=True)
        return [
            found.site, found.order, declared.digest, declared.content, declared.site, declared.order,
            declared.declaration, attempt.digest, attempt.because, certificate.proof, certificate.declaration_digest,
            decided.body, decided.facts, decided.facts_digest, asked.body_digest, letter.body,
        ]  # fmt: skip

    assert {""} == set(await store.read(texts))


async def test_what_happened_stays(store: Store) -> None:
    """State, ids, outcome and e-Cert ID of an erased case stay, with the moment at which it was erased."""
    case = await told(store)
    await store.write(lambda tx: erase(tx, case.name))
    found = await store.read(lambda c: cases.find(c, TENANT, case.name))
    [certificate] = await store.read(lambda c: certificates.of_case(c, TENANT, case.name))
    decided = await store.read(lambda c: decisions.find(c, TENANT, "d1"))
    assert found is not None
    assert decided is not None
    assert (case.state, case.order_id, True) == (found.state, found.order_id, found.erased_at is not None)
    assert ("SBX-1", "IN_SCOPE") == (certificate.e_cert_id, decided.outcome)


async def test_words_of_the_log(store: Store) -> None:
    """Events of an erased case are told without the words that gave their reasons, and known again by what is kept."""
    case = await told(store)
    before = await store.read(lambda c: events.read(c, TENANT, [case.name], 0, 10))
    await store.write(lambda tx: erase(tx, case.name))
    page = await store.read(lambda c: events.read(c, TENANT, [case.name], 0, 10))
    assert {""} == {json.loads(event.event)["reason"] for event in page.events}
    assert [event.kept for event in before.events] == [event.kept for event in page.events]


async def test_another_case_stays(store: Store) -> None:
    """Whoever is not erased is read as before."""
    first, second = await told(store, 1), await told(store, 2)
    await store.write(lambda tx: erase(tx, first.name))
    found = await store.read(lambda c: cases.find(c, TENANT, second.name))
    assert found is not None
    assert second.order == found.order


async def test_log_still_vouches(store: Store) -> None:
    """After erasing, every leaf is that of its envelope, and bodies are those that the envelopes name."""
    case = await told(store)
    await store.write(lambda tx: erase(tx, case.name))
    entries = await store.read(lambda c: log.read(c, 0, 100))
    kept = await store.read(lambda c: c.execute(select(decision_rows.c.body)).scalar_one())
    proof = await store.read(lambda c: c.execute(select(certificate_rows.c.proof)).scalar_one())
    bodies = {"decision": kept, "certificate": proof}
    for entry in entries:
        said = json.loads(entry.envelope)
        assert hashlib.sha256(b"\x00" + entry.envelope.encode()).digest() == entry.leaf
        assert said["event"] == text_digest(entry.event)
        if entry.kind in bodies:
            name = {"decision": "body", "certificate": "proof"}[entry.kind]
            assert said["covers"][name] == text_digest(bodies[entry.kind])
    assert "erasure" == entries[-1].kind


async def test_erasure_is_told(store: Store) -> None:
    """The log says who erased a case and why, in plain."""
    case = await told(store)
    await store.write(lambda tx: erase(tx, case.name))
    entry = (await store.read(lambda c: log.about(c, TENANT, case.name)))[-1]
    assert {"actor": "ann", "reason": "asked for"} == json.loads(entry.event)


async def test_nothing_is_added(store: Store) -> None:
    """An erased case is moved no more, whoever read it before, and nothing is recorded of it."""
    case = await told(store)
    await store.write(lambda tx: erase(tx, case.name))
    with pytest.raises(CaseChanged):
        await store.write(
            lambda tx: cases.transition(tx, case, Event.HAND_OFF, actor="orders", reason="late")
        )
    with pytest.raises(CaseChanged):
        await store.write(lambda tx: cases.hold(tx, case))
    with pytest.raises(RecordsErased):
        await store.write(lambda tx: decisions.record(tx, (decision("d9", case=case),)))


async def test_letters_are_settled(store: Store) -> None:
    """Dead letters of an erased case wait no more, and no other is kept."""
    case = await told(store)
    await store.write(lambda tx: erase(tx, case.name))
    late = NewDeadLetter(TENANT, "orders", 9, case.name, "{}", 1, "it answered 410")
    assert {} == await store.read(dead_letters.counted)
    assert not await store.write(lambda tx: dead_letters.bury(tx, late))


async def test_records_of_before_sealing(store: Store) -> None:
    """What stood in plain, from before values were sealed, is written over."""
    case = await told(store)

    def as_before(tx: Transaction) -> None:
        tx.connection.execute(update(declarations).values(content='{"name":"Jane"}'))
        tx.connection.execute(update(decision_rows).values(facts='{"name":"Jane"}'))
        tx.connection.execute(update(data_keys).values(plain=True))

    await store.write(as_before)
    await store.write(lambda tx: erase(tx, case.name))
    kept = await store.read(
        lambda c: (
            c.execute(select(declarations.c.content)).scalar_one(),
            c.execute(select(decision_rows.c.facts)).scalar_one(),
        )
    )
    assert ("", "") == kept


async def test_hold(store: Store) -> None:
    """A hold says since when and why, and its end takes that away."""
    case = await placed(store)
    await store.write(lambda tx: erasure.hold(tx, TENANT, case.name, actor="ann", reason="a lawsuit"))
    held = await store.write(lambda tx: erasure.held(tx, TENANT, case.name))
    await store.write(lambda tx: erasure.release(tx, TENANT, case.name, actor="ann", reason="it is over"))
    free = await store.write(lambda tx: erasure.held(tx, TENANT, case.name))
    assert held is not None
    assert free is not None
    assert ("a lawsuit", "ann", True) == (held.held_because, held.held_by, held.held_at is not None)
    assert (None, None) == (free.held_because, free.held_at)


async def test_past(store: Store) -> None:
    """Retention looks through what was made before a moment, in order, from where it was; erased ones are no more there."""
    for number in (1, 2, 3):
        await placed(store, number)
    await store.write(lambda tx: erase(tx, case_name(2)))
    later = datetime.fromisoformat("2030-01-01T00:00:00+00:00")
    found = await store.read(lambda c: erasure.past(c, later, None, 10))
    place = erasure.Place(found[0].created_at, found[0].tenant, found[0].subject)
    after = await store.read(lambda c: erasure.past(c, later, place, 10))
    assert [case_name(1), case_name(3)] == [key.subject for key in found]
    assert [case_name(3)] == [key.subject for key in after]


def _bytes(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.glob("store.db*")))


async def test_key_is_not_in_the_file(
    upgraded_sqlite: str, store: Store, address: str, tmp_path: Path
) -> None:
    """Of an erased case not even the wrapped key is found in an SQLite file or in its log of writes."""
    if not address.startswith("sqlite"):
        pytest.skip("PostgreSQL's pages are emptied by its VACUUM")
    case = await told(store)
    wrapped = await store.read(lambda c: c.execute(select(data_keys.c.wrapped)).scalar_one())
    await store.write(lambda tx: erase(tx, case.name))
    await store.scrub()
    octets = _bytes(tmp_path)
    assert case.name.encode() in octets
    assert wrapped.encode() not in octets
