"""A platform behind a provider: what its process says, what it does not say, and what is made of that."""

import asyncio
import dataclasses
from datetime import timedelta
from hashlib import sha256

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration
from origingate.provider.v1 import answer_pb2, capabilities_pb2
from origingate.provider.v1 import platform_provider_service_pb2 as messages

from engine.certificate import CertificateStatus, ECertId
from engine.platform import (
    Duplicate,
    Expected,
    Health,
    Issued,
    Misconfigured,
    NotFound,
    NotSent,
    Pending,
    ProofReason,
    Reference,
    Rejected,
    Rejection,
    Retryable,
    Review,
    Unknown,
    Voided,
)
from server import keepalive
from server.platforms import ManifestError, prove
from server.platforms.accounts import load_accounts
from tests.server.platforms.authority import authority
from tests.server.platforms.conftest import NOWHERE, submission_of, utc_now
from tests.server.platforms.providers import (
    NAME,
    asking,
    built_example,
    issued,
    manifest,
    running_example,
    scripted_provider,
    start,
)
from tests.tunnel import tunnel

ID = ECertId("P-1")


@pytest.fixture
async def scripted():
    """A provider that says what a test wants."""
    async with scripted_provider() as running:
        yield running


@pytest.fixture
async def platform(scripted):
    """It, as a server asks it."""
    async with asking(manifest(scripted.address)) as found:
        yield found


def refuses(code):
    """Answers with a gRPC error."""

    async def say(context):
        await context.abort(code, "said by a test")

    return say


async def hangs(context):
    """Never answers."""
    await asyncio.Event().wait()


OUTCOMES = [
    (Issued(ID, "a.b.c"), {"issued": answer_pb2.Issued(e_cert_id=" P-1 ", proof="a.b.c")}),
    (
        Duplicate(ID, "a.b.c", Reference("og-1")),
        {"duplicate": answer_pb2.Duplicate(e_cert_id="P-1", proof="a.b.c", reference="og-1")},
    ),
    (Duplicate(ID, "a.b.c", None), {"duplicate": answer_pb2.Duplicate(e_cert_id="P-1", proof="a.b.c")}),
    (
        Rejected((Rejection("HS", "1", "no"),)),
        {"rejected": answer_pb2.Rejected(codes=[answer_pb2.Rejection(code="HS", line_id="1", text="no")])},
    ),
    (Review("a person"), {"review": answer_pb2.Review(because="a person")}),
    (
        Pending(timedelta(seconds=7)),
        {"pending": answer_pb2.Pending(poll_after=Duration(seconds=7))},
    ),
    (Pending(timedelta(seconds=1)), {"pending": answer_pb2.Pending()}),
    (
        Retryable("busy", timedelta(seconds=3)),
        {"retryable": answer_pb2.Retryable(because="busy", after=Duration(seconds=3))},
    ),
    (Retryable("busy", None), {"retryable": answer_pb2.Retryable(because="busy")}),
    (NotSent("no way"), {"not_sent": answer_pb2.NotSent(because="no way")}),
    (Unknown("lost"), {"unknown": answer_pb2.Unknown(because="lost")}),
    (Misconfigured("who?"), {"misconfigured": answer_pb2.Misconfigured(because="who?")}),
]


@pytest.mark.parametrize(("outcome", "said"), OUTCOMES)
async def test_outcomes(scripted, platform, submission, outcome, said):
    """Each outcome arrives as it was said, of a submission as of a look-up."""
    scripted.says |= {"Submit": messages.SubmitResponse(**said), "Lookup": messages.LookupResponse(**said)}
    assert (outcome, outcome) == (await platform.submit(submission), await platform.lookup(NOWHERE))


async def test_what_is_submitted(scripted, platform, submission):
    """The provider gets reference, tenant, and the content whose hash the digest is."""
    await platform.submit(submission)
    _, request = scripted.asked[-1]
    assert ("dev", submission.reference) == (request.tenant, request.reference)
    assert submission.digest == f"sha256:{sha256(request.content).hexdigest()}" == request.declaration_digest


