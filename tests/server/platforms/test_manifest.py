"""How a platform is asked, as data."""

from dataclasses import replace
from datetime import timedelta

import pytest

from server.platforms import ManifestError, sandbox_manifest
from server.platforms.manifest import OperationName, is_loopback


def manifest(url="http://127.0.0.1:8471"):
    return sandbox_manifest(url, sandbox_allowed=True)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8471",
        "http://localhost:1",
        "http://[::1]:8471/",
        "https://platform.example",
        "https://platform.example:8443/origin/v2",
    ],
)
def test_addresses(url):
    """Encrypted addresses are taken, and plain ones on this machine."""
    assert url == manifest(url).base_url


NO_ADDRESS = "is no address; write it like https://platform.example"
PLAIN = "is not encrypted; only a platform on this machine may be asked over http"
MORE = "the address of platform.example may hold neither credentials nor a query"


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("", f"'' {NO_ADDRESS}"),
        ("platform.example", f"'platform.example' {NO_ADDRESS}"),
        ("ftp://platform.example", f"'ftp://platform.example' {NO_ADDRESS}"),
        ("https://", f"'https://' {NO_ADDRESS}"),
        ("https://[::1", f"'https://[::1' {NO_ADDRESS}"),
        ("https://a:99999", f"'https://a:99999' {NO_ADDRESS}"),
        ("http://platform.example", f"'http://platform.example' {PLAIN}"),
        ("http://127.0.0.1.evil.example", f"'http://127.0.0.1.evil.example' {PLAIN}"),
        ("https://u:p@platform.example", MORE),
        ("https://platform.example?x=1", MORE),
    ],
)
def test_refused_addresses(url, text):
    """An address that must not be asked is refused at once; credentials are not repeated."""
    with pytest.raises(ManifestError) as refused:
        manifest(url)
    assert text == str(refused.value)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        ("10.0.0.1", False),
        ("", False),
    ],
)
def test_loopback(host, expected):
    """Loopback is this machine and nothing else."""
    assert expected is is_loopback(host)


@pytest.mark.parametrize(
    ("e_cert_id", "expected"),
    [
        ("SBX-1", "http://127.0.0.1:8471/v1/certificates/SBX-1/status"),
        ("a/../b?c#d", "http://127.0.0.1:8471/v1/certificates/a%2F..%2Fb%3Fc%23d/status"),
        ("é {x}", "http://127.0.0.1:8471/v1/certificates/%C3%A9%20%7Bx%7D/status"),
        ("..", None),
        (".", None),
        ("", None),
    ],
)
def test_ids_stay_in_their_place(e_cert_id, expected):
    """An id from outside cannot lead a request to another address."""
    assert expected == manifest().address(OperationName.STATUS, e_cert_id=e_cert_id)


def test_base_path():
    """A path of the base address stays in front."""
    expected = "https://platform.example/origin/v1/health"
    assert expected == manifest("https://platform.example/origin/").address(OperationName.HEALTH)


def test_digest():
    """Equal manifests have one digest; anything that changes the meaning of answers changes it."""
    other = replace(manifest(), connect_timeout=timedelta(seconds=1))
    assert (True, False) == (manifest().digest == manifest().digest, manifest().digest == other.digest)
