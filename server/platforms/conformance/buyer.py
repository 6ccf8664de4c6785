"""Who asks a platform in the suite: buys certificates for made-up orders, times the answers, and voids all in the end."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Final, TypeVar

from engine.certificate import CertificateStatus, ECertId
from engine.declaration import Content, Json, digest
from engine.platform import (
    Duplicate,
    Expected,
    Issued,
    LookupAnswer,
    Misconfigured,
    NotFound,
    NotSent,
    Outcome,
    Pending,
    Platform,
    ProofKind,
    ProofVerdict,
    Reference,
    Rejected,
    Retryable,
    StatusAnswer,
    Submission,
    Told,
    VoidAnswer,
    Voided,
    reference,
)
from server.platforms.conformance.broken import Broken
from server.platforms.conformance.calls import GRACE, NEVER_RAISES, Calls
from server.platforms.conformance.words import told
from server.platforms.proof import prove

T = TypeVar("T")

TENANT: Final = "platform-check"
BECAUSE: Final = "bought by origingate platform check"
MOST_AGAIN: Final = 3


def utc_now() -> datetime:
    """The time."""
    return datetime.now(UTC)


class Buyer:
    """Buys under names that nobody had before, `run` making them so. `template` is what the orders say.

    A method raises Broken where the adapter raises, or has no end.
    """

    def __init__(
        self,
        platform: Platform,
        template: Content,
        run: str,
        *,
        patience: float = 60.0,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.platform = platform
        self.can = platform.capabilities
        self.clock = clock
        self.bought: set[ECertId] = set()
        self.calls = Calls(self.can)
        self._template = template
        self._run = run
        self._patience = patience
        self._orders: dict[Reference, str] = {}
        self._voided: set[ECertId] = set()
        self._open: set[Reference] = set()

    def submission(self, change: Callable[[dict[str, Json]], None] | None = None) -> Submission:
        """A new order on its way; `change` changes what it says."""
        order_id = f"CHECK-{self._run}-{len(self._orders) + 1}"
        content: dict[str, Json] = deepcopy(dict(self._template))
        content["order"] = {**named(content, "order"), "order_id": order_id}
        if change is not None:
            change(content)
        return Submission(self._named(order_id, 0), digest(content), content)

    def again(self, submission: Submission) -> Submission:
        """The same content under another reference."""
        return replace(submission, reference=self._named(self._orders[submission.reference], 1))

    def nowhere(self) -> Reference:
        """A reference under which nothing was ever sent."""
        return reference(TENANT, f"nothing/{self._run}", 1, self.platform.name, 0)

    def _named(self, order_id: str, generation: int) -> Reference:
        name = reference(TENANT, order_id, 1, self.platform.name, generation)
        self._orders[name] = order_id
        return name

    async def submit(self, submission: Submission) -> Outcome:
        """What the platform answers to a submission."""
        self._open.add(submission.reference)
        return self._seen(
            submission, await self.calls.timed("submit", lambda: self.platform.submit(submission))
        )

    async def replace(self, submission: Submission, e_cert_id: ECertId) -> LookupAnswer:
        """What the platform decides on a submission in the place of a certificate."""
        self._open.add(submission.reference)
        ask = partial(self.platform.replace, submission, e_cert_id)
        answer = self._seen(submission, await self.calls.timed("replace", ask))
        return await self._waited(submission, answer)

    async def replaced(self, submission: Submission, e_cert_id: ECertId) -> Issued:
        """The certificate that takes another one's place. Raises Broken where the platform decides otherwise."""
        return _issued(
            await self.replace(submission, e_cert_id), f"a certificate in the place of {e_cert_id}"
        )

    async def lookup(self, submission: Submission) -> LookupAnswer:
        """What became of a submission."""
        answer = await self.calls.timed("lookup", lambda: self.platform.lookup(submission.reference))
        return self._seen(submission, answer)

    async def lookup_by_id(self, submission: Submission, platform_id: str) -> LookupAnswer:
        """What became of a submission, asked by the platform's own id of it."""
        ask = partial(self.platform.lookup, submission.reference, platform_id)
        return self._seen(submission, await self.calls.timed("lookup", ask))

    async def status(self, e_cert_id: ECertId) -> StatusAnswer:
        """What the platform says of a certificate."""
        return await self.calls.timed("status", lambda: self.platform.status(e_cert_id))

    async def void(self, e_cert_id: ECertId, because: str = BECAUSE) -> VoidAnswer:
        """What the platform answers to a void."""
        answer = await self.calls.timed("void", lambda: self.platform.void(e_cert_id, because))
        if isinstance(answer, Voided):
            self._voided.add(e_cert_id)
        return answer

    async def decided(self, submission: Submission) -> LookupAnswer:
        """What the platform decides: what is pending is waited for, what surely was not processed sent again."""
        answer = await self.submit(submission)
        for _ in range(MOST_AGAIN):
            if not isinstance(answer, Retryable):
                break
            await asyncio.sleep(min(self._patience, answer.after.total_seconds() if answer.after else 1.0))
            answer = await self.submit(submission)
        return await self._waited(submission, answer)

    async def certificate(self, submission: Submission, expected: str = "a certificate") -> Issued:
        """Buys it. Raises Broken where the platform decides otherwise."""
        return _issued(await self.decided(submission), expected)

    async def settled(
        self, submission: Submission, answer: LookupAnswer, expected: str = "a certificate"
    ) -> Issued:
        """The certificate that an answer is, or leads to. Raises Broken."""
        return _issued(await self._waited(submission, answer), expected)

    async def _waited(self, submission: Submission, answer: LookupAnswer) -> LookupAnswer:
        end = time.monotonic() + self._patience
        while isinstance(answer, Pending) and (left := end - time.monotonic()) > 0:
            await asyncio.sleep(min(answer.poll_after.total_seconds(), left))
            answer = await self.lookup(submission)
        return answer

    async def found(self, submission: Submission) -> LookupAnswer:
        """What a look-up says once it can be believed: the first that finds something, or the one after the settle time."""
        return await self.calls.until(
            lambda: self.lookup(submission), lambda answer: not isinstance(answer, NotFound | Retryable)
        )

    async def in_view(self, e_cert_id: ECertId) -> StatusAnswer:
        """The first status that is not NOT_FOUND, or the one after the settle time."""
        return await self.calls.until(
            lambda: self.status(e_cert_id), lambda answer: not isinstance(answer, NotFound)
        )

    async def out_of_force(self, e_cert_id: ECertId) -> StatusAnswer:
        """The first status that is not ACTIVE, or the one after the settle time."""
        active = CertificateStatus.ACTIVE
        return await self.calls.until(
            lambda: self.status(e_cert_id),
            lambda answer: not isinstance(answer, Told) or answer.status is not active,
        )

    async def lose(self, submission: Submission, after: float) -> None:
        """Sends a submission, and goes away so many seconds after it began to leave: no answer is read."""
        leaves = asyncio.Event()

        def in_time() -> bool:
            leaves.set()
            return True

        self._open.add(submission.reference)
        await self.calls.pace()
        sending = asyncio.create_task(self.platform.submit(replace(submission, in_time=in_time)))
        leaving = asyncio.create_task(leaves.wait())
        limit = self.calls.limit + GRACE
        await asyncio.wait((sending, leaving), timeout=limit, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.sleep(after)
        for task in (sending, leaving):
            task.cancel()
        [ended, _] = await asyncio.gather(sending, leaving, return_exceptions=True)
        if isinstance(ended, Exception):
            raise Broken(NEVER_RAISES, f"it raised {ended!r}")

    async def proof_of(self, issued: Issued) -> str:
        """What proves a certificate: what came with it, or its recorded status. Raises Broken where there is none."""
        if self.can.proof is ProofKind.JWS:
            return issued.proof
        answer = await self.in_view(issued.e_cert_id)
        if not isinstance(answer, Told) or not answer.proof:
            raise Broken("a status that can be recorded as a proof", told(answer))
        return answer.proof

    async def proved(self, proof: str, *, content: Content | None = None, **expected: str) -> ProofVerdict:
        """Whether a proof holds for the e-Cert ID, reference, digest and content that are expected."""
        e_cert_id, of, wanted = (expected.get(name) for name in ("e_cert_id", "reference", "digest"))
        looked_for = Expected(
            self.clock(),
            None if e_cert_id is None else ECertId(e_cert_id),
            None if of is None else Reference(of),
            wanted,
            content,
        )
        return await self.calls.bounded(lambda: prove(self.platform, proof, looked_for))

    async def clear(self) -> tuple[ECertId, ...]:
        """Voids what was bought, and what a lost reply may have brought. What may be in force still, sorted."""
        for of in sorted(self._open) if self.can.lookup_by_reference else ():
            answer = await self._tried(partial(self.platform.lookup, of))
            if isinstance(answer, Issued | Duplicate):
                self.bought.add(answer.e_cert_id)
        for e_cert_id in sorted(self.bought - self._voided):
            if await self._is_over(e_cert_id):
                self._voided.add(e_cert_id)
        return tuple(sorted(self.bought - self._voided))

    async def _is_over(self, e_cert_id: ECertId) -> bool:
        """Whether a certificate is out of force: voided, or replaced before."""
        if self.can.void and isinstance(
            await self._tried(partial(self.platform.void, e_cert_id, BECAUSE)), Voided
        ):
            return True
        status = await self._tried(partial(self.platform.status, e_cert_id)) if self.can.replace else None
        return isinstance(status, Told) and status.status is not CertificateStatus.ACTIVE

    async def _tried(self, ask: Callable[[], Awaitable[T]]) -> T | None:
        try:
            return await self.calls.bounded(ask)
        except Broken:
            return None

    def _seen(self, submission: Submission, answer: T) -> T:
        match answer:
            case Issued(e_cert_id=e_cert_id) | Duplicate(e_cert_id=e_cert_id):
                self.bought.add(e_cert_id)
                self._open.discard(submission.reference)
            case Rejected() | NotSent() | Misconfigured():
                self._open.discard(submission.reference)
        return answer


def _issued(answer: LookupAnswer, expected: str) -> Issued:
    if not isinstance(answer, Issued):
        raise Broken(expected, told(answer))
    return answer


def named(content: Mapping[str, Json], *path: str) -> dict[str, Json]:
    """The record at a path; an empty one where there is none."""
    found: Json = dict(content)
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}