@pytest.mark.parametrize("code", [code for code in grpc.StatusCode if code is not grpc.StatusCode.OK])
async def test_error(scripted, platform, submission, code):
    """Of no gRPC error it is believed that nothing was done, and nothing is sent a second time."""
    scripted.says |= {"Submit": refuses(code), "Void": refuses(code)}
    assert Unknown(f"the provider gave no outcome: gRPC {code.name}") == await platform.submit(submission)
    assert Unknown is type(await platform.void(ID, "cancelled"))
    assert (1, 1) == (scripted.count("Submit"), scripted.count("Void"))


async def test_hangs(scripted, submission):
    """A provider that does not answer in time leaves it unknown."""
    scripted.says["Submit"] = hangs
    can = dataclasses.replace(manifest("").capabilities, send_timeout=timedelta(seconds=1))
    async with asking(manifest(scripted.address, capabilities=can)) as platform:
        outcome = await platform.submit(submission)
    assert Unknown("the provider gave no outcome: gRPC DEADLINE_EXCEEDED") == outcome


async def test_falls_silent(scripted, submission, monkeypatch):
    """What was asked of a provider that went without a word is unknown; soon it is asked over another connection."""
    monkeypatch.setattr(keepalive, "SILENCE", 1000)
    monkeypatch.setattr(keepalive, "SIGN_OF_LIFE", 500)
    scripted.says["Submit"] = messages.SubmitResponse(pending=answer_pb2.Pending())
    pending = Pending(timedelta(seconds=1))
    async with tunnel(scripted.address) as way, asking(manifest(way.address)) as platform:
        assert pending == await platform.submit(submission)
        way.fall_silent()
        assert Unknown is type(await platform.submit(submission))
        async with asyncio.timeout(30):
            while await platform.submit(submission) != pending:
                pass


async def test_ends_while_asked(scripted, platform, submission):
    """A provider that ends in the middle leaves it unknown; while it is away nothing is sent, and it is found again."""

    async def ends(context):
        asyncio.get_running_loop().create_task(scripted.server.stop(0))
        await hangs(context)

    scripted.says["Submit"] = ends
    assert Unknown is type(await platform.submit(submission))
    await scripted.server.wait_for_termination()
    assert NotSent is type(await platform.submit(submission))
    assert 1 == scripted.count("Submit")
    scripted.says["Submit"] = issued()
    await start(scripted, scripted.address)
    async with asyncio.timeout(30):
        while not isinstance(outcome := await platform.submit(submission), Issued):
            assert NotSent is type(outcome)
            await asyncio.sleep(0.05)


async def test_nobody_listens(submission, tmp_path):
    """Where nobody listens, nothing was sent."""
    async with asking(manifest(f"unix:{tmp_path}/nobody")) as platform:
        answers = [
            await platform.submit(submission),
            await platform.lookup(NOWHERE),
            await platform.status(ID),
            await platform.void(ID, "cancelled"),
        ]
        assert [NotSent] * 4 == [type(answer) for answer in answers]
        assert ({}, False) == (await platform.keys(), (await platform.health()).up)


async def test_too_late(scripted, platform, submission_late):
    """What is not in time any more is not sent."""
    assert NotSent("it was too late to send it") == await platform.submit(submission_late)
    assert 0 == scripted.count("Submit")


@pytest.fixture
def submission_late():
    """A submission whose time is over."""
    return dataclasses.replace(submission_of(), in_time=lambda: False)


BROKEN = [
    {},
    {"issued": answer_pb2.Issued(e_cert_id="P-1")},
    {"issued": answer_pb2.Issued(e_cert_id=" \u200b", proof="a.b.c")},
    {"issued": answer_pb2.Issued(e_cert_id="P" * 201, proof="a.b.c")},
    {"rejected": answer_pb2.Rejected()},
    {"pending": answer_pb2.Pending(poll_after=Duration(seconds=-1))},
    {"pending": answer_pb2.Pending(poll_after=Duration(seconds=86401))},
    {"review": answer_pb2.Review(because="x" * 1001)},
]


