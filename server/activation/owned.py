"""The rulebook of one process: what keeps it the active one, and what callers are told about it."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any, Final

from grpc_health.v1 import health_pb2

from server.activation.activating import Activating
from server.activation.following import Following
from server.activation.offer import Offer
from server.activation.servable import Servable
from server.activation.state import State
from server.activation.watching import Watching, nobody_asked, nobody_hears
from server.auth import DEVELOPER
from server.background import running
from server.settings import Settings
from server.store import Store
from server.store.activations import ActivationRecord
from server.workflow.deciding import Deciding

SERVICE: Final = "origingate.v1.RulebookService"

SetHealth = Callable[[str, Any], Awaitable[None]]


class OwnedRulebook:
    """Everything that is one for each process, put together."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        deciding: Deciding,
        offer: Offer,
        active: ActivationRecord,
        owner: str,
        read_again: Callable[[str, bool], None] = nobody_hears,
        doubted: Callable[[str], None] = nobody_asked,
    ) -> None:
        self.stale_after = timedelta(seconds=settings.rulebook_stale_after)
        self.doubts = settings.rulebook_doubts
        self.state = State(owner, active.rulebook_digest, active.number, deciding.clock())
        self._clock = deciding.clock
        self._look_every = settings.rulebook_look_every
        self._set_health: SetHealth | None = None
        self._told: dict[str, bool] = {"": True, SERVICE: True}
        servable = Servable(store, offer, deciding.clock, deciding.book.told)
        self.following = Following(store, deciding, servable, self.state, self._tell)
        self._watching = Watching(
            store,
            deciding,
            offer,
            self.following,
            self.state,
            settings.rulebook_doubts,
            settings.rulebook_approval,
            read_again,
            doubted,
        )
        tenant = settings.rulebook_tenant if settings.identified else DEVELOPER.tenant
        self.activating = Activating(store, servable, self.following, tenant, settings.rulebook_approval)

    def is_stale(self) -> bool:
        """Whether something has been wrong with the rulebook for longer than is allowed."""
        return self.state.stale(self._clock(), self.stale_after)

    async def run(self, set_health: SetHealth, stack: AsyncExitStack) -> None:
        """Follows the record and watches the files until the stack ends."""
        self._set_health = set_health
        await self._watching.begin()
        await running(self.following.run(self._look_every), "rulebook following", stack)
        await running(self._watching.run(self._look_every), "rulebook watching", stack)

    async def _tell(self, state: State) -> None:
        """Has the health service say what is so: of the rulebook's service, and of all where another one is active."""
        now = self._clock()
        fit = {"": not state.unfit(now, self.stale_after), SERVICE: not self.is_stale()}
        for service, serves in fit.items():
            if self._told[service] != serves and self._set_health is not None:
                self._told[service] = serves
                status = health_pb2.HealthCheckResponse
                await self._set_health(service, status.SERVING if serves else status.NOT_SERVING)
