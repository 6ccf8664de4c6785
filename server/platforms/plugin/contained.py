"""A plug-in's platform, held to the port at each call: whatever it does, the server goes on and guesses nothing."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar, cast

import structlog

from engine.certificate import ECertId
from engine.platform import (
    Capabilities,
    Expected,
    Health,
    LookupAnswer,
    NotSent,
    Outcome,
    Platform,
    ProofReason,
    ProofVerdict,
    PublicKeys,
    Reference,
    StatusAnswer,
    Submission,
    Unknown,
    VoidAnswer,
)
from server.platforms.bounded import Answer, bounded
from server.platforms.shape import has_type

log = structlog.get_logger("platforms")

Value = TypeVar("Value")

_NOTHING: Final = "nothing that the port knows"
_TOO_LATE: Final = NotSent("it was too late to send it")


class ContainedPlatform:
    """The port over a plug-in's platform.

    What raises, answers nothing in `send_timeout`, or answers what the port does not know, is Unknown: something may have
    been sent. Texts of exceptions are not repeated, for a secret may be in them.
    """

    def __init__(self, inner: Platform, name: str, capabilities: Capabilities, digest: str) -> None:
        self._inner = inner
        self._name = name
        self._capabilities = capabilities
        self._digest = digest

    @property
    def name(self) -> str:
        """As in our records."""
        return self._name

    @property
    def capabilities(self) -> Capabilities:
        """What it can do, as it said when it was opened."""
        return self._capabilities

    @property
    def manifest_digest(self) -> str:
        """Digest of its file, the plug-in's version, and what the plug-in says of its configuration."""
        return self._digest

    async def submit(self, submission: Submission) -> Outcome:
        """Asks for a certificate."""
        if not submission.in_time():
            return _TOO_LATE
        return await self._answer("submit", lambda: self._inner.submit(submission), Outcome)

    async def replace(self, submission: Submission, e_cert_id: ECertId) -> Outcome:
        """Asks for a certificate in the place of another one."""
        if not submission.in_time():
            return _TOO_LATE
        return await self._answer("replace", lambda: self._inner.replace(submission, e_cert_id), Outcome)

    async def lookup(self, reference: Reference, platform_id: str = "") -> LookupAnswer:
        """What became of the submission of that reference; a plug-in that has no use for ids is not given one."""
        by_id = (platform_id,) if platform_id else ()
        return await self._answer("lookup", lambda: self._inner.lookup(reference, *by_id), LookupAnswer)

    async def status(self, e_cert_id: ECertId) -> StatusAnswer:
        """Whether a certificate is in force."""
        return await self._answer("status", lambda: self._inner.status(e_cert_id), StatusAnswer)

    async def void(self, e_cert_id: ECertId, because: str) -> VoidAnswer:
        """Takes a certificate out of force."""
        return await self._answer("void", lambda: self._inner.void(e_cert_id, because), VoidAnswer)

    async def health(self) -> Health:
        """Whether the platform answers at all."""
        health = await self._called("health", self._inner.health, Health)
        return Health(up=False, because=health.because) if isinstance(health, Unknown) else health

    async def keys(self, wanted: str | None = None) -> PublicKeys:
        """The platform's public keys; empty where the plug-in gives none."""
        keys = await self._called("keys", lambda: self._inner.keys(wanted), PublicKeys)
        return {} if isinstance(keys, Unknown) else keys

    def verify_proof(self, proof: str, keys: PublicKeys, expected: Expected) -> ProofVerdict:
        """Whether the proof holds under these keys."""
        try:
            verdict: object = self._inner.verify_proof(proof, keys, expected)
        except Exception as error:
            because = self._no_answer("verify_proof", type(error).__name__).because
        else:
            if isinstance(verdict, ProofVerdict) and has_type(verdict, ProofVerdict):
                return verdict
            because = self._no_answer("verify_proof", _NOTHING).because
        return ProofVerdict(ProofReason.MALFORMED, f"The proof was not read: {because}.")

    async def close(self) -> None:
        """Has the plug-in close what it opened, if it has a `close`."""
        close = getattr(self._inner, "close", None)
        if close is not None:
            await self._called("close", close, None)

    async def _answer(
        self, name: str, ask: Callable[[], Coroutine[Any, Any, Value]], hint: Any
    ) -> Value | Unknown:
        answer = await self._called(name, ask, hint)
        kept = bounded(cast("Answer", answer))
        return self._no_answer(name, _NOTHING) if kept is None else cast("Value", kept)

    async def _called(
        self, name: str, call: Callable[[], Coroutine[Any, Any, Value]], hint: Any
    ) -> Value | Unknown:
        limit = self._capabilities.send_timeout.total_seconds()
        try:
            async with asyncio.timeout(limit) as time:
                value = await call()
        except TimeoutError as error:
            if time.expired():
                return self._no_answer(name, f"no answer within {limit:g} s")
            return self._no_answer(name, type(error).__name__)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            return self._no_answer(name, "CancelledError")
        except (Exception, SystemExit) as error:  # whatever it is, something may have been sent
            return self._no_answer(name, type(error).__name__)
        return value if has_type(value, hint) else self._no_answer(name, _NOTHING)

    def _no_answer(self, method: str, what: str) -> Unknown:
        log.warning("a plug-in gave no answer", platform=self._name, method=method, what=what)
        return Unknown(f"the plug-in gave no answer to {method}: {what}")
