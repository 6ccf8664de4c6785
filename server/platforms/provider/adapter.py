"""A platform behind a provider's process."""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import grpc
import grpc.aio
from google.protobuf.message import Message

from engine.canonical_json import canonical_json
from engine.certificate import ECertId
from engine.platform import (
    Capabilities,
    Expected,
    Health,
    LookupAnswer,
    Misconfigured,
    NotSent,
    Outcome,
    ProofKind,
    ProofReason,
    ProofVerdict,
    PublicKeys,
    Reference,
    StatusAnswer,
    Submission,
    Unknown,
    VoidAnswer,
    always,
)
from server.platforms.bodies import read_object
from server.platforms.bounded import LONGEST_TEXT, Answer
from server.platforms.keys import KeyRing, read_jwks
from server.platforms.proof import verify_proof
from server.platforms.provider.connection import LARGEST, Connection
from server.platforms.provider.manifest import ProviderManifest, differing
from server.platforms.provider.messages import (
    PlatformProviderServiceStub,
    answer_of,
    capabilities_of,
    is_whole,
    messages,
)
from server.spans import OUTGOING

# Seconds for which what a provider said of itself is believed.
DESCRIBED_FOR: Final = 60.0
_NoResponse = NotSent | Misconfigured | Unknown
_UNFIT: Final = Unknown("the provider's answer says nothing that the contract knows")
_TOO_LATE: Final = NotSent("it was too late to send it")
_UNSIGNED: Final = "The platform's certificates are not signed: a person compares what it answered."


