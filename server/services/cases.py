"""CaseService."""

from typing import Any

from origingate.v1 import case_service_pb2

from server.calls import current_call
from server.errors import CaseStateForbids, RequestInvalid
from server.our_records import OurRecords
from server.services.answers import case_message, decisions_message, receipt_message
from server.services.asking import request_about_case
from server.services.case_reading import CaseReading
from server.store import Store
from server.wire.decisions import differences_to_proto
from server.wire.json_text import text_of
from server.wire.requests import Asked, read
from server.wire.texts import OrderRequest, decision_of, texts_of
from server.workflow.feed import Feed
from server.workflow.intake import Intake, take_in, take_in_under
from server.workflow.refusals import Refusals
from server.workflow.waiting import Waiting
from server.workflow.watching import Watching
from server.workflow.workflow import Workflow


class CaseServicer(CaseReading):
    """Orders through all stages, at once or one by one, and where they stand."""

    def __init__(
        self,
        store: Store,
        workflow: Workflow,
        records: OurRecords,
        waiting: Waiting,
        feed: Feed,
        watching: Watching,
        refusals: Refusals,
    ) -> None:
        super().__init__(store, waiting, feed, watching)
        self._processing = workflow.processing
        self._covering = workflow.covering
        self._stages = workflow.stages
        self._ending = workflow.ending
        self._records = records
        self._refusals = refusals

    async def ProcessOrder(
        self, request: case_service_pb2.ProcessOrderRequest, context: Any
    ) -> case_service_pb2.ProcessOrderResponse:
        """An order through all stages in one call."""
        intake = await self._order(request)
        answer = await self._processing.process(intake, self._waiting.seconds(current_call()))
        return case_service_pb2.ProcessOrderResponse(
            case=case_message(answer.view),
            e_cert_id=answer.e_cert_id,
            differences=differences_to_proto(answer.differences),
            receipt=receipt_message(answer.receipt),
            **{question: decision_of(body) for question, body in answer.decisions.items()},
        )

    async def OpenInquiry(
        self, request: case_service_pb2.OpenInquiryRequest, context: Any
    ) -> case_service_pb2.OpenInquiryResponse:
        """An inquiry."""
        answer = await self._stages.open_inquiry(self._intake(request))
        return case_service_pb2.OpenInquiryResponse(
            case=case_message(answer.view), decisions=decisions_message(answer)
        )

    async def PlaceOrder(
        self, request: case_service_pb2.PlaceOrderRequest, context: Any
    ) -> case_service_pb2.PlaceOrderResponse:
        """An order, without its declaration."""
        answer = await self._stages.place_order(self._intake(request))
        return case_service_pb2.PlaceOrderResponse(
            case=case_message(answer.view), decisions=decisions_message(answer)
        )

    async def Declare(
        self, request: case_service_pb2.DeclareRequest, context: Any
    ) -> case_service_pb2.DeclareResponse:
        """The origin of an order."""
        try:
            said = read(request).facts
        except RequestInvalid as error:
            await self._refusals.of_case(current_call().principal.tenant, request.name, error)
            raise
        answer = await self._stages.declare(
            request_about_case("Declare", request, {**said, "supersede": request.supersede}),
            request.name,
            text_of(request.declaration),
            text_of(request.order) if request.HasField("order") else None,
            request.supersede,
            self._waiting.seconds(current_call()),
        )
        return case_service_pb2.DeclareResponse(
            case=case_message(answer.view), decisions=decisions_message(answer), e_cert_id=answer.e_cert_id
        )

    async def Certify(
        self, request: case_service_pb2.CertifyRequest, context: Any
    ) -> case_service_pb2.CertifyResponse:
        """A certificate for what is declared."""
        asked, seconds = read(request), self._waiting.seconds(current_call())
        if asked.use is None:
            answer = await self._stages.certify(request_about_case("Certify", request), request.name, seconds)
        else:
            use = await self._covering.use(current_call().principal.tenant, asked.use)
            about = request_about_case("Certify", request, use.said)
            answer = await self._stages.certify_under(about, request.name, use, seconds)
        return case_service_pb2.CertifyResponse(
            case=case_message(answer.view), decisions=decisions_message(answer), e_cert_id=answer.e_cert_id
        )

    async def DecideCase(
        self, request: case_service_pb2.DecideCaseRequest, context: Any
    ) -> case_service_pb2.DecideCaseResponse:
        """A case decided again."""
        read(request)
        answer = await self._ending.decide(request_about_case("DecideCase", request), request.name)
        return case_service_pb2.DecideCaseResponse(
            case=case_message(answer.view), decisions=decisions_message(answer), e_cert_id=answer.e_cert_id
        )

    async def HandOff(
        self, request: case_service_pb2.HandOffRequest, context: Any
    ) -> case_service_pb2.HandOffResponse:
        """An order to the pre-review."""
        read(request)
        asked = request_about_case("HandOff", request)
        try:
            answer, handed_off = await self._ending.hand_off(asked, request.name)
        except CaseStateForbids as error:
            await self._refusals.of_case(asked.tenant, request.name, error)
            raise
        return case_service_pb2.HandOffResponse(
            case=case_message(answer.view), decisions=decisions_message(answer), handed_off=handed_off
        )

    async def Cancel(
        self, request: case_service_pb2.CancelRequest, context: Any
    ) -> case_service_pb2.CancelResponse:
        """A case that is not wanted any more."""
        read(request)
        view = await self._ending.cancel(
            request_about_case("Cancel", request, {"reason": request.reason}),
            request.name,
            request.reason,
            self._waiting.seconds(current_call()),
        )
        return case_service_pb2.CancelResponse(case=case_message(view))

    async def _order(self, request: case_service_pb2.ProcessOrderRequest) -> Intake:
        """The order as it comes, under the certificate that it names, if it names one."""
        asked, principal = self._read(request), current_call().principal
        if asked.use is None:
            return self._taken_in(request, asked)
        return take_in_under(
            principal.tenant,
            principal.name,
            request.request_id,
            texts_of(request),
            asked.facts,
            self._records,
            await self._covering.use(principal.tenant, asked.use),
        )

    def _intake(self, request: OrderRequest) -> Intake:
        return self._taken_in(request, self._read(request))

    def _read(self, request: OrderRequest) -> Asked:
        try:
            return read(request)
        except RequestInvalid as error:
            tenant, site = current_call().principal.tenant, request.site
            self._refusals.of_order(tenant, site.site_id, request.order.order_id, error)
            raise

    def _taken_in(self, request: OrderRequest, asked: Asked) -> Intake:
        principal = current_call().principal
        return take_in(
            principal.tenant,
            principal.name,
            request.request_id,
            texts_of(request),
            asked.facts,
            self._records,
        )
