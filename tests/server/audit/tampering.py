"""Ways to tamper with a database, each with what an audit has to say of it."""

import json
import random
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from engine.merkle import Frontier, Node, grown, leaf_hash
from server.audit.faults import Fault, Kind
from server.log_keys import LogSigner
from server.store.covered import EVIDENCE, text_digest
from server.store.schema import metadata

KEYS = {
    "decisions": ("tenant", "decision_id"),
    "declarations": ("tenant", "case_name", "version"),
    "certificates": ("tenant", "platform", "e_cert_id"),
    "rulebooks": ("digest",),
    "activations": ("number",),
    "site_changes": ("tenant", "site_id", "number"),
    "log": ("position",),
    "log_heads": ("size",),
    "log_tiles": ("level", "number"),
    "log_head": ("id",),
}
# What a server goes by, and what no entry is about.
WORKING = {("log_head", "id"), ("log_head", "kept_at"), ("log_tiles", "level"), ("log_tiles", "number")}


@dataclass(frozen=True, slots=True)
class Tampering:
    """What was done, and whether a fault names it."""

    what: str
    names: Callable[[Fault], bool]


def change(database: sqlite3.Connection, chance: random.Random) -> Tampering:
    """A byte of a column of evidence, of the log, or of its tree is another one."""
    table = chance.choice([*EVIDENCE, *EVIDENCE, "log", "log", "log_heads", "log_tiles", "log_head"])
    columns = [
        column.name for column in metadata.tables[table].columns if (table, column.name) not in WORKING
    ]
    column = chance.choice(columns)
    rows = database.execute(
        f'SELECT rowid FROM "{table}" WHERE "{column}" IS NOT NULL ORDER BY rowid'
    ).fetchall()
    if not rows:
        return change(database, chance)
    (row,) = chance.choice(rows)
    (value,) = database.execute(f'SELECT "{column}" FROM "{table}" WHERE rowid = ?', (row,)).fetchone()
    key = _key(database, table, row)
    try:
        database.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?', (_other(value, chance), row))
    except sqlite3.IntegrityError:
        # The database itself refuses it.
        return change(database, chance)
    return Tampering(f"{table} {key} {column}: a byte changed", _naming(table, key, column))


def _naming(table: str, key: str, column: str) -> Callable[[Fault], bool]:
    if table == "log" and column == "position":
        return lambda fault: fault.table == "log"
    if table == "log_heads":
        return lambda fault: fault.table == "log_heads" or fault.kind is Kind.REMOVED
    if table == "log_head":
        return lambda fault: fault.table in ("log_head", "log")
    if column in KEYS[table]:
        # A row under another key is not there any more.
        return lambda fault: fault.table == table and fault.row == key and fault.kind is Kind.REMOVED
    return lambda fault: fault.table == table and fault.row == key and column in fault.column.split("/")


def remove(database: sqlite3.Connection, chance: random.Random) -> Tampering:
    """A row is not there any more."""
    table = chance.choice([*EVIDENCE, "log", "log_tiles"])
    (row,) = chance.choice(database.execute(f'SELECT rowid FROM "{table}" ORDER BY rowid').fetchall())
    key = _key(database, table, row)
    database.execute(f'DELETE FROM "{table}" WHERE rowid = ?', (row,))
    return Tampering(
        f"{table} {key} removed",
        lambda fault: fault.kind is Kind.REMOVED and fault.table == table and fault.row.split("-")[0] in key,
    )


def add(database: sqlite3.Connection, chance: random.Random) -> Tampering:
    """A row is there twice, the second time under another key; or another entry stands at the log's end."""
    table = chance.choice(["decisions", "declarations", "certificates", "log"])
    (row,) = chance.choice(database.execute(f'SELECT rowid FROM "{table}" ORDER BY rowid').fetchall())
    last = KEYS[table][-1]
    new = {"log": "(SELECT max(position) + 1 FROM log)", "declarations": "99"}.get(
        table, f"\"{last}\" || '-2'"
    )
    others = [f'"{column.name}"' for column in metadata.tables[table].columns if column.name != last]
    # Of a declaration's version only one certificate is active.
    others_from = [("'EXPIRED'" if each == '"status"' else each) for each in others]
    database.execute(
        f'INSERT INTO "{table}" ("{last}", {", ".join(others)}) SELECT {new}, {", ".join(others_from)}'
        f' FROM "{table}" WHERE rowid = ?',
        (row,),
    )
    return Tampering(f"{table} row added", lambda fault: fault.kind is Kind.ADDED and fault.table == table)


