"""Signed rulebooks as files: nothing but the file as it was written, under the right key, is ever taken."""

import hmac
import json
import os
import tracemalloc
from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey

from engine.rulebook import Rulebook, load
from engine.signed_rulebook import Content, DoesNotHold, Flaw, content_of, to_bytes
from server import signed_rulebooks
from server.key_files import KeyUnusable
from server.rulebooks import RulebookUnreadable
from server.signed_rulebooks import (
    LARGEST_SIGNED,
    TYPE,
    read_signed,
    served,
    sign,
    unpack,
    verified,
    write_signed,
)
from server.signing_keys import key_id

FILES = {
    "rulebook.yaml": "rulebook: tiny\ntitle: T\nzone: UTC\nsources: {act: {title: A, standing: enacted, read: now}}\n",
    "facts.yaml": "facts:\n  order.paid: {type: bool, meaning: Paid.}\n",
    "sub/asked.yaml": """question: asked
asks: Paid?
outcomes: [A, B]
otherwise: {gives: B, because: No., cites: [act]}
rules: [{rule: r, reason: R, when: order.paid, gives: A, because: Yes., cites: [act]}]
""",
}
MOMENT = datetime(2026, 11, 25, tzinfo=UTC)
KEY, OTHER = ECKey.generate_key("P-256"), ECKey.generate_key("P-256")
PUBLIC = ECKey.import_key(KEY.as_dict(private=False))
KEYS = {key_id(PUBLIC): PUBLIC}
HEADER = {"alg": "ES256", "kid": key_id(KEY), "typ": TYPE}


def tiny() -> Content:
    """A rulebook of one rule, as small as one can be."""
    rulebook = load(FILES)
    assert isinstance(rulebook, Rulebook)
    return content_of(rulebook, MOMENT, None)


CONTENT = tiny()
SIGNED = sign(to_bytes(CONTENT), KEY)


def flaw(signed: bytes) -> Flaw | None:
    """What does not hold of the bytes; None where everything does."""
    try:
        verified(signed, KEYS)
    except DoesNotHold as error:
        return error.flaw
    return None


def encoded(text: object) -> bytes:
    """JSON as a part of a JWS."""
    return part(json.dumps(text).encode())


def part(content: bytes) -> bytes:
    """Bytes as a part of a JWS."""
    return urlsafe_b64encode(content).rstrip(b"=")


