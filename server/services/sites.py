"""SiteService."""

from datetime import timedelta
from typing import Any, Final

from origingate.v1 import site_service_pb2, site_service_pb2_grpc

from engine.declaration import Content, UncertifiableError
from engine.readiness.statement import content_of as statement_content
from server.calls import current_call
from server.errors import RequestInvalid, SiteNotFound, Violation
from server.log_keys import LogSigner
from server.platforms.conformance.buyer import TENANT
from server.services.pages import size_of
from server.services.site_pages import place_of, token_of
from server.store import Store, sites
from server.store.signing import log_origin
from server.wire.readiness import readiness_to_proto
from server.wire.requests import Facts, read
from server.wire.sites import change_to_proto, kind_of, run_to_proto, site_to_proto
from server.workflow.connecting import Connecting
from server.workflow.intake import content_of
from server.workflow.measuring import Measuring, Seen
from server.workflow.register import KnownSite, Register, answers_of
from server.workflow.registering import Registering
from server.workflow.requesting import Request

MOST_CHANGES: Final = 100
USUAL_DAYS: Final = 30


class SiteServicer(site_service_pb2_grpc.SiteServiceServicer):
    """The sites of a tenant."""

    def __init__(
        self,
        store: Store,
        register: Register,
        registering: Registering,
        connecting: Connecting,
        measuring: Measuring,
        signer: LogSigner,
    ) -> None:
        self._store = store
        self._register = register
        self._registering = registering
        self._connecting = connecting
        self._measuring = measuring
        self._signer = signer

    async def RegisterSite(
        self, request: site_service_pb2.RegisterSiteRequest, context: Any
    ) -> site_service_pb2.RegisterSiteResponse:
        """A new one."""
        read(request)
        kind = kind_of(request.kind)
        asked = _asked("RegisterSite", request, {"title": request.title, "kind": kind})
        await self._registering.register(asked, request.site_id, request.title, kind, request.reason)
        return site_service_pb2.RegisterSiteResponse(site=await self._site(request.site_id))

    async def GetSite(
        self, request: site_service_pb2.GetSiteRequest, context: Any
    ) -> site_service_pb2.GetSiteResponse:
        """One, with what was done with it."""
        read(request)
        tenant, site_id = current_call().principal.tenant, request.site_id
        known = await self._known(site_id)
        made, ran = await self._store.read(
            lambda c: (sites.changes(c, tenant, site_id, MOST_CHANGES), sites.last_run(c, tenant, site_id))
        )
        last = None
        if request.with_report and ran is not None:
            last = run_to_proto(ran, await self._store.read(lambda c: sites.report(c, ran)))
        return site_service_pb2.GetSiteResponse(
            site=site_to_proto(known, self._register), changes=map(change_to_proto, made), last_run=last
        )

    async def ListSites(
        self, request: site_service_pb2.ListSitesRequest, context: Any
    ) -> site_service_pb2.ListSitesResponse:
        """All of them."""
        read(request)
        tenant, size = current_call().principal.tenant, size_of(request.page_size)
        after = place_of(tenant, request.page_token)
        await self._register.follow()
        found = self._register.page(tenant, after, size + 1)
        answer = site_service_pb2.ListSitesResponse(
            sites=[site_to_proto(one, self._register) for one in found[:size]]
        )
        if len(found) > size:
            answer.next_page_token = token_of(tenant, found[size - 1].record.site_id)
        return answer

    async def UpdateSite(
        self, request: site_service_pb2.UpdateSiteRequest, context: Any
    ) -> site_service_pb2.UpdateSiteResponse:
        """What is said of one."""
        read(request)
        said: dict[str, str | None] = {}
        if request.HasField("title"):
            said["title"] = request.title
        if request.HasField("kind"):
            said["kind"] = kind_of(request.kind)
        platforms = tuple(request.platforms.items) if request.HasField("platforms") else None
        asked = _asked("UpdateSite", request, {**said, "platforms": platforms})
        await self._registering.update(asked, request.site_id, said, platforms, request.reason)
        return site_service_pb2.UpdateSiteResponse(site=await self._site(request.site_id))

    async def ConnectSite(
        self, request: site_service_pb2.ConnectSiteRequest, context: Any
    ) -> site_service_pb2.ConnectSiteResponse:
        """One, to a platform, by a run."""
        facts = read(request).facts
        said = {**facts, "platform": request.platform, "rounds": request.rounds}
        asked = _asked("ConnectSite", request, said)
        await self._connecting.connect(
            asked, request.site_id, request.platform, _content(facts), request.rounds, request.reason
        )
        made, report = await self._store.read(lambda c: _by_request(c, asked, request.site_id))
        return site_service_pb2.ConnectSiteResponse(
            site=await self._site(request.site_id), run=run_to_proto(made, report)
        )

    async def SuspendSite(
        self, request: site_service_pb2.SuspendSiteRequest, context: Any
    ) -> site_service_pb2.SuspendSiteResponse:
        """No pre-review for one."""
        read(request)
        await self._registering.suspend(_asked("SuspendSite", request), request.site_id, request.reason)
        return site_service_pb2.SuspendSiteResponse(site=await self._site(request.site_id))

    async def ResumeSite(
        self, request: site_service_pb2.ResumeSiteRequest, context: Any
    ) -> site_service_pb2.ResumeSiteResponse:
        """As before."""
        read(request)
        await self._registering.resume(_asked("ResumeSite", request), request.site_id, request.reason)
        return site_service_pb2.ResumeSiteResponse(site=await self._site(request.site_id))

    async def AssessReadiness(
        self, request: site_service_pb2.AssessReadinessRequest, context: Any
    ) -> site_service_pb2.AssessReadinessResponse:
        """What one lacks."""
        read(request)
        seen = await self._seen(request)
        return site_service_pb2.AssessReadinessResponse(readiness=readiness_to_proto(seen.assessment))

    async def StateReadiness(
        self, request: site_service_pb2.StateReadinessRequest, context: Any
    ) -> site_service_pb2.StateReadinessResponse:
        """The same, signed."""
        read(request)
        seen = await self._seen(request)
        content = statement_content(seen.assessment, seen.integration, seen.connections)
        origin = await self._store.read(log_origin)
        return site_service_pb2.StateReadinessResponse(statement=self._signer.statement(origin, content))

    async def _seen(
        self, request: site_service_pb2.AssessReadinessRequest | site_service_pb2.StateReadinessRequest
    ) -> Seen:
        window = timedelta(days=request.days or USUAL_DAYS)
        return await self._measuring.look(current_call().principal.tenant, request.site_id, window)

    async def _site(self, site_id: str) -> site_service_pb2.RegisteredSite:
        return site_to_proto(await self._known(site_id), self._register)

    async def _known(self, site_id: str) -> KnownSite:
        """The caller's site of that id, with what its platforms answered lately. Raises SiteNotFound."""
        tenant = current_call().principal.tenant
        newest, answers = await self._store.read(
            lambda c: (sites.find(c, tenant, site_id), answers_of(c, tenant, site_id))
        )
        known = (
            self._register.asserted(tenant, site_id)
            if newest is None
            else self._register.known(newest, answers)
        )
        if known is None:
            raise SiteNotFound(site_id)
        return known


def _asked(method: str, request: Any, said: dict[str, Any] | None = None) -> Request:
    principal = current_call().principal
    all_said = {"site_id": request.site_id, "reason": request.reason, **(said or {})}
    return Request.of(principal.tenant, principal.name, request.request_id, method, all_said)


def _by_request(connection: Any, asked: Request, site_id: str) -> tuple[sites.SiteChangeRecord, str]:
    made = sites.by_request(connection, asked.tenant, site_id, asked.request_id)
    assert made is not None, "it was just recorded"
    return made, sites.report(connection, made)


def _content(facts: Facts) -> Content:
    """What a certificate for the order would certify. Raises RequestInvalid where there could be none."""
    said = {**facts, "site": {"site_id": TENANT}, "order": {"order_id": TENANT, **facts["order"]}}
    try:
        content = content_of(TENANT, said)
    except UncertifiableError as error:
        raise _uncertifiable(str(error)) from error
    if content is None or "tenant" not in content:
        raise _uncertifiable("it is for no single shipment")
    return content


def _uncertifiable(because: str) -> RequestInvalid:
    return RequestInvalid(
        [Violation("declaration", "declaration.certifiable", f"no run can be made: {because}")]
    )