def swap(database: sqlite3.Connection, chance: random.Random) -> Tampering:
    """Two entries of the log have changed places, whole as they are."""
    (count,) = database.execute("SELECT count(*) FROM log").fetchone()
    one, other = sorted(chance.sample(range(count), 2))
    for was, now in ((one, -9), (other, one), (-9, other)):
        database.execute("UPDATE log SET position = ? WHERE position = ?", (now, was))
    return Tampering(
        f"entries {one} and {other} swapped",
        lambda fault: fault.kind is Kind.SWAPPED and fault.row == f"{one}-{other}",
    )


def exchange(database: sqlite3.Connection, chance: random.Random) -> Tampering:
    """Two rows of evidence have each other's text."""
    table, column = chance.choice([("decisions", "decided_at"), ("certificates", "e_cert_id")])
    rows = database.execute(f'SELECT rowid, "{column}" FROM "{table}" ORDER BY rowid').fetchall()
    (one, its), (other, theirs) = chance.sample(rows, 2)
    if its == theirs:
        return exchange(database, chance)
    keys = {_key(database, table, row) for row in (one, other)}
    for row, value in ((one, "-"), (other, its), (one, theirs)):
        database.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?', (value, row))
    return Tampering(
        f"{table} {keys} exchanged {column}",
        lambda fault: fault.kind is Kind.CHANGED and fault.table == table and fault.row in keys,
    )


