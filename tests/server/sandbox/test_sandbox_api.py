"""The sandbox's HTTP interface, as one would call it by hand."""

import asyncio
from datetime import timedelta
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.declaration import digest
from server.sandbox.faults import read_fault
from server.sandbox.ids import is_well_formed

CONTENT = {"schema": "x", "order": {"lines": {"1": {"quantity": "8"}}}}
BODY = {"reference": "og-1", "digest": digest(CONTENT), "content": CONTENT}


async def test_certificate(call):
    """A certificate names our reference and digest, and says that it is a sandbox's."""
    status, body = await call("POST", "/v1/certificates", BODY)
    certificate = body["certificate"]
    named = (
        certificate["reference"],
        certificate["declaration_digest"],
        certificate["sandbox"],
        certificate["status"],
    )
    assert (201, ("og-1", BODY["digest"], True, "active")) == (status, named)


async def test_e_cert_id(call):
    """Its id is marked as a sandbox's, and its check letters fit."""
    _, body = await call("POST", "/v1/certificates", BODY)
    e_cert_id = body["certificate"]["e_cert_id"]
    assert (True, True) == (e_cert_id.startswith("SBX-"), is_well_formed(e_cert_id))


async def test_expired(call, clock):
    """A certificate expires at the end of its life."""
    _, body = await call("POST", "/v1/certificates", BODY)
    clock.now += timedelta(days=1)
    expected = (200, {"status": "expired", "sandbox": True})
    assert expected == await call("GET", f"/v1/certificates/{body['certificate']['e_cert_id']}/status")


async def test_public_keys_only(call):
    """Its key set holds no private half."""
    _, body = await call("GET", "/.well-known/jwks.json")
    assert ["alg", "crv", "kid", "kty", "use", "x", "y"] == sorted(body["keys"][0])


@pytest.mark.parametrize(
    ("change", "because"),
    [
        ({"reference": None}, "reference: 1 to 200 visible ASCII characters are expected"),
        ({"reference": "a b"}, "reference: 1 to 200 visible ASCII characters are expected"),
        ({"reference": "x" * 201}, "reference: 1 to 200 visible ASCII characters are expected"),
        ({"digest": "sha256:ab"}, "digest: `sha256:` and 64 hex digits are expected"),
        ({"content": "x"}, "content: an object is expected"),
    ],
)
async def test_malformed(call, change, because):
    """What is malformed is refused with what was expected."""
    expected = (400, {"error": "malformed", "because": because})
    assert expected == await call("POST", "/v1/certificates", BODY | change)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"[" * 100_000, b'{"reference": NaN}'])
async def test_no_json(call, body):
    """What is no JSON object is malformed too."""
    status, answer = await call("POST", "/v1/certificates", body)
    assert (400, "malformed") == (status, answer["error"])


@pytest.mark.parametrize("value", ["\ud800", {"\ud800": 1}, 2**60])
async def test_content_without_digest(call, value):
    """Content that has no digest is rejected, for its digest cannot fit."""
    status, answer = await call("POST", "/v1/certificates", BODY | {"content": {"x": value}})
    assert (422, "DIGEST_MISMATCH") == (status, answer["codes"][0]["code"])


async def test_too_large(call):
    """A request of more than 16 MiB is refused."""
    status, _ = await call("POST", "/v1/certificates", BytesIO(bytes(16 * 1024 * 1024 + 1)))
    assert status == 413


@pytest.mark.parametrize(
    "path", ["/nowhere", "/v1/certificates", "/v1/references/", "/v1/certificates//status"]
)
async def test_no_such_address(call, path):
    """An address that it does not have is no "not found" of a certificate."""
    status, body = await call("GET", path)
    assert (True, True) == (status in (404, 405), "not_found" not in str(body))


async def test_fault_happens_once(call):
    """A fault happens as often as was said, and then no more."""
    await call("POST", "/faults", {"fault": "down", "operation": "health", "times": 2})
    assert [503, 503, 200] == [(await call("GET", "/v1/health"))[0] for _ in range(3)]


async def test_fault_of_one_operation(call):
    """A fault of one operation leaves the others alone; one of any befalls all."""
    await call("POST", "/faults", {"fault": "down", "operation": "keys"})
    statuses = [
        (await call("GET", path))[0] for path in ("/v1/health", "/.well-known/jwks.json", "/v1/health")
    ]
    await call("POST", "/faults", {"fault": "down", "operation": "any"})
    assert ([200, 503, 200], 503) == (statuses, (await call("GET", "/v1/health"))[0])


async def test_fault_until_cleared(call):
    """A fault without a number of times lasts until it is cleared."""
    await call("POST", "/faults", {"fault": "down", "operation": "any", "times": None})
    before = [(await call("GET", "/v1/health"))[0] for _ in range(3)]
    await call("DELETE", "/faults")
    assert ([503, 503, 503], 200) == (before, (await call("GET", "/v1/health"))[0])


async def test_faults_are_listed(call):
    """What is set can be read, with how often it will still happen."""
    await call("POST", "/faults", {"fault": "down", "times": 3})
    await call("POST", "/v1/certificates", BODY)
    _, body = await call("GET", "/faults")
    assert [("down", "submit", 2)] == [(f["fault"], f["operation"], f["times"]) for f in body["faults"]]


async def test_two_faults_at_once(call):
    """A request may meet several faults: slow, and then an error."""
    await call("POST", "/faults", {"fault": "latency", "operation": "health", "seconds": 0.1})
    await call("POST", "/faults", {"fault": "error_after_commit", "operation": "health"})
    started = asyncio.get_running_loop().time()
    status, _ = await call("GET", "/v1/health")
    assert (500, True) == (status, asyncio.get_running_loop().time() - started >= 0.1)


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (b"{}", "fault: Field required"),
        (b'{"fault": "down", "times": 0}', "times: Input should be greater than or equal to 1"),
        (b'{"fault": "down", "often": 1}', "often: Extra inputs are not permitted"),
        (b'{"fault": "reject", "codes": [{}]}', "codes.0.code: Field required"),
    ],
)
def test_faulty_faults(fault, text):
    """A fault that cannot be read is refused with its place."""
    assert text == read_fault(fault)


@settings(deadline=None)
@given(st.binary(max_size=40))
def test_any_fault(body):
    """Whatever comes as a fault, there is an answer."""
    assert read_fault(body)


async def test_revoke_what_is_not_there(call):
    """What was never issued cannot be revoked."""
    expected = (404, {"error": "not_found"})
    assert [expected] * 2 == [
        await call("POST", "/revoke", body) for body in ({"e_cert_id": "SBX-1"}, {"e_cert_id": 7})
    ]
