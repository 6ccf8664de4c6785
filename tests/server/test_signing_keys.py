"""Keys for rulebooks: made, read, and never the wrong half taken."""

import json
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from joserfc.jwk import ECKey

from server.key_files import KeyUnusable
from server.signing_keys import key_id, make_key, private_key, public_keys


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """A private key and its public half."""
    private = tmp_path / "author.pem"
    public, _ = make_key(private)
    return private, public


def refused(read, path: Path) -> str:
    """Why a key file is not taken."""
    with pytest.raises(KeyUnusable) as error:
        read(path)
    assert str(error.value).startswith(str(path))
    return str(error.value)


def pem(key, password: bytes | None = None) -> bytes:
    """A private key as PEM."""
    lock = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock)


def test_make(pair: tuple[Path, Path]) -> None:
    """The two halves belong together, and only the owner can read the private one."""
    private, public = pair
    assert public.name == "author.pub.pem"
    assert [key_id(private_key(private))] == list(public_keys(public))
    assert (0o600, False) == (
        stat.S_IMODE(private.stat().st_mode),
        public_keys(public).popitem()[1].is_private,
    )


@pytest.mark.parametrize("name", ["author.pem", "author.pub.pem"])
def test_never_over(tmp_path: Path, name: str) -> None:
    """No file is ever written over, and no half is left alone where the other one was in the way."""
    (tmp_path / name).write_text("mine", "utf-8")
    with pytest.raises(KeyUnusable, match="there already"):
        make_key(tmp_path / "author.pem")
    assert [(tmp_path / name, "mine")] == [(path, path.read_text("utf-8")) for path in tmp_path.iterdir()]


def test_never_through_a_link(tmp_path: Path) -> None:
    """A link that leads nowhere is in the way too."""
    (tmp_path / "author.pem").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(KeyUnusable, match="there already"):
        make_key(tmp_path / "author.pem")


def test_no_folder(tmp_path: Path) -> None:
    """A path in a folder that is not there is told in words."""
    assert "cannot be written" in refused(make_key, tmp_path / "no" / "author.pem")


def test_jwks(tmp_path: Path, pair: tuple[Path, Path]) -> None:
    """A JWK Set may hold several keys; they are called by their thumbprints, whatever ids they bring."""
    other = ECKey.generate_key("P-256")
    entries = [
        {**private_key(pair[0]).as_dict(private=False), "kid": "chosen"},
        other.as_dict(private=False),
        {"kty": "RSA", "n": "AQ", "e": "AQAB"},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
        ECKey.generate_key("P-384").as_dict(private=False),
        {**ECKey.generate_key("P-256").as_dict(private=False), "use": "enc"},
        "nonsense",
    ]
    path = tmp_path / "keys.json"
    path.write_text(json.dumps({"keys": entries}), "utf-8")
    assert {key_id(private_key(pair[0])), key_id(other)} == set(public_keys(path))


def test_several_pem(tmp_path: Path, pair: tuple[Path, Path]) -> None:
    """Public keys may stand one after another in a file, so that a new one is known before the old one goes."""
    second, _ = make_key(tmp_path / "second.pem")
    both = tmp_path / "both.pem"
    both.write_text(pair[1].read_text("utf-8") + "# the next one\n" + second.read_text("utf-8"), "utf-8")
    assert {*public_keys(pair[1]), *public_keys(second)} == set(public_keys(both))
    assert 2 == len(public_keys(both))


def test_one_jwk(tmp_path: Path) -> None:
    """A single JWK is taken as a set of one."""
    key = ECKey.generate_key("P-256")
    path = tmp_path / "key.json"
    path.write_text(json.dumps(key.as_dict(private=False)), "utf-8")
    assert [key_id(key)] == list(public_keys(path))


def test_private_where_public_belongs(tmp_path: Path, pair: tuple[Path, Path]) -> None:
    """A private key is not taken for a public one: it does not belong on a server."""
    assert "Give the public one" in refused(public_keys, pair[0])
    path = tmp_path / "keys.json"
    path.write_text(json.dumps({"keys": [private_key(pair[0]).as_dict(private=True)]}), "utf-8")
    assert "Give the public one" in refused(public_keys, path)


def test_public_where_private_belongs(pair: tuple[Path, Path]) -> None:
    """A public key signs nothing."""
    assert "holds no private key" in refused(private_key, pair[1])


@pytest.mark.parametrize(
    ("content", "because"),
    [
        (b"", "no private key"),
        (b"\xff\xfe", "no key file"),
        (pem(ec.generate_private_key(ec.SECP384R1())), "P-256"),
        (pem(rsa.generate_private_key(65537, 2048)), "no key that can be used"),
        (pem(ec.generate_private_key(ec.SECP256R1()), b"secret"), "has a password"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "no key that can be used"),
    ],
    ids=["empty", "binary", "another curve", "RSA", "password", "broken"],
)
def test_unfit_to_sign(tmp_path: Path, content: bytes, because: str) -> None:
    """What is no private key for ES256 is told apart in words."""
    path = tmp_path / "key.pem"
    path.write_bytes(content)
    assert because in refused(private_key, path)


@pytest.mark.parametrize("content", [b"", b"{", b'{"keys": 5}', b'{"keys": []}', b"{" * 9000, b"nonsense"])
def test_unfit_to_verify(tmp_path: Path, content: bytes) -> None:
    """What holds no public key for ES256 is refused."""
    path = tmp_path / "key.pem"
    path.write_bytes(content)
    refused(public_keys, path)


def test_no_file(tmp_path: Path) -> None:
    """A missing file, a folder and a giant are no keys."""
    assert "no such key file" in refused(public_keys, tmp_path / "no.pem")
    assert "no such key file" in refused(private_key, tmp_path)
    giant = tmp_path / "giant.pem"
    giant.write_bytes(b" " * 300_000)
    assert "too large" in refused(public_keys, giant)
