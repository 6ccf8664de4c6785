"""The part of CaseService that only reads: lists, waits, watches."""

from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any, Final

from google.protobuf.timestamp_pb2 import Timestamp
from origingate.v1 import case_service_pb2, case_service_pb2_grpc

from engine.certificate import normalise_e_cert_id
from server.calls import current_call
from server.errors import CaseNotFound, RequestInvalid, Violation
from server.services.answers import case_message
from server.services.pages import size_of
from server.store import Store, listing
from server.store.listing import CaseQuery, Place
from server.wire.records import event_to_proto, states_of, summary_to_proto
from server.wire.requests import read
from server.wire.tokens import page_token, read_page_token, read_watch_token, watch_token
from server.workflow.case_waiting import Awaited, wait_for_case
from server.workflow.casework import view_by_name
from server.workflow.feed import Feed
from server.workflow.waiting import Waiting
from server.workflow.watching import Wanted, Watching

_BY_UPDATE: Final = frozenset(
    {case_service_pb2.CASE_SORT_UPDATE_TIME_ASCENDING, case_service_pb2.CASE_SORT_UPDATE_TIME_DESCENDING}
)
_ASCENDING: Final = frozenset(
    {case_service_pb2.CASE_SORT_CREATE_TIME_ASCENDING, case_service_pb2.CASE_SORT_UPDATE_TIME_ASCENDING}
)


class CaseReading(case_service_pb2_grpc.CaseServiceServicer):
    """Cases as our records have them."""

    def __init__(self, store: Store, waiting: Waiting, feed: Feed, watching: Watching) -> None:
        self._store = store
        self._waiting = waiting
        self._feed = feed
        self._watching = watching

    async def GetCase(
        self, request: case_service_pb2.GetCaseRequest, context: Any
    ) -> case_service_pb2.GetCaseResponse:
        """A case as our records have it."""
        read(request)
        tenant = current_call().principal.tenant
        view = await self._store.read(lambda c: view_by_name(c, tenant, request.name))
        if view is None:
            raise CaseNotFound(request.name)
        return case_service_pb2.GetCaseResponse(case=case_message(view))

    async def ListCases(
        self, request: case_service_pb2.ListCasesRequest, context: Any
    ) -> case_service_pb2.ListCasesResponse:
        """A page of cases."""
        read(request)
        query = _query(request, current_call().principal.tenant)
        asked = (query.tenant, query.states, query.site_id, query.order_id,
                 query.updated_since, query.updated_before, query.by_update, query.descending,
                 *([query.e_cert_id] if query.e_cert_id is not None else []))  # fmt: skip
        after = None
        if request.page_token:
            after = Place(*read_page_token("page_token", request.page_token, asked))
        size = size_of(request.page_size)
        found = await self._store.read(lambda c: listing.page(c, query, after, size + 1))
        answer = case_service_pb2.ListCasesResponse(cases=map(summary_to_proto, found[:size]))
        if len(found) > size:
            last = found[size - 1]
            at = last.updated_at if query.by_update else last.created_at
            answer.next_page_token = page_token(asked, at, last.name)
        return answer

    async def WaitCase(
        self, request: case_service_pb2.WaitCaseRequest, context: Any
    ) -> case_service_pb2.WaitCaseResponse:
        """A case once something has happened to it, or the time is over."""
        read(request)
        call = current_call()
        version = request.after_version if request.HasField("after_version") else None
        awaited = Awaited(frozenset(states_of(request.while_in)), version)
        view, happened = await wait_for_case(
            self._store, self._feed, call.principal.tenant, request.name, awaited, self._waiting.seconds(call)
        )
        return case_service_pb2.WaitCaseResponse(case=case_message(view), happened=happened)

    def WatchCases(self, request: case_service_pb2.WatchCasesRequest, context: Any) -> Any:
        """Every event. It writes its answers by itself, so that it ends at once with its caller."""
        return self._watch(request, context)

    async def _watch(self, request: case_service_pb2.WatchCasesRequest, context: Any) -> None:
        read(request)
        chosen = request.filter
        wanted = Wanted(
            current_call().principal.tenant,
            tuple(sorted(chosen.names)),
            chosen.site_id if chosen.HasField("site_id") else None,
            frozenset(states_of(chosen.states)),
        )
        asked = (wanted.tenant, wanted.names, wanted.site_id, sorted(wanted.states))
        if request.after:
            position = read_watch_token("after", request.after, asked)
        else:
            position = await self._watching.begin(request.start != case_service_pb2.WATCH_START_BEGINNING)
        async with aclosing(self._watching.tell(wanted, position)) as watch:
            async for told in watch:
                answer = case_service_pb2.WatchCasesResponse(token=watch_token(asked, told.next))
                if told.record is not None:
                    answer.event.CopyFrom(event_to_proto(told.record, told.event))
                await context.write(answer)


def _query(request: case_service_pb2.ListCasesRequest, tenant: str) -> CaseQuery:
    """What is asked for. Raises RequestInvalid where bounds and sort do not go together."""
    chosen = request.filter
    since = _moment(chosen.updated_since) if chosen.HasField("updated_since") else None
    before = _moment(chosen.updated_before) if chosen.HasField("updated_before") else None
    bounded = since is not None or before is not None
    by_update = request.sort in _BY_UPDATE or (not request.sort and bounded)
    if bounded and not by_update:
        text = "the filter bounds the update time; sort by it, or leave sort out"
        raise RequestInvalid([Violation("sort", "list.sort", text)])
    if since is not None and before is not None and since >= before:
        text = "it is not after updated_since, so no case can be listed"
        raise RequestInvalid([Violation("filter.updated_before", "list.bounds", text)])
    return CaseQuery(
        tenant=tenant,
        states=states_of(chosen.states),
        site_id=chosen.site_id if chosen.HasField("site_id") else None,
        order_id=chosen.order_id if chosen.HasField("order_id") else None,
        updated_since=since,
        updated_before=before,
        by_update=by_update,
        descending=request.sort not in _ASCENDING,
        e_cert_id=normalise_e_cert_id(chosen.e_cert_id) if chosen.HasField("e_cert_id") else None,
    )


def _moment(at: Timestamp) -> datetime:
    return at.ToDatetime(UTC)
