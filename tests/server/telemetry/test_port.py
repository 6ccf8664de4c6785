"""The port that metrics are served on, asked over HTTP."""

import gzip
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from server.starting import CannotStart
from server.telemetry.metrics import Metrics
from server.telemetry.port import serving


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where metrics are served."""
    with serving("127.0.0.1:0", Metrics().collect) as address:
        yield address


def asked(address: str, path: str = "/metrics", **headers: str) -> tuple[int, str, bytes]:
    """Status, type of the content, and content."""
    request = urllib.request.Request(f"http://{address}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return response.status, response.headers["Content-Type"], response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers["Content-Type"], error.read()


def test_text(address: str) -> None:
    """Whoever asks gets the text that Prometheus reads; each metric says what it is."""
    status, kind, page = asked(address)
    assert (200, "text/plain") == (status, kind.partition(";")[0])
    assert b"# TYPE origingate_call_duration_seconds histogram" in page


def test_open_metrics(address: str) -> None:
    """Who prefers OpenMetrics gets that, and compressed where it may be."""
    accepted = {"Accept": "application/openmetrics-text; version=1.0.0", "Accept-Encoding": "gzip"}
    _, kind, page = asked(address, **accepted)
    assert "application/openmetrics-text" == kind.partition(";")[0]
    assert gzip.decompress(page).endswith(b"# EOF\n")


def test_nothing_else(address: str) -> None:
    """There is no other page."""
    assert 404 == asked(address, "/")[0]


def test_silent_stranger(address: str) -> None:
    """Somebody who connects and says nothing keeps nobody from the metrics."""
    host, _, port = address.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=5):
        assert 200 == asked(address)[0]


def test_taken(address: str) -> None:
    """A port that is taken is told so, with the way out."""
    with pytest.raises(CannotStart, match=r"the port is taken .* Give another with --metrics"):
        serving(address, Metrics().collect).__enter__()
