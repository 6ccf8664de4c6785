"""The life of a certificate at the sandbox: replaced, voided, expired, reviewed, issued late."""

from datetime import timedelta

import pytest

from server.sandbox import SandboxSettings
from tests.server.sandbox.conftest import DAY, calling, issued, status_of, submission


async def test_replace(call):
    """A replacement takes the place of the certificate in one step, and each names the other."""
    old = await issued(call, "og-1")
    status, body = await call("POST", f"/v1/certificates/{old}/replace", submission("og-2", "y"))
    new = body["certificate"]
    _, told = await call("GET", f"/v1/certificates/{old}/status")
    assert (201, old, "active") == (status, new["replaces"], new["status"])
    assert ("replaced", new["e_cert_id"]) == (told["status"], told["replaced_by"])


async def test_replace_twice(call):
    """The same replacement again is answered as the first time."""
    old = await issued(call, "og-1")
    answers = [
        await call("POST", f"/v1/certificates/{old}/replace", submission("og-2", "y")) for _ in range(2)
    ]
    assert [(201, answers[0][1]), (200, answers[0][1])] == answers


async def test_renew(call):
    """A certificate may be replaced by one for the same content."""
    old = await issued(call, "og-1")
    _, body = await call("POST", f"/v1/certificates/{old}/replace", submission("og-2"))
    _, again = await call("POST", "/v1/certificates", submission("og-3"))
    assert ("issued", "duplicate") == (body["state"], again["error"])
    assert body["certificate"]["e_cert_id"] == again["certificate"]["e_cert_id"]


@pytest.mark.parametrize("end", ["void", "replace"])
async def test_replace_what_is_over(call, end):
    """What is out of force cannot be replaced; nothing is kept of the attempt."""
    old = await issued(call, "og-1")
    await call("POST", f"/v1/certificates/{old}/{end}", submission("og-2", "y"))
    status, body = await call("POST", f"/v1/certificates/{old}/replace", submission("og-3", "z"))
    found, _ = await call("GET", "/v1/references/og-3")
    assert (422, "NOT_ACTIVE", 404) == (status, body["codes"][0]["code"], found)


async def test_replace_by_what_is_there(call):
    """A replacement for content that another certificate is in force for is a duplicate, and ends nothing."""
    old, other = await issued(call, "og-1"), await issued(call, "og-2", "y")
    status, body = await call("POST", f"/v1/certificates/{old}/replace", submission("og-3", "y"))
    assert (409, other) == (status, body["certificate"]["e_cert_id"])
    assert ["active", "active"] == [await status_of(call, old), await status_of(call, other)]


async def test_replace_nothing(call):
    """What was never issued cannot be replaced."""
    expected = (404, {"error": "not_found"})
    assert expected == await call("POST", "/v1/certificates/SBX-1/replace", submission("og-1"))


async def test_reference_of_another_kind(call):
    """A reference that was submitted is none for a replacement."""
    old = await issued(call, "og-1")
    status, body = await call("POST", f"/v1/certificates/{old}/replace", submission("og-1"))
    assert (409, "reference_reused") == (status, body["error"])


async def test_rejected_replacement(call):
    """A replacement that is rejected leaves the certificate in force."""
    old = await issued(call, "og-1")
    await call("POST", "/faults", {"fault": "reject", "operation": "replace"})
    status, _ = await call("POST", f"/v1/certificates/{old}/replace", submission("og-2", "y"))
    assert (422, "active") == (status, await status_of(call, old))


async def test_pending_replacement(call):
    """Until a pending replacement is issued the certificate is in force, and then no longer."""
    old = await issued(call, "og-1")
    await call("POST", "/faults", {"fault": "pending", "operation": "replace", "polls": 0})
    await call("POST", f"/v1/certificates/{old}/replace", submission("og-2", "y"))
    before = await status_of(call, old)
    await call("GET", "/v1/references/og-2")
    assert ("active", "replaced") == (before, await status_of(call, old))


async def test_pending_replacement_of_what_was_voided(call):
    """A pending replacement is rejected if its certificate has ended meanwhile."""
    old = await issued(call, "og-1")
    await call("POST", "/faults", {"fault": "pending", "operation": "replace", "polls": 0})
    await call("POST", f"/v1/certificates/{old}/replace", submission("og-2", "y"))
    await call("POST", f"/v1/certificates/{old}/void", {})
    status, body = await call("GET", "/v1/references/og-2")
    assert (422, "NOT_ACTIVE") == (status, body["codes"][0]["code"])


async def test_pending_duplicate(call):
    """What is pending while the same content is certified under another reference ends as its duplicate."""
    await call("POST", "/faults", {"fault": "pending", "polls": 0})
    await call("POST", "/v1/certificates", submission("og-1"))
    there = await issued(call, "og-2")
    answers = [await call("GET", "/v1/references/og-1") for _ in range(2)]
    assert [409, 409] == [status for status, _ in answers]
    assert [there, there] == [body["certificate"]["e_cert_id"] for _, body in answers]


