"""What work writes with: a connection, one moment for all that it records, the log entries that it adds."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from server.store.covered import Covered


class Entry(NamedTuple):
    """An addition to the log that has no position yet."""

    tenant: str
    kind: str
    subject: str
    at: datetime
    event: str
    covers: Covered | None


@dataclass(frozen=True, slots=True)
class Transaction:
    """One transaction. Functions that write take it, functions that only read take its `connection`."""

    connection: Connection
    now: datetime
    entries: list[Entry] = field(default_factory=list)
