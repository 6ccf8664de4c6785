"""The platforms that this server can ask."""

from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from datetime import datetime
from typing import Self

from engine.platform import Platform
from server.platforms.adapter import HttpPlatform
from server.platforms.manifest import Manifest, ManifestError
from server.platforms.transport import Transport


class Platforms:
    """All platforms, by name; `close` ends their connections."""

    def __init__(self, platforms: Iterable[Platform], resources: AsyncExitStack | None = None) -> None:
        self._platforms = {platform.name: platform for platform in platforms}
        self._resources = resources or AsyncExitStack()

    @property
    def names(self) -> tuple[str, ...]:
        """Their names, sorted."""
        return tuple(sorted(self._platforms))

    def find(self, name: str) -> Platform | None:
        """The platform of that name, or None where this server has none."""
        return self._platforms.get(name)

    def among(self, names: Iterable[str]) -> tuple[Platform, ...]:
        """Those of the names that this server can ask, in the order given: a site's own preference."""
        return tuple(self._platforms[name] for name in names if name in self._platforms)

    async def close(self) -> None:
        """Closes all connections to platforms."""
        await self._resources.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


async def open_platforms(manifests: Iterable[Manifest], clock: Callable[[], datetime]) -> Platforms:
    """Adapters for these manifests; nothing is sent yet. Raises ManifestError where two have one name.

    Each has a pool of connections of its own, so that a slow platform cannot take another one's.
    """
    wanted = tuple(manifests)
    names = [manifest.name for manifest in wanted]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ManifestError(f"two platforms are named {twice[0]!r}; give each a name of its own")
    async with AsyncExitStack() as resources:
        platforms = []
        for manifest in wanted:
            transport = await Transport.open()
            resources.push_async_callback(transport.close)
            platforms.append(HttpPlatform(manifest, transport, clock))
        return Platforms(platforms, resources.pop_all())
