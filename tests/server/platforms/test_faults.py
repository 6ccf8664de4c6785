"""Every fault of a real server, through the adapter."""

import asyncio
from datetime import timedelta

import pytest

from engine.certificate import CertificateStatus
from engine.platform import (
    Expected,
    Issued,
    Misconfigured,
    NotFound,
    NotSent,
    Pending,
    ProofReason,
    Rejected,
    Rejection,
    Retryable,
    Review,
    Unknown,
)
from server.platforms import prove
from server.sandbox import start_sandbox
from tests.server.platforms.conftest import answer, asking, raw_server, submission_of, utc_now


def expected_of(submission, issued):
    return Expected(utc_now(), issued.e_cert_id, submission.reference, submission.digest)


@pytest.mark.parametrize("fault", ["error_after_commit", "drop_reply", "half_reply", "unreadable_reply"])
async def test_lost_reply(platform, submission, post, fault):
    """After a commit whose reply is lost or unclear, the look-up finds the certificate, and it holds."""
    await post("/faults", fault=fault)
    outcome = await platform.submit(submission)
    found = await platform.lookup(submission.reference)
    verdict = await prove(platform, found.proof, expected_of(submission, found))
    assert (Unknown, True) == (type(outcome), verdict.good)


@pytest.mark.parametrize("fault", ["error_before_commit", "down"])
async def test_error_before_commit(platform, submission, post, fault):
    """A 5xx never says whether anything was done; here the look-up says that nothing was."""
    await post("/faults", fault=fault)
    outcome = await platform.submit(submission)
    assert (Unknown, NotFound()) == (type(outcome), await platform.lookup(submission.reference))


async def test_too_many(platform, submission, post):
    """A refusal for now is known not to be processed, and says when to come again."""
    await post("/faults", fault="too_many", seconds=3)
    expected = Retryable("the platform answered with HTTP status 429", timedelta(seconds=3))
    assert expected == await platform.submit(submission)


async def test_too_slow(sandbox, submission, post):
    """An answer that comes too late is no answer; the look-up finds what was done."""
    async with asking(sandbox.url, seconds=0.3) as platform:
        await post("/faults", fault="latency", seconds=0.5)
        outcome = await platform.submit(submission)
        await asyncio.sleep(1.5)
        found = await platform.lookup(submission.reference)
    assert (Unknown("no whole answer within 0.3 s"), Issued) == (outcome, type(found))


async def test_stopped_platform(submission):
    """Where nobody listens, nothing was sent."""
    running = await start_sandbox()
    await running.stop()
    async with asking(running.url) as platform:
        outcomes = [await platform.submit(submission), await platform.lookup(submission.reference)]
        health = await platform.health()
    assert ([NotSent, NotSent], False) == ([type(outcome) for outcome in outcomes], health.up)


async def test_rejected(platform, submission, post):
    """A rejection carries its codes, by line; asked again, it is the same."""
    codes = [{"code": "HS_UNKNOWN", "line_id": "2", "text": "No such heading."}, {"code": "SIGNATURE"}]
    await post("/faults", fault="reject", codes=codes)
    expected = Rejected((Rejection("HS_UNKNOWN", "2", "No such heading."), Rejection("SIGNATURE", "", "")))
    assert [expected, expected] == [
        await platform.submit(submission),
        await platform.lookup(submission.reference),
    ]


async def test_pending_then_issued(platform, submission, post):
    """What is pending says when to look, and is issued in the end."""
    await post("/faults", fault="pending", polls=1)
    outcomes = [await platform.submit(submission)] + [
        await platform.lookup(submission.reference) for _ in range(2)
    ]
    waiting = Pending(timedelta(seconds=0.05))
    assert ([waiting, waiting], Issued) == (outcomes[:2], type(outcomes[2]))


async def test_review(platform, submission, post):
    """A person's turn is told apart from waiting."""
    await post("/faults", fault="review")
    assert isinstance(await platform.submit(submission), Review)


async def test_wrong_signature(platform, submission, post):
    """A certificate whose signature does not hold is seen through."""
    await post("/faults", fault="wrong_signature")
    issued = await platform.submit(submission)
    verdict = await prove(platform, issued.proof, expected_of(submission, issued))
    assert (ProofReason.BAD_SIGNATURE, None) == (verdict.reason, verdict.claims)


async def test_wrong_digest(platform, submission, post):
    """A certificate for other content is seen through, and shows what it certifies."""
    await post("/faults", fault="wrong_digest")
    issued = await platform.submit(submission)
    verdict = await prove(platform, issued.proof, expected_of(submission, issued))
    assert (ProofReason.WRONG_DIGEST, f"sha256:{'0' * 64}") == (verdict.reason, verdict.claims.digest)


