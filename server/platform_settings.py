"""The platforms that the settings name: a folder of manifests, the accounts at them, a sandbox."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from engine.platform import Capabilities, Platform
from server.platforms import Guarded, Manifest, ManifestError, Platforms, open_platforms, sandbox_manifest
from server.platforms.accounts import Accounts, AccountsFileInvalid, load_accounts
from server.platforms.guarded import Heard, unheard
from server.platforms.manifest_file import AnyManifest, ManifestsRefused, read_folder
from server.platforms.plugin import PluginManifest
from server.settings import Settings

log = structlog.get_logger("platforms")


class PlatformsRefused(Exception):
    """The platforms cannot be asked as the settings say; the text says everything that is wrong, and how to mend it."""


async def opened(
    settings: Settings, sandbox_url: str | None, clock: Callable[[], datetime], heard: Heard = unheard
) -> Platforms:
    """The platforms that the settings name; nothing is sent to them yet. Raises PlatformsRefused."""
    wrong: list[str] = []
    manifests: tuple[AnyManifest, ...] = ()
    accounts = Accounts()
    try:
        manifests = read_folder(settings.platforms) if settings.platforms is not None else ()
    except ManifestsRefused as error:
        wrong.append(str(error))
    try:
        accounts = load_accounts(settings.accounts) if settings.accounts is not None else accounts
    except AccountsFileInvalid as error:
        wrong.append(str(error))
    plugins = [manifest.name for manifest in manifests if isinstance(manifest, PluginManifest)]
    described = [manifest for manifest in manifests if not isinstance(manifest, PluginManifest)]
    wrong += _times(described, settings)
    if wrong:
        raise PlatformsRefused("\n".join(wrong))
    try:
        platforms = await open_platforms((*manifests, *_sandbox(settings, sandbox_url)), clock, accounts)
    except ManifestError as error:
        raise PlatformsRefused(str(error)) from error
    # What a plug-in can do is known only now.
    if wrong := list(_times(platforms.among(plugins), settings)):
        await platforms.close()
        raise PlatformsRefused("\n".join(wrong))
    return platforms.each(lambda platform: _guarded(platform, settings.sharers, heard))


def _guarded(platform: Platform, sharers: int, heard: Heard) -> Guarded:
    most = platform.capabilities.calls_at_once
    if most is not None and most < sharers:
        log.warning(
            "more processes than a platform takes calls at once",
            platform=platform.name,
            processes=sharers,
            calls_at_once=most,
        )
    return Guarded(platform, sharers=sharers, heard=heard)


class _Timed(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def capabilities(self) -> Capabilities: ...


def _times(platforms: Iterable[_Timed], settings: Settings) -> Iterator[str]:
    """Where the server would give up, or believe, sooner than a platform needs."""
    for platform in platforms:
        can = platform.capabilities
        for key, needed, name, given in (
            ("send_timeout", can.send_timeout, "attempt_timeout", settings.attempt_timeout),
            ("settle_time", can.settle_time, "settle", settings.settle),
        ):
            seconds = needed.total_seconds()
            if seconds > given:
                yield (
                    f"{platform.name}: its `{key}` of {seconds:g} s exceeds the server's {name} of {given:g} s;"
                    f" set ORIGINGATE_{name.upper()} to {seconds:g} or more, or write a shorter `{key}`"
                )


def _sandbox(settings: Settings, url: str | None) -> Iterator[Manifest]:
    if url is not None:
        yield sandbox_manifest(
            url,
            sandbox_allowed=True,
            send_timeout=timedelta(seconds=settings.attempt_timeout),
            settle_time=timedelta(seconds=settings.settle),
        )
