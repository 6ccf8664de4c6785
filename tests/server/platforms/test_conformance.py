"""What every adapter has to do, whatever platform stands behind it."""

import pytest

from engine.certificate import CertificateStatus, ECertId
from engine.platform import (
    Binding,
    Duplicate,
    Expected,
    Issued,
    NotFound,
    Platform,
    ProofReason,
    Told,
    Unknown,
    Voided,
)
from server.platforms import prove
from tests.server.platforms.conftest import NOWHERE, submission_of, utc_now
from tests.server.platforms.fake import FakePlatform
from tests.server.platforms.harbour import harbour
from tests.server.platforms.providers import asking, built_example, manifest, running_example


@pytest.fixture
async def harboured():
    """A platform that differs from the sandbox in everything, connected by a file."""
    async with harbour() as (_, platform):
        yield platform


@pytest.fixture
async def provided(tmp_path_factory):
    """The example provider in Go: a process of its own, asked over a Unix socket."""
    program = built_example(tmp_path_factory.mktemp("go"))
    async with running_example(program) as address, asking(manifest(address)) as platform:
        yield platform


@pytest.fixture(params=["platform", "harboured", "provided", "fake"])
def adapter(request) -> Platform:
    """Each adapter that there is: over HTTP with two platforms behind it, by a provider, in memory."""
    return FakePlatform(utc_now()) if request.param == "fake" else request.getfixturevalue(request.param)


async def test_issue_and_prove(adapter, submission):
    """A submission is answered with a certificate whose proof is bound to it."""
    issued = await adapter.submit(submission)
    expected = Expected(utc_now(), issued.e_cert_id, submission.reference, submission.digest)
    assert (await prove(adapter, issued.proof, expected)).reason is ProofReason.GOOD


async def test_proof_of_another_order(adapter, submission):
    """A proof does not hold for another order's content."""
    issued = await adapter.submit(submission)
    expected = Expected(utc_now(), issued.e_cert_id, submission.reference, submission_of(order_id="B").digest)
    assert (await prove(adapter, issued.proof, expected)).reason is ProofReason.WRONG_DIGEST


async def test_same_reference(adapter, submission):
    """The same submission again gets the same certificate."""
    assert await adapter.submit(submission) == await adapter.submit(submission)


async def test_same_content(adapter, submission):
    """The same content under another reference is a duplicate, and says of which."""
    issued = await adapter.submit(submission)
    expected = Duplicate(issued.e_cert_id, issued.proof, submission.reference)
    assert expected == await adapter.submit(submission_of(generation=1))


async def test_lookup(adapter, submission):
    """A look-up answers what the submission was answered."""
    issued = await adapter.submit(submission)
    assert issued == await adapter.lookup(submission.reference)


async def test_lookup_of_nothing(adapter):
    """A reference that never arrived is not found."""
    assert NotFound() == await adapter.lookup(NOWHERE)


async def test_status(adapter, submission):
    """A certificate is active when issued, and the platform says so."""
    issued = await adapter.submit(submission)
    answer = await adapter.status(issued.e_cert_id)
    assert (Told, CertificateStatus.ACTIVE) == (type(answer), answer.status)


@pytest.mark.parametrize("e_cert_id", ["SBX-NONE", "a/b", "é", "%2e%2e"])
async def test_status_of_nothing(adapter, e_cert_id):
    """An id that the platform never issued is not found."""
    assert NotFound() == await adapter.status(ECertId(e_cert_id))


async def test_void(adapter, submission):
    """A voided certificate is revoked; voiding it again changes nothing."""
    issued = await adapter.submit(submission)
    voided = [
        await adapter.void(issued.e_cert_id, "cancelled"),
        await adapter.void(issued.e_cert_id, "again"),
    ]
    status = await adapter.status(issued.e_cert_id)
    assert ([Voided(), Voided()], CertificateStatus.REVOKED) == (voided, status.status)


async def test_void_of_nothing(adapter):
    """A certificate that does not exist cannot be voided."""
    assert NotFound() == await adapter.void(ECertId("SBX-NONE"), "cancelled")


async def test_new_certificate_after_void(adapter, submission):
    """Once voided, the same content may be certified anew under a new reference."""
    first = await adapter.submit(submission)
    await adapter.void(first.e_cert_id, "cancelled")
    second = await adapter.submit(submission_of(generation=1))
    assert (Issued, False) == (type(second), second.e_cert_id == first.e_cert_id)


async def test_health(adapter):
    """A platform that answers is up."""
    assert (await adapter.health()).up


def test_capabilities(adapter):
    """What is bound by digest and looked up by our reference can be adopted without a person."""
    assert (Binding.DIGEST, True) == (adapter.capabilities.binding, adapter.capabilities.lookup_by_reference)


async def test_scripted_outcome(submission):
    """The fake answers what a test scripts, and issues nothing."""
    fake = FakePlatform()
    fake.scripted.append(Unknown("broke"))
    assert (Unknown("broke"), NotFound()) == (
        await fake.submit(submission),
        await fake.lookup(submission.reference),
    )
