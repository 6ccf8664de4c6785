"""Watches the rule files that are offered: a change is tried by one process of all, and activated where it holds."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Final

import structlog

from engine.rulebook import show
from engine.signed_rulebook import DoesNotHold
from server.activation.first import SERVER
from server.activation.following import Following
from server.activation.offer import Offer, Offered
from server.activation.report import Report, Shown
from server.activation.state import OfferState, State
from server.activation.trying import TIME_LIMIT, TrialFailed, tried
from server.key_files import KeyUnusable
from server.logs import trace_of
from server.rulebooks import RulebookUnreadable
from server.store import Store, Transaction, activations, rulebooks, trials
from server.store import errors as store_errors
from server.store.activations import ActivationRaced
from server.workflow.deciding import Deciding

LOOK_EVERY: Final = 1.0
# Longer than a trial takes at most.
LEASE: Final = timedelta(seconds=TIME_LIMIT + 30)
TRIED_AGAIN_AFTER: Final = timedelta(seconds=30)
# So often one process asks a second opinion that breaks off about the same files.
MOST_OPINIONS: Final = 3

WHAT: Final = "rulebook"

log = structlog.get_logger("rulebooks")


def nobody_hears(what: str, used: bool) -> None:
    """Nobody counts."""


def nobody_asked(opinion: str) -> None:
    """Nobody counts."""


class Watching:
    """One for each process. Files count once they are the same at two looks: whoever writes several may be at it."""

    def __init__(
        self,
        store: Store,
        deciding: Deciding,
        offer: Offer,
        following: Following,
        state: State,
        doubts: int,
        approval: bool,
        read_again: Callable[[str, bool], None] = nobody_hears,
        doubted: Callable[[str], None] = nobody_asked,
    ) -> None:
        self._store = store
        self._deciding = deciding
        self._offer = offer
        self._following = following
        self._state = state
        self._doubts = doubts
        self._approval = approval
        self._read_again = read_again
        self._doubted = doubted
        self._seen: str | None = None
        self._settled: str | None = None
        self._began_with = True
        self._broken_off = 0
        # The activation that was in force when the change came: it moves nothing that somebody activated since.
        self._since = state.activation

    async def begin(self) -> None:
        """Takes note of the files as they are: those that are served need no trial."""
        stamp = await asyncio.to_thread(self._offer.stamp)
        rulebook = self._deciding.rulebook
        signed = await self._store.read(lambda c: rulebooks.signed(c, rulebook.digest))
        if await asyncio.to_thread(self._offer.is_of, rulebook, signed):
            self._settled, self._began_with = stamp, False
        self._seen = stamp

    async def run(self, every: float = LOOK_EVERY) -> None:
        """Looks until it is cancelled."""
        while True:
            try:
                await self.look()
            except store_errors.StoreError as error:
                log.error("rule files could not be looked at", because=str(error))
            except Exception as error:
                log.error("rule files could not be looked at", trace=trace_of(error))
            await asyncio.sleep(every)

    async def look(self) -> None:
        """Takes the next step with files that have changed."""
        stamp = await asyncio.to_thread(self._offer.stamp)
        if stamp != self._seen:
            self._seen = stamp
            self._since = self._state.activation
            self._began_with = False
            self._broken_off = 0
        elif stamp != self._settled and await self._handled(stamp):
            self._settled = stamp

    async def _handled(self, stamp: str) -> bool:
        """Whether it is known what becomes of the files."""
        offered: Offered | None = None
        try:
            if self._offer.key is not None:
                # A report says that the files are good, and not that whoever signed them is still trusted.
                offered = await self._read(stamp)
                if offered is None:
                    return False
            there = await self._store.read(lambda c: trials.find(c, stamp)) if stamp else None
            if there is not None and there.report is not None:
                report = Report.read(there.report)
                if report.accepted:
                    await self._accepted(report)
                else:
                    self._refused(report)
                return True
            if self._broken_off >= MOST_OPINIONS:
                # Refused here, and not on record: another process may yet come to an end with them.
                return False
            if there is not None and there.lease_until > self._deciding.clock():
                # Another process is at it, or it is put off: what comes of it is read at a later look.
                self._state.offer = OfferState.TRYING
                return False
            offered = offered or await self._read(stamp)
        except (RulebookUnreadable, DoesNotHold, KeyUnusable) as error:
            code = "unreadable" if isinstance(error, RulebookUnreadable) else "not-trusted"
            self._refused(Report.refused(code, str(self._offer), str(error)))
            return True
        if offered is None:
            return False
        self._state.offer = OfferState.TRYING
        if await self._store.write(lambda tx: trials.take(tx, stamp, self._state.owner, LEASE)):
            await self._try(stamp, offered)
        return False

    async def _read(self, stamp: str) -> Offered | None:
        """The files of the stamp; None where they have changed since. Raises what reading an offer does."""
        offered = await asyncio.to_thread(self._offer.read)
        return offered if await asyncio.to_thread(self._offer.stamp) == stamp else None

    async def _try(self, stamp: str, offered: Offered) -> None:
        log.info("changed rule files are tried", files=str(self._offer))
        try:
            report = await tried(offered.files, self._doubts, self._deciding.today())
        except TrialFailed as error:
            await self._put_off(stamp, str(error))
            return
        self._doubted(report.opinion)
        if report.opinion == "FAILED":
            # A crash or a busy machine: that says nothing about the files, and is no report to keep.
            await self._put_off(stamp, "; ".join(each.text for each in report.against))
            self._broken_off += 1
            if self._broken_off >= MOST_OPINIONS:
                self._refused(report)
            return
        report = report.but(Shown.problem(each, show(each, "")) for each in offered.problems)
        await self._store.write(lambda tx: self._end(tx, stamp, offered, report))

    async def _put_off(self, stamp: str, because: str) -> None:
        log.error("changed rule files could not be tried; they are again", because=because)
        await self._store.write(lambda tx: trials.put_off(tx, stamp, self._state.owner, TRIED_AGAIN_AFTER))

    def _end(self, tx: Transaction, stamp: str, offered: Offered, report: Report) -> None:
        digest = report.digest if report.accepted else None
        if not trials.end(tx, stamp, self._state.owner, digest, report.text()) or digest is None:
            return
        rulebooks.keep(tx, digest, report.name, json.dumps(dict(offered.rule_texts), sort_keys=True))
        if offered.signed is not None:
            rulebooks.keep_signed(tx, digest, offered.signed.key_id, offered.signed.file)

    async def _accepted(self, report: Report) -> None:
        """Has what was accepted activated, where that is nobody else's to do."""
        digest = report.digest
        self._read_again(WHAT, True)
        if digest == self._state.digest:
            self._state.accepts(report, OfferState.SERVED)
            return
        note = await self._left_alone(digest)
        self._state.accepts(report, OfferState.ACCEPTED, note)
        log.info(
            "changed rule files are accepted",
            digest=digest,
            tests=report.passed,
            second_opinion=report.opinion,
            note=note,
        )
        if note:
            return
        because = f"the rule files of {self._offer} changed"
        with suppress(ActivationRaced):
            # Where it raced, another process has done it, or somebody has activated another one.
            await self._store.write(lambda tx: _activated(tx, digest, because, self._since))
        active = await self._store.read(activations.newest)
        if active is not None and active.rulebook_digest != digest:
            how = f"`origingate rules activate {digest}` makes these active"
            note = f"another rulebook was activated after the files had changed; {how}"
            self._state.accepts(report, OfferState.ACCEPTED, note)
        self._following.hurry()

    async def _left_alone(self, digest: str) -> str:
        """Why a rulebook that was accepted is not activated by itself; empty where it is."""
        how = f"`origingate rules activate {digest}`"
        if self._approval:
            return f"it waits for two people: {how} by one, `origingate rules approve {digest}` by the other"
        active = await self._store.read(activations.newest)
        chosen = active is not None and active.rulebook_digest != digest and active.activated_by != SERVER
        if chosen and await self._store.read(lambda c: activations.was_active(c, digest)):
            # Its files may only have come late to this machine: somebody has decided against them since.
            return (
                f"somebody activated another rulebook after this one was active; {how} makes it active again"
            )
        if self._began_with and await self._store.read(lambda c: activations.was_active(c, digest)):
            return f"the server began with files of a rulebook that was active before; {how} makes it active again"
        return ""

    def _refused(self, report: Report) -> None:
        self._state.refuses(report, self._deciding.clock())
        self._read_again(WHAT, False)
        log.error(
            "changed rule files are refused; what was served before is served on",
            files=str(self._offer),
            faults=report.faults,
            because=[each.text for each in report.against[:10]],
        )


def _activated(tx: Transaction, digest: str, because: str, since: int) -> None:
    """Activates it, unless something else was activated since. Raises ActivationRaced."""
    newest = activations.newest(tx.connection)
    if newest is None or newest.number == since:
        activations.activate(tx, digest, SERVER, because)
