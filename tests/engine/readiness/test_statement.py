"""Statements: signed, and worth nothing after one changed byte."""

from datetime import UTC, date, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engine.checkpoint import CheckpointUnreadable, read_checkpoint
from engine.readiness import Area, Assessment, Item, ItemState
from engine.readiness.statement import StatementUnreadable, content_of, read_statement, statement_text
from engine.rulebook.standing import Standing
from engine.signed_head import note_signed_by, octets_of
from engine.site import Connection, Integration
from server.log_keys import LogSigner

KEY = Ed25519PrivateKey.from_private_bytes(b"a statement's key, of 32 octets.")
KEYS = {octets_of(KEY.public_key()): KEY.public_key()}
ORIGIN = "origingate/3f0c9b7a5d214e86"
AT = datetime(2026, 11, 27, 3, tzinfo=UTC)
ITEM = Item(
    Area.FIELDS, "declaration.signed", ItemState.LACKING, "Given in 0 of 3 orders, wie überall.", "The fact.",
    "The site's system team", "It adds the field.", "FIELD_NEVER_GIVEN", Standing.REPORTED,
)  # fmt: skip
FOUND = Assessment(
    "aceros-shop", "traffic", 3, date(2026, 11, 27), "sha256:00", "NOT_READY", ("NOT_READY",), (), Standing.REPORTED,
    (ITEM,), AT, AT,
)  # fmt: skip
CONTENT = content_of(
    FOUND,
    Integration("CONNECTED", "sandbox kept every promise"),
    [Connection("sandbox", "sha256:m", "sha256:r", AT)],
)
NOTE = LogSigner(KEY).statement(ORIGIN, CONTENT)


def holds(octets: bytes) -> bool:
    """Whether a statement may be believed."""
    try:
        found = read_statement(octets.decode())
    except (UnicodeDecodeError, StatementUnreadable):
        return False
    return note_signed_by(found.origin, found.text, found.signatures, KEYS) is not None


def test_said() -> None:
    """What was stated is read back, under the log's name."""
    found = read_statement(NOTE)
    assert (ORIGIN, "NOT_READY", "sha256:r") == (
        found.origin, found.said["outcome"], found.said["runs"][0]["run_digest"],
    )  # fmt: skip
    assert [("declaration.signed", "LACKING", "reported")] == [
        (item["about"], item["state"], item["standing"]) for item in found.said["items"]
    ]


def test_every_byte() -> None:
    """A statement with any byte changed in any bit, left out, or doubled, does not hold."""
    octets = NOTE.encode()
    assert holds(octets)
    changed = [
        octets[:at] + bytes([octets[at] ^ 1 << bit]) + octets[at + 1 :]
        for at in range(len(octets))
        for bit in range(8)
    ]
    shorter = [octets[:at] + octets[at + 1 :] for at in range(len(octets))]
    longer = [octets[: at + 1] + octets[at:] for at in range(len(octets))]
    assert [] == [each for each in (*changed, *shorter, *longer) if each != octets and holds(each)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}\n\n",
        "[]\n\n",
        "x" * 2_000_000,
        '{"schema":"origin-gate/readiness-statement/1"}\n\n— a b\n',
        "[" * 9000,
        '{"log":5,"schema":"origin-gate/readiness-statement/1"}\n\n',
    ],
)
def test_no_statement(text: str) -> None:
    """What is no statement is told as such, whatever it is."""
    with pytest.raises(StatementUnreadable):
        read_statement(text)


def test_other_key() -> None:
    """A statement that somebody else signed, or nobody, does not hold."""
    other = LogSigner(Ed25519PrivateKey.generate()).statement(ORIGIN, CONTENT)
    assert (False, False) == (holds(other.encode()), holds((statement_text(ORIGIN, CONTENT) + "\n").encode()))


def test_no_head() -> None:
    """The same key signs the log's heads, and no statement can be taken for one."""
    with pytest.raises(CheckpointUnreadable):
        read_checkpoint(NOTE)