class Forger:
    """Whoever has the live key: what is written is signed again, so that the database fits itself."""

    def __init__(self, signer: LogSigner, outside: int) -> None:
        self._signer = signer
        self._outside = outside

    def rewrite(self, database: sqlite3.Connection, chance: random.Random) -> Tampering:
        """An entry before the head that was kept outside tells another story, and everything after it was made again."""
        at = chance.randrange(self._outside)
        envelope, event = database.execute(
            "SELECT envelope, event FROM log WHERE position = ?", (at,)
        ).fetchone()
        said, told = json.loads(envelope), json.loads(event)
        told["reason"] = f"another {chance.random()}"
        event = json.dumps(told, sort_keys=True, separators=(",", ":"))
        said["event"] = text_digest(event)
        envelope = json.dumps(said, sort_keys=True, separators=(",", ":"))
        database.execute("UPDATE log SET envelope = ?, event = ? WHERE position = ?", (envelope, event, at))
        self.sign_again(database)
        return Tampering(f"entry {at} rewritten and signed again", self._naming(at))

    def cut(self, database: sqlite3.Connection, chance: random.Random) -> Tampering:
        """An entry before the head that was kept outside is gone with its row, and those after it have moved up."""
        entries = database.execute(
            "SELECT position, tenant, event FROM log WHERE kind = 'decision' AND position < ?",
            (self._outside,),
        ).fetchall()
        at, tenant, event = chance.choice(entries)
        database.execute("DELETE FROM log WHERE position = ?", (at,))
        database.execute("UPDATE log SET position = -position WHERE position > ?", (at,))
        database.execute("UPDATE log SET position = -position - 1 WHERE position < 0")
        key = (tenant, json.loads(event)["decision"])
        database.execute("DELETE FROM decisions WHERE tenant = ? AND decision_id = ?", key)
        self.sign_again(database)
        return Tampering(f"entry {at} cut out and signed again", self._naming(at))

    def truncate(self, database: sqlite3.Connection, chance: random.Random) -> Tampering:
        """The end of the log is gone with what it vouches for, and the head is one of before."""
        size = chance.randrange(1, self._outside)
        for tenant, event in database.execute(
            "SELECT tenant, event FROM log WHERE kind = 'decision' AND position >= ?", (size,)
        ).fetchall():
            key = (tenant, json.loads(event)["decision"])
            database.execute("DELETE FROM decisions WHERE tenant = ? AND decision_id = ?", key)
        subjects = "(SELECT subject FROM log WHERE position < ?)"
        for table in ("declarations", "certificates"):
            database.execute(f'DELETE FROM "{table}" WHERE case_name NOT IN {subjects}', (size,))
        database.execute("DELETE FROM log WHERE position >= ?", (size,))
        self.sign_again(database)
        return Tampering(
            f"cut off after {size} entries",
            lambda fault: fault.kind is Kind.REMOVED and "kept.head" in fault.because,
        )

    def _naming(self, at: int) -> Callable[[Fault], bool]:
        def names(fault: Fault) -> bool:
            if fault.kind is not Kind.REWRITTEN or "kept.head" not in fault.because:
                return False
            first, last = map(int, fault.row.split("-"))
            return first <= at <= last

        return names

    def sign_again(self, database: sqlite3.Connection) -> None:
        """Builds the tree over the entries as they are, and signs all heads again."""
        entries = database.execute("SELECT position, envelope FROM log ORDER BY position").fetchall()
        leaves = [leaf_hash(envelope.encode()) for _, envelope in entries]
        for (position, _), leaf in zip(entries, leaves, strict=True):
            database.execute("UPDATE log SET leaf = ? WHERE position = ?", (leaf, position))
        nodes: dict[Node, bytes] = {}
        frontier = grown(Frontier(), leaves, nodes)
        database.execute("DELETE FROM log_tiles")
        for (height, number), node in nodes.items():
            if height and height % 8 == 0:
                database.execute("INSERT INTO log_tiles VALUES (?, ?, ?)", (height // 8, number, node))
        (origin,) = database.execute("SELECT origin FROM log_head").fetchone()
        database.execute("DELETE FROM log_heads WHERE size > ?", (len(leaves),))
        for size, at in database.execute("SELECT size, at FROM log_heads").fetchall():
            root = grown(Frontier(), leaves[:size]).root
            head = self._signer.signed(origin, size, root, _instant(at))
            database.execute("UPDATE log_heads SET head = ? WHERE size = ?", (head, size))
        (at,) = database.execute("SELECT max(at) FROM log").fetchone()
        head = self._signer.signed(origin, frontier.size, frontier.root, _instant(at))
        database.execute(
            "UPDATE log_head SET size = ?, tree_size = ?, frontier = ?, head = ?",
            (frontier.size, frontier.size, frontier.octets, head),
        )


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _key(database: sqlite3.Connection, table: str, row: int) -> str:
    columns = ", ".join(f'"{name}"' for name in KEYS[table])
    key = database.execute(f'SELECT {columns} FROM "{table}" WHERE rowid = ?', (row,)).fetchone()
    return "/".join(map(str, key))


def _other(value: object, chance: random.Random) -> object:
    """A value with another byte in it, or one where there was none, or another number."""
    if isinstance(value, int):
        return value ^ (1 << chance.randrange(3))
    octets = bytearray(value.encode() if isinstance(value, str) else value)  # type: ignore[attr-defined]
    if not octets:
        return b"x" if isinstance(value, bytes) else "x"
    at = chance.randrange(len(octets))
    octets[at] ^= 1 << chance.randrange(8)
    if isinstance(value, bytes):
        return bytes(octets)
    try:
        text = octets.decode()
    except UnicodeDecodeError:
        return bytes(octets)
    return text if "\x00" not in text else text.replace("\x00", "~")


def tampered(
    file: Path, how: Callable[[sqlite3.Connection, random.Random], Tampering], chance: random.Random
) -> Tampering:
    """Tampers with a database file."""
    database = sqlite3.connect(file, isolation_level=None)
    try:
        database.execute("PRAGMA journal_mode = MEMORY")
        database.execute("PRAGMA synchronous = OFF")
        database.execute("BEGIN")
        done = how(database, chance)
        database.execute("COMMIT")
    finally:
        database.close()
    return done