def by_hand(header: dict[str, Any], key: ECKey = KEY) -> bytes:
    """The content under any header, signed as ES256 says, by no library that would refuse to."""
    signed = encoded(header) + b"." + part(to_bytes(CONTENT))
    r, s = decode_dss_signature(key.private_key.sign(signed, ec.ECDSA(hashes.SHA256())))
    return signed + b"." + part(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def test_holds() -> None:
    """The file as it was written is taken, with what it says and the key that signed it."""
    found = verified(SIGNED, KEYS)
    assert (CONTENT, key_id(KEY), CONTENT.digest) == (found.content, found.key_id, found.rulebook.digest)


def test_several_keys() -> None:
    """Each of several keys may have signed it."""
    assert "tiny" == verified(SIGNED, {key_id(OTHER): OTHER, **KEYS}).rulebook.name


@pytest.mark.parametrize("bit", [1, 2, 4, 16, 32, 128])
def test_every_byte_counts(bit: int) -> None:
    """A file with any byte changed is refused."""
    flipped = (SIGNED[:at] + bytes([SIGNED[at] ^ bit]) + SIGNED[at + 1 :] for at in range(len(SIGNED)))
    assert [] == [at for at, signed in enumerate(flipped) if flaw(signed) is None]


def test_every_length() -> None:
    """A file that ends early, wherever that is, is refused; so is one that goes on."""
    assert [] == [end for end in range(len(SIGNED)) if flaw(SIGNED[:end]) is None]
    assert Flaw.NOT_SIGNED == flaw(SIGNED + b"\n")
    assert Flaw.NOT_SIGNED == flaw(SIGNED + b"!!!!")
    assert [] == [more for more in (b"=", b".", b"A", b" ", b"\0") if flaw(SIGNED + more) is None]


def test_swapped_parts() -> None:
    """Parts of two files that both hold make no third one."""
    second = sign(to_bytes(replace(CONTENT, signed_at=datetime(2027, 1, 1, tzinfo=UTC))), KEY)
    assert flaw(second) is None
    a, b, c = SIGNED.split(b".")
    d, e, f = second.split(b".")
    mixed = [(a, e, c), (a, b, f), (d, e, c), (b, a, c), (a, c, b), (c, b, a), (a, b, b"")]
    assert [] == [parts for parts in mixed if flaw(b".".join(parts)) is None]


@given(st.binary(max_size=200) | st.text("abcdefghijklmnopqrstuvwxyzABCDEF0123._-=").map(str.encode))
def test_anything(signed: bytes) -> None:
    """Whatever bytes come, they are refused in words."""
    assert Flaw.NOT_SIGNED == flaw(signed)


@given(st.integers(0, len(SIGNED) - 1), st.integers(0, len(SIGNED) - 1), st.binary(max_size=3))
def test_cut_and_pasted(start: int, end: int, between: bytes) -> None:
    """Taking a piece out, or putting one in, is noticed."""
    changed = SIGNED[:start] + between + SIGNED[end:]
    assert (changed == SIGNED) == (flaw(changed) is None)


def test_other_key() -> None:
    """A file that another key signed is refused, also where it claims to be signed by ours."""
    assert Flaw.OTHER_KEY == flaw(sign(to_bytes(CONTENT), OTHER))
    assert Flaw.BAD_SIGNATURE == flaw(by_hand(HEADER, OTHER))


@pytest.mark.parametrize(
    "more",
    [
        {"jwk": OTHER.as_dict(private=False)},
        {"jku": "https://example.com/keys"},
        {"x5u": "https://example.com/key"},
        {"b64": False},
        {"more": 1},
        {"typ": "JWT"},
        {"typ": None},
        {"kid": "short"},
        {"kid": "\x1b[31m" + "a" * 38},
    ],
    ids=[
        "key",
        "key's address",
        "certificate's address",
        "b64",
        "unknown",
        "another kind",
        "no kind",
        "id",
        "screen",
    ],
)
def test_header(more: dict[str, Any]) -> None:
    """A header that brings a key along, changes what is signed, or is another kind's is refused, though signed by us."""
    assert flaw(by_hand(HEADER)) is None
    assert Flaw.NOT_SIGNED == flaw(by_hand(HEADER | more))


def test_unsigned() -> None:
    """A file that says it needs no signature is refused, and so is one "signed" with the public key as a password."""
    public = PUBLIC.as_pem(private=False)
    for name in ("none", "HS256"):
        signed = encoded(HEADER | {"alg": name}) + b"." + part(to_bytes(CONTENT))
        signature = hmac.digest(public, signed, "sha256") if name == "HS256" else b""
        assert Flaw.NOT_SIGNED == flaw(signed + b"." + part(signature))


def test_signed_nonsense() -> None:
    """A good signature over what is no rulebook, or over other texts than its digest says, helps nothing."""
    assert Flaw.BAD_CONTENT == flaw(sign(b"nonsense", KEY))
    assert Flaw.OTHER_DIGEST == flaw(sign(to_bytes(replace(CONTENT, digest="sha256:0")), KEY))
    assert Flaw.OTHER_LANGUAGE == flaw(sign(to_bytes(replace(CONTENT, language="2")), KEY))


def test_file(tmp_path: Path) -> None:
    """What is written is read again; nothing else is left beside it, and it can be written again."""
    path = tmp_path / "tiny.rulebook"
    write_signed(path, CONTENT, KEY)
    write_signed(path, CONTENT, KEY)
    assert [path] == list(tmp_path.iterdir())
    assert CONTENT == read_signed(path, KEYS).content


@pytest.mark.parametrize(
    "content",
    [b"", b"rulebook: x\n", b"-----BEGIN PRIVATE KEY-----\n", SIGNED[5:]],
    ids=["empty", "rules", "key", "part"],
)
def test_not_written_over(tmp_path: Path, content: bytes) -> None:
    """A file that is no signed rulebook is never written over."""
    path = tmp_path / "mine"
    path.write_bytes(content)
    with pytest.raises(RulebookUnreadable, match="is no signed rulebook"):
        write_signed(path, CONTENT, KEY)
    assert content == path.read_bytes()


def test_cannot_be_written(tmp_path: Path) -> None:
    """A folder that is not there is told in words."""
    with pytest.raises(RulebookUnreadable, match="cannot be written"):
        write_signed(tmp_path / "no" / "tiny.rulebook", CONTENT, KEY)


def test_no_file(tmp_path: Path) -> None:
    """Where there is no file to read, or what is there is none, nothing waits and nothing breaks."""
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "no", tmp_path, tmp_path / "pipe"):
        with pytest.raises(RulebookUnreadable):
            read_signed(path, KEYS)


