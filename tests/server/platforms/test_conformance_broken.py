"""A platform that breaks one promise is found out, by that promise and those that stand on it."""

import asyncio
import dataclasses
import json
from collections import Counter
from datetime import timedelta

import pytest

from engine.certificate import CertificateStatus, ECertId
from engine.platform import (
    Idempotency,
    Issued,
    LookupAnswer,
    NotFound,
    Outcome,
    Pending,
    ProofReason,
    PublicKeys,
    Reference,
    Rejected,
    Rejection,
    Retryable,
    StatusAnswer,
    Submission,
    Told,
    Unknown,
    VoidAnswer,
    Voided,
)
from server.platforms.conformance import Buyer, Report, State, run
from server.platforms.conformance.latency import latency
from tests.server.platforms.conftest import submission_of, utc_now
from tests.server.platforms.fake import FakePlatform


class Honest(FakePlatform):
    """Promises what it keeps."""

    capabilities = dataclasses.replace(
        FakePlatform.capabilities,
        idempotency=Idempotency.CONTENT,
        settle_time=timedelta(milliseconds=30),
        send_timeout=timedelta(milliseconds=100),
        replace=True,
    )


class IssuesAgain(Honest):
    """Knows no submission again."""

    async def submit(self, submission: Submission) -> Outcome:
        return self.issue(submission) if submission.in_time() else await super().submit(submission)


class SendsLate(Honest):
    """Never asks whether it is too late."""

    async def submit(self, submission: Submission) -> Outcome:
        return await super().submit(dataclasses.replace(submission, in_time=lambda: True))


class SignsOther(Honest):
    """Certifies something else than was sent, and so does not know the content again."""

    def issue(self, submission: Submission) -> Issued:
        return super().issue(dataclasses.replace(submission, digest=f"sha256:{'7' * 64}"))


class Forges(Honest):
    """Its certificates are signed by another key than it publishes."""

    async def keys(self, wanted: str | None = None) -> PublicKeys:
        [stranger] = (await FakePlatform().keys()).values()
        return {"fake-1": stranger}


class TrustsAnything(Honest):
    """Takes every proof for a good one."""

    def verify_proof(self, proof, keys, expected):  # type: ignore[no-untyped-def]
        good = super().verify_proof(
            self.good, keys, dataclasses.replace(expected, e_cert_id=None, reference=None)
        )
        return dataclasses.replace(good, reason=ProofReason.GOOD)

    def issue(self, submission: Submission) -> Issued:
        issued = super().issue(submission)
        self.good = issued.proof
        return issued


class FindsNothing(Honest):
    """Does not find what it issued."""

    async def lookup(self, reference: Reference) -> LookupAnswer:
        return NotFound()


class FindsAnything(Honest):
    """Finds what was never sent."""

    async def lookup(self, reference: Reference) -> LookupAnswer:
        found = await super().lookup(reference)
        return Issued(ECertId("FAKE-1"), "x.y.z") if isinstance(found, NotFound) else found


class FindsLate(Honest):
    """Finds what it issued at the ninth look only, long after its settle time."""

    def __init__(self) -> None:
        super().__init__(utc_now())
        self._looks: Counter[Reference] = Counter()

    async def lookup(self, reference: Reference) -> LookupAnswer:
        self._looks[reference] += 1
        return await super().lookup(reference) if self._looks[reference] > 8 else NotFound()


class NeverRevokes(Honest):
    """Says that it voids, and does not."""

    async def void(self, e_cert_id: ECertId, because: str) -> VoidAnswer:
        return Voided() if e_cert_id in self.statuses else NotFound()


class VoidsOnce(Honest):
    """Does not know what it voided."""

    async def void(self, e_cert_id: ECertId, because: str) -> VoidAnswer:
        if self.statuses.get(e_cert_id) is CertificateStatus.REVOKED:
            return NotFound()
        return await super().void(e_cert_id, because)


class VoidsAnything(Honest):
    """Voids what never was."""

    async def void(self, e_cert_id: ECertId, because: str) -> VoidAnswer:
        await super().void(e_cert_id, because)
        return Voided()


