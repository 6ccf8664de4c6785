"""What answers mean."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from engine.certificate import CertificateStatus
from engine.platform import (
    Duplicate,
    Issued,
    Misconfigured,
    NotFound,
    NotSent,
    Pending,
    Rejected,
    Rejection,
    Retryable,
    Review,
    Told,
    Unknown,
    Voided,
)
from server.platforms import sandbox_manifest
from server.platforms.classify import classify, read_object
from server.platforms.manifest import OperationName
from server.platforms.transport import Lost, Reply

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
MANIFEST = sandbox_manifest("http://127.0.0.1:1", sandbox_allowed=True)
CERTIFICATE = {"e_cert_id": " SBX-1 ", "proof": "a.b.c", "reference": "og-2"}


def meaning(operation, status, body=b"", **headers):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    reply = Reply(status, {name.replace("_", "-"): value for name, value in headers.items()}, content)
    return classify(reply, MANIFEST, OperationName(operation), NOW)


@pytest.mark.parametrize("operation", ["submit", "lookup"])
@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (201, {"state": "issued", "certificate": CERTIFICATE}, Issued("SBX-1", "a.b.c")),
        (200, {"state": "issued", "certificate": CERTIFICATE}, Issued("SBX-1", "a.b.c")),
        (202, {"state": "pending", "poll_after_seconds": 2.5}, Pending(timedelta(seconds=2.5))),
        (202, {"state": "pending"}, Pending(timedelta(seconds=1))),
        (202, {"state": "pending", "poll_after_seconds": -3}, Pending(timedelta(0))),
        (202, {"state": "pending", "poll_after_seconds": 10**400}, Pending(timedelta(days=1))),
        (202, {"state": "review"}, Review("the platform answered with HTTP status 202")),
        (
            422,
            {
                "error": "rejected",
                "codes": [{"code": "HS", "line_id": "2", "text": "too short"}, {"code": "X"}],
            },
            Rejected((Rejection("HS", "2", "too short"), Rejection("X", "", ""))),
        ),
        (409, {"error": "duplicate", "certificate": CERTIFICATE}, Duplicate("SBX-1", "a.b.c", "og-2")),
        (
            409,
            {"error": "duplicate", "certificate": {"e_cert_id": "SBX-1", "proof": "a.b.c"}},
            Duplicate("SBX-1", "a.b.c", None),
        ),
        (409, {"error": "reference_reused"}, Misconfigured("the platform answered with HTTP status 409")),
        (401, {"because": "who?"}, Misconfigured("the platform answered with HTTP status 401: who?")),
        (302, b"", Misconfigured("the platform answered with HTTP status 302")),
        (400, b"<html>", Misconfigured("the platform answered with HTTP status 400")),
        (404, b"<html>", Misconfigured("the platform answered with HTTP status 404")),
        (429, b"slow down", Retryable("the platform answered with HTTP status 429", None)),
    ],
)
def test_clear_answers(operation, status, body, expected):
    """A clear answer is what it says, to a submission and to its look-up alike."""
    assert expected == meaning(operation, status, body)


@pytest.mark.parametrize(
    ("header", "expected"),
    [("7", timedelta(seconds=7)), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("-1", None), ("²", None)],
)
def test_retry_after(header, expected):
    """Retry-After counts where it is a number of seconds."""
    assert expected == meaning("submit", 429, retry_after=header).after


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"<html>It works!</html>"),
        (200, b""),
        (200, b"\xff\xfe"),
        (200, b"[" * 100_000),
        (200, b'{"state": "issued", "certificate": NaN}'),
        (200, {}),
        (200, {"state": "issued"}),
        (200, {"state": "issued", "certificate": {"e_cert_id": "SBX-1"}}),
        (200, {"state": "issued", "certificate": {"e_cert_id": "\u200b", "proof": "a.b.c"}}),
        (200, {"state": "issued", "certificate": {"e_cert_id": "x" * 201, "proof": "a.b.c"}}),
        (200, {"state": "issued", "certificate": {"e_cert_id": "SBX-1", "proof": "x" * 20_001}}),
        (200, {"state": "issued", "certificate": {"e_cert_id": 1, "proof": "a.b.c"}}),
        (200, {"state": "issued", "certificate": "SBX-1"}),
        (200, {"state": "pending"}),
        (204, b""),
        (202, {}),
        (409, {"error": "duplicate"}),
        (422, {"error": "rejected"}),
        (422, {"error": "rejected", "codes": []}),
        (422, {"error": "rejected", "codes": [{"code": ""}]}),
        (422, {"error": "rejected", "codes": ["HS"]}),
        (422, b"<html>"),
        (408, b""),
        (500, b""),
        (502, {"error": "rejected", "codes": [{"code": "HS"}]}),
        (503, {"state": "issued", "certificate": CERTIFICATE}),
        (599, b""),
    ],
)
def test_unclear_answers(status, body):
    """After an answer that cannot be read as a clear one, it is unknown what was done."""
    assert isinstance(meaning("submit", status, body), Unknown)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"error": "not_found"}, NotFound()),
        ({"error": "no_route"}, Misconfigured("the platform answered with HTTP status 404")),
        (b"<html>Not Found</html>", Misconfigured("the platform answered with HTTP status 404")),
    ],
)
def test_not_found_has_to_be_said(body, expected):
    """A bare 404 may come from anything on the way; only the platform's own word counts."""
    assert expected == meaning("lookup", 404, body)


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, {"status": "active"}, Told(CertificateStatus.ACTIVE, NOW)),
        (200, {"status": "revoked"}, Told(CertificateStatus.REVOKED, NOW)),
        (200, {"status": "expired"}, Told(CertificateStatus.EXPIRED, NOW)),
        (200, {"status": "replaced"}, Told(CertificateStatus.REPLACED, NOW)),
        (404, {"error": "not_found"}, NotFound()),
    ],
)
def test_status(status, body, expected):
    """A status is what the platform says it is."""
    assert expected == meaning("status", status, body)


@pytest.mark.parametrize("body", [{"status": "ACTIVE!"}, {"status": True}, {}, b"active"])
def test_status_not_told(body):
    """A status that is none of the four is not known."""
    assert isinstance(meaning("status", 200, body), Unknown)


def test_voided():
    """Only a revoked certificate is voided."""
    assert (Voided(), Unknown) == (
        meaning("void", 200, {"status": "revoked"}),
        type(meaning("void", 200, {"status": "active"})),
    )


@pytest.mark.parametrize(("sent", "expected"), [(True, Unknown("broke")), (False, NotSent("broke"))])
def test_lost(sent, expected):
    """Without an answer, it counts whether anything left."""
    assert expected == classify(Lost(sent, "broke"), MANIFEST, OperationName.SUBMIT, NOW)


@pytest.mark.parametrize("body", [b"", b"[]", b"1", b'"x"', b"{", b'{"a": Infinity}', b"\xff", b"9" * 5000])
def test_no_object(body):
    """What is not a JSON object is nothing."""
    assert read_object(body) is None
