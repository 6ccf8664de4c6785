"""RulebookService."""

import asyncio
from datetime import timedelta
from typing import Any, Final

import structlog
from origingate.v1 import rulebook_service_pb2, rulebook_service_pb2_grpc

from server.activation.owned import OwnedRulebook
from server.activation.trying import TrialFailed, tried
from server.calls import current_call
from server.errors import LimitExceeded, RulebookNotFound
from server.services.pages import size_of
from server.store import Store, activations, proposals, rulebooks, servings
from server.wire.records import timestamp
from server.wire.requests import read
from server.wire.rulebooks import (
    activation_to_proto,
    files_to_proto,
    proposal_to_proto,
    serving_to_proto,
    stored_to_proto,
    trial_to_proto,
)
from server.wire.tokens import page_token, read_page_token
from server.workflow.deciding import Deciding

SEEN_WITHIN: Final = timedelta(minutes=1)
_DIGEST: Final = "sha256:"
_RULEBOOKS: Final = ("rulebooks",)
_ACTIVATIONS: Final = ("activations",)

log = structlog.get_logger("rulebooks")


class RulebookServicer(rulebook_service_pb2_grpc.RulebookServiceServicer):
    """The server's rulebooks."""

    def __init__(self, store: Store, deciding: Deciding, owned: OwnedRulebook) -> None:
        self._store = store
        self._deciding = deciding
        self._owned = owned
        self._trying = asyncio.Lock()

    async def ListRulebooks(
        self, request: rulebook_service_pb2.ListRulebooksRequest, context: Any
    ) -> rulebook_service_pb2.ListRulebooksResponse:
        """Those that were accepted."""
        read(request)
        after = None
        if request.page_token:
            at, name = read_page_token("page_token", request.page_token, _RULEBOOKS)
            after = (at, _DIGEST + name.partition("/")[2])
        size = size_of(request.page_size)
        found = await self._store.read(lambda c: rulebooks.listed(c, size + 1, after))
        answer = rulebook_service_pb2.ListRulebooksResponse(rulebooks=map(stored_to_proto, found[:size]))
        if len(found) > size:
            last = found[size - 1]
            name = f"rulebooks/{last.digest.removeprefix(_DIGEST)}"
            answer.next_page_token = page_token(_RULEBOOKS, last.stored_at, name)
        return answer

    async def GetRulebook(
        self, request: rulebook_service_pb2.GetRulebookRequest, context: Any
    ) -> rulebook_service_pb2.GetRulebookResponse:
        """One with its texts."""
        read(request)
        digest = request.rulebook_digest or self._deciding.rulebook.digest
        found = await self._store.read(lambda c: rulebooks.find(c, digest))
        if found is None:
            raise RulebookNotFound(digest)
        return rulebook_service_pb2.GetRulebookResponse(
            rulebook=stored_to_proto(found), files=files_to_proto(found.files)
        )

    async def GetRulebookStatus(
        self, request: rulebook_service_pb2.GetRulebookStatusRequest, context: Any
    ) -> rulebook_service_pb2.GetRulebookStatusResponse:
        """How it stands."""
        read(request)
        self._owned.activating.require(current_call().principal)
        since = self._deciding.clock() - SEEN_WITHIN
        active, waiting, processes = await self._store.read(
            lambda c: (activations.newest(c), proposals.waiting(c), servings.seen(c, since))
        )
        state = self._owned.state
        return rulebook_service_pb2.GetRulebookStatusResponse(
            process=state.owner,
            rulebook_digest=state.digest,
            served_since=timestamp(state.since),
            active=activation_to_proto(active, named=True) if active is not None else None,
            stale=self._owned.is_stale(),
            wrong_since=timestamp(state.wrong_since) if state.wrong_since is not None else None,
            behind=state.behind_because,
            offer=f"OFFER_STATE_{state.offer}",
            trial=trial_to_proto(state.report) if state.report is not None else None,
            note=state.note,
            waiting=proposal_to_proto(waiting) if waiting is not None else None,
            processes=map(serving_to_proto, processes),
        )

    async def TestRulebook(
        self, request: rulebook_service_pb2.TestRulebookRequest, context: Any
    ) -> rulebook_service_pb2.TestRulebookResponse:
        """A trial of files, of which nothing is kept."""
        read(request)
        self._owned.activating.require(current_call().principal)
        if self._trying.locked():
            raise LimitExceeded("rulebooks tried at once", "1", "Try again in a while.", retry_after=5.0)
        async with self._trying:
            try:
                files = {file.path: file.text for file in request.files}
                report = await tried(files, self._owned.doubts, self._deciding.today())
            except TrialFailed as error:
                # A fault of ours: the database is well, and asking again may well lead to the same.
                log.error("rule files could not be tried", because=str(error))
                raise
        return rulebook_service_pb2.TestRulebookResponse(trial=trial_to_proto(report))

    async def ListActivations(
        self, request: rulebook_service_pb2.ListActivationsRequest, context: Any
    ) -> rulebook_service_pb2.ListActivationsResponse:
        """Which one was active when."""
        read(request)
        named = self._owned.activating.looks_after(current_call().principal)
        below = None
        if request.page_token:
            _, name = read_page_token("page_token", request.page_token, _ACTIVATIONS)
            below = int(name.partition("/")[2], 16)
        size = size_of(request.page_size)
        found = await self._store.read(lambda c: activations.listed(c, size + 1, below))
        answer = rulebook_service_pb2.ListActivationsResponse(
            activations=[activation_to_proto(each, named) for each in found[:size]]
        )
        if len(found) > size:
            last = found[size - 1]
            name = f"activations/{last.number:x}"
            answer.next_page_token = page_token(_ACTIVATIONS, last.activated_at, name)
        return answer

    async def ActivateRulebook(
        self, request: rulebook_service_pb2.ActivateRulebookRequest, context: Any
    ) -> rulebook_service_pb2.ActivateRulebookResponse:
        """One of those that were accepted."""
        read(request)
        activation, proposal = await self._owned.activating.activate(
            current_call().principal, request.rulebook_digest, request.reason
        )
        return rulebook_service_pb2.ActivateRulebookResponse(
            activation=activation_to_proto(activation, named=True) if activation is not None else None,
            proposal=proposal_to_proto(proposal) if proposal is not None else None,
        )

    async def ApproveRulebook(
        self, request: rulebook_service_pb2.ApproveRulebookRequest, context: Any
    ) -> rulebook_service_pb2.ApproveRulebookResponse:
        """The second person's word."""
        read(request)
        made = await self._owned.activating.approve(current_call().principal, request.rulebook_digest)
        return rulebook_service_pb2.ApproveRulebookResponse(activation=activation_to_proto(made, named=True))
