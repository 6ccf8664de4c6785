"""Callers that may ask about some sites of their tenant only: whether what a request names is within their reach.

It goes by the fields of requests and not by their methods, and refuses what it does not understand: a method that is added
later is closed to such callers until its request says in one of these ways what it is about.
"""

from typing import Any

from engine.certificate import normalise_e_cert_id
from server.auth import Principal
from server.errors import CaseNotFound, CertificateNotFound, SiteOutOfReach
from server.store import Store, cases, certificates


def require_site(principal: Principal, request: Any) -> None:
    """Raises SiteOutOfReach unless the request's `site` is within the caller's reach."""
    if principal.sites is not None and request.site.site_id not in principal.sites:
        raise SiteOutOfReach(request.site.site_id)


class Reach:
    """Holds requests against the sites of who asks."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def require(self, principal: Principal, request: Any) -> None:
        """Raises SiteOutOfReach for a site, and what is raised for one that is not there for a case or certificate."""
        if principal.sites is None:
            return
        fields = request.DESCRIPTOR.fields_by_name
        for name in ("items", "item"):
            if name in fields and "site" in fields[name].message_type.fields_by_name:
                return  # each item stands alone, and is held against them by itself
        if "name" in fields:
            await self._case(principal, request.name)
            await self._use(principal, request)
        elif "filter" in fields and "site_id" in fields["filter"].message_type.fields_by_name:
            if request.filter.site_id not in principal.sites:
                raise SiteOutOfReach(request.filter.site_id)
        elif "e_cert_id" in fields and request.e_cert_id:
            if "site" in fields and request.HasField("site"):
                require_site(principal, request)
            await self._certificate(principal, request)
        elif "site_id" in fields:
            if request.site_id not in principal.sites:
                raise SiteOutOfReach(request.site_id)
        elif "site" in fields:
            require_site(principal, request)
            await self._use(principal, request)
        else:
            raise SiteOutOfReach("")

    async def _case(self, principal: Principal, name: str) -> None:
        case = await self._store.read(lambda c: cases.find(c, principal.tenant, name))
        if case is None or case.site_id not in (principal.sites or ()):
            raise CaseNotFound(name)

    async def _use(self, principal: Principal, request: Any) -> None:
        """Of a request that may say under which certificate an order is to stand."""
        if "use" in request.DESCRIPTOR.fields_by_name and request.HasField("use"):
            await self._certificate(principal, request.use)

    async def _certificate(self, principal: Principal, request: Any) -> None:
        """One that our records do not have is for the method to tell."""
        wanted = normalise_e_cert_id(request.e_cert_id)
        platform = getattr(request, "platform", "")
        found = await self._store.read(
            lambda c: certificates.find(c, principal.tenant, wanted, platform or None)
        )
        if found is None:
            return
        case = await self._store.read(lambda c: cases.find(c, principal.tenant, found.case_name))
        if case is None or case.site_id not in (principal.sites or ()):
            raise CertificateNotFound(wanted, platform)