class ReasonsOnly(Honest):
    """Takes a reason of a list that it does not tell."""

    async def void(self, e_cert_id: ECertId, because: str) -> VoidAnswer:
        if "cancelada" in because:
            return Rejected((Rejection("REASON", "", ""),))
        return await super().void(e_cert_id, because)


class KnowsAnyStatus(Honest):
    """Takes every e-Cert ID for one in force."""

    async def status(self, e_cert_id: ECertId) -> StatusAnswer:
        known = await super().status(e_cert_id)
        return Told(CertificateStatus.ACTIVE, self.now) if isinstance(known, NotFound) else known


class Raises(Honest):
    """Raises where it should answer."""

    async def status(self, e_cert_id: ECertId) -> StatusAnswer:
        if e_cert_id not in self.statuses:
            raise KeyError(e_cert_id)
        return await super().status(e_cert_id)


class Hangs(Honest):
    """Does not come back from one call."""

    async def health(self):  # type: ignore[no-untyped-def]
        await asyncio.Event().wait()


class Unclear(Honest):
    """Fails at input that it cannot read."""

    async def submit(self, submission: Submission) -> Outcome:
        if len(json.dumps(submission.content)) > 50_000:
            return Unknown("an answer with HTTP status 500 that says nothing of what was done")
        return await super().submit(submission)


class FewLines(Honest):
    """Takes fewer lines than it promises."""

    capabilities = dataclasses.replace(Honest.capabilities, most_lines=20)

    async def submit(self, submission: Submission) -> Outcome:
        order = submission.content["order"]
        assert isinstance(order, dict)
        if isinstance(order["lines"], dict) and len(order["lines"]) > 10:
            return Rejected((Rejection("LINES", "", "Ten lines at most."),))
        return await super().submit(submission)


class KeepsBoth(Honest):
    """Issues in the place of anything, and ends nothing."""

    async def replace(self, submission: Submission, e_cert_id: ECertId) -> Outcome:
        return await self.submit(submission)


class Down(Honest):
    """Answers nothing of use."""

    async def submit(self, submission: Submission) -> Outcome:
        return Unknown("no whole answer within 5 s")


BROKEN = {
    Honest: set(),
    IssuesAgain: {"same-reference", "same-reference-at-once", "same-content", "another-content", "lost-reply-again"},
    SendsLate: {"too-late"},
    SignsOther: {"proof", "wrong-digest", "same-content"},
    Forges: {"proof", "proof-of-another", "proof-of-content", "lookup-proof", "wrong-digest"},
    TrustsAnything: {"proof-changed", "proof-of-another", "proof-of-content", "proof-garbage"},
    FindsNothing: {"lookup", "lookup-proof", "lost-reply", "lost-reply-again", "replace"},
    FindsAnything: {"lookup-of-nothing", "too-late"},
    FindsLate: {"lookup", "lookup-proof", "lost-reply", "lost-reply-again", "replace"},
    NeverRevokes: {"revocation", "new-after-void"},
    VoidsOnce: {"void-twice"},
    VoidsAnything: {"void-of-nothing"},
    ReasonsOnly: {"void-any-reason"},
    KnowsAnyStatus: {"status-of-nothing", "odd-ids"},
    Raises: {"status-of-nothing", "odd-ids"},
    Hangs: {"health"},
    Unclear: {"bad-input-too-long"},
    FewLines: {"most-lines"},
    KeepsBoth: {"replace", "replace-ended", "replace-nothing"},
    Down: {"issue"},
}  # fmt: skip


async def report(platform: FakePlatform, rounds: int = 0, within: float = 1.0) -> Report:
    """What the suite sees of it."""
    return await run(Buyer(platform, submission_of().content, "t", patience=1.0), rounds, within)


@pytest.mark.parametrize("kind", BROKEN, ids=lambda kind: kind.__name__)
async def test_broken(kind: type[FakePlatform]) -> None:
    """Just the promises that the platform breaks are seen broken."""
    platform = kind()
    platform.now = utc_now()
    seen = await report(platform)
    assert BROKEN[kind] == {one.promise.name for one in seen.broken}, seen.broken
    assert (not BROKEN[kind]) is seen.holds