class ProviderPlatform:
    """Asks one provider, each thing once, and believes no gRPC error to say what was done.

    That nothing was sent is known only before a call: no connection, no time, too large. Once a call has begun, every
    end of it but an outcome is Unknown, whatever its code: the same codes come from our own library, from what is
    between, from the provider before it asked its platform, and from the provider after.
    """

    def __init__(
        self,
        manifest: ProviderManifest,
        connection: Connection,
        tenant: str,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._manifest = manifest
        self._connection = connection
        self._tenant = tenant
        self._clock = clock
        self._monotonic = monotonic
        self._stub: Any = PlatformProviderServiceStub(connection.channel)
        self._keys = KeyRing(self._fetch_keys, monotonic)
        self._limit = manifest.capabilities.send_timeout.total_seconds()
        self._connect = manifest.connect_timeout.total_seconds()
        self._agreed_at = float("-inf")

    @property
    def name(self) -> str:
        """As in our records."""
        return self._manifest.name

    @property
    def capabilities(self) -> Capabilities:
        """What it can do, as its manifest says."""
        return self._manifest.capabilities

    @property
    def manifest_digest(self) -> str:
        """Digest of its manifest."""
        return self._manifest.digest

    async def submit(self, submission: Submission) -> Outcome:
        """Asks for a certificate; sends at most once."""
        ends = self._monotonic() + self._limit
        if (unfit := await self._agreed(ends)) is not None:
            return unfit
        request = messages.SubmitRequest(
            tenant=self._tenant,
            reference=submission.reference,
            declaration_digest=submission.digest,
            content=canonical_json(submission.content),
        )
        answer = await self._ask("Submit", request, ends, submission.in_time)
        return answer if isinstance(answer, Outcome) else _UNFIT

    async def replace(self, submission: Submission, e_cert_id: ECertId) -> Outcome:
        """Asks for a certificate in the place of another one; sends at most once."""
        ends = self._monotonic() + self._limit
        if (unfit := await self._agreed(ends)) is not None:
            return unfit
        request = messages.ReplaceRequest(
            tenant=self._tenant,
            reference=submission.reference,
            declaration_digest=submission.digest,
            content=canonical_json(submission.content),
            e_cert_id=e_cert_id,
        )
        answer = await self._ask("Replace", request, ends, submission.in_time)
        return answer if isinstance(answer, Outcome) else _UNFIT

    async def lookup(self, reference: Reference, platform_id: str = "") -> LookupAnswer:
        """What became of the submission of that reference, or of that id of the platform's."""
        request = messages.LookupRequest(tenant=self._tenant, reference=reference, platform_id=platform_id)
        answer = await self._ask("Lookup", request)
        return answer if isinstance(answer, LookupAnswer) else _UNFIT

    async def status(self, e_cert_id: ECertId) -> StatusAnswer:
        """Whether a certificate is in force."""
        answer = await self._ask("Status", messages.StatusRequest(tenant=self._tenant, e_cert_id=e_cert_id))
        return answer if isinstance(answer, StatusAnswer) else _UNFIT

    async def void(self, e_cert_id: ECertId, because: str) -> VoidAnswer:
        """Takes a certificate out of force. Doing it twice is the same as once."""
        reasons = self._manifest.capabilities.void_reasons
        reason = because if because in reasons or not reasons else reasons[0]
        request = messages.VoidRequest(
            tenant=self._tenant, e_cert_id=e_cert_id, because=because, reason=reason
        )
        answer = await self._ask("Void", request)
        return answer if isinstance(answer, VoidAnswer) else _UNFIT

    async def health(self) -> Health:
        """Whether the provider answers, and says that its platform does."""
        response = await self._call("Health", messages.HealthRequest(tenant=self._tenant))
        if isinstance(response, _NoResponse):
            return Health(up=False, because=f"The provider does not answer: {response.because}.")
        assert isinstance(response, messages.HealthResponse)
        return Health(response.up, response.because[:LONGEST_TEXT] or "The provider answers.")

    async def keys(self, wanted: str | None = None) -> PublicKeys:
        """The platform's public keys. Empty where none are known, or `wanted` cannot be looked for now."""
        return await self._keys.get(wanted)

    def verify_proof(self, proof: str, keys: PublicKeys, expected: Expected) -> ProofVerdict:
        """Whether the proof holds under these keys."""
        if self._manifest.capabilities.proof is ProofKind.STATUS:
            return ProofVerdict(ProofReason.MALFORMED, _UNSIGNED)
        return verify_proof(proof, keys, expected, self._manifest.proof)

    async def _agreed(self, ends: float) -> NotSent | Misconfigured | None:
        """None where the provider can do what its manifest says; asked now and then, and before anything is submitted."""
        if self._monotonic() - self._agreed_at < DESCRIBED_FOR:
            return None
        response = await self._call("Describe", messages.DescribeRequest(tenant=self._tenant), ends)
        if isinstance(response, _NoResponse):
            return NotSent(f"the provider did not say what it can do: {response.because}")
        assert isinstance(response, messages.DescribeResponse)
        told = capabilities_of(response)
        if told is None:
            return Misconfigured("what the provider says that it can do breaks the contract's rules")
        if names := differing(self.capabilities, told):
            return Misconfigured(f"the manifest says otherwise than the provider of: {', '.join(names)}")
        self._agreed_at = self._monotonic()
        return None

    async def _ask(
        self, method: str, request: Message, ends: float | None = None, in_time: Callable[[], bool] = always
    ) -> Answer:
        response = await self._call(method, request, ends, in_time)
        if isinstance(response, _NoResponse):
            return response
        return answer_of(response, self._clock()) or _UNFIT

    async def _call(
        self, method: str, request: Message, ends: float | None = None, in_time: Callable[[], bool] = always
    ) -> Message | _NoResponse:
        ends = self._monotonic() + self._limit if ends is None else ends
        if request.ByteSize() > LARGEST:
            return Misconfigured(f"the request would be larger than {LARGEST} bytes")
        if (
            because := await self._connection.ready(min(self._connect, ends - self._monotonic()))
        ) is not None:
            return NotSent(because)
        left = ends - self._monotonic()
        if left <= 0 or not in_time():
            return _TOO_LATE
        try:
            ask = getattr(self._stub, method)
            response: Message = await ask(request, timeout=left, metadata=tuple(OUTGOING.get().items()))
        except grpc.aio.AioRpcError as error:
            self._agreed_at = float("-inf")
            return Unknown(f"the provider gave no outcome: gRPC {error.code().name}")
        except asyncio.CancelledError:
            # Either we were cancelled, which is passed on, or the connection was closed under the call.
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            return Unknown("the connection was closed before an answer came")
        return response

    async def _fetch_keys(self) -> PublicKeys | None:
        response = await self._call("Keys", messages.KeysRequest(tenant=self._tenant))
        if not isinstance(response, messages.KeysResponse) or not is_whole(response):
            return None
        return read_jwks(read_object(response.jwks))