async def test_revoked_by_the_platform(platform, submission, post):
    """What the platform revokes by itself shows in the status."""
    issued = await platform.submit(submission)
    await post("/revoke", e_cert_id=issued.e_cert_id)
    assert (await platform.status(issued.e_cert_id)).status is CertificateStatus.REVOKED


async def test_sandbox_not_allowed(sandbox, submission):
    """A server that does not allow the sandbox never takes its certificates."""
    async with asking(sandbox.url, sandbox_allowed=False) as platform:
        issued = await platform.submit(submission)
        verdict = await prove(platform, issued.proof, expected_of(submission, issued))
    assert verdict.reason is ProofReason.SANDBOX


async def test_rotated_keys(platform, submission, post):
    """Before and after a rotation proofs hold; the new key is fetched when it is first met."""
    before = await platform.submit(submission)
    verdicts = [await prove(platform, before.proof, expected_of(submission, before))]
    await post("/keys/rotate")
    other = submission_of(order_id="B")
    after = await platform.submit(other)
    verdicts.append(await prove(platform, after.proof, expected_of(other, after)))
    verdicts.append(await prove(platform, before.proof, expected_of(submission, before)))
    assert [ProofReason.GOOD] * 3 == [verdict.reason for verdict in verdicts]


async def test_two_rotations_within_a_minute(platform, submission, post):
    """A second new key within a minute is not fetched: not examined, which is not bad."""
    verdicts = []
    for order_id in ("A", "B", "C"):
        order = submission_of(order_id=order_id)
        issued = await platform.submit(order)
        verdicts.append(await prove(platform, issued.proof, expected_of(order, issued)))
        await post("/keys/rotate")
    assert [True, True, False] == [verdict.examined for verdict in verdicts]


async def test_withdrawn_key(sandbox, platform, submission, post):
    """A proof under a key that the platform withdrew does not hold for one who asks afresh."""
    issued = await platform.submit(submission)
    await post("/keys/rotate", withdraw=True)
    async with asking(sandbox.url) as afresh:
        verdict = await prove(afresh, issued.proof, expected_of(submission, issued))
    assert (ProofReason.UNKNOWN_KEY, True) == (verdict.reason, verdict.examined)


async def test_keys_not_reached(platform, submission, post):
    """Without keys a proof was not examined; a second later they come, and it holds."""
    await post("/faults", fault="down", operation="keys")
    issued = await platform.submit(submission)
    expected = expected_of(submission, issued)
    first = await prove(platform, issued.proof, expected)
    await asyncio.sleep(1.05)
    second = await prove(platform, issued.proof, expected)
    assert (ProofReason.NO_KEYS, ProofReason.GOOD) == (first.reason, second.reason)


@pytest.mark.parametrize("operation", ["lookup", "status", "void"])
async def test_faults_of_reads(platform, submission, post, operation):
    """A question that is not answered clearly taught nothing: it is never "not found"."""
    issued = await platform.submit(submission)
    await post("/faults", fault="drop_reply", operation=operation)
    asked = {
        "lookup": platform.lookup(submission.reference),
        "status": platform.status(issued.e_cert_id),
        "void": platform.void(issued.e_cert_id, "cancelled"),
    }
    answer_ = await asked.pop(operation)
    for unasked in asked.values():
        unasked.close()
    assert isinstance(answer_, Unknown)


async def test_reference_reused(platform, submission):
    """Our reference with other content is our own mistake, and a person's matter."""
    await platform.submit(submission)
    other = submission_of(order_id="B")
    reused = type(other)(submission.reference, other.digest, other.content)
    assert isinstance(await platform.submit(reused), Misconfigured)


async def test_digest_of_other_content(platform, submission):
    """The sandbox computes the digest itself and rejects one that does not fit."""
    wrong = type(submission)(submission.reference, submission_of(order_id="B").digest, submission.content)
    assert Rejected((Rejection("DIGEST_MISMATCH", "", ""),)) == await platform.submit(wrong)


async def test_answer_to_another_question(submission):
    """An answer that belongs to no submission is not taken for one."""
    async with raw_server(answer(200, {"status": "active"})) as raw, asking(raw.url) as platform:
        assert isinstance(await platform.submit(submission), Unknown)


@pytest.mark.parametrize("body", [b"", b"<html>", {"keys": "none"}, {}])
async def test_unreadable_keys(submission, body):
    """An address that publishes no key set brings no keys."""
    async with raw_server(answer(200, body)) as raw, asking(raw.url) as platform:
        assert {} == await platform.keys()


async def test_dotted_id(platform):
    """An id that would lead to another address is not sent."""
    assert NotSent("such an id cannot be put into an address") == await platform.status("..")
