"""Certificates that are bound by fields, over a real sandbox: signed, or proved by a recorded status."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from engine.certificate import CertificateStatus
from engine.declaration import digest
from engine.platform import (
    Expected,
    Issued,
    Platform,
    ProofKind,
    ProofReason,
    ProofVerdict,
    Reference,
    Submission,
    Told,
)
from server.platforms import prove
from server.sandbox import Sandbox, SandboxSettings, start_sandbox
from tests.server.platforms.by_fields import FIELDS, asking_by_fields
from tests.server.platforms.conftest import utc_now

CONTENT: dict[str, Any] = {
    "order": {"order_id": "AN-1001", "lines": {"1": {"quantity": "8", "unit": "t"}}},
    "declaration": {"goods": {"1": {"hs": "721320", "criterion": "A"}}},
}
SUBMISSION = Submission(Reference("og-1"), digest(CONTENT), CONTENT)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A sandbox whose certificates say fields."""
    running = await start_sandbox(SandboxSettings(by_fields=True))
    yield running
    await running.stop()


@pytest.fixture(params=list(ProofKind))
async def platform(request: pytest.FixtureRequest, sandbox: Sandbox) -> AsyncIterator[Platform]:
    """That sandbox, by signed proofs or by recorded statuses."""
    async with asking_by_fields(sandbox.url, request.param) as found:
        yield found


@pytest.fixture
async def recording(sandbox: Sandbox) -> AsyncIterator[Platform]:
    """That sandbox, by recorded statuses."""
    async with asking_by_fields(sandbox.url, ProofKind.STATUS) as found:
        yield found


async def fault(sandbox: Sandbox, name: str) -> None:
    """Sets a fault."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{sandbox.url}/faults", data=json.dumps({"fault": name})),
    ):
        pass


async def proof_of(platform: Platform, issued: Issued) -> str:
    """What proves a certificate."""
    if platform.capabilities.proof is ProofKind.JWS:
        return issued.proof
    told = await platform.status(issued.e_cert_id)
    assert isinstance(told, Told)
    return told.proof


async def verdict_of(platform: Platform, **otherwise: Any) -> ProofVerdict:
    """The verdict on a certificate that was just issued, if something else is expected."""
    issued = await platform.submit(SUBMISSION)
    assert isinstance(issued, Issued)
    expected = Expected(
        utc_now(), issued.e_cert_id, SUBMISSION.reference, SUBMISSION.digest, SUBMISSION.content
    )
    return await prove(platform, await proof_of(platform, issued), replace(expected, **otherwise))


async def test_holds(platform: Platform) -> None:
    """A certificate that says the same of all fields holds, and says which were compared."""
    verdict = await verdict_of(platform)
    assert (ProofReason.GOOD, FIELDS) == (verdict.reason, verdict.said and verdict.said.fields)


async def test_other_good(platform: Platform, sandbox: Sandbox) -> None:
    """A certificate for another good does not hold, and the good and its field are named."""
    await fault(sandbox, "wrong_digest")
    verdict = await verdict_of(platform)
    assert (ProofReason.WRONG_CONTENT, True) == (
        verdict.reason,
        "good 1, hs: was 000000, is 721320" in verdict.because,
    )


async def test_other_content(platform: Platform) -> None:
    """A certificate does not hold for content that differs in a compared field."""
    other = {**CONTENT, "order": {**CONTENT["order"], "order_id": "AN-1002"}}
    assert ProofReason.WRONG_CONTENT is (await verdict_of(platform, content=other)).reason


async def test_too_little_declared(platform: Platform) -> None:
    """Content that lacks what has to be compared is not bound."""
    other = {**CONTENT, "declaration": {"goods": {}}}
    assert ProofReason.NOT_BOUND is (await verdict_of(platform, content=other)).reason


async def test_other_reference(platform: Platform) -> None:
    """A certificate that says for which submission it is does not hold for another one."""
    assert ProofReason.WRONG_REFERENCE is (await verdict_of(platform, reference=Reference("og-2"))).reason


async def test_other_e_cert_id(platform: Platform) -> None:
    """A proof does not hold for another e-Cert ID."""
    assert ProofReason.WRONG_E_CERT_ID is (await verdict_of(platform, e_cert_id="E-2")).reason


async def test_recorded(recording: Platform) -> None:
    """What is recorded of a status is the answer as it came, with its time."""
    issued = await recording.submit(SUBMISSION)
    assert isinstance(issued, Issued)
    told = await recording.status(issued.e_cert_id)
    assert isinstance(told, Told)
    record = json.loads(told.proof)
    assert ("status", issued.e_cert_id, told.at.isoformat(), 200) == (
        record["asked"],
        record["e_cert_id"],
        record["at"],
        record["http_status"],
    )
    assert "active" == json.loads(record["body"])["status"]


async def test_recorded_of_what_is_not_in_force(recording: Platform) -> None:
    """A recorded answer that says anything but ACTIVE proves nothing."""
    issued = await recording.submit(SUBMISSION)
    assert isinstance(issued, Issued)
    await recording.void(issued.e_cert_id, "not wanted")
    told = await recording.status(issued.e_cert_id)
    assert isinstance(told, Told)
    verdict = recording.verify_proof(told.proof, {}, Expected(utc_now(), issued.e_cert_id))
    assert (CertificateStatus.REVOKED, ProofReason.NOT_ACTIVE) == (told.status, verdict.reason)


@pytest.mark.parametrize("text", ["", "{}", "x" * 30_000, "[1]", '{"asked": "status", "at": "yesterday"}'])
async def test_recorded_garbage(recording: Platform, text: str) -> None:
    """What is no recorded answer is told to be none."""
    assert ProofReason.MALFORMED is recording.verify_proof(text, {}, Expected(utc_now())).reason


async def test_goods_twice(recording: Platform) -> None:
    """Goods that cannot be told apart are compared with nothing."""
    body = {
        "status": "active",
        "sandbox": True,
        "certified": {"goods": [{"number": "1"}, {"number": "1"}], "positions": []},
    }
    record = {
        "asked": "status",
        "platform": "sandbox",
        "e_cert_id": "E-1",
        "at": utc_now().isoformat(),
        "http_status": 200,
        "body": json.dumps(body),
    }
    verdict = recording.verify_proof(json.dumps(record), {}, Expected(utc_now()))
    assert (
        ProofReason.CLAIMS_MISSING,
        "The recorded answer cannot be read: two of its `declaration.goods` have the id '1'.",
    ) == (verdict.reason, verdict.because)
