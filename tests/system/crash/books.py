"""What the database and the platform hold of orders, read past the server."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import bindparam, create_engine, func, select, text
from sqlalchemy.pool import NullPool

from server.store.log import leaf_hash
from server.store.records import AttemptRecord, DeclarationRecord
from server.store.rows import rows_of
from server.store.schema import (
    attempts,
    cases,
    certificates,
    dead_letters,
    declarations,
    log,
    log_head,
    requests,
    voids,
)
from server.store.sealing import Keyring, lend, opened
from tests.system.processes import master_keys_of

R = TypeVar("R")
UNDER_WAY = ("VERIFYING", "RECONCILING", "SUPERSEDING", "CANCELLING")


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt as it is kept."""

    reference: str
    generation: int
    state: str
    digest: str


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate as the platform has it."""

    e_cert_id: str
    reference: str
    in_force: bool


@dataclass(frozen=True, slots=True)
class Held:
    """All that the database holds of an order's case."""

    name: str
    state: str
    version: int
    declared: str
    digests: tuple[str, ...]
    tried: tuple[Attempt, ...]
    certificates: tuple[tuple[str, str], ...]
    voids: tuple[tuple[str, str], ...]
    events: tuple[int, ...]

    @property
    def attempts(self) -> tuple[tuple[int, str], ...]:
        """Generation and state of each attempt."""
        return tuple(sorted((one.generation, one.state) for one in self.tried))

    @property
    def active(self) -> list[str]:
        """The certificates that are in force by our records."""
        return [e_cert_id for e_cert_id, status in self.certificates if status == "ACTIVE"]


class Books:
    """The database of a server, and the folder of its platform."""

    def __init__(self, database: str, platform: Path) -> None:
        self._engine = create_engine(database, poolclass=NullPool)
        self._database = database
        self._keys: Keyring | None = None
        self._platform = platform

    def open(self, order_ids: Iterable[str]) -> int:
        """How many of the orders have a case that is not certified."""
        query = select(cases.c.state).where(cases.c.order_id.in_(list(order_ids)))
        with self._engine.connect() as connection:
            return sum(state != "CERTIFIED" for state in connection.scalars(query))

    def under_way(self, order_ids: Iterable[str]) -> list[str]:
        """Cases of the orders that go on by themselves, or have a void that is still to be asked for."""
        wanted = cases.c.order_id.in_(list(order_ids))
        planned = select(voids.c.case_name).where(voids.c.state == "PLANNED")
        query = select(cases.c.name).where(wanted, cases.c.state.in_(UNDER_WAY) | cases.c.name.in_(planned))
        with self._engine.connect() as connection:
            return list(connection.scalars(query))

    def held(self, order_id: str) -> list[Held]:
        """The order's cases; more than one is a fault."""
        with self._opening() as connection:
            query = select(cases.c.name, cases.c.state, cases.c.version).where(cases.c.order_id == order_id)
            return [self._case(connection, *row) for row in connection.execute(query).all()]

    def content(self, digest: str) -> str:
        """The content of a declaration, as JSON."""
        with self._opening() as connection:
            record = opened(connection, declarations, DeclarationRecord)
            found = (record(*row) for row in connection.execute(rows_of(declarations, DeclarationRecord)))
            return next(declared.content for declared in found if declared.digest == digest)

    def requests(self, ids: Iterable[str]) -> int:
        """How many of the requests are recorded."""
        query = select(requests.c.request_id).where(requests.c.request_id.in_(list(ids)))
        with self._engine.connect() as connection:
            return len(connection.execute(query).all())

    def dead_letters(self) -> int:
        """How many events an endpoint did not take, and was not sent again with success."""
        query = select(func.count()).where(dead_letters.c.settled_at.is_(None))
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def events(self) -> list[tuple[str, int]]:
        """Case and version of every event in the log, in its order."""
        query = text("SELECT subject, event FROM log WHERE kind = 'transition' ORDER BY position")
        with self._engine.connect() as connection:
            return [(subject, json.loads(event)["version"]) for subject, event in connection.execute(query)]

    def broken_log(self) -> list[str]:
        """What is wrong with the log: gaps, leaves that do not hash their envelope, a size that is not its own."""
        with self._engine.connect() as connection:
            rows = connection.execute(
                select(log.c.position, log.c.leaf, log.c.envelope).order_by(log.c.position)
            ).all()
            size = connection.execute(select(log_head.c.size)).scalar_one()
        wrong = [f"position {at} holds {row[0]}" for at, row in enumerate(rows) if row[0] != at]
        wrong += [f"leaf {row[0]} is another's" for row in rows if leaf_hash(row[2]) != row[1]]
        return wrong + ([f"the head says {size} of {len(rows)}"] if size != len(rows) else [])

    def ledger(self) -> Mapping[str, list[Issued]]:
        """What the platform ever issued, by the digest of what that certifies."""
        entries: dict[str, dict[str, Any]] = {}
        written = (self._platform / "certificates.jsonl").read_text("utf-8")
        for line in written[: written.rfind("\n") + 1].splitlines():
            entry = json.loads(line)
            entries[entry["reference"]] = entry
        found: dict[str, list[Issued]] = {}
        replaced = {entry["replaces"] for entry in entries.values() if entry["e_cert_id"]}
        for entry in entries.values():
            if entry["e_cert_id"]:
                in_force = not entry["revoked"] and entry["e_cert_id"] not in replaced
                one = Issued(entry["e_cert_id"], entry["reference"], in_force)
                found.setdefault(entry["digest"], []).append(one)
        return found

    def issued(self) -> Mapping[str, set[str]]:
        """The e-Cert IDs of the ledger."""
        return {digest: {one.e_cert_id for one in found} for digest, found in self.ledger().items()}

    @contextmanager
    def _opening(self) -> Iterator[Any]:
        """A connection that opens what is sealed: the server has made its key by now."""
        if self._keys is None:
            self._keys = Keyring(master_keys_of(self._database))
            lend(self._keys, self._engine, writing=False)
        with self._engine.connect() as connection:
            yield connection

    def _case(self, connection: Any, name: str, state: str, version: int) -> Held:
        def of_case(table: Any, *columns: str) -> list[Any]:
            query = select(*(table.c[column] for column in columns)).where(table.c.case_name == name)
            # What is kept as an enumeration is told as text.
            return [tuple(each if isinstance(each, int) else str(each) for each in row)
                    for row in connection.execute(query)]  # fmt: skip

        told = connection.execute(_EVENTS, {"name": name}).all()

        def records(table: Any, kind: type[R]) -> list[R]:
            query = rows_of(table, kind).where(table.c.case_name == name)
            record = opened(connection, table, kind)
            return [record(*row) for row in connection.execute(query)]

        tried = [
            Attempt(one.reference, one.generation, str(one.state), one.digest)
            for one in records(attempts, AttemptRecord)
        ]
        digests = tuple(
            declared.digest
            for declared in sorted(records(declarations, DeclarationRecord), key=lambda one: one.version)
        )
        return Held(
            name=name,
            state=str(state),
            version=version,
            declared=digests[-1] if digests else "",
            digests=digests,
            tried=tuple(sorted(tried, key=lambda one: (one.digest, one.generation))),
            certificates=tuple(of_case(certificates, "e_cert_id", "status")),
            voids=tuple(of_case(voids, "e_cert_id", "state")),
            events=tuple(json.loads(event)["version"] for (event,) in told),
        )


_EVENTS = text(
    "SELECT event FROM log WHERE kind = 'transition' AND subject = :name ORDER BY position"
).bindparams(bindparam("name"))
