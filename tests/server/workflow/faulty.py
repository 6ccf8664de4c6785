"""A platform in memory that can fail in every way that matters to what stands on the port."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from engine.certificate import ECertId
from engine.platform import (
    Issued,
    LookupAnswer,
    Outcome,
    PublicKeys,
    Reference,
    StatusAnswer,
    Submission,
    Unknown,
    VoidAnswer,
)
from tests.server.platforms.fake import FakePlatform


class Faulty(FakePlatform):
    """Besides what is scripted: replies that get lost, certificates of others, silence, keys that are not to be had."""

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self.looked_up: list[Reference] = []
        self.scripted_lookups: deque[LookupAnswer] = deque()
        self.scripted_statuses: deque[StatusAnswer] = deque()
        self.scripted_voids: deque[VoidAnswer] = deque()
        self.awake_to_void = asyncio.Event()
        self.awake_to_void.set()
        self.asked_to_void = asyncio.Event()
        self.loses_reply = False
        self.spoils_proof = False
        self.keys_known = True
        # The reference at whose look-up the adapter itself fails, as none should.
        self.breaks_at: Reference | None = None
        self.breaks_at_void = False
        # Called before a look-up is answered.
        self.answering: Callable[[], None] = lambda: None
        # While it is not set, nothing is answered.
        self.awake = asyncio.Event()
        self.awake.set()
        self.asked = asyncio.Event()

    def that_replaces(self) -> "Faulty":
        """The same, as a platform that replaces certificates in one step."""
        self.capabilities = replace(self.capabilities, replace=True)
        return self

    def without_lookup(self) -> "Faulty":
        """The same, as a platform that cannot be asked by our reference."""
        self.capabilities = replace(self.capabilities, lookup_by_reference=False)
        return self

    async def submit(self, submission: Submission) -> Outcome:
        """Issues; the reply is late, lost, or for other content, as set."""
        self.asked.set()
        await self.awake.wait()
        return self._heard(await super().submit(submission))

    async def replace(self, submission: Submission, e_cert_id: ECertId) -> Outcome:
        """The same in the place of a certificate."""
        self.asked.set()
        await self.awake.wait()
        return self._heard(await super().replace(submission, e_cert_id))

    def _heard(self, answer: Outcome) -> Outcome:
        if self.loses_reply:
            return Unknown("the connection was lost")
        return replace(answer, proof=_spoilt(answer.proof)) if self._lies(answer) else answer

    async def lookup(self, reference: Reference) -> LookupAnswer:
        """What is scripted, else what was issued."""
        await self.awake.wait()
        self.looked_up.append(reference)
        if reference == self.breaks_at:
            raise ZeroDivisionError
        if self.scripted_lookups:
            return self.scripted_lookups.popleft()
        answer = await super().lookup(reference)
        self.answering()
        return replace(answer, proof=_spoilt(answer.proof)) if self._lies(answer) else answer

    async def status(self, e_cert_id: ECertId) -> StatusAnswer:
        """What is scripted, else the status."""
        await self.awake.wait()
        return self.scripted_statuses.popleft() if self.scripted_statuses else await super().status(e_cert_id)

    async def void(self, e_cert_id: ECertId, because: str) -> VoidAnswer:
        """What is scripted, else the certificate is voided."""
        self.asked_to_void.set()
        await self.awake_to_void.wait()
        if self.breaks_at_void:
            raise ZeroDivisionError
        return (
            self.scripted_voids.popleft() if self.scripted_voids else await super().void(e_cert_id, because)
        )

    async def keys(self, wanted: str | None = None) -> PublicKeys:
        """The keys, where they are to be had."""
        return await super().keys(wanted) if self.keys_known else {}

    def _lies(self, answer: object) -> bool:
        return self.spoils_proof and isinstance(answer, Issued)


def _spoilt(proof: str) -> str:
    head, payload, signature = proof.split(".")
    return ".".join((head, payload, signature[::-1]))
