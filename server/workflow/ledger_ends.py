"""The ends of blanket certificates: every case that one hits has an event of its own, and a warning comes before.

A case is hit by what its ledger and the certificate's status say, not by who noticed it: whichever way the status came, and
wherever a server was killed, the next look finds the cases that were not told yet.
"""

from asyncio import gather
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog

from engine.case import TABLE, Event
from engine.certificate import CertificateStatus
from server.logs import trace_of
from server.store import Store, Transaction, cases, ledger_ends
from server.store import log as entries
from server.store.ledger_ends import Ended
from server.store.ledger_records import LedgerRecord
from server.store.records import CertificateRecord
from server.workflow.certificate_facts import Statuses
from server.workflow.deciding import Deciding
from server.workflow.patience import ACTOR

# So many cases are told in one transaction: other writers wait for it.
TOGETHER: Final = 50
LOOK_AGAIN: Final = timedelta(minutes=1)

log = structlog.get_logger("ledgers")


@dataclass(frozen=True, slots=True)
class LedgerPace:
    """`warn_before` the end of its period it is warned of; after `status_age` a status is asked for again."""

    warn_before: timedelta
    status_age: timedelta


class LedgerEnds:
    """Hears that blanket certificates have ended, tells the cases that they cover, and warns before their periods end."""

    def __init__(self, store: Store, deciding: Deciding, statuses: Statuses, pace: LedgerPace) -> None:
        self._store = store
        self._deciding = deciding
        self._statuses = statuses
        self._pace = pace
        self._asks_again: datetime | None = None

    async def once(self, limit: int) -> int:
        """Does what is due; how many ledgers that were of which more may be due."""
        await self._warn(limit)
        await self._ask(limit)
        ended = await self._store.read(lambda c: ledger_ends.ended(c, limit))
        return sum([await self._store.write(partial(_tell_some, one=one)) for one in ended])

    async def _ask(self, limit: int) -> None:
        """Asks for statuses that are too old. Where there are none, or one is not told, the next look is a minute later."""
        now = self._deciding.clock()
        if self._asks_again is not None and now < self._asks_again:
            return
        before = now - self._pace.status_age
        found = await self._store.read(lambda c: ledger_ends.untold(c, before, limit))
        told = await gather(*map(self._statuses.asked, found), return_exceptions=True)
        for certificate, one in zip(found, told, strict=True):
            if isinstance(one, BaseException):
                failed = {"platform": certificate.platform, "trace": trace_of(one)}
                log.error("a blanket certificate's status could not be asked for", **failed)
        if not all(isinstance(one, CertificateRecord) for one in told) or not found:
            self._asks_again = now + LOOK_AGAIN

    async def _warn(self, limit: int) -> None:
        until = self._deciding.today() + self._pace.warn_before
        for ledger in await self._store.read(lambda c: ledger_ends.ending(c, until, limit)):
            if await self._store.write(partial(_warn, ledger=ledger)):
                log.warning(
                    "the period of a blanket certificate ends soon",
                    e_cert_id=ledger.e_cert_id,
                    platform=ledger.platform,
                    case=ledger.case_name,
                    last_day=str(ledger.last_day),
                )


def _tell_some(tx: Transaction, one: Ended) -> bool:
    """Tells some of the cases that an end hits; whether there are more. Those that come to it meanwhile wait."""
    names = ledger_ends.hit(tx.connection, one, TOGETHER)
    for name in names:
        case = cases.take(tx, one.tenant, name)
        happens = Event.EXPIRE if one.status is CertificateStatus.EXPIRED else Event.REVOKE
        if case is not None and happens in TABLE[case.state]:
            reason = f"the blanket certificate {one.e_cert_id} that covers it is {one.status}"
            cases.transition(tx, case, happens, actor=one.platform, reason=reason)
    if len(names) == TOGETHER:
        return True
    # Whoever draws holds the ledger too: after this nobody does whom the next look at it would not find.
    ledger_ends.hold(tx, one)
    if ledger_ends.hit(tx.connection, one, 1):
        return True
    ledger_ends.told(tx, one)
    return False


def _warn(tx: Transaction, ledger: LedgerRecord) -> bool:
    case = cases.take(tx, ledger.tenant, ledger.case_name)
    if not ledger_ends.warn(tx, ledger):
        return False
    said = {"event": "ENDS_SOON", "e_cert_id": ledger.e_cert_id, "last_day": str(ledger.last_day)}
    entries.append(tx, ledger.tenant, "ledger", ledger.case_name, said)
    if case is not None and Event.WARN in TABLE[case.state]:
        reason = f"the period of the blanket certificate {ledger.e_cert_id} ends on {ledger.last_day}"
        cases.transition(tx, case, Event.WARN, actor=ACTOR, reason=reason)
    return True
