"""CertificateService."""

from typing import Any

from origingate.v1 import certificate_service_pb2, certificate_service_pb2_grpc

from engine.certificate import normalise_e_cert_id
from server.calls import current_call
from server.errors import CertificateNotFound
from server.store import Store, certificates
from server.wire.ledgers import ledger_to_proto
from server.wire.records import certificate_to_proto
from server.wire.requests import Facts, read
from server.wire.verification import verification_to_proto
from server.workflow.intake import content_of
from server.workflow.ledgers import Ledgers
from server.workflow.verifying import Verifying, Wanted


class CertificateServicer(certificate_service_pb2_grpc.CertificateServiceServicer):
    """Reads and proves certificates."""

    def __init__(self, store: Store, verifying: Verifying, ledgers: Ledgers) -> None:
        self._store = store
        self._verifying = verifying
        self._ledgers = ledgers

    async def GetCertificate(
        self, request: certificate_service_pb2.GetCertificateRequest, context: Any
    ) -> certificate_service_pb2.GetCertificateResponse:
        """A certificate of our records."""
        read(request)
        tenant, wanted = current_call().principal.tenant, normalise_e_cert_id(request.e_cert_id)
        found = await self._store.read(
            lambda c: certificates.find(c, tenant, wanted, request.platform or None)
        )
        if found is None:
            raise CertificateNotFound(wanted, request.platform)
        return certificate_service_pb2.GetCertificateResponse(certificate=certificate_to_proto(found))

    async def VerifyCertificate(
        self, request: certificate_service_pb2.VerifyCertificateRequest, context: Any
    ) -> certificate_service_pb2.VerifyCertificateResponse:
        """Five parts that are never mixed."""
        wanted = _wanted(request, read(request).facts, current_call().principal.tenant)
        return verification_to_proto(await self._verifying.verify(wanted))

    async def GetLedger(
        self, request: certificate_service_pb2.GetLedgerRequest, context: Any
    ) -> certificate_service_pb2.GetLedgerResponse:
        """What is left of a blanket certificate."""
        read(request)
        found = await self._ledgers.of(current_call().principal.tenant, request.e_cert_id, request.platform)
        return certificate_service_pb2.GetLedgerResponse(ledger=ledger_to_proto(found))


def _wanted(request: certificate_service_pb2.VerifyCertificateRequest, facts: Facts, tenant: str) -> Wanted:
    site: Any = facts.get("site", {})
    order: Any = facts.get("order", {})
    ids = (site.get("site_id"), order.get("order_id"))
    whole = "order" in facts and "declaration" in facts
    return Wanted(
        tenant=tenant,
        e_cert_id=request.e_cert_id,
        platform=request.platform,
        proof=request.proof,
        content=content_of(tenant, {**facts, "site": site}) if whole else None,
        order=(ids[0], ids[1]) if ids[0] and ids[1] else None,
        facts=facts,
    )
