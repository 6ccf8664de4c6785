"""What a webhook tells: an event of a case as JSON, under an id by which whoever gets it twice knows it again."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC
from typing import TYPE_CHECKING, NamedTuple

import rfc8785
from google.protobuf import json_format

from server.wire.records import event_to_proto

if TYPE_CHECKING:
    from server.store.events import EventRecord


class Message(NamedTuple):
    """A webhook to be sent: the id, and the body that holds it too."""

    id: str
    body: str


def message_of(tenant: str, record: EventRecord) -> Message:
    """The webhook about an event: the same id each time it is made, and the same text until words of it are erased."""
    event = json.loads(record.event)
    told = event_to_proto(record, event)
    event_id = event_id_of(tenant, record)
    body = {
        "id": event_id,
        "type": f"case.{event['event'].lower()}",
        "timestamp": told.time.ToJsonString(),
        "data": json_format.MessageToDict(told),
    }
    return Message(event_id, json.dumps(body, ensure_ascii=False, separators=(",", ":")))


def event_id_of(tenant: str, record: EventRecord) -> str:
    """The id of an event: for its tenant and its position in the log, and no other even where a backup was restored.

    What is erased later changes nothing of it: whoever got the event before knows it again.
    """
    named: dict[str, str | int | bool | None] = {
        "tenant": tenant,
        "position": record.position,
        "case": record.case_name,
        "at": record.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "event": record.kept,
    }
    return "evt_" + hashlib.sha256(rfc8785.dumps(named)).hexdigest()[:40]