@pytest.mark.parametrize("said", BROKEN)
async def test_broken(scripted, platform, submission, said):
    """What breaks the contract's rules says nothing."""
    scripted.says |= {"Submit": messages.SubmitResponse(**said), "Lookup": messages.LookupResponse(**said)}
    assert (Unknown, Unknown) == (
        type(await platform.submit(submission)),
        type(await platform.lookup(NOWHERE)),
    )


async def test_too_large(scripted, platform, submission):
    """An answer above the limit is not read, and leaves it unknown."""
    large = answer_pb2.Review(because="x" * 5_000_000)
    scripted.says["Submit"] = messages.SubmitResponse(review=large)
    assert Unknown("the provider gave no outcome: gRPC RESOURCE_EXHAUSTED") == await platform.submit(
        submission
    )


async def test_too_large_to_send(scripted, platform):
    """A request above the limit is not sent."""
    large = submission_of(order_id="x" * 5_000_000)
    assert Misconfigured("the request would be larger than 4194304 bytes") == await platform.submit(large)
    assert 0 == scripted.count("Submit")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (CertificateStatus.REPLACED, {"told": answer_pb2.Told(status="CERTIFICATE_STATUS_REPLACED")}),
        (NotFound(), {"not_found": answer_pb2.NotFound()}),
        (Unknown("the provider's answer says nothing that the contract knows"), {"told": answer_pb2.Told()}),
    ],
)
async def test_status(scripted, platform, answer, said):
    """A status is told, not found, or, where it has no word of the contract, not learnt."""
    scripted.says["Status"] = messages.StatusResponse(**said)
    told = await platform.status(ID)
    assert answer == getattr(told, "status", told)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Voided(), {"voided": answer_pb2.Voided()}),
        (NotFound(), {"not_found": answer_pb2.NotFound()}),
        (
            Rejected((Rejection("LATE", "", ""),)),
            {"rejected": answer_pb2.Rejected(codes=[answer_pb2.Rejection(code="LATE")])},
        ),
    ],
)
async def test_void(scripted, platform, answer, said):
    """A void is done, of nothing, or refused."""
    scripted.says["Void"] = messages.VoidResponse(**said)
    assert answer == await platform.void(ID, "cancelled")


async def test_does_otherwise(scripted, platform, submission):
    """A provider that can do other than its manifest says is told of, and nothing is submitted."""
    scripted.says["Describe"].capabilities.binding = capabilities_pb2.BINDING_NONE
    scripted.says["Describe"].capabilities.settle_time.seconds = 1
    expected = Misconfigured("the manifest says otherwise than the provider of: binding, settle_time")
    assert (expected, 0) == (await platform.submit(submission), scripted.count("Submit"))


async def test_says_nothing_of_itself(scripted, platform, submission):
    """While a provider does not say what it can do, nothing is submitted."""
    scripted.says["Describe"] = refuses(grpc.StatusCode.UNAVAILABLE)
    assert (NotSent, 0) == (type(await platform.submit(submission)), scripted.count("Submit"))


async def test_breaks_rules_of_itself(scripted, platform, submission):
    """A provider whose capabilities break the contract's rules is not asked for certificates."""
    scripted.says["Describe"] = messages.DescribeResponse(title="x")
    assert (Misconfigured, 0) == (type(await platform.submit(submission)), scripted.count("Submit"))


async def test_described_once(scripted, platform, submission):
    """What a provider can do is asked once a minute, and again after an error."""
    await platform.submit(submission)
    await platform.submit(submission)
    assert 1 == scripted.count("Describe")
    scripted.says["Lookup"] = refuses(grpc.StatusCode.INTERNAL)
    await platform.lookup(NOWHERE)
    await platform.submit(submission)
    assert 2 == scripted.count("Describe")


async def test_health(scripted, platform):
    """Health is what the provider says of its platform."""
    scripted.says["Health"] = messages.HealthResponse(up=False, because="maintenance")
    assert Health(up=False, because="maintenance") == await platform.health()


