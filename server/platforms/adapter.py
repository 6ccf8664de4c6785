"""A platform over HTTP, as its manifest describes it."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from engine.certificate import ECertId
from engine.declaration import Json
from engine.platform import (
    Capabilities,
    Expected,
    Health,
    LookupAnswer,
    Misconfigured,
    Outcome,
    ProofKind,
    ProofVerdict,
    PublicKeys,
    Reference,
    Retryable,
    StatusAnswer,
    Submission,
    Told,
    Unknown,
    VoidAnswer,
    always,
)
from server.platforms.auth.authentication import Authentication
from server.platforms.auth.tokens import NoToken
from server.platforms.bodies import read_object
from server.platforms.classify import Answer, classify
from server.platforms.keys import KeyRing, read_jwks
from server.platforms.manifest import Manifest, OperationName
from server.platforms.proof import verify_proof
from server.platforms.recorded import recorded, verify_recorded
from server.platforms.requests import Request, Requests, Unaddressable, Unsendable, content_of
from server.platforms.transport import Limits, Lost, Reply, Transport

_UNFIT: Final = Unknown("the platform's answer belongs to another question than the one that was asked")


class HttpPlatform:
    """Speaks with one platform, and takes no answer for another.

    Each request is sent at most once; again only where the first was refused for its token, which the platform says
    before it does anything.
    """

    def __init__(
        self,
        manifest: Manifest,
        transport: Transport,
        authentication: Authentication,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._manifest = manifest
        self._transport = transport
        self._authentication = authentication
        self._clock = clock
        self._monotonic = monotonic
        self._digest = manifest.digest
        self._requests = Requests(manifest)
        self._keys = KeyRing(self._fetch_keys, monotonic)
        self._limits = limits_of(manifest)
        # Whether its answers to status queries are what proves its certificates.
        self._records = manifest.capabilities.proof is ProofKind.STATUS

    @property
    def name(self) -> str:
        """As in our records."""
        return self._manifest.name

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""
        return self._manifest.capabilities

    @property
    def manifest_digest(self) -> str:
        """Digest of its manifest."""
        return self._digest

    async def submit(self, submission: Submission) -> Outcome:
        """Asks for a certificate; sends at most once."""
        answer = await self._ask(OperationName.SUBMIT, _about(submission), submission.in_time)
        return answer if isinstance(answer, Outcome) else _UNFIT

    async def replace(self, submission: Submission, e_cert_id: ECertId) -> Outcome:
        """Asks for a certificate in the place of another one; sends at most once."""
        about = _about(submission) | {"replaces": e_cert_id}
        answer = await self._ask(OperationName.REPLACE, about, submission.in_time)
        return answer if isinstance(answer, Outcome) else _UNFIT

    async def lookup(self, reference: Reference, platform_id: str = "") -> LookupAnswer:
        """What became of the submission of that reference, or of that id of the platform's."""
        if platform_id:
            by_id: dict[str, Json] = {"platform_id": platform_id, "reference": reference}
            answer = await self._ask(OperationName.LOOKUP_BY_ID, by_id)
        else:
            answer = await self._ask(OperationName.LOOKUP, {"reference": reference})
        return answer if isinstance(answer, LookupAnswer) else _UNFIT

    async def status(self, e_cert_id: ECertId) -> StatusAnswer:
        """Whether a certificate is in force."""
        reply = await self._exchange(OperationName.STATUS, {"e_cert_id": e_cert_id})
        if isinstance(reply, Misconfigured):
            return reply
        answer = classify(reply, self._manifest, OperationName.STATUS, self._clock())
        if isinstance(answer, Told) and isinstance(reply, Reply) and self._records:
            return replace(answer, proof=recorded(self.name, e_cert_id, reply.status, reply.body, answer.at))
        return answer if isinstance(answer, StatusAnswer) else _UNFIT

    async def void(self, e_cert_id: ECertId, because: str) -> VoidAnswer:
        """Takes a certificate out of force. Doing it twice is the same as once."""
        reasons = self._manifest.capabilities.void_reasons
        reason = because if because in reasons or not reasons else reasons[0]
        about: dict[str, Json] = {"e_cert_id": e_cert_id, "because": because, "reason": reason}
        answer = await self._ask(OperationName.VOID, about)
        return answer if isinstance(answer, VoidAnswer) else _UNFIT

    async def health(self) -> Health:
        """Whether the platform answers at all."""
        match await self._exchange(OperationName.HEALTH, {}):
            case Reply(status=200):
                return Health(up=True, because="The platform answers.")
            case Reply(status=status):
                return Health(up=False, because=f"The platform answers with HTTP status {status}.")
            case Lost(because=because) | Misconfigured(because=because):
                return Health(up=False, because=f"The platform does not answer: {because}.")

    async def keys(self, wanted: str | None = None) -> PublicKeys:
        """The platform's public keys. Empty where none are known, or `wanted` cannot be looked for now."""
        return await self._keys.get(wanted)

    def verify_proof(self, proof: str, keys: PublicKeys, expected: Expected) -> ProofVerdict:
        """Whether the proof holds under these keys."""
        rules = self._manifest.proof
        if self._records:
            reads = self._manifest.operations[OperationName.STATUS].reads
            return verify_recorded(proof, expected, rules, reads, self._manifest.statuses)
        return verify_proof(proof, keys, expected, rules)

    async def _ask(
        self, operation: OperationName, about: dict[str, Json], in_time: Callable[[], bool] = always
    ) -> Answer:
        answer = await self._exchange(operation, about, in_time)
        if isinstance(answer, Misconfigured):
            return answer
        return classify(answer, self._manifest, operation, self._clock())

    async def _exchange(
        self, name: OperationName, about: dict[str, Json], in_time: Callable[[], bool] = always
    ) -> Reply | Lost | Misconfigured:
        try:
            request = self._requests.make(name, about)
        except Unaddressable as error:
            return Lost(False, str(error))
        except Unsendable as error:
            return Misconfigured(str(error))
        if not self._authentication.has_tokens:
            return await self._send(request, self._limits, in_time)
        return await self._with_token(name, request, in_time)

    async def _send(self, request: Request, limits: Limits, in_time: Callable[[], bool]) -> Reply | Lost:
        signed = await self._authentication.signed(request.method, request.url, request.body, request.headers)
        return await self._transport.exchange(
            request.method, signed.url, request.body, limits, in_time, headers=signed.headers
        )

    async def _with_token(
        self, name: OperationName, request: Request, in_time: Callable[[], bool]
    ) -> Reply | Lost | Misconfigured:
        """As `_send`, in the same time with the token's; once more where only the token was refused."""
        ends = self._monotonic() + self._limits.total
        for last in (False, True):
            try:
                async with asyncio.timeout(max(0.0, ends - self._monotonic())):
                    signed = await self._authentication.signed(
                        request.method, request.url, request.body, request.headers
                    )
            except TimeoutError:
                return Lost(False, f"no token within {self._limits.total:g} s")
            except NoToken as error:
                return Misconfigured(str(error)) if error.refused else Lost(False, str(error))
            left = ends - self._monotonic()
            if left <= 0:
                return Lost(False, f"no time was left after the token, of {self._limits.total:g} s")
            limits = Limits(min(self._limits.connect, left), left)
            reply = await self._transport.exchange(
                request.method, signed.url, request.body, limits, in_time, headers=signed.headers
            )
            if last or not self._only_its_token(name, request, reply) or signed.token is None:
                break
            self._authentication.renew(signed.token)
        return reply

    def _only_its_token(self, name: OperationName, request: Request, reply: Reply | Lost) -> bool:
        """Whether a request was refused for its token, and is surely not processed."""
        if not isinstance(reply, Reply) or reply.status != 401:
            return False
        if request.method == "GET":
            return True
        return isinstance(classify(reply, self._manifest, name, self._clock()), Misconfigured | Retryable)

    async def _fetch_keys(self) -> PublicKeys | None:
        if OperationName.KEYS not in self._manifest.operations:
            return None
        match await self._exchange(OperationName.KEYS, {}):
            case Reply(status=200, body=body):
                return read_jwks(read_object(body))
            case _:
                return None


def _about(submission: Submission) -> dict[str, Json]:
    return {
        "reference": submission.reference,
        "digest": submission.digest,
        "content": content_of(submission.content),
    }


def limits_of(manifest: Manifest) -> Limits:
    """The times within which a manifest's platform has to answer."""
    return Limits(
        connect=manifest.connect_timeout.total_seconds(),
        total=manifest.capabilities.send_timeout.total_seconds(),
    )
