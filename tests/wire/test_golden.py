"""Golden bytes of every message, which the clients in Go and Java read and write too: `contract.golden.jsonl`."""

import json
import os
from base64 import b64decode, b64encode
from pathlib import Path

from google.protobuf import json_format
from google.protobuf.message_factory import GetMessageClass

from tests.wire.filled import filled, message_types

GOLDEN = Path(__file__).with_name("contract.golden.jsonl")


def lines() -> str:
    """Each message with its bytes and its JSON, one a line."""
    told = []
    for kind in message_types():
        for message in filled(kind):
            octets = message.SerializeToString(deterministic=True)
            form = json_format.MessageToDict(message)
            told.append(
                json.dumps({"message": kind.full_name, "octets": b64encode(octets).decode(), "json": form})
            )
    return "".join(f"{line}\n" for line in told)


def test_golden() -> None:
    """Every message is written as before: a field that moved, or took another type, would change its bytes."""
    made = lines()
    if os.environ.get("UPDATE_GOLDENS"):
        GOLDEN.write_text(made, "ascii")
    assert GOLDEN.read_text("ascii").splitlines() == made.splitlines()


def test_read() -> None:
    """The golden bytes and the golden JSON are read as the same message, with nothing that is not known."""
    classes = {kind.full_name: GetMessageClass(kind) for kind in message_types()}
    for line in GOLDEN.read_text("ascii").splitlines():
        golden = json.loads(line)
        octets = b64decode(golden["octets"])
        message = classes[golden["message"]].FromString(octets)
        assert json_format.ParseDict(golden["json"], classes[golden["message"]]()) == message, golden[
            "message"
        ]
        assert octets == message.SerializeToString(deterministic=True), golden["message"]
