"""Which calls are a platform's notices, and what they are about."""

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from joserfc import jws
from joserfc.jwk import ECKey
from standardwebhooks import Webhook

from engine.platform import PublicKeys
from server.platforms.expression import compiled
from server.platforms.manifest_file import read_manifest
from server.platforms.notices import Disbelieved, Notice, NoticeReads, NoticeRules, Seal, Wax
from server.platforms.secret import Secret
from server.shipped import shipped_platforms
from tests.server.platforms.fake import FakePlatform

NOW = datetime(2026, 7, 10, 12, tzinfo=UTC)
READS = NoticeReads(compiled("about.reference"), compiled("about.id"), compiled("about.e_cert_id"))
SEAL = Seal("x-seal", "x-time", ())
BODY = b'{"about": {"reference": "og-1", "id": 7, "e_cert_id": "SBX-1"}}'
LIST = b'{"about": {"reference": ["og-1"]}}'
KEY = "a key"
STATED = """notices:
  hmac: {header: x-seal, timestamp_header: x-time}
  reads: {reference: about.reference, platform_id: about.id, e_cert_id: about.e_cert_id}
"""


def stated(notices: str = STATED) -> NoticeRules | tuple[str, ...]:
    """What a manifest with this part says of notices; where it cannot be used, the codes of its problems."""
    text = (shipped_platforms() / "sandbox.yaml").read_text("utf-8")
    text = text.replace("  void: true\n", "  void: true\n  delivery: WEBHOOK\n")
    reading = read_manifest("sandbox.yaml", f"{text}\n{notices}")
    if reading.manifest is None:
        return tuple(problem.code for problem in reading.problems)
    rules = getattr(reading.manifest, "notices", None)
    assert isinstance(rules, NoticeRules)
    return rules


def sealed(body: bytes = BODY, at: datetime = NOW, key: str = KEY) -> dict[str, str]:
    """The headers of a notice."""
    stamp = str(int(at.timestamp()))
    seal = hmac.new(key.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"x-time": stamp, "x-seal": seal}


async def read(headers: dict[str, str], body: bytes = BODY, rules: NoticeRules | None = None) -> object:
    """What is read under the rules that a manifest states."""
    found = rules or stated()
    assert isinstance(found, NoticeRules)
    return await Wax(found, Secret(KEY)).read(FakePlatform(), headers, body, NOW)


async def test_sealed() -> None:
    """A notice that is sealed with the account's key says what it is about."""
    notice = await read(sealed())
    assert isinstance(notice, Notice)
    assert ("og-1", "7", "SBX-1") == (notice.reference, notice.platform_id, notice.e_cert_id)
    assert notice == await read(sealed())


@pytest.mark.parametrize(
    ("headers", "body", "because"),
    [
        ({}, BODY, "its signature does not hold"),
        (sealed(key="another"), BODY, "its signature does not hold"),
        (sealed(), BODY + b" ", "its signature does not hold"),
        (sealed() | {"x-time": "1"}, BODY, "its signature does not hold"),
        (sealed(at=NOW - timedelta(minutes=6)), BODY, "it is older, or further ahead of our clock, than it may be"),
        (sealed(at=NOW + timedelta(minutes=6)), BODY, "it is older, or further ahead of our clock, than it may be"),
        (sealed(b"[]"), b"[]", "it is no JSON object"),
        (sealed(b"{}"), b"{}", "it does not say what it is about"),
        (sealed(LIST), LIST, "it does not say what it is about"),
    ],
)  # fmt: skip
async def test_not_believed(headers: dict[str, str], body: bytes, because: str) -> None:
    """What is not sealed, not fresh, or about nothing is no notice."""
    assert Disbelieved(because) == await read(headers, body)


async def test_within_its_age() -> None:
    """A notice may be as old as the manifest says."""
    assert isinstance(await read(sealed(at=NOW - timedelta(minutes=5))), Notice)


async def test_several_signatures() -> None:
    """Of several signatures one has to hold: keys are changed by signing with both."""
    headers = sealed() | {"x-seal": f"{sealed(key='old')['x-seal']} {sealed()['x-seal']}"}
    assert isinstance(await read(headers), Notice)


