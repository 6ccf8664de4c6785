"""What a database does for a query, in its own words."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, event


class Plans:
    """The plans of all queries that were run, each as the lines that the database tells."""

    def __init__(self) -> None:
        self.queries: list[list[str]] = []

    @property
    def scans(self) -> list[str]:
        """Lines that read a whole table, or a whole index."""
        return [
            line for query in self.queries for line in query if "SCAN" in line.upper() and _is_whole(line)
        ]


def _is_whole(line: str) -> bool:
    # SQLite: "SCAN cases" against "SEARCH cases USING INDEX"; the rows of a merged list are scanned, and are few.
    if line.lstrip().startswith("SCAN "):
        return line.split()[1] in ("cases", "log")
    return any(word in line for word in ("Seq Scan on cases", "Seq Scan on log ", "Bitmap"))


@contextmanager
def explained(connection: Connection) -> Iterator[Plans]:
    """The plans of the queries that are run on the connection meanwhile."""
    plans = Plans()
    word = "EXPLAIN" if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"

    def before(_: Any, cursor: Any, statement: str, parameters: Any, *further: Any) -> None:
        cursor.execute(f"{word} {statement}", parameters)
        plans.queries.append([str(row[-1]) for row in cursor.fetchall()])

    event.listen(connection, "before_cursor_execute", before)
    try:
        yield plans
    finally:
        event.remove(connection, "before_cursor_execute", before)
