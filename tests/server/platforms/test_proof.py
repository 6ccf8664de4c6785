"""Whether a proof holds."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey, OctKey, OKPKey

from engine.platform import Expected, ProofReason
from server.platforms import ProofRules, prove, verify_proof
from tests.server.platforms.conftest import submission_of
from tests.server.platforms.fake import FakePlatform

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
DIGEST = f"sha256:{'a' * 64}"
KEY = ECKey.generate_key("P-256", {"kid": "k1"})
OTHER = ECKey.generate_key("P-256", {"kid": "k2"})
KEYS = {"k1": KEY.as_dict(private=False)}
RULES = ProofRules("urn:platform")
EXPECTED = Expected(NOW, e_cert_id="E-1", reference="og-1", digest=DIGEST)
CLAIMS = {
    "iss": "urn:platform",
    "iat": NOW.timestamp(),
    "exp": (NOW + timedelta(days=1)).timestamp(),
    "e_cert_id": "E-1",
    "reference": "og-1",
    "declaration_digest": DIGEST,
}


def signed(key=KEY, header=None, payload=None, **claims):
    content = json.dumps(CLAIMS | claims) if payload is None else payload
    return jws.serialize_compact({"alg": "ES256", "kid": "k1"} | (header or {}), content, key)


def reason(proof, keys=KEYS, expected=EXPECTED, rules=RULES):
    return verify_proof(proof, keys, expected, rules).reason


def with_header(proof, **header):
    """The same token under another header, as one who cannot sign would make it."""
    first, rest = proof.split(".", 1)
    old = json.loads(urlsafe_b64decode(first + "=="))
    return f"{urlsafe_b64encode(json.dumps(old | header).encode()).decode().rstrip('=')}.{rest}"


EDWARDS = OKPKey.generate_key("Ed25519", {"kid": "k3"})


@pytest.mark.parametrize("algorithm", ["Ed25519", "EdDSA"])
@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_ed25519(algorithm):
    """A platform may sign with Ed25519, by its name or the older one, where that is pinned for it."""
    content = json.dumps(CLAIMS)
    proof = jws.serialize_compact({"alg": algorithm, "kid": "k3"}, content, EDWARDS, algorithms=[algorithm])
    keys = {"k3": EDWARDS.as_dict(private=False)}
    pinned = replace(RULES, algorithms=(algorithm,))
    assert ProofReason.GOOD is reason(proof, keys, rules=pinned)
    assert ProofReason.WRONG_ALGORITHM is reason(proof, keys)
    assert ProofReason.BAD_SIGNATURE is reason(proof[:-8] + "AAAAAAAA", keys, rules=pinned)


def test_key_of_another_algorithm():
    """A signature is verified by the algorithm that its key is for, whatever its header says."""
    keys = {"k1": EDWARDS.as_dict(private=False) | {"kid": "k1"}}
    both = replace(RULES, algorithms=("ES256", "Ed25519"))
    assert ProofReason.MALFORMED is reason(signed(), keys, rules=both)


def test_good():
    """A proof that says what is expected holds, and shows its claims and key."""
    verdict = verify_proof(signed(), KEYS, EXPECTED, RULES)
    assert (True, True, "E-1", "k1") == (
        verdict.good,
        verdict.examined,
        verdict.claims.e_cert_id,
        verdict.key_id,
    )


def test_nothing_expected():
    """A proof can be read before it is matched with anything."""
    assert reason(signed(), expected=Expected(NOW)) is ProofReason.GOOD


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"iss": "urn:other"}, ProofReason.WRONG_ISSUER),
        ({"e_cert_id": "E-2"}, ProofReason.WRONG_E_CERT_ID),
        ({"reference": "og-2"}, ProofReason.WRONG_REFERENCE),
        ({"declaration_digest": f"sha256:{'b' * 64}"}, ProofReason.WRONG_DIGEST),
        ({"iat": NOW.timestamp() + 121}, ProofReason.NOT_YET_ISSUED),
        ({"exp": NOW.timestamp() - 121}, ProofReason.EXPIRED),
        ({"sandbox": True}, ProofReason.SANDBOX),
        ({"e_cert_id": None}, ProofReason.CLAIMS_MISSING),
        ({"iat": None}, ProofReason.CLAIMS_MISSING),
    ],
)
def test_wrong_claims(claims, expected):
    """Each way in which signed claims can be wrong has a reason of its own."""
    assert expected is reason(signed(**claims))


@pytest.mark.parametrize(
    "claims", [{"iat": NOW.timestamp() + 119}, {"exp": NOW.timestamp() - 119}, {"exp": None}]
)
def test_clock_skew(claims):
    """Two minutes between the platform's clock and ours are no reason."""
    assert reason(signed(**claims)) is ProofReason.GOOD


