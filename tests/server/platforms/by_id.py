"""The sandbox as a platform that is asked by its own id of what is under way; by our reference too, or not at all."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime

from engine.platform import Platform
from server.platforms import Manifest, open_platforms
from server.platforms.manifest_file import read_manifest
from server.shipped import shipped_platforms
from tests.server.platforms.conftest import utc_now


def manifest_by_id(url: str, *, by_reference: bool) -> Manifest:
    """The shipped manifest of the sandbox with a look-up by id, for a sandbox at this address that is allowed."""
    text = (shipped_platforms() / "sandbox.yaml").read_text("utf-8")
    lookup = text[text.index("  lookup:\n") : text.index("  status:\n    method")]
    by_id = lookup.replace("  lookup:", "  lookup_by_id:").replace(
        "/v1/references/{reference}", "/v1/submissions/{platform_id}"
    )
    text = text.replace(lookup, (lookup if by_reference else "") + by_id)
    text = text.replace("  void: true", "  void: true\n  lookup_by_platform_id: true")
    text = text.replace("  because: because\n  codes", "  because: because\n  platform_id: id\n  codes")
    if not by_reference:
        text = text.replace("lookup_by_reference: true", "lookup_by_reference: false")
    read = read_manifest("sandbox.yaml", text)
    assert isinstance(read.manifest, Manifest), read.problems
    return replace(read.manifest, base_url=url, proof=replace(read.manifest.proof, sandbox_allowed=True))


@asynccontextmanager
async def asking_by_id(
    url: str, *, by_reference: bool = True, clock: Callable[[], datetime] = utc_now
) -> AsyncIterator[Platform]:
    """The sandbox at that address, as it is asked by that manifest."""
    manifest = manifest_by_id(url, by_reference=by_reference)
    async with await open_platforms([manifest], clock) as platforms:
        platform = platforms.find("sandbox")
        assert platform
        yield platform
