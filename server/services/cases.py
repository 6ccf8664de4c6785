"""CaseService."""

from typing import Any

from origingate.v1 import case_service_pb2, case_service_pb2_grpc

from server.calls import current_call
from server.errors import CaseNotFound
from server.our_records import OurRecords
from server.store import Store
from server.wire.decisions import differences_to_proto
from server.wire.records import case_to_proto
from server.wire.requests import read
from server.wire.texts import decision_of, texts_of
from server.workflow.casework import CaseView, view_by_name
from server.workflow.deciding import WORKFLOW
from server.workflow.intake import take_in
from server.workflow.processing import Processing
from server.workflow.waiting import Waiting


class CaseServicer(case_service_pb2_grpc.CaseServiceServicer):
    """Orders through all stages, and where they stand."""

    def __init__(self, store: Store, processing: Processing, records: OurRecords, waiting: Waiting) -> None:
        self._store = store
        self._processing = processing
        self._records = records
        self._waiting = waiting

    async def ProcessOrder(
        self, request: case_service_pb2.ProcessOrderRequest, context: Any
    ) -> case_service_pb2.ProcessOrderResponse:
        """An order through all stages in one call."""
        asked, call = read(request), current_call()
        intake = take_in(
            call.principal.tenant,
            call.principal.name,
            request.request_id,
            texts_of(request),
            asked.facts,
            self._records,
        )
        answer = await self._processing.process(intake, self._waiting.seconds(call))
        return case_service_pb2.ProcessOrderResponse(
            case=_case(answer.view),
            e_cert_id=answer.e_cert_id,
            differences=differences_to_proto(answer.differences),
            **{question: decision_of(body) for question, body in answer.decisions.items()},
        )

    async def GetCase(
        self, request: case_service_pb2.GetCaseRequest, context: Any
    ) -> case_service_pb2.GetCaseResponse:
        """A case as our records have it."""
        read(request)
        tenant = current_call().principal.tenant
        view = await self._store.read(lambda c: view_by_name(c, tenant, request.name))
        if view is None:
            raise CaseNotFound(request.name)
        return case_service_pb2.GetCaseResponse(case=_case(view))


def _case(view: CaseView) -> Any:
    decided = [view.decisions[question] for question in WORKFLOW if question in view.decisions]
    return case_to_proto(view.case, view.declaration, decided, view.certificate, view.attempts)
