"""What an entry of the log vouches for: a row of evidence, column by column as the table holds it.

Large texts have a digest each, so that a change is named by its column, and so that a receipt proves one of them without
the others. All other columns are covered together, as `row`: the RFC 8785 form of an object from their names to their
values, moments as in envelopes, days as ISO 8601. A column that holds nothing is left out of it: a later version may add
columns to these tables as long as they may be empty.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, Final, Self

from sqlalchemy import Table

from engine.canonical_json import canonical_flat
from server.store.schema import activations, certificates, decisions, declarations, rulebooks, site_changes

ROW: Final = "row"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A table whose rows the log covers, and its columns of large texts."""

    table: Table
    texts: tuple[str, ...]
    rest: tuple[str, ...]
    """The columns that are covered together."""

    @classmethod
    def of(cls, table: Table, *texts: str) -> Self:
        """A table of which all columns but these are covered together."""
        return cls(
            table, texts, tuple(str(column.name) for column in table.columns if column.name not in texts)
        )

    @property
    def name(self) -> str:
        """The table's name."""
        return self.table.name


DECISIONS: Final = Evidence.of(decisions, "body", "facts")
DECLARATIONS: Final = Evidence.of(declarations, "content", "site", "order", "declaration")
CERTIFICATES: Final = Evidence.of(certificates, "proof", "key")
RULEBOOKS: Final = Evidence.of(rulebooks, "files")
ACTIVATIONS: Final = Evidence.of(activations, "because")
SITE_CHANGES: Final = Evidence.of(site_changes, "connections", "report")
EVIDENCE: Final = {
    each.name: each for each in (DECISIONS, DECLARATIONS, CERTIFICATES, RULEBOOKS, ACTIVATIONS, SITE_CHANGES)
}


@dataclass(frozen=True, slots=True)
class Covered:
    """A row of evidence by its digests: one for each large text, and `row` for the other columns."""

    table: str
    digests: Mapping[str, str]


def covered(evidence: Evidence, row: Mapping[str, Any]) -> Covered:
    """What the log says of a row, given as it is written: with every column that holds something."""
    digests = {name: text_digest(row[name]) for name in evidence.texts if row.get(name) is not None}
    digests[ROW] = rest_digest({name: plain(row.get(name)) for name in evidence.rest})
    return Covered(evidence.name, digests)


def text_digest(text: str) -> str:
    """The SHA-256 digest of a text's UTF-8, with its name before it."""
    return "sha256:" + sha256(text.encode()).hexdigest()


def rest_digest(values: Mapping[str, str | int | bool | None]) -> str:
    """The digest of the columns that are covered together, from their values as `plain` gives them."""
    said = {name: value for name, value in values.items() if value is not None}
    return "sha256:" + sha256(canonical_flat(said)).hexdigest()


def plain(value: Any) -> str | int | bool | None:
    """A column's value as the covered form has it."""
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return value.isoformat()
    assert value is None or isinstance(value, str | int), f"no column of evidence holds a {type(value)}"
    # An enumeration's word is its text.
    return str(value) if isinstance(value, str) else value


def moment_text(moment: datetime) -> str:
    """A moment to the microsecond, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