class Queues(Honest):
    """Decides later: what it took is pending until it is looked up twice."""

    def __init__(self) -> None:
        super().__init__()
        self._looks: dict[Reference, int] = {}

    async def submit(self, submission: Submission) -> Outcome:
        outcome = await super().submit(submission)
        if isinstance(outcome, Issued) and self._looks.setdefault(submission.reference, 2):
            return Pending(timedelta(milliseconds=1))
        return outcome

    async def lookup(self, reference: Reference) -> LookupAnswer:
        if self._looks.get(reference, 0):
            self._looks[reference] -= 1
            return Pending(timedelta(milliseconds=1))
        return await super().lookup(reference)


class Busy(Honest):
    """Takes each submission at the second try only."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: set[Reference] = set()

    async def submit(self, submission: Submission) -> Outcome:
        if submission.reference in self._seen or not submission.in_time():
            return await super().submit(submission)
        self._seen.add(submission.reference)
        return Retryable("busy", timedelta(milliseconds=1))


async def test_pending() -> None:
    """What is pending is waited for, and counts as time to the certificate."""
    platform = Queues()
    platform.now = utc_now()
    seen = await report(platform, rounds=3)
    assert () == seen.broken
    counts = {one.operation: one.count for one in seen.latencies}
    assert {"certificate": 3, "submit": 3, "lookup": 12, "status": 3, "void": 3} == counts


async def test_busy() -> None:
    """What was refused as busy is sent again after the wait that was asked for; that certificates come is what counts."""
    platform = Busy()
    platform.now = utc_now()
    seen = await report(platform)
    assert "issue" not in {one.promise.name for one in seen.broken}


async def test_more_than_promised() -> None:
    """What holds and is not promised is told as such, and breaks nothing."""
    seen = await report(FakePlatform(utc_now()))
    more = {one.promise.name for one in seen.tried if one.state is State.MORE}
    assert ({"same-reference", "same-content"}, True) == (more, seen.holds)


async def test_down() -> None:
    """Where no certificate can be had nothing else is tried."""
    seen = await report(Down(), rounds=5)
    states = {one.promise.name: one.state for one in seen.tried}
    assert (State.KEPT, State.BROKEN) == (states.pop("health"), states.pop("issue"))
    assert {State.NOT_TRIED} == set(states.values())


async def test_all_voided() -> None:
    """Everything that was bought is void or replaced in the end, also what a lost reply or a broken promise brought."""
    for platform in (Honest(utc_now()), FindsLate()):
        seen = await report(platform, rounds=2)
        assert CertificateStatus.ACTIVE not in platform.statuses.values()
        assert () == seen.left


async def test_left_in_force() -> None:
    """What could not be voided is named."""

    class Keeps(Honest):
        capabilities = dataclasses.replace(Honest.capabilities, void=False, replace=False)

        async def void(self, e_cert_id: ECertId, because: str) -> VoidAnswer:
            return Unknown("no")

    platform = Keeps(utc_now())
    seen = await report(platform)
    assert (tuple(sorted(platform.statuses)), True) == (seen.left, seen.holds)
    assert len(seen.left) == seen.bought


async def test_broken_off() -> None:
    """A run that is broken off voids what it bought."""
    platform = Honest(utc_now())

    def stop() -> None:
        if len(platform.statuses) > 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await run(Buyer(platform, submission_of().content, "t"), 0, 1.0, stop)
    assert {CertificateStatus.REVOKED} == set(platform.statuses.values())


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ([3.0], (3.0, 3.0, 3.0, 3.0, 0.0)),
        ([float(second) for second in range(100, 0, -1)], (50.0, 95.0, 99.0, 100.0, 0.02)),
        ([1.0, 2.0, 9.0], (2.0, 9.0, 9.0, 9.0, 2 / 3)),
    ],
)
def test_latency(times: list[float], expected: tuple[float, ...]) -> None:
    """Quantiles are times that were measured; the share is of those that took at most two seconds."""
    one = latency("submit", times, 2.0)
    assert expected == (one.p50, one.p95, one.p99, one.longest, one.within)
