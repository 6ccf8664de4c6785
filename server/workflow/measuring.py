"""Assesses a site's readiness from its last orders, as the served rulebook asks for it."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final, NamedTuple

from sqlalchemy import Connection as Database

from engine.readiness import Assessment
from engine.readiness.assess import QUESTION, Looked, assess
from engine.readiness.fields import stage_of
from engine.readiness.measure import measure, needed_of
from engine.readiness.orders import SeenOrder
from engine.site import Connection, Integration
from server.errors import QuestionNotFound, SiteNotFound
from server.store import Store, refused_orders, sites
from server.store.listing import CaseQuery, CaseSummary, Place, page
from server.workflow.book import WORKFLOW, Book
from server.workflow.deciding import Deciding
from server.workflow.refusals import HAND_OFF, MISTYPED, TOO_EARLY, Refusals
from server.workflow.register import Register, answers_of
from server.workflow.seen_orders import seen_order

# Of a site's last orders so many are looked at, so many in one view: whoever else reads waits for no more.
MOST_ORDERS: Final = 500
_AT_ONCE: Final = 20


class Read(NamedTuple):
    """The orders that were looked at, how many of them are erased, and whether there were more than could be looked at."""

    orders: list[SeenOrder]
    erased: int
    more: bool


class Seen(NamedTuple):
    """An assessment, and what the site's integration rests on."""

    assessment: Assessment
    integration: Integration
    connections: tuple[Connection, ...]


class Measuring:
    """Looks at sites. `real_time` is within what a certificate has to come."""

    def __init__(
        self,
        store: Store,
        deciding: Deciding,
        register: Register,
        refusals: Refusals,
        real_time: timedelta,
    ) -> None:
        self._store = store
        self._deciding = deciding
        self._register = register
        self._refusals = refusals
        self._real_time = real_time

    async def look(self, tenant: str, site_id: str, window: timedelta) -> Seen:
        """The site's readiness by the orders that began within the window, and not before it was registered.

        Raises SiteNotFound where it is not registered, QuestionNotFound where the rulebook does not ask.
        """
        book, until = self._deciding.book, self._deciding.clock()
        if QUESTION not in book.rulebook.questions:
            raise QuestionNotFound(QUESTION, book.rulebook.questions)
        newest, first, answers = await self._store.read(
            lambda c: (
                sites.find(c, tenant, site_id),
                sites.registered(c, tenant, site_id),
                answers_of(c, tenant, site_id),
            )
        )
        if newest is None or first is None:
            raise SiteNotFound(site_id)
        since = max(until - window, first.changed_at)
        await self._refusals.write()
        refused = await self._store.read(
            lambda c: refused_orders.since(c, tenant, site_id, since.astimezone(UTC).date())
        )
        read = await self._orders(book, tenant, site_id, since)
        integration = self._register.known(newest, answers).integration
        found = assess(
            book.rulebook,
            book.day_of(until),
            Looked(
                site_id, _source(read), since, until, self._real_time, integration.state, integration.because
            ),
            measure(
                read.orders,
                needed_of(book.rulebook, WORKFLOW),
                partial(stage_of, book.rulebook),
                {about: count for (reason, about), count in refused.items() if reason == MISTYPED},
                refused.get((TOO_EARLY, HAND_OFF), 0),
                self._real_time,
            ),
        )
        return Seen(found, integration, newest.connections)

    async def _orders(self, book: Book, tenant: str, site_id: str, since: datetime) -> Read:
        query = CaseQuery(tenant, (), site_id, updated_since=since, by_update=True)
        found: list[SeenOrder] = []
        erased, after = 0, None
        for _ in range(0, MOST_ORDERS, _AT_ONCE):
            there, seen = await self._store.read(
                lambda c, after=after: _some(c, book, query, after)  # type: ignore[misc]
            )
            found += [one for one in seen if one is not None]
            erased += sum(one is None for one in seen)
            if len(there) < _AT_ONCE:
                return Read(found, erased, more=False)
            after = Place(there[-1].updated_at, there[-1].name)
        return Read(found, erased, more=True)


def _some(
    connection: Database, book: Book, query: CaseQuery, after: Place | None
) -> tuple[list[CaseSummary], list[SeenOrder | None]]:
    there = page(connection, query, after, _AT_ONCE)
    return there, [
        seen_order(connection, book.rulebook, query.tenant, one.name, book.day_of)
        for one in there
        if query.updated_since is None or one.created_at >= query.updated_since
    ]


def _source(read: Read) -> str:
    told = "traffic"
    if read.more:
        told += f", the last {MOST_ORDERS} orders of more"
    if read.erased:
        told += f", {read.erased} erased orders left out"
    return told
