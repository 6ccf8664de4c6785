"""Erasing cases and holding them: what an operator asks for, and what retention does by itself."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from engine.case import CaseState
from engine.certificate import CertificateStatus
from server.errors import CaseErased, CaseNotFound, CaseStateForbids, ErasureRefused
from server.store import Store, Transaction, cases, certificates, erasure, ledger
from server.store.erasure import HeldCase
from server.store.listing import Place
from server.store.records import CaseRecord
from server.store.sealing.keys import DataKeyRecord
from server.workflow.answering import Answering
from server.workflow.casework import CaseView, named
from server.workflow.requesting import Request, Requesting

# A platform is at work on the case, or may come up with something, or a person has it in hand.
OPEN_WITH_PLATFORM: Final = frozenset(
    {
        CaseState.VERIFYING,
        CaseState.IN_REVIEW,
        CaseState.RECONCILING,
        CaseState.MANUAL,
        CaseState.SUPERSEDING,
        CaseState.CANCELLING,
    }
)
SCREENINGS: Final = "screenings/"
# Clocks of servers differ: a screening that one of them still takes must find its day's key.
MARGIN: Final = timedelta(hours=1)


class Erasing:
    """Erases cases, holds and releases them. Each step goes to the log with its actor and reason."""

    def __init__(
        self, store: Store, requesting: Requesting, answering: Answering, retention_years: int
    ) -> None:
        self._store = store
        self._requesting = requesting
        self._answering = answering
        self._years = retention_years

    async def erase(self, request: Request, name: str, reason: str, *, before_retention: bool) -> CaseView:
        """Erases a case; what is left of it. Raises CaseNotFound, CaseErased, ErasureRefused."""

        async def act() -> None:
            view = await self._store.read(lambda c: named(c, request.tenant, name))

            def work(tx: Transaction) -> None:
                record, key = self._in_hand(tx, request.tenant, name)
                # Before its key goes: what stands in for the request is sealed with the case.
                self._requesting.record(tx, request, view.case)
                self._hold_erasable(tx, record, key, before_retention)
                erasure.erase_case(tx, record, key, actor=request.actor, reason=reason)

            await self._store.write(work)
            await self._store.scrub()

        await self._requesting.once(request, act)
        return await self._answering.view(request.tenant, name)

    async def hold(self, request: Request, name: str, reason: str) -> CaseView:
        """Puts a legal hold on a case. Raises CaseNotFound, CaseErased."""

        async def act() -> None:
            view = await self._store.read(lambda c: named(c, request.tenant, name))

            def work(tx: Transaction) -> None:
                self._in_hand(tx, request.tenant, name)
                self._requesting.record(tx, request, view.case)
                erasure.hold(tx, request.tenant, name, actor=request.actor, reason=reason)

            await self._store.write(work)

        await self._requesting.once(request, act)
        return await self._answering.view(request.tenant, name)

    async def release(self, request: Request, name: str, reason: str) -> CaseView:
        """Ends a legal hold. Raises CaseNotFound, CaseErased, CaseStateForbids where there is none."""

        async def act() -> None:
            view = await self._store.read(lambda c: named(c, request.tenant, name))

            def work(tx: Transaction) -> None:
                _, key = self._in_hand(tx, request.tenant, name)
                if key.held_at is None:
                    raise CaseStateForbids(name, view.case.state, "it is not held")
                self._requesting.record(tx, request, view.case)
                erasure.release(tx, request.tenant, name, actor=request.actor, reason=reason)

            await self._store.write(work)

        await self._requesting.once(request, act)
        return await self._answering.view(request.tenant, name)

    async def held(self, tenant: str, after: Place | None, limit: int) -> list[HeldCase]:
        """The cases that are held, the one first that was held first."""
        return await self._store.read(lambda c: erasure.held_cases(c, tenant, after, limit))

    async def erase_screenings(
        self, tenant: str, actor: str, day: date, reason: str, *, before_retention: bool
    ) -> datetime | None:
        """Erases what was said in the screenings of a day in UTC; when that was done, None where there are none.

        Raises ErasureRefused.
        """
        subject = f"{SCREENINGS}{day.isoformat()}"
        end = datetime.combine(day, time(), UTC) + timedelta(days=1)

        def work(tx: Transaction) -> tuple[datetime | None, bool]:
            key = erasure.held(tx, tenant, subject)
            if key is None or key.erased_at is not None:
                return (None if key is None else key.erased_at), False
            because, until = None, retained_until(end, self._years)
            if tx.now < end + MARGIN:
                because = "the day is not over everywhere: ask an hour after its end, in UTC"
            elif not before_retention and tx.now < until:
                because = f"they are kept until {until.date().isoformat()}; ask for it before their retention is over"
            if because is not None:
                raise ErasureRefused(subject, because)
            erasure.erase_screenings(tx, key, day, actor=actor, reason=reason)
            return tx.now, True

        erased_at, now = await self._store.write(work)
        if now:
            await self._store.scrub()
        return erased_at

    def _in_hand(self, tx: Transaction, tenant: str, name: str) -> tuple[CaseRecord, DataKeyRecord]:
        """The case with its key, which nobody else changes until the transaction ends."""
        record = cases.take(tx, tenant, name)
        key = erasure.held(tx, tenant, name)
        if record is None or key is None:
            raise CaseNotFound(name)
        if record.erased_at is not None:
            raise CaseErased(name, record.erased_at)
        return record, key

    def _hold_erasable(
        self, tx: Transaction, record: CaseRecord, key: DataKeyRecord, before_retention: bool
    ) -> None:
        because = against(tx, record, key)
        until = retained_until(record.updated_at, self._years)
        if because is None and not before_retention and tx.now < until:
            because = f"its records are kept until {until.date().isoformat()}; ask for it before its retention is over"
        if because is not None:
            raise ErasureRefused(record.name, because)


def against(tx: Transaction, record: CaseRecord, key: DataKeyRecord) -> str | None:
    """Why a case may not be erased, however long it is kept already; None where nothing stands against it."""
    if key.held_at is not None:
        return f"it is held since {key.held_at.date().isoformat()}: {key.held_because}"
    if record.state in OPEN_WITH_PLATFORM:
        return f"it is {record.state}, so something is open with a platform"
    if erasure.waits_for_platform(tx.connection, record.tenant, record.name):
        return "a platform may still come up with something for it"
    for held in certificates.of_case(tx.connection, record.tenant, record.name):
        if held.status == CertificateStatus.ACTIVE and ledger.find(tx.connection, held) is not None:
            return f"its blanket certificate {held.e_cert_id} is in force, and orders may stand under it"
    return None


def retained_until(last: datetime, years: int) -> datetime:
    """When the retention that begins with a moment is over; of 29 February it is over on 1 March."""
    try:
        return last.replace(year=last.year + years)
    except ValueError:
        return last.replace(year=last.year + years, month=3, day=1)


def day_screened(subject: str) -> date | None:
    """The day whose screenings a subject stands for; None where it is a case."""
    return date.fromisoformat(subject.removeprefix(SCREENINGS)) if subject.startswith(SCREENINGS) else None
