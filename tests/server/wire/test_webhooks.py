"""What a webhook tells: the event in the contract's JSON, under an id of its own that stays the same."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from google.protobuf import json_format
from origingate.v1 import case_event_pb2, case_pb2

from server.store.events import EventRecord
from server.wire.webhooks import message_of

AT = datetime(2026, 7, 1, 12, 0, 0, 123456, tzinfo=UTC)
EVENT = {
    "event": "ADOPT", "from": "VERIFYING", "to": "CERTIFIED", "version": 4, "declaration_version": 1,
    "actor": "server", "reason": "Der Nachweis gilt für diese Bestellung.",
}  # fmt: skip
KEPT = json.dumps(EVENT | {"reason": "sealed"})
RECORD = EventRecord(7, f"cases/{1:032x}", "shop", "order-1", AT, json.dumps(EVENT), KEPT)


def test_body() -> None:
    """`data` is the event, read strictly by the contract; `id`, `type` and `timestamp` stand beside it."""
    message = message_of("acme", RECORD)
    body = json.loads(message.body)
    assert ["id", "type", "timestamp", "data"] == list(body)
    assert (message.id, "case.adopt", "2026-07-01T12:00:00.123456Z") == (
        body["id"], body["type"], body["timestamp"],
    )  # fmt: skip
    event = json_format.ParseDict(body["data"], case_event_pb2.CaseEvent())
    assert (case_event_pb2.CASE_EVENT_KIND_ADOPT, case_pb2.CASE_STATE_CERTIFIED, 4, EVENT["reason"]) == (
        event.kind, event.to_state, event.version, event.reason,
    )  # fmt: skip


def test_same_again() -> None:
    """The same event makes the same text, in whatever zone its moment is read."""
    elsewhere = RECORD.at.astimezone(timezone(timedelta(hours=-5)))
    assert message_of("acme", RECORD) == message_of("acme", replace(RECORD, at=elsewhere))


def test_own_id() -> None:
    """Another tenant, position or content is another id: after a backup was restored, positions are given out again."""
    others = [
        replace(RECORD, position=8),
        replace(RECORD, case_name=f"cases/{2:032x}"),
        replace(RECORD, at=AT + timedelta(microseconds=1)),
        replace(RECORD, kept=json.dumps(EVENT | {"version": 5})),
    ]
    ids = {message_of("acme", record).id for record in [RECORD, *others]} | {message_of("other", RECORD).id}
    assert 6 == len(ids)
    assert all(
        len(each) == 44 and each.startswith("evt_") and each.isascii() and "." not in each for each in ids
    )


def test_erased() -> None:
    """An event whose words were erased since it was told is told again under its id."""
    erased = replace(RECORD, event=json.dumps(EVENT | {"reason": ""}))
    assert message_of("acme", RECORD).id == message_of("acme", erased).id


def test_newer_word() -> None:
    """A kind that a newer version recorded is told by its name, and as not given in the event."""
    body = json.loads(message_of("acme", replace(RECORD, event=json.dumps(EVENT | {"event": "AUDIT"}))).body)
    assert ("case.audit", False) == (body["type"], "kind" in body["data"])