@pytest.mark.parametrize("jwks", [b"", b"[]", b"{", b'{"keys": "x"}', b"\xff"])
async def test_no_keys(scripted, platform, jwks):
    """Keys that are no JWK Set are none."""
    scripted.says["Keys"] = messages.KeysResponse(jwks=jwks)
    assert {} == await platform.keys()


async def test_cancelled(scripted, platform, submission):
    """A caller that is cancelled is: it does not get an outcome."""
    begun = asyncio.Event()

    async def begins(context):
        begun.set()
        await hangs(context)

    scripted.says["Submit"] = begins
    asked = asyncio.create_task(platform.submit(submission))
    await begun.wait()
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked


ACCOUNT = """
accounts:
  - tenant: dev
    platform: example-provider
    trust: ca.pem
    secrets:
      certificate: {file: ours.pem}
      private_key: {file: ours.key}
"""


@pytest.fixture
def signed(tmp_path):
    """Certificates of one authority: a provider's, and ours in an account."""
    signs = authority(tmp_path)
    signs.issue("provider")
    signs.issue("ours")
    (tmp_path / "accounts.yaml").write_text(ACCOUNT, "utf-8")
    return tmp_path


def account(folder):
    return load_accounts(folder / "accounts.yaml").of("dev", NAME)


def served_with(folder):
    pair = ((folder / "provider.key").read_bytes(), (folder / "provider.pem").read_bytes())
    return grpc.ssl_server_credentials([pair], (folder / "ca.pem").read_bytes(), require_client_auth=True)


async def test_mutual_tls(signed, submission):
    """On a network both show a certificate."""
    async with (
        scripted_provider(served_with(signed)) as scripted,
        asking(manifest(scripted.address), account(signed)) as platform,
    ):
        assert Issued is type(await platform.submit(submission))


async def test_another_authority(signed, submission, tmp_path_factory):
    """Nothing is sent to a provider whose certificate another authority signed."""
    other = tmp_path_factory.mktemp("other")
    authority(other).issue("provider")
    async with (
        scripted_provider(served_with(other)) as scripted,
        asking(manifest(scripted.address), account(signed)) as platform,
    ):
        assert (NotSent, []) == (type(await platform.submit(submission)), scripted.asked)


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        ("    trust: ca.pem\n", "its account has no `trust`"),
        ("      private_key: {file: ours.key}\n", "lacks private_key"),
    ],
)
async def test_without_mutual_tls(signed, left_out, said):
    """On a network a provider is not asked without whom to trust and who we are."""
    (signed / "accounts.yaml").write_text(ACCOUNT.replace(left_out, ""), "utf-8")
    with pytest.raises(ManifestError, match=said):
        async with asking(manifest("localhost:1"), account(signed)):
            pass


async def test_example_with_mutual_tls(signed, submission):
    """The example in Go is asked with mutual TLS too, and its proof holds for what was submitted."""
    program = built_example()
    words = ("--certificate", "provider.pem", "--key", "provider.key", "--clients", "ca.pem")
    paths = [str(signed / word) if word.endswith((".pem", ".key")) else word for word in words]
    async with (
        running_example(program, *paths, listen="localhost:0") as address,
        asking(manifest(address), account(signed)) as platform,
    ):
        got = await platform.submit(submission)
        expected = Expected(utc_now(), got.e_cert_id, submission.reference, submission.digest)
        assert ProofReason.GOOD is (await prove(platform, got.proof, expected)).reason


async def test_example_is_a_sandbox(submission):
    """A certificate of the example is not accepted where sandboxes are not: it certifies nothing."""
    program = built_example()
    async with running_example(program) as address:
        asked = manifest(address)
        asked = dataclasses.replace(asked, proof=dataclasses.replace(asked.proof, sandbox_allowed=False))
        async with asking(asked) as platform:
            got = await platform.submit(submission)
            assert ProofReason.SANDBOX is (await prove(platform, got.proof, Expected(utc_now()))).reason
