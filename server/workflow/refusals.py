"""Counts the orders of registered sites that are refused: for the form of a fact, or handed off before an answer.

Nothing of this is on the way of an order: counts are kept in memory and written now and then, and what a killed server had
not written is lost. Of each order a fault counts once a day, as long as it is remembered here.
"""

import asyncio
import json
import re
from collections import Counter
from datetime import UTC
from hashlib import sha256
from typing import Final

import structlog
from sqlalchemy import Connection

from engine.case import CaseState
from engine.facts import anywhere
from server.errors import CaseStateForbids, OriginGateError, RequestInvalid
from server.logs import trace_of
from server.recent import Recent
from server.store import CaseRecord, Store, cases, decisions, refused_orders
from server.store.errors import StoreError
from server.store.refused_orders import Refused
from server.workflow.book import Clock
from server.workflow.register import Register

WRITE_EVERY: Final = 5.0
HAND_OFF: Final = "HandOff"
MISTYPED: Final = "REQUEST_INVALID"
TOO_EARLY: Final = "CASE_STATE"
# Of so many orders it is remembered what was counted.
_REMEMBERED: Final = 4096
# Nobody has answered an order's certificate yet in these.
_UNANSWERED: Final = frozenset(
    {
        CaseState.INQUIRY, CaseState.ORDERED, CaseState.DECLARED, CaseState.VERIFYING, CaseState.RECONCILING,
        CaseState.IN_REVIEW, CaseState.MANUAL,
    }
)  # fmt: skip
_ROOTS: Final = ("site.", "order.", "declaration.")
# These are parts of an amount, which is one fact.
_PARTS: Final = re.compile(r"\.(currency_code|units|nanos)$")

log = structlog.get_logger("sites")


class Refusals:
    """Told of what is refused, by the services that refuse it."""

    def __init__(self, store: Store, register: Register, clock: Clock) -> None:
        self._store = store
        self._register = register
        self._clock = clock
        self._counts: Counter[Refused] = Counter()
        # An order by the digest of its id: the id of one that was refused may have any length.
        self._counted: Recent[tuple[Refused, bytes], bool] = Recent(_REMEMBERED)

    def of_order(self, tenant: str, site_id: str, order_id: str, error: OriginGateError) -> None:
        """An order was refused. One of a site that is not registered is not counted."""
        if not self._register.is_registered(tenant, site_id):
            return
        order = sha256(order_id.encode()).digest()
        for reason, about in _faults(error):
            what = Refused(tenant, site_id, self._clock().astimezone(UTC).date(), reason, about)
            if self._counted.get((what, order)) is None:
                self._counted.keep((what, order), True)
                self._counts[what] += 1

    async def of_case(self, tenant: str, name: str, error: OriginGateError) -> None:
        """Something was refused about a case. Where that cannot be looked up now, it is not counted."""
        if not _faults(error):
            return
        try:
            case, needs_nothing = await self._store.read(lambda c: _looked(c, tenant, name))
        except StoreError:
            return
        if case is not None and not (needs_nothing and isinstance(error, CaseStateForbids)):
            self.of_order(tenant, case.site_id, case.order_id, error)

    async def write(self) -> None:
        """Writes what was counted. What cannot be written now is counted on."""
        if not self._counts:
            return
        counts, self._counts = self._counts, Counter()
        try:
            await self._store.write(lambda tx: refused_orders.add(tx, counts))
        except Exception as error:
            self._counts.update(counts)
            log.error("refused orders could not be counted; it is tried again", trace=trace_of(error))

    async def run(self, every: float = WRITE_EVERY) -> None:
        """Writes now and then, until it is cancelled."""
        while True:
            await asyncio.sleep(every)
            await self.write()


def _faults(error: OriginGateError) -> set[tuple[str, str]]:
    """What is counted of an error: facts of a bad form, and a hand-off that came before its answer."""
    if isinstance(error, RequestInvalid):
        fields = (each.field.replace(".items[", "[") for each in error.violations)
        return {(MISTYPED, _PARTS.sub("", anywhere(field))) for field in fields if field.startswith(_ROOTS)}
    early = isinstance(error, CaseStateForbids) and error.state in _UNANSWERED
    return {(TOO_EARLY, HAND_OFF)} if early else set()


def _looked(connection: Connection, tenant: str, name: str) -> tuple[CaseRecord | None, bool]:
    """The case, and whether its pre-review is favourable without a certificate."""
    case = cases.find(connection, tenant, name)
    decision = decisions.latest(connection, tenant, name).get("prereview")
    body = json.loads(decision.body) if decision is not None and decision.body else {}
    return case, body.get("favourable") == "FAVOURABLE_YES"
