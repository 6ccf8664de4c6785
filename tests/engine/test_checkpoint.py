"""Signed heads as text: read back as they were written, and nothing else is read."""

from base64 import b64decode
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.checkpoint import (
    Checkpoint,
    CheckpointUnreadable,
    Head,
    Signature,
    key_id,
    read_checkpoint,
    verifier_key,
)

NAME = "origingate/3f0c9b7a5d214e86"
HEAD = Head(NAME, 1207, b"\x98" * 32, datetime(2026, 7, 1, 12, 0, 0, 123456, tzinfo=UTC))
NOTE = Checkpoint(HEAD, (Signature(NAME, b"\x01\x02\x03\x04", b"s" * 64),))


def test_text() -> None:
    """A head is origin, size, root and time, each on its line; after a gap stand the signatures."""
    assert [
        NAME,
        "1207",
        "mJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJg=",
        "time 2026-07-01T12:00:00.123456Z",
        "",
    ] == NOTE.text.splitlines()[:5]
    assert NOTE.text.splitlines()[5].startswith(f"— {NAME} AQIDBHNz")


def test_key_of_the_specification() -> None:
    """Ids of keys are those of c2sp.org/signed-note: four octets of SHA-256 over name, newline, type and key."""
    # The example key of golang.org/x/mod/sumdb/note, whose id stands in its documentation.
    key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    public = b64decode(key.split("+", 2)[2])[1:]
    assert "c74f20a3" == key_id("PeterNeumann", public).hex()
    assert key == verifier_key("PeterNeumann", public)


@settings(deadline=None)
@given(
    st.integers(0, 2**62),
    st.binary(min_size=32, max_size=32),
    st.lists(st.binary(min_size=64, max_size=64), max_size=3),
)
def test_round_trip(size: int, root: bytes, signatures: list[bytes]) -> None:
    """What was written is read back."""
    head = Head(NAME, size, root, HEAD.at)
    note = Checkpoint(head, tuple(Signature(NAME, b"abcd", each) for each in signatures))
    if signatures:
        assert note == read_checkpoint(note.text)


@settings(deadline=None)
@given(st.integers(0, len(NOTE.text) - 1), st.characters(codec="ascii"))
def test_another_character(at: int, character: str) -> None:
    """With another character anywhere it is another note, or none: no two texts are the same note."""
    changed = NOTE.text[:at] + character + NOTE.text[at + 1 :]
    try:
        read = read_checkpoint(changed)
    except CheckpointUnreadable:
        return
    assert (changed == NOTE.text) == (read == NOTE)


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("", "no signed note"),
        ("a\n1\nb\n\n— a b\n", "no signed note"),
        (NOTE.text.replace("1207", "-1"), "no size"),
        (NOTE.text.replace("1207", "01207"), "no size"),
        (NOTE.text.replace("time ", "tide "), "its root or its time"),
        (NOTE.text.replace("123456Z", "1234560Z"), "its root or its time"),
        (NOTE.text.replace("—", "-"), "is no signature"),
        (NOTE.text * 200, "longer than"),
    ],
)
def test_unreadable(text: str, because: str) -> None:
    """What is no signed head is told to be that."""
    with pytest.raises(CheckpointUnreadable, match=because):
        read_checkpoint(text)
