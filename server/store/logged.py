"""Recorded decisions in the order in which the log has them, a stretch of positions at a time.

Up to a position the log never changes, whoever writes meanwhile: who reads up to the size that it has now reads all that
was decided until now, and each decision once.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, and_, select

from server.store.errors import SealBroken
from server.store.records import RecordedDecision
from server.store.rows import rows_of
from server.store.schema import cases, decisions, log
from server.store.sealing import opened

_AT_ONCE: Final = 500
_ID: Final = [field.name for field in fields(RecordedDecision)].index("decision_id")
_ENTRIES = (
    select(log.c.tenant, log.c.event, log.c.at).where(log.c.kind == "decision").order_by(log.c.position)
)
_ROWS = (
    rows_of(decisions, RecordedDecision)
    .add_columns(cases.c.site_id)
    .join_from(
        decisions,
        cases,
        and_(cases.c.tenant == decisions.c.tenant, cases.c.name == decisions.c.case_name),
        isouter=True,
    )
)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which decisions are read. None is no restriction; `since` is the first moment, `before` the first one after them.

    `sites` are those of cases: of a decision without a case the caller said the site, and its facts tell.
    """

    questions: frozenset[str] | None = None
    sites: frozenset[str] | None = None
    since: datetime | None = None
    before: datetime | None = None


EVERYTHING: Final = Choice()


@dataclass(frozen=True, slots=True)
class Logged:
    """A decision that the log tells of, as the database holds it. `site_id` is None where it is of no case.

    Without `decision` it cannot be read, and `because` says why; that is empty where no row is there.
    """

    tenant: str
    decision_id: str
    question: str
    at: datetime
    decision: RecordedDecision | None
    site_id: str | None = None
    because: str = ""

    @property
    def name(self) -> str:
        """The case's name, or the decision's own where it is of none."""
        case = self.decision.case_name if self.decision is not None else None
        return case or f"decisions/{self.decision_id}"


def logged(connection: Connection, start: int, end: int, choice: Choice) -> list[Logged]:
    """The decisions of the entries from one position to before another. Raises KeyMissing."""
    wanted = [
        one
        for one in _entries(connection, start, end, choice)
        if choice.questions is None or one.question in choice.questions
    ]
    by_tenant: dict[str, dict[str, Logged]] = {}
    for one in wanted:
        by_tenant.setdefault(one.tenant, {})[one.decision_id] = one
    found = {tenant: _with_rows(connection, tenant, ids, choice.sites) for tenant, ids in by_tenant.items()}
    there = (found[one.tenant].get(one.decision_id) for one in wanted)
    return [one for one in there if one is not None]


def _entries(connection: Connection, start: int, end: int, choice: Choice) -> Iterator[Logged]:
    entries = _ENTRIES.where(log.c.position >= start, log.c.position < end)
    if choice.since is not None:
        entries = entries.where(log.c.at >= choice.since)
    if choice.before is not None:
        entries = entries.where(log.c.at < choice.before)
    for tenant, text, at in connection.execute(entries):
        event = _event(text)
        yield Logged(tenant, str(event.get("decision", "")), str(event.get("question", "")), at, None)


def _event(text: str) -> Mapping[str, object]:
    """What an entry says; nothing where somebody changed it: `log verify` finds that."""
    try:
        said = json.loads(text)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _with_rows(
    connection: Connection, tenant: str, ids: Mapping[str, Logged], sites: frozenset[str] | None
) -> dict[str, Logged]:
    """The same with their rows, where these are there, without those of cases of other sites."""
    recorded = opened(connection, decisions, RecordedDecision)
    found = dict(ids)
    names = list(ids)
    for first in range(0, len(names), _AT_ONCE):
        some = names[first : first + _AT_ONCE]
        rows = _ROWS.where(decisions.c.tenant == tenant, decisions.c.decision_id.in_(some))
        for *row, site_id in connection.execute(rows):
            one = ids[row[_ID]]
            if sites is not None and site_id is not None and site_id not in sites:
                del found[one.decision_id]
                continue
            try:
                found[one.decision_id] = replace(one, decision=recorded(*row), site_id=site_id)
            except SealBroken as error:
                found[one.decision_id] = replace(one, site_id=site_id, because=str(error))
    return found
