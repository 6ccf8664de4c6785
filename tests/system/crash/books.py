"""What the database and the platform hold of orders, read past the server."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, create_engine, select, text
from sqlalchemy.pool import NullPool

from server.store.log import leaf_hash
from server.store.schema import attempts, cases, certificates, declarations, log, log_head, requests


@dataclass(frozen=True, slots=True)
class Held:
    """All that the database holds of an order's case."""

    name: str
    state: str
    version: int
    digests: tuple[str, ...]
    attempts: tuple[tuple[int, str], ...]
    certificates: tuple[tuple[str, str], ...]
    events: tuple[int, ...]


class Books:
    """The database of a server, and the folder of its platform."""

    def __init__(self, database: str, platform: Path) -> None:
        self._engine = create_engine(database, poolclass=NullPool)
        self._platform = platform

    def open(self, order_ids: Iterable[str]) -> int:
        """How many of the orders have a case that is not certified."""
        query = select(cases.c.state).where(cases.c.order_id.in_(list(order_ids)))
        with self._engine.connect() as connection:
            return sum(state != "CERTIFIED" for state in connection.scalars(query))

    def held(self, order_id: str) -> list[Held]:
        """The order's cases; more than one is a fault."""
        with self._engine.connect() as connection:
            query = select(cases.c.name, cases.c.state, cases.c.version).where(cases.c.order_id == order_id)
            return [self._case(connection, *row) for row in connection.execute(query).all()]

    def requests(self, ids: Iterable[str]) -> int:
        """How many of the requests are recorded."""
        query = select(requests.c.request_id).where(requests.c.request_id.in_(list(ids)))
        with self._engine.connect() as connection:
            return len(connection.execute(query).all())

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

    def issued(self) -> Mapping[str, set[str]]:
        """The e-Cert IDs that the platform issued, by the digest of what they certify."""
        found: dict[str, set[str]] = {}
        for line in (self._platform / "certificates.jsonl").read_text("utf-8").splitlines():
            entry = json.loads(line)
            if entry["e_cert_id"]:
                found.setdefault(entry["digest"], set()).add(entry["e_cert_id"])
        return found

    def _case(self, connection: Any, name: str, state: str, version: int) -> Held:
        def of_case(table: Any, *columns: Any) -> tuple[Any, ...]:
            return tuple(connection.execute(select(*columns).where(table.c.case_name == name)).all())

        events = connection.execute(_EVENTS, {"name": name}).all()
        return Held(
            name,
            str(state),
            version,
            tuple(digest for (digest,) in of_case(declarations, declarations.c.digest)),
            tuple(
                (generation, str(how))
                for generation, how in sorted(of_case(attempts, attempts.c.generation, attempts.c.state))
            ),
            tuple(
                (e_cert_id, str(status))
                for e_cert_id, status in of_case(
                    certificates, certificates.c.e_cert_id, certificates.c.status
                )
            ),
            tuple(json.loads(event)["version"] for (event,) in events),
        )


_EVENTS = text(
    "SELECT event FROM log WHERE kind = 'transition' AND subject = :name ORDER BY position"
).bindparams(bindparam("name"))