async def test_void_of_the_replaced(call):
    """What was replaced cannot be voided, and the answer names what is in its place."""
    old = await issued(call, "og-1")
    _, body = await call("POST", f"/v1/certificates/{old}/replace", submission("og-2", "y"))
    status, answer = await call("POST", f"/v1/certificates/{old}/void", {"because": "cancelled"})
    said = f"It was replaced by {body['certificate']['e_cert_id']}."
    assert (422, [{"code": "REPLACED", "line_id": "", "text": said}]) == (status, answer["codes"])


async def test_void_of_an_old_one_beside_a_new_one(call, clock):
    """Ending an expired certificate does not hide the one that is in force for the same content."""
    old = await issued(call, "og-1")
    clock.now += DAY
    new = await issued(call, "og-2")
    await call("POST", f"/v1/certificates/{old}/void", {})
    status, body = await call("POST", "/v1/certificates", submission("og-3"))
    assert (409, new) == (status, body["certificate"]["e_cert_id"])


async def test_void_window(clock):
    """After the void window a void is refused with a code, and the certificate stays in force."""
    async with calling(SandboxSettings(clock=clock, void_window=timedelta(hours=1))) as call:
        first, second = await issued(call, "og-1"), await issued(call, "og-2", "y")
        clock.now += timedelta(hours=1)
        in_time = await call("POST", f"/v1/certificates/{first}/void", {})
        clock.now += timedelta(seconds=1)
        again = await call("POST", f"/v1/certificates/{first}/void", {})
        status, body = await call("POST", f"/v1/certificates/{second}/void", {})
        assert (200, {"status": "revoked"}) == in_time == again
        assert (422, "VOID_WINDOW_OVER") == (status, body["codes"][0]["code"])
        assert "active" == await status_of(call, second)


async def test_forward(call):
    """The sandbox's clock is moved forward, and certificates expire by it."""
    old = await issued(call, "og-1")
    first = await call("POST", "/clock", {"forward_seconds": 86399})
    before = await status_of(call, old)
    await call("POST", "/clock", {"forward_seconds": 0.5})
    second = await call("POST", "/clock", {"forward_seconds": 0.5})
    assert (200, {"now": "2026-07-01T23:59:59Z", "forward_seconds": 86399.0}) == first
    assert (200, {"now": "2026-07-02T00:00:00Z", "forward_seconds": 86400.0}) == second
    assert second == await call("GET", "/clock")
    assert ("active", "expired") == (before, await status_of(call, old))


@pytest.mark.parametrize("seconds", [0, -1, None, "1", True, 1e300, 3_155_760_001])
async def test_clock_that_cannot_be_moved(call, seconds):
    """The clock is never moved back, nor out of the calendar."""
    status, body = await call("POST", "/clock", {"forward_seconds": seconds})
    assert (400, "malformed") == (status, body["error"])
    assert 0.0 == (await call("GET", "/clock"))[1]["forward_seconds"]


async def test_same_content_after_expiry(call, clock):
    """Content whose certificate has expired is certified anew."""
    old = await issued(call, "og-1")
    clock.now += DAY
    assert old != await issued(call, "og-2")


async def test_review_ends_with_a_certificate(call):
    """A person decides on a submission in review: it is issued."""
    await call("POST", "/faults", {"fault": "review"})
    await call("POST", "/v1/certificates", submission("og-1"))
    decided = await call("POST", "/review", {"reference": "og-1"})
    _, found = await call("GET", "/v1/references/og-1")
    assert ((200, {"state": "issued"}), "issued") == (decided, found["state"])


async def test_review_ends_with_a_rejection(call):
    """A person decides on a submission in review: it is rejected, for the lines that were named."""
    await call("POST", "/faults", {"fault": "review"})
    await call("POST", "/v1/certificates", submission("og-1"))
    code = {"code": "HS_UNKNOWN", "line_id": "2", "text": "No such heading."}
    await call("POST", "/review", {"reference": "og-1", "codes": [code]})
    assert (422, {"error": "rejected", "codes": [code]}) == await call("GET", "/v1/references/og-1")


async def test_review_of_what_is_not_in_review(call):
    """Only what is in review can be decided on by a person."""
    await issued(call, "og-1")
    answers = [
        await call("POST", "/review", body)
        for body in ({"reference": "og-1"}, {"reference": "og-2"}, {"ref": "og-1"})
    ]
    assert [
        (409, {"error": "not_in_review", "because": "the submission is issued"}),
        (404, {"error": "not_found"}),
        (
            400,
            {
                "error": "malformed",
                "because": "reference: Field required; ref: Extra inputs are not permitted",
            },
        ),
    ] == answers


async def test_ledger_and_arrivals(call):
    """A test can read what was issued and how many requests came."""
    e_cert_id = await issued(call, "og-1")
    await call("POST", "/faults", {"fault": "reject"})
    await call("POST", "/v1/certificates", submission("og-2", "y"))
    await call("GET", "/v1/references/og-2")
    _, ledger = await call("GET", "/ledger")
    _, arrived = await call("GET", "/arrived")
    entries = [(entry["reference"], entry["state"], entry.get("status")) for entry in ledger["entries"]]
    assert [("og-1", "issued", "active"), ("og-2", "rejected", None)] == entries
    assert (e_cert_id, {"submit": 2, "lookup": 1}) == (ledger["entries"][0]["e_cert_id"], arrived)
