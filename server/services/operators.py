"""OperatorService."""

from dataclasses import replace
from datetime import date
from typing import Any

from origingate.v1 import operator_service_pb2, operator_service_pb2_grpc

from server.calls import current_call
from server.services.answers import case_message
from server.services.asking import request_about_case
from server.services.pages import size_of
from server.store.erasure import HeldCase
from server.store.listing import Place
from server.wire.ledgers import ledger_to_proto
from server.wire.records import summary_to_proto, timestamp
from server.wire.requests import read
from server.wire.tokens import page_token, read_page_token
from server.workflow.claiming import Claimed
from server.workflow.erasing import Erasing
from server.workflow.ledgers import Ledgers
from server.workflow.manual import Manual, Step
from server.workflow.operating import Operating


class OperatorServicer(operator_service_pb2_grpc.OperatorServiceServicer):
    """Cases that wait for a person, and blanket certificates that end soon."""

    def __init__(self, operating: Operating, ledgers: Ledgers, erasing: Erasing) -> None:
        self._operating = operating
        self._ledgers = ledgers
        self._erasing = erasing

    async def ListManualCases(
        self, request: operator_service_pb2.ListManualCasesRequest, context: Any
    ) -> operator_service_pb2.ListManualCasesResponse:
        """The work list."""
        read(request)
        tenant = current_call().principal.tenant
        asked = ("manual", tenant)
        after = None
        if request.page_token:
            after = Place(*read_page_token("page_token", request.page_token, asked))
        size = size_of(request.page_size)
        found = await self._operating.waiting(tenant, after, size + 1)
        answer = operator_service_pb2.ListManualCasesResponse(
            cases=[_manual_case(one, steps) for one, steps in found[:size]]
        )
        if len(found) > size:
            last = found[size - 1][0].view.case
            answer.next_page_token = page_token(asked, last.updated_at, last.name)
        return answer

    async def ListLedgers(
        self, request: operator_service_pb2.ListLedgersRequest, context: Any
    ) -> operator_service_pb2.ListLedgersResponse:
        """Blanket certificates in force, the first that ends first."""
        read(request)
        found, total = await self._ledgers.in_force(
            current_call().principal.tenant, size_of(request.page_size)
        )
        return operator_service_pb2.ListLedgersResponse(ledgers=map(ledger_to_proto, found), total=total)

    async def AdoptCertificate(
        self, request: operator_service_pb2.AdoptCertificateRequest, context: Any
    ) -> operator_service_pb2.AdoptCertificateResponse:
        """A certificate, on the platform's proof."""
        read(request)
        said = {"e_cert_id": request.e_cert_id, "proof": request.proof, "reason": request.reason}
        view = await self._operating.adopt(
            request_about_case("AdoptCertificate", request, said),
            request.name,
            Claimed(request.e_cert_id, request.proof),
            request.reason,
        )
        return operator_service_pb2.AdoptCertificateResponse(case=case_message(view))

    async def MarkVoid(
        self, request: operator_service_pb2.MarkVoidRequest, context: Any
    ) -> operator_service_pb2.MarkVoidResponse:
        """Nothing stands, on the operator's word."""
        read(request)
        asked = request_about_case("MarkVoid", request, {"reason": request.reason})
        view = await self._operating.mark_void(asked, request.name, request.reason)
        return operator_service_pb2.MarkVoidResponse(case=case_message(view))

    async def RetryCase(
        self, request: operator_service_pb2.RetryCaseRequest, context: Any
    ) -> operator_service_pb2.RetryCaseResponse:
        """What stopped, again."""
        read(request)
        asked = request_about_case("RetryCase", request, {"reason": request.reason})
        view = await self._operating.retry(asked, request.name, request.reason)
        return operator_service_pb2.RetryCaseResponse(case=case_message(view))

    async def EraseCase(
        self, request: operator_service_pb2.EraseCaseRequest, context: Any
    ) -> operator_service_pb2.EraseCaseResponse:
        """A case, for good."""
        read(request)
        said = {"reason": request.reason, "before_retention": request.before_retention}
        asked = replace(request_about_case("EraseCase", request, said), erases=True)
        view = await self._erasing.erase(
            asked, request.name, request.reason, before_retention=request.before_retention
        )
        return operator_service_pb2.EraseCaseResponse(case=case_message(view))

    async def HoldCase(
        self, request: operator_service_pb2.HoldCaseRequest, context: Any
    ) -> operator_service_pb2.HoldCaseResponse:
        """A legal hold."""
        read(request)
        asked = request_about_case("HoldCase", request, {"reason": request.reason})
        view = await self._erasing.hold(asked, request.name, request.reason)
        return operator_service_pb2.HoldCaseResponse(case=case_message(view))

    async def ReleaseCase(
        self, request: operator_service_pb2.ReleaseCaseRequest, context: Any
    ) -> operator_service_pb2.ReleaseCaseResponse:
        """No hold any more."""
        read(request)
        asked = request_about_case("ReleaseCase", request, {"reason": request.reason})
        view = await self._erasing.release(asked, request.name, request.reason)
        return operator_service_pb2.ReleaseCaseResponse(case=case_message(view))

    async def ListHeldCases(
        self, request: operator_service_pb2.ListHeldCasesRequest, context: Any
    ) -> operator_service_pb2.ListHeldCasesResponse:
        """The cases that are held."""
        read(request)
        tenant = current_call().principal.tenant
        asked = ("held", tenant)
        after = None
        if request.page_token:
            after = Place(*read_page_token("page_token", request.page_token, asked))
        size = size_of(request.page_size)
        found = await self._erasing.held(tenant, after, size + 1)
        answer = operator_service_pb2.ListHeldCasesResponse(cases=map(_held_case, found[:size]))
        if len(found) > size:
            answer.next_page_token = page_token(asked, found[size - 1].at, found[size - 1].case.name)
        return answer

    async def EraseScreenings(
        self, request: operator_service_pb2.EraseScreeningsRequest, context: Any
    ) -> operator_service_pb2.EraseScreeningsResponse:
        """What was said in the screenings of a day."""
        read(request)
        principal, day = current_call().principal, request.day
        erased_at = await self._erasing.erase_screenings(
            principal.tenant,
            principal.name,
            date(day.year, day.month, day.day),
            request.reason,
            before_retention=request.before_retention,
        )
        return operator_service_pb2.EraseScreeningsResponse(
            erase_time=None if erased_at is None else timestamp(erased_at)
        )


def _held_case(held: HeldCase) -> operator_service_pb2.HeldCase:
    return operator_service_pb2.HeldCase(
        case=summary_to_proto(held.case),
        because=held.because,
        held_by=held.by,
        hold_time=timestamp(held.at),
    )


def _manual_case(one: Manual, steps: tuple[Step, ...]) -> operator_service_pb2.ManualCase:
    return operator_service_pb2.ManualCase(
        case=summary_to_proto(one.view.case),
        since=timestamp(one.view.case.updated_at),
        because=one.because,
        platform=one.platform,
        reference=one.attempt.reference if one.attempt is not None and not one.stuck else "",
        e_cert_id=one.e_cert_id,
        steps=[f"MANUAL_STEP_{step}" for step in steps],
    )
