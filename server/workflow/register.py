"""The sites of our records, at hand: those that are registered, and where one is not, what the sites file says of it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import Connection as Database

from engine.case import AttemptState, CaseState
from engine.site import Integration, integration_of
from server.logs import trace_of
from server.sites import SiteRecord, Sites
from server.store import Store, attempts, sites
from server.store.listing import CaseQuery, page
from server.store.sites import SiteChangeRecord
from server.workflow.book import Clock

LOOK_EVERY: Final = 1.0
# What only answers show to be connected is looked at as seldom as that.
ANSWERS_EVERY: Final = timedelta(minutes=1)
# Among so many of a site's last orders an answer of each of its platforms is looked for.
LAST_ORDERS: Final = 20
_ANSWERED_CASES: Final = (
    CaseState.CERTIFIED, CaseState.HANDED_OFF, CaseState.REJECTED, CaseState.IN_REVIEW, CaseState.EXPIRED,
)  # fmt: skip
_ANSWERED: Final = frozenset(
    {AttemptState.ISSUED, AttemptState.DUPLICATE, AttemptState.REJECTED, AttemptState.REVIEW}
)

Answers = Mapping[str, datetime]

log = structlog.get_logger("sites")


@dataclass(frozen=True, slots=True)
class KnownSite:
    """What our records hold of a site. `newest` is None where only the sites file knows it.

    `answers` says when each platform last answered for one of its last orders, as far as that was looked up.
    """

    record: SiteRecord
    newest: SiteChangeRecord | None
    integration: Integration
    answers: Answers


class Register:
    """What every decision and every choice of a platform goes by. Follows the database, whoever changes it.

    `age` is for how long a run, or an answer, shows that a site is connected.
    """

    def __init__(self, store: Store, file: Sites, clock: Clock, age: timedelta) -> None:
        self._store = store
        self._clock = clock
        self.file = file
        self.age = age
        self._newest: dict[tuple[str, str], SiteChangeRecord] = {}
        self._answers: dict[tuple[str, str], Answers] = {}
        self._count = 0
        self._answers_at: datetime | None = None

    def find(self, tenant: str, site_id: str) -> SiteRecord | None:
        """The tenant's site of that id, or None where we have no record of it."""
        newest = self._newest.get((tenant, site_id))
        if newest is None:
            return self.file.find(tenant, site_id)
        return self.seen(newest).record

    def is_registered(self, tenant: str, site_id: str) -> bool:
        """Whether the site is registered, as far as it is known here."""
        return (tenant, site_id) in self._newest

    def seen(self, newest: SiteChangeRecord) -> KnownSite:
        """What a registered site is to decisions now, by the answers that were looked up here."""
        return self.known(newest, self._answers.get((newest.tenant, newest.site_id), {}))

    def known(self, newest: SiteChangeRecord, answers: Answers) -> KnownSite:
        """What a registered site is to decisions now."""
        suspended = newest.suspended_because is not None
        integration = integration_of(newest.connections, suspended, answers, self._clock(), self.age)
        asked = () if suspended else newest.connections
        record = SiteRecord(
            newest.tenant,
            newest.site_id,
            newest.kind,
            integration.state,
            tuple(one.platform for one in asked),
        )
        return KnownSite(record, newest, integration, answers)

    def asserted(self, tenant: str, site_id: str) -> KnownSite | None:
        """A site as only the sites file knows it."""
        record = self.file.find(tenant, site_id)
        if record is None:
            return None
        said = "says nothing of it" if record.integration is None else f"says {record.integration}"
        return KnownSite(
            record, None, Integration(record.integration, f"the sites file {said}; nobody proved it"), {}
        )

    def page(self, tenant: str, after: str, limit: int) -> list[KnownSite]:
        """The tenant's sites behind an id, at most `limit`, by their ids: also those that only the sites file knows."""
        registered = {site_id for owner, site_id in self._newest if owner == tenant}
        ids = sorted(one for one in registered.union(self.file.ids(tenant)) if one > after)
        found = (
            self.seen(self._newest[tenant, one]) if one in registered else self.asserted(tenant, one)
            for one in ids[:limit]
        )
        return [one for one in found if one is not None]

    async def follow(self) -> None:
        """Reads what was changed since it was last read; a site of another process counts here from then on."""
        if await self._store.read(sites.count) != self._count:
            await self.read_again()
        now = self._clock()
        if self._answers_at is None or now - self._answers_at >= ANSWERS_EVERY:
            self._answers_at = now
            for newest in [one for one in self._newest.values() if self._rests_on_answers(one)]:
                await self._look_for_answers(newest)

    async def read_again(self) -> None:
        """Reads all sites that are registered."""
        count, found = await self._store.read(lambda c: (sites.count(c), sites.everything(c)))
        if count < self._count:
            return  # an earlier view than the one that is at hand: rows are only added
        self._count = count
        self._newest = {(one.tenant, one.site_id): one for one in found}

    async def run(self, every: float = LOOK_EVERY) -> None:
        """Follows until it is cancelled. Trouble with the store ends nothing: what was known is known on."""
        while True:
            await asyncio.sleep(every)
            try:
                await self.follow()
            except Exception as error:
                log.error("registered sites could not be read; it is tried again", trace=trace_of(error))

    def _rests_on_answers(self, newest: SiteChangeRecord) -> bool:
        now = self._clock()
        return bool(newest.connections) and all(
            now - one.run_at > self.age - ANSWERS_EVERY for one in newest.connections
        )

    async def _look_for_answers(self, newest: SiteChangeRecord) -> None:
        found = await self._store.read(lambda c: answers_of(c, newest.tenant, newest.site_id))
        self._answers[newest.tenant, newest.site_id] = found


def answers_of(connection: Database, tenant: str, site_id: str) -> Answers:
    """When each platform last answered for one of a site's last orders."""
    query = CaseQuery(tenant, _ANSWERED_CASES, site_id, by_update=True)
    found: dict[str, datetime] = {}
    for case in page(connection, query, None, LAST_ORDERS):
        for attempt in attempts.of_case(connection, tenant, case.name):
            if attempt.state in _ANSWERED and attempt.ended_at is not None:
                found[attempt.platform] = max(attempt.ended_at, found.get(attempt.platform, attempt.ended_at))
    return found
