"""Whether files can secure a server."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from server.tls.pair import TlsFiles, TlsUnusable, read_pair
from tests.server.platforms.authority import Authority, authority


@pytest.fixture
def signer(tmp_path: Path) -> Authority:
    """Who signs certificates."""
    return authority(tmp_path)


def now() -> datetime:
    """The moment."""
    return datetime.now(UTC)


def refusal(certificate: Path, key: Path, client_ca: Path | None = None) -> str:
    """Why the files are refused."""
    with pytest.raises(TlsUnusable) as refused:
        read_pair(TlsFiles(certificate, key, client_ca), now)
    return str(refused.value)


def test_pair(signer: Authority) -> None:
    """A certificate and its key are read, with those who sign for callers; the key is not shown."""
    certificate, key = signer.issue("server")
    pair = read_pair(TlsFiles(certificate, key, signer.folder / "ca.pem"), now)
    assert (certificate.read_bytes(), key.read_bytes()) == (pair.certificate, pair.key)
    assert "PRIVATE KEY" not in repr(pair)


def test_other_key(signer: Authority) -> None:
    """A key of another certificate is refused, as between the two steps of a rotation."""
    certificate, other = signer.issue("server")[0], signer.issue("other")[1]
    assert "it is not the key of the certificate in" in refusal(certificate, other)


def test_over(signer: Authority) -> None:
    """A certificate whose time is over is refused."""
    certificate, key = signer.issue("server", life=timedelta(minutes=-1))
    assert "its time is over since" in refusal(certificate, key)


def test_password(signer: Authority) -> None:
    """A key with a password is refused: nobody is there to be asked for it."""
    certificate, key = signer.issue("server", password=b"secret")
    assert "holds no private key that can be used" in refusal(certificate, key)


@pytest.mark.parametrize("text", ["", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "x"])
def test_no_certificate(signer: Authority, text: str) -> None:
    """What holds no certificate is refused, also as the authorities of callers."""
    certificate, key = signer.issue("server")
    broken = signer.folder / "broken.pem"
    broken.write_text(text, "utf-8")
    assert f"{broken}: holds no certificates" in refusal(broken, key)
    assert f"{broken}: holds no certificates" in refusal(certificate, key, broken)


def test_absent(signer: Authority) -> None:
    """A file that is not there is named."""
    certificate, _ = signer.issue("server")
    assert "none.key: cannot be read (No such file or directory)" in refusal(
        certificate, signer.folder / "none.key"
    )