def test_gigantic(tmp_path: Path) -> None:
    """A file larger than any signed rulebook is not read to its end."""
    path = tmp_path / "giant"
    with path.open("wb") as file:
        file.truncate(200 * LARGEST_SIGNED)
    with pytest.raises(DoesNotHold, match="larger than 32 MiB"):
        read_signed(path, KEYS)


@pytest.mark.parametrize(
    "signed",
    [
        b"." * LARGEST_SIGNED,
        part(b"[" * 20_000_000) + b"..",
        b"A" * LARGEST_SIGNED,
        b"A" * (LARGEST_SIGNED + 1),
    ],
    ids=["dots", "nested header", "no parts", "too large"],
)
def test_bombs(signed: bytes) -> None:
    """A file made to cost much when it is read costs little: no memory beyond what it is itself."""
    tracemalloc.start()
    assert Flaw.NOT_SIGNED == flaw(signed)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000


def test_too_large_to_sign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What would be too large to be read is not signed."""
    monkeypatch.setattr(signed_rulebooks, "LARGEST_SIGNED", 1000)
    with pytest.raises(DoesNotHold, match="larger than"):
        write_signed(tmp_path / "tiny.rulebook", CONTENT, KEY)


def test_large(tmp_path: Path) -> None:
    """A rulebook of more than a MiB is signed and read."""
    files = {**FILES, "rulebook.yaml": FILES["rulebook.yaml"] + "# long\n" * 200_000}
    rulebook = load(files)
    assert isinstance(rulebook, Rulebook)
    write_signed(tmp_path / "large.rulebook", content_of(rulebook, MOMENT, None), KEY)
    assert files == read_signed(tmp_path / "large.rulebook", KEYS).content.files


def test_unpack(tmp_path: Path) -> None:
    """The files are written as they were, into a folder that is made for them."""
    unpack(CONTENT, tmp_path / "new" / "folder")
    assert FILES == {
        path.relative_to(tmp_path / "new" / "folder").as_posix(): path.read_text("utf-8")
        for path in tmp_path.rglob("*.yaml")
    }


def test_unpack_over(tmp_path: Path) -> None:
    """A folder with anything in it is left as it is."""
    (tmp_path / "note").touch()
    with pytest.raises(RulebookUnreadable, match="is not empty"):
        unpack(CONTENT, tmp_path)
    with pytest.raises(RulebookUnreadable, match="cannot be written"):
        unpack(CONTENT, tmp_path / "note")
    assert ["note"] == [path.name for path in tmp_path.iterdir()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of rules, a file signed of them, and the public key."""
    unpack(CONTENT, tmp_path / "rules")
    write_signed(tmp_path / "tiny.rulebook", CONTENT, KEY)
    (tmp_path / "key.pub.pem").write_bytes(KEY.as_pem(private=False))
    return tmp_path


def test_served(folder: Path) -> None:
    """A folder is served without a key, a signed file with one; both are the same rulebook."""
    unsigned, nobody = served(folder / "rules", None)
    rulebook, signed = served(folder / "tiny.rulebook", folder / "key.pub.pem")
    assert (unsigned.digest, None) == (rulebook.digest, nobody)
    assert signed is not None
    assert key_id(KEY) == signed.key_id


def test_not_served(folder: Path) -> None:
    """A folder with a key and a file without one are refused, each with how to mend it."""
    with pytest.raises(RulebookUnreadable, match="only a signed rulebook is served"):
        served(folder / "rules", folder / "key.pub.pem")
    with pytest.raises(RulebookUnreadable, match="give --key"):
        served(folder / "tiny.rulebook", None)
    with pytest.raises(KeyUnusable):
        served(folder / "tiny.rulebook", folder / "no.pem")
