"""The sites that are registered, and what was done with them: a record that only grows, and that the log vouches for."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection as Database
from sqlalchemy import Integer, bindparam, exists, func, select

from engine.site import Connection, SiteStep
from server.store import log
from server.store.covered import SITE_CHANGES, covered
from server.store.errors import SiteChanged
from server.store.prepared import every, first
from server.store.rows import columns_of, insert_new, keyed, keys, rows_of
from server.store.schema import site_changes
from server.store.transaction import Transaction

KIND: Final = "site"


@dataclass(frozen=True, slots=True)
class SiteChangeRecord:
    """A site as it stands after something was done with it, and what that was; numbers are dense for each site, from 1.

    `kind` is None where nobody said it. `platform` and `run_digest` are of a conformance run, whose report is kept beside.
    """

    tenant: str
    site_id: str
    number: int
    step: SiteStep
    actor: str
    reason: str
    request_id: str
    changed_at: datetime
    title: str
    kind: str | None
    connections: tuple[Connection, ...]
    suspended_because: str | None
    platform: str | None = None
    run_digest: str | None = None


_ROWS = rows_of(site_changes, SiteChangeRecord)
_OF_SITE = _ROWS.where(keyed(site_changes, "tenant", "site_id")).order_by(site_changes.c.number.desc())
_NEWEST_OF_SITE = _OF_SITE.limit(1)
_OLDEST_OF_SITE = _OF_SITE.order_by(None).order_by(site_changes.c.number).limit(1)
_CHANGES = _OF_SITE.limit(bindparam("limit", type_=Integer))
_BY_REQUEST = _OF_SITE.where(keyed(site_changes, "request_id")).limit(1)
_LAST_RUN = _OF_SITE.where(site_changes.c.run_digest.is_not(None)).limit(1)
_REPORT = select(site_changes.c.report).where(keyed(site_changes, "tenant", "site_id", "number"))
_later = site_changes.alias()
_NEWEST = _ROWS.where(
    ~exists().where(
        _later.c.tenant == site_changes.c.tenant,
        _later.c.site_id == site_changes.c.site_id,
        _later.c.number > site_changes.c.number,
    )
)
_COUNT = select(func.count()).select_from(site_changes)


_FIELDS: Final = tuple(field.name for field in fields(SiteChangeRecord))


def find(connection: Database, tenant: str, site_id: str) -> SiteChangeRecord | None:
    """The tenant's site as it stands; None where it is not registered."""
    return first(connection, _NEWEST_OF_SITE, _record, keys(tenant=tenant, site_id=site_id))


def registered(connection: Database, tenant: str, site_id: str) -> SiteChangeRecord | None:
    """The site as it was registered."""
    return first(connection, _OLDEST_OF_SITE, _record, keys(tenant=tenant, site_id=site_id))


def by_request(connection: Database, tenant: str, site_id: str, request_id: str) -> SiteChangeRecord | None:
    """What a request did with the site."""
    key = keys(tenant=tenant, site_id=site_id, request_id=request_id)
    return first(connection, _BY_REQUEST, _record, key)


def changes(connection: Database, tenant: str, site_id: str, limit: int) -> list[SiteChangeRecord]:
    """What was done with the site, the newest first."""
    return every(connection, _CHANGES, _record, {"limit": limit} | keys(tenant=tenant, site_id=site_id))


def last_run(connection: Database, tenant: str, site_id: str) -> SiteChangeRecord | None:
    """The change that the last conformance run brought about."""
    return first(connection, _LAST_RUN, _record, keys(tenant=tenant, site_id=site_id))


def report(connection: Database, change: SiteChangeRecord) -> str:
    """The report of the run that brought a change about; empty where none did."""
    key = keys(tenant=change.tenant, site_id=change.site_id, number=change.number)
    return first(connection, _REPORT, lambda text: text or "", key) or ""


def everything(connection: Database) -> list[SiteChangeRecord]:
    """All tenants' sites as they stand."""
    return every(connection, _NEWEST, _record, {})


def count(connection: Database) -> int:
    """How many changes there are, of all tenants: rows are only added."""
    return first(connection, _COUNT, int, {}) or 0


def change(
    tx: Transaction, was: SiteChangeRecord | None, new: SiteChangeRecord, report: str | None = None
) -> None:
    """Record what was done with a site, as `new` has it but for number and moment. Raises SiteChanged.

    `was` is the site as it was read, None where it was not there.
    """
    # Clocks of several processes differ: the record's never goes back.
    at = tx.now if was is None else max(tx.now, was.changed_at)
    new = replace(new, number=1 if was is None else was.number + 1, changed_at=at)
    row = {**columns_of(new), "connections": _connections_text(new.connections), "report": report}
    if not insert_new(tx.connection, site_changes, row):
        raise SiteChanged(f"the site {new.site_id} was changed meanwhile; read it again")
    said: dict[str, str | int | bool | None] = {
        "site_id": new.site_id,
        "number": new.number,
        "step": new.step,
        "actor": new.actor,
        "reason": new.reason,
    }
    if new.platform is not None:
        said["platform"] = new.platform
    subject = f"sites/{new.site_id}"
    log.append(tx, new.tenant, KIND, subject, said, covered(SITE_CHANGES, row), plain=True)


def _record(*row: Any) -> SiteChangeRecord:
    named: dict[str, Any] = dict(zip(_FIELDS, row, strict=True))
    return SiteChangeRecord(**{**named, "connections": _connections(named["connections"])})


def _connections_text(connections: Sequence[Connection]) -> str:
    return json.dumps([{**asdict(one), "run_at": one.run_at.isoformat()} for one in connections])


def _connections(text: str) -> tuple[Connection, ...]:
    return tuple(
        Connection(**{**one, "run_at": datetime.fromisoformat(one["run_at"])}) for one in json.loads(text)
    )
