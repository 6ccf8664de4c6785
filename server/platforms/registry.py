"""The platforms that this server can ask."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AsyncExitStack
from datetime import datetime
from typing import Final, Self

from engine.platform import Platform
from server.platforms.accounts import Account, Accounts
from server.platforms.adapter import HttpPlatform, limits_of
from server.platforms.addresses import GuardedResolver
from server.platforms.auth.authentication import Authentication
from server.platforms.manifest import Manifest, ManifestError
from server.platforms.manifest_file.kinds import AnyManifest
from server.platforms.notices import Wax
from server.platforms.plugin.loading import load
from server.platforms.plugin.manifest import PluginManifest
from server.platforms.provider.manifest import ProviderManifest
from server.platforms.transport import CONNECTIONS, Transport

# The one tenant that there is until callers can be identified.
TENANT: Final = "dev"


class Platforms:
    """All platforms, by name, as one tenant's accounts see them; `close` ends their connections."""

    def __init__(
        self,
        platforms: Iterable[Platform],
        resources: AsyncExitStack | None = None,
        notices: Mapping[str, Wax] | None = None,
    ) -> None:
        self.notices: Mapping[str, Wax] = notices or {}
        """By what notices are known to be a platform's, by its name: those that call us."""
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

    def each(self, wrapped: Callable[[Platform], Platform]) -> "Platforms":
        """The same platforms, each wrapped; these here are not to be used, or closed, any more."""
        return Platforms(map(wrapped, self._platforms.values()), self._resources.pop_all(), self.notices)

    async def close(self) -> None:
        """Closes all connections to platforms."""
        await self._resources.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


async def open_platforms(
    manifests: Iterable[AnyManifest],
    clock: Callable[[], datetime],
    accounts: Accounts | None = None,
    tenant: str = TENANT,
) -> Platforms:
    """Adapters for these manifests, with the tenant's accounts; nothing is sent yet.

    Each has a pool of connections of its own, so that a slow platform cannot take another one's. Raises ManifestError
    where two have one name, where one is an example, where an account lacks what its manifest needs, and where a plug-in
    makes no platform.
    """
    wanted, accounts = tuple(manifests), accounts or Accounts()
    names = [manifest.name for manifest in wanted]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ManifestError(f"two platforms are named {twice[0]!r}; give each a name of its own")
    if wrong := [*_examples(wanted), *_lacking(wanted, accounts, tenant), *_idle(names, accounts, tenant)]:
        raise ManifestError("\n".join(wrong))
    async with AsyncExitStack() as resources:
        platforms = [
            await _opened(manifest, accounts.of(tenant, manifest.name), tenant, clock, resources)
            for manifest in wanted
        ]
        return Platforms(platforms, resources.pop_all(), dict(_notices(wanted, accounts, tenant)))


async def _opened(
    manifest: AnyManifest,
    account: Account,
    tenant: str,
    clock: Callable[[], datetime],
    resources: AsyncExitStack,
) -> Platform:
    match manifest:
        case PluginManifest():
            plugin = load(manifest, account, tenant, clock)
            resources.push_async_callback(plugin.close)
            return plugin
        case ProviderManifest():
            # It takes a tenth of a second to load, and most have none.
            from server.platforms.provider.adapter import ProviderPlatform
            from server.platforms.provider.connection import Connection

            connection = Connection.open(manifest, account)
            resources.push_async_callback(connection.close)
            return ProviderPlatform(manifest, connection, tenant, clock)
        case _:
            return await _over_http(manifest, account, clock, resources)


async def _over_http(
    manifest: Manifest, account: Account, clock: Callable[[], datetime], resources: AsyncExitStack
) -> Platform:
    at_once = min(manifest.capabilities.calls_at_once or CONNECTIONS, CONNECTIONS)
    transport = await Transport.open(at_once, resolver=GuardedResolver(manifest.network), tls=account.tls)
    resources.push_async_callback(transport.close)
    authentication = Authentication(manifest.auth, account.secrets, transport, limits_of(manifest), clock)
    resources.push_async_callback(authentication.close)
    return HttpPlatform(manifest, transport, authentication, clock)


def _notices(manifests: Iterable[AnyManifest], accounts: Accounts, tenant: str) -> Iterator[tuple[str, Wax]]:
    for manifest in manifests:
        if isinstance(manifest, Manifest) and manifest.notices is not None:
            key = accounts.of(tenant, manifest.name).secrets.get("notice_key")
            yield manifest.name, Wax(manifest.notices, key)


def _examples(manifests: Iterable[AnyManifest]) -> list[str]:
    return [
        f"{manifest.name} is an example of a manifest; nothing is sent to a made-up interface"
        for manifest in manifests
        if manifest.example
    ]


def _lacking(manifests: Iterable[AnyManifest], accounts: Accounts, tenant: str) -> list[str]:
    told = []
    for manifest in manifests:
        given = accounts.of(tenant, manifest.name).secrets
        if lacks := [name for name in manifest.secrets if name not in given]:
            told.append(
                f"{accounts.file}: the account of the tenant {tenant} at {manifest.name} lacks {', '.join(lacks)};"
                " say in the file of --accounts where each is kept"
            )
    return told


def _idle(names: Iterable[str], accounts: Accounts, tenant: str) -> list[str]:
    """Accounts that nothing asks by: a name that is written wrong would be found out too late."""
    known = set(names)
    return [
        f"{accounts.file}: there is an account of the tenant {owner} at {platform}, and no manifest of that platform"
        if owner == tenant
        else f"{accounts.file}: there is no tenant {owner}; write {tenant}"
        for owner, platform in accounts.by_name
        if owner != tenant or platform not in known
    ]
