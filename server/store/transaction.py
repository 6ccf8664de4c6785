"""What work writes with: a connection, one moment for all that it records, the log entries that it adds."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from server.store.covered import Covered
from server.store.prepared import Statement, Values, write_all


class Entry(NamedTuple):
    """An addition to the log that has no position yet. `key` is the id of the decision that it is about, if it is one's."""

    tenant: str
    kind: str
    subject: str
    at: datetime
    event: str
    covers: Covered | None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Transaction:
    """One transaction. Functions that write take it, functions that only read take its `connection`."""

    connection: Connection
    now: datetime
    entries: list[Entry] = field(default_factory=list)
    rows: list[tuple[Statement, Values]] = field(default_factory=list)

    def write_last(self, statement: Statement, row: Values) -> None:
        """Has a row written when all is done that is committed together: what nobody looks at before the commit.

        One statement writes the rows of all then: each run by itself is another wait for the database.
        """
        self.rows.append((statement, row))


def write_last_rows(connection: Connection, transactions: Iterable[Transaction]) -> None:
    """Writes the rows that were left for the end, a statement after the other, in the order in which they came."""
    rows: dict[Statement, list[Values]] = {}
    for tx in transactions:
        for statement, row in tx.rows:
            rows.setdefault(statement, []).append(row)
    for statement, some in rows.items():
        write_all(connection, statement, some)
