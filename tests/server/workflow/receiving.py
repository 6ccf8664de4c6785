"""A platform in memory that notes what it was sent, for histories in which it matters what it may have received."""

from datetime import datetime

from engine.certificate import CertificateStatus
from engine.declaration import digest
from engine.platform import LookupAnswer, NotFound, Outcome, Pending, Reference, Review, Submission, Unknown
from tests.server.workflow.faulty import Faulty
from tests.server.workflow.house import PATIENCE, Clock


class Receiving(Faulty):
    """Notes what it was sent while something that it was sent earlier could still turn up."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock())
        self.clock = clock
        self.received: dict[Reference, tuple[Submission, datetime]] = {}
        # Received, and not answered for good.
        self.unclear: set[Reference] = set()
        self.sent_again: list[Reference] = []
        self.mixed_up: list[Reference] = []
        # Given up by us: it was not found when nothing could be under way any more.
        self.given_up: set[Reference] = set()

    async def submit(self, submission: Submission) -> Outcome:
        """Notes a second submission of one reference, and one of the same content while the first is unclear."""
        if digest(submission.content) != submission.digest:
            self.mixed_up.append(submission.reference)
        twice = submission.reference in self.received
        if twice or any(self.received[one][0].digest == submission.digest for one in self.unclear):
            self.sent_again.append(submission.reference)
        self.received[submission.reference] = submission, self.clock.now
        self.unclear.add(submission.reference)
        answer = await super().submit(submission)
        if not isinstance(answer, Unknown | Pending | Review):
            self.unclear.remove(submission.reference)
        return answer

    async def lookup(self, reference: Reference) -> LookupAnswer:
        """What it finds is clear; what it does not find is so only when nothing can be under way any more."""
        answer = await super().lookup(reference)
        _, at = self.received.get(reference, (None, self.clock.now))
        if not isinstance(answer, NotFound) or self.clock.now >= at + PATIENCE.lease + PATIENCE.settle:
            if isinstance(answer, NotFound) and reference in self.unclear:
                self.given_up.add(reference)
            self.unclear.discard(reference)
        return answer

    def issue_late(self) -> None:
        """Issues what it received and did not answer for good."""
        for reference in sorted(self.unclear):
            if reference not in self._issued:
                self.issue(self.received[reference][0])

    def issue_very_late(self) -> None:
        """Issues what was given up, as a platform may within its window."""
        for reference in sorted(self.given_up):
            if reference not in self._issued:
                self.issue(self.received[reference][0])

    def in_force(self) -> set[str]:
        """The certificates that are in force."""
        return {
            e_cert_id for e_cert_id, status in self.statuses.items() if status is CertificateStatus.ACTIVE
        }

    def found_late(self) -> set[str]:
        """The certificates of submissions that were given up."""
        return {
            issued.e_cert_id for reference, (_, issued) in self._issued.items() if reference in self.given_up
        }