def test_sandbox_where_allowed():
    """A sandbox's certificate is good only where the settings allow the sandbox."""
    assert reason(signed(sandbox=True), rules=replace(RULES, sandbox_allowed=True)) is ProofReason.GOOD


def test_expired_keeps_its_claims():
    """An expired proof still says what it certified."""
    verdict = verify_proof(signed(exp=NOW.timestamp() - 1000), KEYS, EXPECTED, RULES)
    assert verdict.claims.digest == DIGEST


def test_no_keys():
    """Without keys nothing was examined: that is not bad, and never good."""
    verdict = verify_proof(signed(), {}, EXPECTED, RULES)
    assert (ProofReason.NO_KEYS, False, False) == (verdict.reason, verdict.examined, verdict.good)


def test_wrong_key():
    """A key that the platform does not publish is told apart from a bad signature."""
    assert reason(signed(OTHER, {"kid": "k2"})) is ProofReason.UNKNOWN_KEY


def test_forged_signature():
    """Another key's signature under the platform's key id does not hold."""
    assert reason(signed(OTHER)) is ProofReason.BAD_SIGNATURE


def test_tampered_payload():
    """A payload that was changed after signing does not hold."""
    header, _, signature = signed().split(".")
    payload = urlsafe_b64encode(json.dumps(CLAIMS | {"e_cert_id": "E-9"}).encode()).decode().rstrip("=")
    assert reason(f"{header}.{payload}.{signature}") is ProofReason.BAD_SIGNATURE


def test_key_inside_the_token():
    """A key that the token brings along is never used."""
    proof = signed(OTHER, {"jwk": OTHER.as_dict(private=False)})
    assert reason(proof) is ProofReason.BAD_SIGNATURE


def test_public_key_as_secret():
    """The public key is never taken for a shared secret."""
    secret = OctKey.import_key(json.dumps(KEYS["k1"]).ljust(64))
    proof = jws.serialize_compact(
        {"alg": "HS256", "kid": "k1"}, json.dumps(CLAIMS), secret, algorithms=["HS256"]
    )
    assert reason(proof) is ProofReason.WRONG_ALGORITHM


@pytest.mark.parametrize("algorithm", ["none", "HS256", "ES384", "RS256", None, 7, ["ES256"]])
def test_wrong_algorithm(algorithm):
    """Only the platform's own algorithm counts, whatever the token says."""
    assert reason(with_header(signed(), alg=algorithm)) is ProofReason.WRONG_ALGORITHM


@pytest.mark.parametrize("key_id", [None, 7, {}])
def test_key_id_of_a_wrong_kind(key_id):
    """A key id that is no text names no key."""
    assert reason(with_header(signed(), kid=key_id)) is ProofReason.UNKNOWN_KEY


@pytest.mark.parametrize(
    "proof",
    [
        "",
        "x",
        "..",
        "a.b.c",
        "é.b.c",
        "e30.e30",
        "W10.e30.e30",
        "x" * 20_001,
        with_header(signed(), crit=["exp"]),
        with_header(signed(), b64=False),
        signed().rsplit(".", 1)[0] + ".",
        signed().rsplit(".", 1)[0] + ".!!!",
        signed(payload="not json"),
        signed(payload="[]"),
        signed(payload=b"\xff"),
        signed(payload="[" * 9000),
    ],
)
def test_malformed(proof):
    """What is no JWS of claims is malformed, or does not hold."""
    assert reason(proof) in (ProofReason.MALFORMED, ProofReason.BAD_SIGNATURE)


GOOD = signed()


@settings(deadline=None)
@given(place=st.integers(0, len(GOOD) - 1), letter=st.characters(min_codepoint=32, max_codepoint=126))
def test_any_changed_letter(place, letter):
    """A proof with any letter changed is not good, unless its bytes stayed the same."""
    changed = GOOD[:place] + letter + GOOD[place + 1 :]
    assert reason(changed) is not ProofReason.GOOD or _bytes(changed) == _bytes(GOOD)


def _bytes(proof):
    return [urlsafe_b64decode(part + "==") for part in proof.split(".")]


@settings(deadline=None)
@given(proof=st.text(max_size=60))
def test_any_text(proof):
    """Whatever a proof is, there is a verdict."""
    assert verify_proof(proof, KEYS, EXPECTED, RULES).because


async def test_prove():
    """A proof is held against the keys that the platform publishes."""
    platform = FakePlatform(NOW)
    submission = submission_of()
    issued = await platform.submit(submission)
    expected = Expected(NOW, issued.e_cert_id, submission.reference, submission.digest)
    assert (await prove(platform, issued.proof, expected)).good
