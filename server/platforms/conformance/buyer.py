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
from server.platforms.conformance.words import told
from server.platforms.proof import prove

T = TypeVar("T")

TENANT: Final = "platform-check"
BECAUSE: Final = "bought by origingate platform check"
# An answer that takes so much longer than it may does not come any more.
GRACE: Final = 2.0
# Between look-ups of what should be there by now, in seconds; it doubles each time.
FIRST_PAUSE: Final = 0.01
MOST_PAUSE: Final = 1.0
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
        self.times: dict[str, list[float]] = {}
        self._template = template
        self._run = run
        self._patience = patience
        self._orders: dict[Reference, str] = {}
        self._voided: set[ECertId] = set()
        self._open: set[Reference] = set()
        self._free_at = 0.0

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
        return self._seen(submission, await self._timed("submit", lambda: self.platform.submit(submission)))

    async def lookup(self, submission: Submission) -> LookupAnswer:
        """What became of a submission."""
        answer = await self._timed("lookup", lambda: self.platform.lookup(submission.reference))
        return self._seen(submission, answer)

    async def status(self, e_cert_id: ECertId) -> StatusAnswer:
        """What the platform says of a certificate."""
        return await self._timed("status", lambda: self.platform.status(e_cert_id))

    async def void(self, e_cert_id: ECertId, because: str = BECAUSE) -> VoidAnswer:
        """What the platform answers to a void."""
        answer = await self._timed("void", lambda: self.platform.void(e_cert_id, because))
        if isinstance(answer, Voided):
            self._voided.add(e_cert_id)
        return answer

    async def certificate(self, submission: Submission, expected: str = "a certificate") -> Issued:
        """Buys it: waits for what is pending, and sends again what surely was not processed. Raises Broken."""
        answer = await self.submit(submission)
        for _ in range(MOST_AGAIN):
            if not isinstance(answer, Retryable):
                break
            await asyncio.sleep(min(self._patience, answer.after.total_seconds() if answer.after else 1.0))
            answer = await self.submit(submission)
        return await self.settled(submission, answer, expected)

    async def settled(
        self, submission: Submission, answer: LookupAnswer, expected: str = "a certificate"
    ) -> Issued:
        """The certificate that an answer is, or leads to. Raises Broken."""
        end = time.monotonic() + self._patience
        while isinstance(answer, Pending) and (left := end - time.monotonic()) > 0:
            await asyncio.sleep(min(answer.poll_after.total_seconds(), left))
            answer = await self.lookup(submission)
        if not isinstance(answer, Issued):
            raise Broken(expected, told(answer))
        return answer

    async def found(self, submission: Submission) -> LookupAnswer:
        """What a look-up says once it can be believed: the first that finds something, or the one after the settle time."""
        end = time.monotonic() + self.can.settle_time.total_seconds()
        pause = FIRST_PAUSE
        while True:
            over = time.monotonic() >= end
            answer = await self.lookup(submission)
            if over or not isinstance(answer, NotFound | Retryable):
                return answer
            await asyncio.sleep(min(pause, max(0.0, end - time.monotonic())))
            pause = min(pause * 2, MOST_PAUSE)

    async def out_of_force(self, e_cert_id: ECertId) -> StatusAnswer:
        """The first status that is not ACTIVE, or the one after the settle time."""
        end = time.monotonic() + self.can.settle_time.total_seconds()
        pause = FIRST_PAUSE
        while True:
            over = time.monotonic() >= end
            answer = await self.status(e_cert_id)
            if over or not isinstance(answer, Told) or answer.status is not CertificateStatus.ACTIVE:
                return answer
            await asyncio.sleep(min(pause, max(0.0, end - time.monotonic())))
            pause = min(pause * 2, MOST_PAUSE)

    async def lose(self, submission: Submission, after: float) -> None:
        """Sends a submission, and goes away so many seconds after it began to leave: no answer is read."""
        leaves = asyncio.Event()

        def in_time() -> bool:
            leaves.set()
            return True

        self._open.add(submission.reference)
        await self._pace()
        sending = asyncio.create_task(self.platform.submit(replace(submission, in_time=in_time)))
        leaving = asyncio.create_task(leaves.wait())
        limit = self.can.send_timeout.total_seconds() + GRACE
        await asyncio.wait((sending, leaving), timeout=limit, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.sleep(after)
        for task in (sending, leaving):
            task.cancel()
        [ended, _] = await asyncio.gather(sending, leaving, return_exceptions=True)
        if isinstance(ended, Exception):
            raise Broken(_NEVER_RAISES, f"it raised {ended!r}")

    async def proved(self, proof: str, **expected: str) -> ProofVerdict:
        """Whether a proof holds for the e-Cert ID, reference and digest that are expected."""
        e_cert_id, of, wanted = (expected.get(name) for name in ("e_cert_id", "reference", "digest"))
        looked_for = Expected(
            self.clock(),
            None if e_cert_id is None else ECertId(e_cert_id),
            None if of is None else Reference(of),
            wanted,
        )
        return await self.bounded(lambda: prove(self.platform, proof, looked_for))

    async def clear(self) -> tuple[ECertId, ...]:
        """Voids what was bought, and what a lost reply may have brought. What may be in force still, sorted."""
        for of in sorted(self._open) if self.can.lookup_by_reference else ():
            answer = await self._tried(partial(self.platform.lookup, of))
            if isinstance(answer, Issued | Duplicate):
                self.bought.add(answer.e_cert_id)
        for e_cert_id in sorted(self.bought - self._voided) if self.can.void else ():
            if isinstance(await self._tried(partial(self.platform.void, e_cert_id, BECAUSE)), Voided):
                self._voided.add(e_cert_id)
        return tuple(sorted(self.bought - self._voided))

    async def bounded(self, ask: Callable[[], Awaitable[T]]) -> T:
        """The answer. Raises Broken where the adapter raises, or gives none in time."""
        limit = self.can.send_timeout.total_seconds()
        await self._pace()
        try:
            async with asyncio.timeout(limit + GRACE):
                return await ask()
        except TimeoutError:
            raise Broken(f"an answer within {limit:g} s", f"none after {limit + GRACE:g} s") from None
        except Exception as error:
            raise Broken(_NEVER_RAISES, f"it raised {error!r}") from error

    async def _tried(self, ask: Callable[[], Awaitable[T]]) -> T | None:
        try:
            return await self.bounded(ask)
        except Broken:
            return None

    async def _timed(self, operation: str, ask: Callable[[], Awaitable[T]]) -> T:
        taken = self.times.setdefault(operation, [])

        async def timed() -> T:
            began = time.perf_counter()
            answer = await ask()
            taken.append(time.perf_counter() - began)
            return answer

        return await self.bounded(timed)

    async def _pace(self) -> None:
        """Waits where the platform takes only so many calls in a second."""
        if self.can.calls_a_second is not None:
            now = time.monotonic()
            at = max(now, self._free_at)
            self._free_at = at + 1 / self.can.calls_a_second
            await asyncio.sleep(at - now)

    def _seen(self, submission: Submission, answer: T) -> T:
        match answer:
            case Issued(e_cert_id=e_cert_id) | Duplicate(e_cert_id=e_cert_id):
                self.bought.add(e_cert_id)
                self._open.discard(submission.reference)
            case Rejected() | NotSent() | Misconfigured():
                self._open.discard(submission.reference)
        return answer


_NEVER_RAISES: Final = "an answer: the port raises nothing for what a platform or the network does"


def named(content: Mapping[str, Json], *path: str) -> dict[str, Json]:
    """The record at a path; an empty one where there is none."""
    found: Json = dict(content)
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}
