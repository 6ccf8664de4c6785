"""Any platform, asked with care: the port again, so that adapters of every kind get it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Final, TypeVar

import structlog

from engine.certificate import ECertId
from engine.platform import (
    Capabilities,
    Expected,
    Health,
    Idempotency,
    LookupAnswer,
    NotSent,
    Outcome,
    Platform,
    ProofVerdict,
    PublicKeys,
    Reference,
    Retryable,
    StatusAnswer,
    Submission,
    Unknown,
    VoidAnswer,
    always,
)
from server.platforms.guarded.breaker import Breaker, BreakerState, Verdict
from server.platforms.guarded.budget import RetryBudget
from server.platforms.guarded.bulkhead import NoPlace, Places, Rate
from server.platforms.guarded.care import Care
from server.platforms.guarded.lines import refused_for_its_lines
from server.platforms.guarded.outcomes import outcome_of
from server.platforms.guarded.pauses import Pauses
from server.spans import span

T = TypeVar("T")

# What an adapter that holds to its own send timeout needs beyond it, in seconds.
GRACE: Final = 0.5
# Seconds that count as no end.
LONGEST: Final = 600.0

log = structlog.get_logger("platforms")


class Asked(StrEnum):
    """What each has a breaker of its own for."""

    SUBMIT = "submit"
    REPLACE = "replace"
    LOOKUP = "lookup"
    STATUS = "status"
    VOID = "void"


class Spared(StrEnum):
    """Why a platform was not asked."""

    BREAKER = "breaker"
    BULKHEAD = "bulkhead"


# Told of each call: the platform and the operation; what was answered, or why it was not asked; and in how many seconds.
Heard = Callable[[str, Asked, object, float], None]


def unheard(platform: str, what: Asked, answer: object, seconds: float) -> None:
    """Nobody counts."""


@dataclass(frozen=True, slots=True)
class _NotAsked:
    """We did not even try."""

    because: str


class Guarded:
    """Asks a platform no more than it takes, not while it is in trouble, and again where that is safe.

    A submission is sent again only where the last one is known not to be processed, and the same reference may be used
    again; never after Unknown. `sharers` processes share what the platform takes; each has breakers of its own.
    """

    def __init__(
        self,
        platform: Platform,
        care: Care | None = None,
        *,
        sharers: int = 1,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        pauses: Pauses | None = None,
        heard: Heard = unheard,
    ) -> None:
        care = care or Care()
        can = platform.capabilities
        self._platform: Final = platform
        self._care: Final = care
        self._monotonic: Final = monotonic
        self._sleep: Final = sleep
        self._pauses: Final = pauses or Pauses(care)
        self._heard: Final = heard
        self._takes: Final = can.send_timeout.total_seconds()
        self._slow_after: Final = care.slow_after * self._takes
        at_once = max(1, (can.calls_at_once or care.calls_at_once) // sharers)
        self._places: Final = Places(at_once, at_once * care.waiting_for_each)
        self._rate: Final = Rate(can.calls_a_second / sharers, monotonic) if can.calls_a_second else None
        self._budget: Final = RetryBudget(care, monotonic)
        self._breakers: Final = {
            one: Breaker(care, self._slow_after, monotonic, partial(self._tell, one)) for one in Asked
        }

    @property
    def name(self) -> str:
        """As in our records."""
        return self._platform.name

    @property
    def bare(self) -> Platform:
        """The platform as it is, for who tries what breaks: nothing counts against it."""
        return self._platform

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""
        return self._platform.capabilities

    @property
    def manifest_digest(self) -> str:
        """Digest of the configuration that it is asked by."""
        return self._platform.manifest_digest

    @property
    def breakers(self) -> dict[Asked, BreakerState]:
        """What each breaker lets through now."""
        return {what: breaker.state for what, breaker in self._breakers.items()}

    @property
    def calls(self) -> tuple[int, int]:
        """How many calls are being made, and how many wait for a place."""
        return self._places.taken, self._places.waiting

    async def submit(self, submission: Submission) -> Outcome:
        """Asks for a certificate, again where that is safe and there is time for it."""
        return await self._submit(Asked.SUBMIT, lambda: self._platform.submit(submission), submission)

    async def replace(self, submission: Submission, e_cert_id: ECertId) -> Outcome:
        """The same in the place of a certificate."""
        ask = partial(self._platform.replace, submission, e_cert_id)
        return await self._submit(Asked.REPLACE, ask, submission)

    async def _submit(
        self, what: Asked, ask: Callable[[], Awaitable[Outcome]], submission: Submission
    ) -> Outcome:
        if (refused := refused_for_its_lines(self.capabilities, submission.content)) is not None:
            return refused
        self._budget.called()
        last: Outcome | None = None
        arrived_from: float | None = None
        for tries in range(1, self._care.tries + 1):
            began = self._monotonic()
            answer = await self._ask(what, ask, submission.left(), submission.in_time)
            if isinstance(answer, _NotAsked):
                return last or NotSent(answer.because)
            last = answer
            if arrived_from is None and not isinstance(answer, NotSent):
                arrived_from = began
            pause = self._pauses.after(answer, tries) if self._is_safe_again(answer) else None
            if (
                pause is None
                or not self._has_time(submission, pause)
                or not self._is_known_still(arrived_from, pause)
                or not self._budget.spend()
            ):
                break
            await self._sleep(pause)
        assert last is not None, "it is tried once at least"
        return last

    async def lookup(self, reference: Reference, platform_id: str = "") -> LookupAnswer:
        """What became of the submission of that reference, or of that id of the platform's."""
        by_id = (platform_id,) if platform_id else ()
        ask = partial(self._platform.lookup, reference, *by_id)
        return _asked(await self._ask(Asked.LOOKUP, ask, self._takes))

    async def status(self, e_cert_id: ECertId) -> StatusAnswer:
        """Whether a certificate is in force."""
        return _asked(await self._ask(Asked.STATUS, lambda: self._platform.status(e_cert_id), self._takes))

    async def void(self, e_cert_id: ECertId, because: str) -> VoidAnswer:
        """Takes a certificate out of force."""
        return _asked(
            await self._ask(Asked.VOID, lambda: self._platform.void(e_cert_id, because), self._takes)
        )

    async def health(self) -> Health:
        """Whether the platform answers at all; it is asked whatever the breakers say."""
        return await self._platform.health()

    async def keys(self, wanted: str | None = None) -> PublicKeys:
        """The platform's public keys."""
        return await self._platform.keys(wanted)

    def verify_proof(self, proof: str, keys: PublicKeys, expected: Expected) -> ProofVerdict:
        """Whether the proof holds under these keys."""
        return self._platform.verify_proof(proof, keys, expected)

    def _is_safe_again(self, answer: Outcome) -> bool:
        """Whether nothing left, or what did is known not to be processed and its reference may be used again."""
        if isinstance(answer, Retryable):
            return self.capabilities.idempotency is not Idempotency.NONE
        return isinstance(answer, NotSent)

    def _is_known_still(self, arrived_from: float | None, pause: float) -> bool:
        """Whether the platform still knows a second submission to be the same when that arrives, at the latest."""
        life = self.capabilities.idempotency_life
        if life is None or arrived_from is None:
            return True
        return self._monotonic() - arrived_from + pause + self._takes <= life.total_seconds()

    def _has_time(self, submission: Submission, pause: float) -> bool:
        return submission.in_time() and submission.left() - pause >= self._takes / 2

    async def _ask(
        self,
        what: Asked,
        ask: Callable[[], Awaitable[T]],
        left: float,
        in_time: Callable[[], bool] = always,
    ) -> T | Unknown | _NotAsked:
        """Asks where the breaker lets it, once there is a place: half of the send timeout has to be left then."""
        breaker = self._breakers[what]
        permit = breaker.admit()
        if permit is None:
            self._heard(self.name, what, Spared.BREAKER, 0.0)
            return _NotAsked(
                f"the platform is not asked for now: too many answers to {what} failed or were slow"
            )
        verdict, began = Verdict.NONE, None
        end = self._monotonic() + min(left, LONGEST) - self._takes / 2
        try:
            async with self._places.one(end - self._monotonic()):
                if self._rate is not None and (wait := self._rate.wait(end - self._monotonic())):
                    await self._sleep(wait)
                began = self._monotonic()
                try:
                    with span(f"platform {what}", outgoing=True, platform=self.name, operation=what) as said:
                        answer = await self._answered(ask)
                        said.say(outcome=outcome_of(answer))
                except BaseException as error:
                    # Broken off by us it says something only if it took long by then.
                    took = self._monotonic() - began
                    if not isinstance(error, asyncio.CancelledError) or took >= self._slow_after:
                        verdict = Verdict.BAD
                    self._heard(self.name, what, error, took)
                    raise
                self._heard(self.name, what, answer, self._monotonic() - began)
                verdict = self._verdict(answer, in_time)
                return answer
        except NoPlace as error:
            self._heard(self.name, what, Spared.BULKHEAD, 0.0)
            return _NotAsked(str(error))
        finally:
            breaker.ended(permit, verdict, 0.0 if began is None else self._monotonic() - began)

    async def _answered(self, ask: Callable[[], Awaitable[T]]) -> T | Unknown:
        try:
            async with asyncio.timeout(self._takes + GRACE):
                return await ask()
        except TimeoutError:
            return Unknown(f"no answer came within {self._takes:g} s")

    def _verdict(self, answer: object, in_time: Callable[[], bool]) -> Verdict:
        match answer:
            case NotSent() if not in_time():
                return Verdict.NONE
            case Retryable():
                return Verdict.BAD if self._care.refusals_fail else Verdict.GOOD
            case Unknown() | NotSent():
                return Verdict.BAD
            case _:
                return Verdict.GOOD

    def _tell(self, what: Asked, state: BreakerState) -> None:
        if state is BreakerState.OPEN:
            log.warning("a platform is not asked for a while", platform=self.name, operation=str(what))
        else:
            log.info("a platform is asked again", platform=self.name, operation=str(what))


def _asked(answer: T | _NotAsked) -> T | NotSent:
    return NotSent(answer.because) if isinstance(answer, _NotAsked) else answer
