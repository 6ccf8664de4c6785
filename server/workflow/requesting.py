"""Each request once: the same request again, on any process, is answered from its record and does nothing."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection

from engine.facts import EVERYTHING
from engine.written_facts import facts_digest
from server.errors import CaseErased, RequestIdReused
from server.races import Race
from server.store import Store, Transaction, cases, requests
from server.store.errors import CaseChanged, SiteChanged
from server.store.records import CaseRecord, NewRequest, RequestRecord
from server.workflow.deciding import Deciding, Made

T = TypeVar("T")


class RequestRaced(Exception):
    """Another call with the same request_id was recorded first."""


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks for what. `body_digest` is over what is said, not over its bytes."""

    tenant: str
    actor: str
    request_id: str
    method: str
    body_digest: str
    # What it was is erased with its case: the same request again is known by its method alone.
    erases: bool = False

    @classmethod
    def of(
        cls, tenant: str, actor: str, request_id: str, method: str, said: Mapping[str, object]
    ) -> "Request":
        """A request that says `said`, as facts."""
        return cls(tenant, actor, request_id, method, facts_digest(said, EVERYTHING))

    @property
    def reason(self) -> str:
        """Why an event happens that the request brings about."""
        return f"request {self.request_id}"


class Requesting:
    """Finds requests that were answered before, and records those that were not."""

    def __init__(self, store: Store, deciding: Deciding) -> None:
        self._store = store
        self._deciding = deciding

    async def once(
        self, request: Request, act: Callable[[], Awaitable[RequestRecord | None]]
    ) -> RequestRecord:
        """As `once_seen`, where nothing is looked at together with the request."""
        return await self.once_seen(request, lambda _: None, lambda _: act())

    async def once_seen(
        self,
        request: Request,
        look: Callable[[Connection], T],
        act: Callable[[T], Awaitable[RequestRecord | None]],
    ) -> RequestRecord:
        """The record of the request, made now by `act` where there is none yet.

        `act` gets what `look` finds in the view of the records in which the request was not there; it records the request
        in the transaction that changes something, and what it gives back need not be read again. It is called again where
        somebody else was quicker. Raises RequestIdReused, LimitExceeded where others always are, and what `act` raises.
        """
        race = Race()
        while True:
            there, seen = await self._store.read(lambda c: _looked(c, request, look))
            if there is not None:
                if not there.body_digest and there.method == request.method and request.erases:
                    return there
                if (there.method, there.body_digest) != (request.method, request.body_digest):
                    raise RequestIdReused(request.request_id)
                return there
            assert seen is not None
            try:
                if (made := await act(*seen)) is not None:
                    return made
            except (CaseChanged, SiteChanged, RequestRaced):
                await race.lost()

    def record(
        self,
        tx: Transaction,
        request: Request,
        case: CaseRecord,
        made: tuple[Made, ...] = (),
        *,
        of_case: bool = True,
        declared: bool = True,
        declaration_digest: str | None = None,
    ) -> RequestRecord:
        """Records the request with the decisions that answer it.

        `of_case`: they are the case's latest. `declared`: they are about the version of the declaration that it has.
        `declaration_digest`: of the content that they are about, where they are about one.
        Raises RequestRaced.
        """
        new = NewRequest(
            request.tenant,
            request.request_id,
            request.method,
            request.body_digest,
            case.name,
            tuple(each.decision_id for each in made),
        )
        recorded, ours = requests.record(tx, new)
        if not ours:
            raise RequestRaced
        if not made:
            return recorded
        self._deciding.keep(
            tx,
            made,
            request.tenant,
            declaration_digest,
            case_name=case.name if of_case else None,
            declaration_version=(case.declaration_version or None) if of_case and declared else None,
            request_id=request.request_id,
            sealed_with=case.name,
        )
        return recorded


def _looked(
    connection: Connection, request: Request, look: Callable[[Connection], T]
) -> tuple[RequestRecord | None, tuple[T] | None]:
    """The record of the request, or else what is looked at."""
    there = requests.find(connection, request.tenant, request.request_id)
    if there is not None and not there.body_digest and not request.erases:
        case = cases.find(connection, request.tenant, there.case_name or "")
        if case is not None and case.erased_at is not None:
            raise CaseErased(case.name, case.erased_at)
    return (there, None) if there is not None else (None, (look(connection),))
