"""A platform over HTTP, as its manifest describes it."""

import json
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from engine.certificate import ECertId
from engine.declaration import Json
from engine.platform import (
    Capabilities,
    Expected,
    Health,
    LookupAnswer,
    Outcome,
    ProofVerdict,
    PublicKeys,
    Reference,
    StatusAnswer,
    Submission,
    Unknown,
    VoidAnswer,
    always,
)
from server.platforms.classify import Answer, classify, read_object
from server.platforms.keys import KeyRing, read_jwks
from server.platforms.manifest import Manifest, OperationName
from server.platforms.proof import verify_proof
from server.platforms.transport import Limits, Lost, Reply, Transport

_UNFIT: Final = Unknown("the platform's answer belongs to another question than the one that was asked")


class HttpPlatform:
    """Speaks with one platform: each request is sent at most once, and no answer is taken for another."""

    def __init__(
        self,
        manifest: Manifest,
        transport: Transport,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._manifest = manifest
        self._transport = transport
        self._clock = clock
        self._digest = manifest.digest
        self._keys = KeyRing(self._fetch_keys, monotonic)
        self._limits = Limits(
            connect=manifest.connect_timeout.total_seconds(),
            total=manifest.capabilities.send_timeout.total_seconds(),
        )

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
        body: dict[str, Json] = {
            "reference": submission.reference,
            "digest": submission.digest,
            "content": dict(submission.content),
        }
        answer = await self._ask(OperationName.SUBMIT, body, submission.in_time)
        return answer if isinstance(answer, Outcome) else _UNFIT

    async def lookup(self, reference: Reference) -> LookupAnswer:
        """What became of the submission of that reference."""
        answer = await self._ask(OperationName.LOOKUP, reference=reference)
        return answer if isinstance(answer, LookupAnswer) else _UNFIT

    async def status(self, e_cert_id: ECertId) -> StatusAnswer:
        """Whether a certificate is in force."""
        answer = await self._ask(OperationName.STATUS, e_cert_id=e_cert_id)
        return answer if isinstance(answer, StatusAnswer) else _UNFIT

    async def void(self, e_cert_id: ECertId, because: str) -> VoidAnswer:
        """Takes a certificate out of force. Doing it twice is the same as once."""
        answer = await self._ask(OperationName.VOID, {"because": because}, e_cert_id=e_cert_id)
        return answer if isinstance(answer, VoidAnswer) else _UNFIT

    async def health(self) -> Health:
        """Whether the platform answers at all."""
        match await self._exchange(OperationName.HEALTH, None):
            case Reply(status=200):
                return Health(up=True, because="The platform answers.")
            case Reply(status=status):
                return Health(up=False, because=f"The platform answers with HTTP status {status}.")
            case Lost(because=because):
                return Health(up=False, because=f"The platform does not answer: {because}.")

    async def keys(self, wanted: str | None = None) -> PublicKeys:
        """The platform's public keys. Empty where none are known, or `wanted` cannot be looked for now."""
        return await self._keys.get(wanted)

    def verify_proof(self, proof: str, keys: PublicKeys, expected: Expected) -> ProofVerdict:
        """Whether the proof holds under these keys."""
        return verify_proof(proof, keys, expected, self._manifest.proof)

    async def _ask(
        self,
        operation: OperationName,
        body: Mapping[str, Json] | None = None,
        in_time: Callable[[], bool] = always,
        **values: str,
    ) -> Answer:
        answer = await self._exchange(operation, body, in_time, **values)
        return classify(answer, self._manifest, operation, self._clock())

    async def _exchange(
        self,
        operation: OperationName,
        body: Mapping[str, Json] | None,
        in_time: Callable[[], bool] = always,
        **values: str,
    ) -> Reply | Lost:
        address = self._manifest.address(operation, **values)
        if address is None:
            return Lost(False, "such an id cannot be put into an address")
        encoded = None if body is None else json.dumps(body).encode()
        method = self._manifest.operations[operation].method
        return await self._transport.exchange(method, address, encoded, self._limits, in_time)

    async def _fetch_keys(self) -> PublicKeys | None:
        match await self._exchange(OperationName.KEYS, None):
            case Reply(status=200, body=body):
                return read_jwks(read_object(body))
            case _:
                return None
