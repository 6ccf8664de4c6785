"""Data keys in the database: one for each case, one for the screenings of each day. A tenant's key serves nobody else.

A row without a key that was not erased belongs to records of before sealing: its key is made when something is next sealed.
A row stays when its key is erased, so that no other key takes its place.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, select, update

from server.store.prepared import first, write
from server.store.rows import columns_of, insert_new, keyed, keys, rows_of
from server.store.schema import data_keys


@dataclass(frozen=True, slots=True)
class DataKeyRecord:
    """A subject's data key. `wrapped` is None before there is one, and once it is erased.

    `plain`: records of before sealing belong to it. While `held_because` is set nothing is erased: a legal hold, with its
    moment and who asked for it.
    """

    tenant: str
    subject: str
    key_id: str | None
    wrapped: str | None
    created_at: datetime
    plain: bool = False
    held_because: str | None = None
    held_by: str | None = None
    held_at: datetime | None = None
    erased_at: datetime | None = None


_ROWS = rows_of(data_keys, DataKeyRecord)
_BY_SUBJECT = _ROWS.where(keyed(data_keys, "tenant", "subject"))
_TAKEN = _BY_SUBJECT.with_for_update()
_BY_ID = _ROWS.where(keyed(data_keys, "tenant", "key_id"))
_MAKE = update(data_keys).where(
    keyed(data_keys, "tenant", "subject"), data_keys.c.wrapped.is_(None), data_keys.c.erased_at.is_(None)
)
_DROP = delete(data_keys).where(keyed(data_keys, "tenant", "subject"))
_REWRAP = update(data_keys).where(keyed(data_keys, "tenant", "subject", "wrapped"))
_ONE = update(data_keys).where(keyed(data_keys, "tenant", "subject"))


def subject_of(case_name: str | None, at: datetime) -> str:
    """What a record's key is for: its case, or the screenings of the day in UTC."""
    return case_name or f"screenings/{at.astimezone(UTC).date().isoformat()}"


def find(connection: Connection, tenant: str, subject: str) -> DataKeyRecord | None:
    """The subject's data key."""
    return first(connection, _BY_SUBJECT, DataKeyRecord, keys(tenant=tenant, subject=subject))


def take(connection: Connection, tenant: str, subject: str) -> DataKeyRecord | None:
    """The subject's data key, which nobody else changes until the transaction ends."""
    return first(connection, _TAKEN, DataKeyRecord, keys(tenant=tenant, subject=subject))


def find_by_id(connection: Connection, tenant: str, key_id: str) -> DataKeyRecord | None:
    """The data key of this id."""
    return first(connection, _BY_ID, DataKeyRecord, keys(tenant=tenant, key_id=key_id))


def add(connection: Connection, new: DataKeyRecord) -> bool:
    """Add a subject's data key. False where it has one."""
    return insert_new(connection, data_keys, columns_of(new))


def drop(connection: Connection, tenant: str, subject: str) -> None:
    """Take away the key of a subject that did not come to be."""
    write(connection, _DROP, keys(tenant=tenant, subject=subject))


def make(connection: Connection, tenant: str, subject: str, key_id: str, wrapped: str) -> bool:
    """Give a subject its key where it has none and was not erased."""
    values = {"key_id": key_id, "wrapped": wrapped}
    return write(connection, _MAKE, values | keys(tenant=tenant, subject=subject)) == 1


def change(connection: Connection, tenant: str, subject: str, **values: Any) -> None:
    """Change columns of a subject's row."""
    write(connection, _ONE, values | keys(tenant=tenant, subject=subject))


def rewrap(connection: Connection, row: DataKeyRecord, wrapped: str) -> int:
    """Keep a key as another master key wrapped it; 0 where it is not as it was read any more."""
    return write(
        connection,
        _REWRAP,
        {"wrapped": wrapped} | keys(tenant=row.tenant, subject=row.subject, wrapped=row.wrapped),
    )


def newest(connection: Connection) -> str | None:
    """The wrapped key that was made last; None where nothing is sealed."""
    query = (
        select(data_keys.c.wrapped)
        .where(data_keys.c.wrapped.is_not(None))
        .order_by(data_keys.c.created_at.desc())
        .limit(1)
    )
    return connection.execute(query).scalar()


def after(connection: Connection, last: tuple[str, str] | None, most: int) -> list[DataKeyRecord]:
    """The next data keys by tenant and subject, after the one of these; none at the end."""
    tenant, subject = last or ("", "")
    place = keys(tenant=tenant, subject=subject) | {"most": most}
    return [DataKeyRecord(*row) for row in connection.execute(_PAGE, place)]


def _page() -> Select[Any]:
    tenant, subject = data_keys.c.tenant, data_keys.c.subject
    return (
        _ROWS.where(
            (tenant > bindparam("key_tenant", type_=tenant.type))
            | (
                (tenant == bindparam("key_tenant", type_=tenant.type))
                & (subject > bindparam("key_subject", type_=subject.type))
            )
        )
        .order_by(tenant, subject)
        .limit(bindparam("most"))
    )


_PAGE = _page()
