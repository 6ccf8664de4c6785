"""How the sandbox platform is asked and understood: platforms/sandbox.yaml, at the address that settings give."""

from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Final

from server.platforms.manifest import Manifest
from server.platforms.manifest_file import read_one
from server.shipped import shipped_platforms

SANDBOX_ISSUER: Final = "urn:origin-gate:sandbox"
_CONNECT: Final = timedelta(seconds=5)


def sandbox_manifest(
    url: str,
    *,
    sandbox_allowed: bool,
    name: str = "sandbox",
    send_timeout: timedelta = timedelta(seconds=10),
    settle_time: timedelta = timedelta(seconds=5),
) -> Manifest:
    """The manifest of a sandbox at `url`. Raises ManifestError if that is no address that may be asked."""
    shipped = _shipped()
    return replace(
        shipped,
        name=name,
        base_url=url,
        capabilities=replace(shipped.capabilities, send_timeout=send_timeout, settle_time=settle_time),
        proof=replace(shipped.proof, sandbox_allowed=sandbox_allowed),
        connect_timeout=min(send_timeout, _CONNECT),
    )


@cache
def _shipped() -> Manifest:
    manifest = read_one(shipped_platforms() / "sandbox.yaml").manifest
    assert isinstance(manifest, Manifest), "a test holds the shipped manifest"
    return manifest
