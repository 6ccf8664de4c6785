"""What operators do with sites: each step once for its request, in the record and in the log, with actor and reason."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from engine.site import SiteStep
from server.errors import SiteNotFound, SiteStateForbids
from server.store import Store, Transaction, requests, sites
from server.store.records import NewRequest
from server.store.sites import SiteChangeRecord
from server.workflow.register import Register
from server.workflow.requesting import Request, Requesting, RequestRaced

# Number and moment of a change are the store's to say.
_UNSAID: Final = datetime(1970, 1, 1, tzinfo=UTC)

Change = Callable[[SiteChangeRecord], dict[str, Any]]


class Registering:
    """Registers sites, and changes what is registered."""

    def __init__(self, store: Store, requesting: Requesting, register: Register) -> None:
        self._store = store
        self._requesting = requesting
        self._register = register

    async def register(
        self, request: Request, site_id: str, title: str, kind: str | None, reason: str
    ) -> None:
        """Registers a site. Raises SiteStateForbids where it is registered already."""

        async def act() -> None:
            there = await self._store.read(lambda c: sites.find(c, request.tenant, site_id))
            if there is not None:
                raise SiteStateForbids(site_id, "it is registered already; change it with UpdateSite")
            new = SiteChangeRecord(
                request.tenant, site_id, 0, SiteStep.REGISTER, request.actor, reason, request.request_id,
                _UNSAID, title, kind, (), None,
            )  # fmt: skip
            await self._write(request, None, new)

        await self._requesting.once(request, act)

    async def update(
        self,
        request: Request,
        site_id: str,
        said: dict[str, str | None],
        platforms: tuple[str, ...] | None,
        reason: str,
    ) -> None:
        """Changes title and kind as far as they are `said`, and which platforms are asked. Raises SiteStateForbids."""

        def changed(site: SiteChangeRecord) -> dict[str, Any]:
            if platforms is None:
                return dict(said)
            there = {one.platform: one for one in site.connections}
            if strange := [name for name in platforms if name not in there]:
                raise SiteStateForbids(
                    site_id, f"it is not connected to {', '.join(strange)}; connect it with ConnectSite"
                )
            return {**said, "connections": tuple(there[name] for name in platforms)}

        await self._change(request, site_id, SiteStep.UPDATE, reason, changed)

    async def suspend(self, request: Request, site_id: str, reason: str) -> None:
        """Suspends a site. Raises SiteStateForbids where it is suspended already."""

        def changed(site: SiteChangeRecord) -> dict[str, Any]:
            if site.suspended_because is not None:
                raise SiteStateForbids(site_id, f"it is suspended already: {site.suspended_because}")
            return {"suspended_because": reason}

        await self._change(request, site_id, SiteStep.SUSPEND, reason, changed)

    async def resume(self, request: Request, site_id: str, reason: str) -> None:
        """Ends a suspension. Raises SiteStateForbids where there is none."""

        def changed(site: SiteChangeRecord) -> dict[str, Any]:
            if site.suspended_because is None:
                raise SiteStateForbids(site_id, "it is not suspended")
            return {"suspended_because": None}

        await self._change(request, site_id, SiteStep.RESUME, reason, changed)

    async def record_run(
        self,
        request: Request,
        site: SiteChangeRecord,
        step: SiteStep,
        report: str,
        reason: str,
        **changes: Any,
    ) -> None:
        """Keeps what a conformance run brought about. Raises SiteChanged where the site was changed meanwhile."""
        new = self._next(request, site, step, reason, **changes)
        await self._write(request, site, new, report)

    async def find(self, tenant: str, site_id: str) -> SiteChangeRecord:
        """The tenant's site as it stands. Raises SiteNotFound where it is not registered."""
        found = await self._store.read(lambda c: sites.find(c, tenant, site_id))
        if found is None:
            raise SiteNotFound(site_id)
        return found

    async def _change(
        self, request: Request, site_id: str, step: SiteStep, reason: str, changed: Change
    ) -> None:
        async def act() -> None:
            site = await self.find(request.tenant, site_id)
            await self._write(request, site, self._next(request, site, step, reason, **changed(site)))

        await self._requesting.once(request, act)

    def _next(
        self, request: Request, site: SiteChangeRecord, step: SiteStep, reason: str, **changes: Any
    ) -> SiteChangeRecord:
        said = {"platform": None, "run_digest": None, **changes}
        return replace(
            site, step=step, actor=request.actor, reason=reason, request_id=request.request_id, **said
        )

    async def _write(
        self,
        request: Request,
        was: SiteChangeRecord | None,
        new: SiteChangeRecord,
        report: str | None = None,
    ) -> None:
        def work(tx: Transaction) -> None:
            sites.change(tx, was, new, report)
            _, ours = requests.record(
                tx,
                NewRequest(request.tenant, request.request_id, request.method, request.body_digest, None, ()),
            )
            if not ours:
                raise RequestRaced

        await self._store.write(work)
        await self._register.read_again()
