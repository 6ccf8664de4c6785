"""CaseService."""

from typing import Any

from origingate.v1 import case_service_pb2

from server.calls import current_call
from server.our_records import OurRecords
from server.services.case_reading import CaseReading, case_message
from server.store import Store
from server.wire.decisions import differences_to_proto
from server.wire.requests import read
from server.wire.texts import decision_of, texts_of
from server.workflow.feed import Feed
from server.workflow.intake import take_in
from server.workflow.processing import Processing
from server.workflow.waiting import Waiting
from server.workflow.watching import Watching


class CaseServicer(CaseReading):
    """Orders through all stages, and where they stand."""

    def __init__(
        self,
        store: Store,
        processing: Processing,
        records: OurRecords,
        waiting: Waiting,
        feed: Feed,
        watching: Watching,
    ) -> None:
        super().__init__(store, waiting, feed, watching)
        self._processing = processing
        self._records = records

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
            case=case_message(answer.view),
            e_cert_id=answer.e_cert_id,
            differences=differences_to_proto(answer.differences),
            **{question: decision_of(body) for question, body in answer.decisions.items()},
        )
