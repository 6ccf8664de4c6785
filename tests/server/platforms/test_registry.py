"""The platforms that a server can ask."""

import pytest

from server.platforms import ManifestError, Platforms, open_platforms, sandbox_manifest
from tests.server.platforms.conftest import utc_now
from tests.server.platforms.fake import FakePlatform


def manifest(name):
    return sandbox_manifest("http://127.0.0.1:1", sandbox_allowed=True, name=name)


async def test_open():
    """Each manifest is a platform, found by its name."""
    async with await open_platforms([manifest("b"), manifest("a")], utc_now) as platforms:
        assert (("a", "b"), "b", None) == (platforms.names, platforms.find("b").name, platforms.find("c"))


async def test_two_of_one_name():
    """Two platforms of one name are refused."""
    with pytest.raises(ManifestError, match="two platforms are named 'a'; give each a name of its own"):
        await open_platforms([manifest("a"), manifest("a")], utc_now)


def test_among():
    """A site's platforms come in its own order; those that this server has not are left out."""
    fake, other = FakePlatform(), FakePlatform()
    other.name = "other"
    platforms = Platforms([fake, other])
    assert (other, fake) == platforms.among(["other", "unheard-of", "fake"])


async def test_close_twice():
    """Closing twice is as good as once."""
    platforms = await open_platforms([manifest("a")], utc_now)
    await platforms.close()
    await platforms.close()
