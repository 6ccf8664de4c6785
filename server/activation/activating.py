"""People activate rulebooks that are accepted; where two are asked for, the second is another than the first."""

from collections.abc import Callable
from typing import TypeVar

import structlog

from server.activation.following import Following
from server.activation.servable import CannotBeServed, Servable
from server.auth import Principal
from server.errors import ActivationRefused, RulebookNotAccepted, RulebooksOutOfReach
from server.races import Race
from server.store import Store, Transaction, activations, proposals
from server.store.activations import ActivationRaced, ActivationRecord
from server.store.proposals import ProposalRecord

T = TypeVar("T")

log = structlog.get_logger("rulebooks")


class Activating:
    """`tenant` is the one whose people look after rulebooks; None where nobody does over gRPC."""

    def __init__(
        self, store: Store, servable: Servable, following: Following, tenant: str | None, approval: bool
    ) -> None:
        self._store = store
        self._servable = servable
        self._following = following
        self._tenant = tenant
        self._approval = approval

    def looks_after(self, principal: Principal) -> bool:
        """Whether the caller is one of those who look after rulebooks."""
        return principal.tenant == self._tenant

    def require(self, principal: Principal) -> None:
        """Raises RulebooksOutOfReach for anybody else."""
        if not self.looks_after(principal):
            raise RulebooksOutOfReach

    async def activate(
        self, principal: Principal, digest: str, because: str
    ) -> tuple[ActivationRecord | None, ProposalRecord | None]:
        """The activation, or the proposal that waits for a second person.

        What is active already stays so. Raises RulebooksOutOfReach, RulebookNotAccepted.
        """
        self.require(principal)
        active = await self._store.read(activations.newest)
        if active is not None and active.rulebook_digest == digest:
            return active, None
        await self._require_servable(digest)
        if self._approval:
            proposal = await self._often(lambda tx: proposals.propose(tx, digest, principal.name, because))
            log.info("a rulebook waits for approval", digest=digest, proposed_by=principal.name)
            return None, proposal
        made = await self._often(lambda tx: activations.activate(tx, digest, principal.name, because))
        self._following.hurry()
        return made, None

    async def approve(self, principal: Principal, digest: str) -> ActivationRecord:
        """The activation of what waits. Raises RulebooksOutOfReach, ActivationRefused, RulebookNotAccepted."""
        self.require(principal)
        waits = await self._store.read(proposals.waiting)
        if waits is not None and waits.rulebook_digest == digest:
            # Since it was proposed, the key that signed it may have been withdrawn.
            await self._require_servable(digest)
        made = await self._often(lambda tx: _approved(tx, principal.name, digest))
        self._following.hurry()
        return made

    async def _require_servable(self, digest: str) -> None:
        try:
            await self._servable.book(digest)
        except CannotBeServed as error:
            raise RulebookNotAccepted(digest, str(error)) from error

    async def _often(self, work: Callable[[Transaction], T]) -> T:
        race = Race()
        while True:
            try:
                return await self._store.write(work)
            except ActivationRaced:
                await race.lost()


def _person(name: str) -> str:
    """Who it is, whether known by a key, a certificate or a token."""
    return name.partition(":")[2] or name


def _approved(tx: Transaction, by: str, digest: str) -> ActivationRecord:
    waits = proposals.waiting(tx.connection)
    if waits is None:
        raise ActivationRefused(digest, "nothing waits for approval; activate it first")
    if waits.rulebook_digest != digest:
        raise ActivationRefused(digest, f"what waits for approval is {waits.rulebook_digest}")
    if _person(waits.proposed_by) == _person(by):
        raise ActivationRefused(digest, f"{by} wants it activated, so somebody else has to approve it")
    proposals.settle(tx, waits, proposals.APPROVED, by)
    return activations.activate(tx, digest, waits.proposed_by, waits.because, approved_by=by)