async def test_standard_webhooks() -> None:
    """A platform that signs by the convention of Standard Webhooks is described by a manifest."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    rules = stated(
        """notices:
  hmac:
    header: webhook-signature
    timestamp_header: webhook-timestamp
    id_header: webhook-id
    signs: [ID, TIMESTAMP, BODY]
    prefix: "v1,"
    encoding: BASE64
    key: BASE64
  reads: {reference: about.reference}
"""
    )
    assert isinstance(rules, NoticeRules)
    signature = Webhook(secret).sign("msg_1", NOW, BODY.decode())
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(NOW.timestamp())),
        "webhook-signature": signature,
    }
    notice = await Wax(rules, Secret(secret)).read(FakePlatform(), headers, BODY, NOW)
    assert isinstance(notice, Notice)
    assert "og-1" == notice.reference
    assert isinstance(
        await Wax(rules, Secret("no base64!")).read(FakePlatform(), headers, BODY, NOW), Disbelieved
    )


class Signs(FakePlatform):
    """Signs notices too."""

    def notice(self, at: datetime = NOW, key: ECKey | None = None, **claims: object) -> bytes:
        """A notice as a JWS."""
        said = {"iat": int(at.timestamp()), "about": {"reference": "og-1"}} | claims
        return jws.serialize_compact(
            {"alg": "ES256", "kid": "fake-1"}, json.dumps(said), key or self._key
        ).encode()

    async def keys(self, wanted: str | None = None) -> PublicKeys:
        return await super().keys(wanted)


async def test_signed() -> None:
    """A notice may be a JWS by the platform's keys, as fresh as a sealed one."""
    rules = stated("notices:\n  jws: {}\n  reads: {reference: about.reference}\n")
    assert isinstance(rules, NoticeRules)
    platform, wax = Signs(), Wax(rules)
    notice = await wax.read(platform, {}, platform.notice(), NOW)
    assert isinstance(notice, Notice)
    assert "og-1" == notice.reference
    for body in (
        b"",
        b"no.jws.here",
        platform.notice(at=NOW - timedelta(hours=1)),
        platform.notice(key=ECKey.generate_key("P-256")),
        platform.notice(iat="now"),
        platform.notice(about={}),
    ):
        assert isinstance(await wax.read(platform, {}, body, NOW), Disbelieved)


@pytest.mark.parametrize(
    ("notices", "codes"),
    [
        ("notices:\n  reads: {reference: about.reference}\n", ("notices-unsigned",)),
        (STATED.replace("hmac:", "jws: {}\n  hmac:"), ("notices-unsigned",)),
        (
            STATED.replace("x-time}", "x-time, signs: [BODY]}"),
            ("seal-too-small",),
        ),
        (STATED.replace("x-time}", "x-time, id_header: x-id}"), ("seal-without-id",)),
        (STATED.partition("  reads")[0] + "  reads: {}\n", ("notices-about-nothing",)),
    ],
)
def test_contradictions(notices: str, codes: tuple[str, ...]) -> None:
    """A manifest whose notices could be anybody's, or are about nothing, is refused."""
    assert codes == stated(notices)


def test_polled() -> None:
    """Notices are described where the platform calls only."""
    text = (shipped_platforms() / "sandbox.yaml").read_text("utf-8")
    [problem] = read_manifest("sandbox.yaml", f"{text}\n{STATED}").problems
    assert "notices-unused" == problem.code


def test_needs_a_key() -> None:
    """An account at a platform that seals its notices has to have the key."""
    text = (shipped_platforms() / "sandbox.yaml").read_text("utf-8")
    text = text.replace("  void: true\n", "  void: true\n  delivery: WEBHOOK\n")
    manifest = read_manifest("sandbox.yaml", f"{text}\n{STATED}").manifest
    assert manifest is not None
    assert ("notice_key",) == manifest.secrets
    assert () == replace(manifest, notices=None).secrets  # type: ignore[arg-type]
