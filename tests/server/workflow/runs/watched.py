"""A platform, and what was sent to it: notes each submission that goes out while an earlier one may still turn up."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from engine.certificate import ECertId
from engine.declaration import digest
from engine.platform import (
    Capabilities,
    Duplicate,
    Expected,
    Health,
    Issued,
    LookupAnswer,
    NotFound,
    NotSent,
    Outcome,
    Pending,
    Platform,
    ProofVerdict,
    PublicKeys,
    Reference,
    Rejected,
    Review,
    StatusAnswer,
    Submission,
    Unknown,
    VoidAnswer,
)


class Books:
    """What was sent, over all crashes of the sender. `settle`: how long after it was sent NotFound is believed."""

    def __init__(self, settle: timedelta) -> None:
        self.settle = settle
        self.sent: dict[Reference, tuple[Submission, datetime]] = {}
        # Sent, and not answered for good.
        self.unclear: set[Reference] = set()
        # Looked up and not found, when nothing could be under way any more.
        self.given_up: set[Reference] = set()
        self.sent_again: list[Reference] = []
        self.mixed_up: list[Reference] = []
        self.submits = 0
        self.answers: Counter[str] = Counter()

    def sends(self, submission: Submission, now: datetime) -> None:
        """Notes a submission that may leave now."""
        self.submits += 1
        if digest(submission.content) != submission.digest:
            self.mixed_up.append(submission.reference)
        if any(self.sent[one][0].digest == submission.digest for one in self.unclear):
            self.sent_again.append(submission.reference)
        self.sent[submission.reference] = submission, now
        self.unclear.add(submission.reference)

    def answered(self, reference: Reference, answer: Outcome) -> None:
        """Notes the answer; what is not clear stays so."""
        self.answers[f"submit {type(answer).__name__}"] += 1
        if isinstance(answer, NotSent):
            self.submits -= 1
        if not isinstance(answer, Unknown | Pending | Review):
            self.unclear.discard(reference)

    def looked_up(self, reference: Reference, answer: LookupAnswer, now: datetime) -> None:
        """Notes what a look-up told: "not found" counts only once nothing can be under way any more."""
        self.answers[f"look-up {type(answer).__name__}"] += 1
        if isinstance(answer, NotFound):
            _, at = self.sent.get(reference, (None, now - self.settle))
            if reference in self.unclear and now >= at + self.settle:
                self.unclear.discard(reference)
                self.given_up.add(reference)
        elif isinstance(answer, Issued | Duplicate | Rejected):
            self.unclear.discard(reference)


class Watched:
    """Asks the platform, and notes in the books what it asks."""

    def __init__(self, platform: Platform, books: Books, clock: Callable[[], datetime]) -> None:
        self._platform = platform
        self._books = books
        self._clock = clock

    @property
    def name(self) -> str:
        return self._platform.name

    @property
    def capabilities(self) -> Capabilities:
        return self._platform.capabilities

    @property
    def manifest_digest(self) -> str:
        return self._platform.manifest_digest

    async def submit(self, submission: Submission) -> Outcome:
        self._books.sends(submission, self._clock())
        answer = await self._platform.submit(submission)
        self._books.answered(submission.reference, answer)
        return answer

    async def replace(self, submission: Submission, e_cert_id: ECertId) -> Outcome:
        self._books.sends(submission, self._clock())
        answer = await self._platform.replace(submission, e_cert_id)
        self._books.answered(submission.reference, answer)
        return answer

    async def lookup(self, reference: Reference) -> LookupAnswer:
        answer = await self._platform.lookup(reference)
        self._books.looked_up(reference, answer, self._clock())
        return answer

    async def status(self, e_cert_id: ECertId) -> StatusAnswer:
        return await self._platform.status(e_cert_id)

    async def void(self, e_cert_id: ECertId, because: str) -> VoidAnswer:
        return await self._platform.void(e_cert_id, because)

    async def health(self) -> Health:
        return await self._platform.health()

    async def keys(self, wanted: str | None = None) -> PublicKeys:
        return await self._platform.keys(wanted)

    def verify_proof(self, proof: str, keys: PublicKeys, expected: Expected) -> ProofVerdict:
        return self._platform.verify_proof(proof, keys, expected)
