"""What an audit says of databases of either kind, of entries of earlier versions, and of heads and keys."""

import asyncio
import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from engine.checkpoint import read_checkpoint
from server.audit.faults import Kind
from server.audit.trusted import HeadsUnreadable, Outside, heads_of
from server.audit.verify import Audit, audit
from server.log_keys import LogSigner, log_public_keys, log_signer, make_log_key
from server.store import Store, certificates, decisions
from server.store.backup import backup
from server.store.covered import text_digest
from server.store.log import canonical
from server.store.signing import begin_key, newest_head
from tests.server.store.conftest import (  # noqa: F401
    postgresql,
    shared_postgresql,
    upgraded_postgresql,
)
from tests.server.store.samples import MASTER, Clock, placed

from .corpus import Corpus, audited
from .tampering import Forger


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """A database with which nobody tampered."""
    return Corpus(tmp_path_factory.mktemp("corpus"), orders=12)


@pytest.fixture
def copy(corpus: Corpus, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A copy of it to tamper with."""
    shutil.copyfile(corpus.file, tmp_path / "og.db")
    database = sqlite3.connect(tmp_path / "og.db", isolation_level=None)
    yield database
    database.close()


def file_of(copy: sqlite3.Connection) -> Path:
    return Path(copy.execute("PRAGMA database_list").fetchone()[2])


def faults(found: Audit) -> list[tuple[Kind, str, str]]:
    return [(fault.kind, fault.table, fault.row) for fault in found.tally.faults]


def test_postgresql(corpus: Corpus, upgraded_postgresql: str) -> None:  # noqa: F811
    """On PostgreSQL it finds the same: nothing where nobody tampered, and the row and column where somebody did."""

    async def moved() -> None:
        here = Store.open(corpus.address, Clock(), MASTER)
        lines = await here.read(lambda c: list(backup(c)))
        here.close()
        there = Store.open(upgraded_postgresql, Clock(), MASTER)
        there.restore(lines)
        there.close()

    asyncio.run(moved())
    found = audit(upgraded_postgresql, {}, (corpus.outside,), 1, lambda parts, _: parts)
    assert ([], audited(corpus.file).tally.rows) == (found.tally.faults, found.tally.rows)
    with create_engine(upgraded_postgresql, poolclass=NullPool).begin() as connection:
        connection.execute(
            text("UPDATE decisions SET facts = '{\"order\":[]}' WHERE decision_id = '000003-scope'")
        )
        connection.execute(
            text(
                "UPDATE certificates SET sandbox = NOT sandbox, status = 'REVOKED' WHERE e_cert_id = 'SBX-4'"
            )
        )
    found = audit(upgraded_postgresql, {}, (), 1, lambda parts, _: parts)
    assert [
        (Kind.CHANGED, "certificates", "acme/sandbox/SBX-4"),
        (Kind.CHANGED, "decisions", "acme/000003-scope"),
    ] == sorted(faults(found))


def test_two_processes(corpus: Corpus) -> None:
    """Spread over processes it finds what one finds."""
    found = audit(corpus.address, {}, (corpus.outside,), 2, lambda parts, _: parts)
    assert audited(corpus.file, corpus.outside) == found


def test_beside_a_server(corpus: Corpus, tmp_path: Path) -> None:
    """While a server serves the file it is verified as it stands."""
    shutil.copyfile(corpus.file, tmp_path / "og.db")
    store = Store.open(f"sqlite:///{tmp_path}/og.db", Clock(), MASTER)
    signer = log_signer(corpus.key)
    store.sign_with(signer)
    asyncio.run(placed(store, 99))
    assert [] == audited(tmp_path / "og.db", corpus.outside).tally.faults
    store.close()


def unseal(copy: sqlite3.Connection) -> None:
    """Makes its rows those of a version that sealed nothing."""
    store = Store.open(f"sqlite:///{file_of(copy)}", Clock(), MASTER)
    for tenant, decision_id in copy.execute("SELECT tenant, decision_id FROM decisions").fetchall():
        made = asyncio.run(store.read(lambda c, key=(tenant, decision_id): decisions.find(c, *key)))
        copy.execute(
            "UPDATE decisions SET body = ?, facts = ?, facts_digest = ? WHERE tenant = ? AND decision_id = ?",
            (made.body, made.facts, made.facts_digest, tenant, decision_id),
        )
    for tenant, e_cert_id in copy.execute("SELECT tenant, e_cert_id FROM certificates").fetchall():
        one = asyncio.run(store.read(lambda c, key=(tenant, e_cert_id): certificates.find(c, *key)))
        copy.execute(
            "UPDATE certificates SET proof = ?, declaration_digest = ? WHERE tenant = ? AND e_cert_id = ?",
            (one.proof, one.declaration_digest, tenant, e_cert_id),
        )
    store.close()


def at_version_1(copy: sqlite3.Connection) -> None:
    """Makes its entries those of a version that covered a decision's body and a certificate's proof only."""
    unseal(copy)
    bodies = dict(copy.execute("SELECT decision_id, body FROM decisions"))
    proofs = dict(copy.execute("SELECT e_cert_id, proof FROM certificates"))
    copy.execute("DELETE FROM log WHERE kind = 'rulebook'")
    rows = copy.execute("SELECT position, kind, envelope, event FROM log ORDER BY position").fetchall()
    for at, (position, kind, envelope, event) in enumerate(rows):
        said, told = json.loads(envelope), json.loads(event)
        said = {name: said[name] for name in ("tenant", "kind", "subject", "at", "event")} | {"v": 1}
        if kind == "decision":
            said["body"] = text_digest(bodies[told["decision"]])
        if kind == "certificate":
            said["body"] = text_digest(proofs[told["e_cert_id"]])
        copy.execute(
            "UPDATE log SET position = ?, envelope = ? WHERE position = ?", (at, canonical(said), position)
        )


def signed_again(copy: sqlite3.Connection, corpus: Corpus) -> None:
    Forger(log_signer(corpus.key), 0).sign_again(copy)


def test_version_1(copy: sqlite3.Connection, corpus: Corpus) -> None:
    """Entries of version 1 are verified for what they vouch for, and how many rows are covered in part is told."""
    at_version_1(copy)
    copy.execute("DELETE FROM rulebooks")
    signed_again(copy, corpus)
    found = audited(file_of(copy))
    assert [] == found.tally.faults
    assert {
        "decisions": 36,
        "declarations": 12,
        "certificates": 14,
        "activations": 1,
        "site_changes": 1,
    } == found.uncovered


@pytest.mark.parametrize(
    ("table", "column", "key"),
    [
        ("decisions", "body", "decision_id"),
        ("decisions", "outcome", "decision_id"),
        ("certificates", "proof", "e_cert_id"),
    ],
)
def test_version_1_changed(
    copy: sqlite3.Connection, corpus: Corpus, table: str, column: str, key: str
) -> None:
    """What an entry of version 1 covers, or says itself, is not changed unseen."""
    at_version_1(copy)
    copy.execute("DELETE FROM rulebooks")
    signed_again(copy, corpus)
    (row,) = copy.execute(f'SELECT min("{key}") FROM "{table}"').fetchone()
    copy.execute(f'UPDATE "{table}" SET "{column}" = "{column}" || ? WHERE "{key}" = ?', ("x", row))
    [fault] = audited(file_of(copy)).tally.faults
    assert (Kind.CHANGED, table, column) == (fault.kind, fault.table, fault.column)
    assert row in fault.row


def test_not_utf_8(copy: sqlite3.Connection) -> None:
    """A byte that makes a text unreadable is named like any other."""
    copy.execute("UPDATE decisions SET body = CAST(x'ff' AS TEXT) WHERE decision_id = '000001-scope'")
    copy.execute("UPDATE decisions SET outcome = CAST(x'ff' AS TEXT) WHERE decision_id = '000002-scope'")
    copy.execute("UPDATE log SET event = CAST(x'ff' AS TEXT) WHERE position = 0")
    assert [
        (Kind.CHANGED, "decisions", "acme/000001-scope"),
        (Kind.CHANGED, "decisions", "acme/000002-scope"),
        (Kind.CHANGED, "log", "0"),
    ] == sorted(faults(audited(file_of(copy))))


def test_envelope_of_a_certificate_that_was_told_again(copy: sqlite3.Connection) -> None:
    """Where a later entry covers the row, nobody can tell whether envelope or leaf was changed: both are named."""
    (position,) = copy.execute(
        "SELECT min(position) FROM log WHERE kind = 'certificate' AND event LIKE '%\"SBX-5\"%'"
    ).fetchone()
    (envelope,) = copy.execute("SELECT envelope FROM log WHERE position = ?", (position,)).fetchone()
    said = json.loads(envelope)
    said["covers"]["proof"] = "sha256:" + "0" * 64
    copy.execute("UPDATE log SET envelope = ? WHERE position = ?", (canonical(said), position))
    [fault] = audited(file_of(copy)).tally.faults
    assert ("log", str(position), "envelope/leaf") == (fault.table, fault.row, fault.column)


def test_unknown_key(copy: sqlite3.Connection, corpus: Corpus, tmp_path: Path) -> None:
    """With keys that are trusted the database's own words about keys count for nothing."""
    make_log_key(tmp_path / "other.pem")
    other = log_public_keys([tmp_path / "other.pub.pem"])
    found = audit(f"sqlite:///{file_of(copy)}", other, (), 1, lambda parts, _: parts)
    assert {Kind.UNSIGNED} == {kind for kind, _, _ in faults(found)}
    assert (
        []
        == audit(corpus.address, log_public_keys([corpus.public]), (), 1, lambda parts, _: parts).tally.faults
    )


async def begun(store: Store, signer: LogSigner) -> None:
    store.sign_with(signer)
    await store.write(lambda tx: begin_key(tx, signer))


def test_key_that_took_over(corpus: Corpus, tmp_path: Path) -> None:
    """Who trusts the old key trusts the one for which it signed; one that came without that is not trusted."""
    shutil.copyfile(corpus.file, tmp_path / "og.db")
    for name in ("next", "stranger"):
        make_log_key(tmp_path / f"{name}.pem")
    trusted = log_public_keys([corpus.public])
    address = f"sqlite:///{tmp_path}/og.db"

    def kinds() -> set[Kind]:
        found = audit(address, trusted, (), 1, lambda parts, _: parts)
        return {kind for kind, _, _ in faults(found)}

    async def go_on(signer: LogSigner, number: int) -> None:
        store = Store.open(address, Clock(), MASTER)
        await begun(store, signer)
        await placed(store, number)
        store.close()

    asyncio.run(go_on(log_signer(tmp_path / "next.pem", corpus.key), 100))
    assert set() == kinds()
    asyncio.run(go_on(log_signer(tmp_path / "stranger.pem"), 101))
    assert {Kind.UNSIGNED} == kinds()


def test_nobody_signed(tmp_path: Path) -> None:
    """A log of before signatures holds by itself; entries that nobody signed behind signed ones are named."""
    address = f"sqlite:///{tmp_path}/og.db"
    store = Store.open(address, Clock(), MASTER)
    store.upgrade()
    asyncio.run(placed(store, 1))
    assert [] == audited(tmp_path / "og.db").tally.faults
    make_log_key(tmp_path / "log.pem")
    asyncio.run(begun(store, log_signer(tmp_path / "log.pem")))
    store.close()
    unsigned = Store.open(address, Clock(), MASTER)
    asyncio.run(placed(unsigned, 2))
    unsigned.close()
    assert [(Kind.UNSIGNED, "log", "1-1")] == faults(audited(tmp_path / "og.db"))


def test_older_database(corpus: Corpus, tmp_path: Path) -> None:
    """A database that is behind a head from outside is told to be that."""
    shutil.copyfile(corpus.file, tmp_path / "og.db")
    address = f"sqlite:///{tmp_path}/og.db"

    async def ahead() -> str:
        store = Store.open(address, Clock(), MASTER)
        store.sign_with(log_signer(corpus.key))
        await placed(store, 99)
        head = await store.read(newest_head)
        store.close()
        return head or ""

    later = Outside("later.head", read_checkpoint(asyncio.run(ahead())))
    [fault] = audited(corpus.file, later).tally.faults
    assert (Kind.REMOVED, "log") == (fault.kind, fault.table)
    assert "later.head" in fault.because
    assert "an older one" in fault.because


def test_head_of_another_log(corpus: Corpus, tmp_path: Path) -> None:
    """A head of another log proves nothing about this one, and is told to be that."""
    other = Corpus(tmp_path, orders=2)
    found = audit(
        corpus.address,
        log_public_keys([corpus.public, other.public]),
        (other.outside,),
        1,
        lambda parts, _: parts,
    )
    [fault] = found.tally.faults
    assert f"of the log {other.outside.checkpoint.head.origin}" in fault.because


def test_heads_of_files(corpus: Corpus, tmp_path: Path) -> None:
    """Heads come from files with one or many, from receipts, and from folders of all these; by size."""
    note = corpus.outside.checkpoint.text
    (tmp_path / "many.heads").write_text(note + "\n" + note, "utf-8")
    (tmp_path / "receipt.json").write_text(json.dumps({"head": note}), "utf-8")
    assert [corpus.outside.checkpoint] * 3 == [each.checkpoint for each in heads_of([tmp_path])]
    (tmp_path / "nothing.txt").write_text("nothing\n", "utf-8")
    with pytest.raises(HeadsUnreadable, match=r"nothing\.txt"):
        heads_of([tmp_path])
