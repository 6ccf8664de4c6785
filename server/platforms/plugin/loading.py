"""From a plug-in's file to its platform."""

import traceback
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Final

from engine.canonical_json import canonical_json
from server.platforms.accounts import Account
from server.platforms.addresses import ManifestError
from server.platforms.plugin.contained import ContainedPlatform
from server.platforms.plugin.given import Given, OptionsRefused
from server.platforms.plugin.manifest import PluginManifest
from server.platforms.plugin.port import misfits

GROUP: Final = "origingate.platforms"


def load(
    manifest: PluginManifest, account: Account, tenant: str, clock: Callable[[], datetime]
) -> ContainedPlatform:
    """The platform that the plug-in makes of the file and the account. Raises ManifestError."""
    entry = _entry(manifest)
    given = Given(manifest.name, manifest.options, tenant, account.secrets, account.tls, clock)
    try:
        platform = entry.load()(given)
        wrong = misfits(platform, manifest.name)
    except OptionsRefused as error:
        raise ManifestError(f"{manifest.name}: {error}") from error
    except Exception as error:
        raise ManifestError(
            f"{manifest.name}: the plug-in {manifest.plugin!r} makes no platform: {_failure(error)};"
            " see its own documentation, or ask who wrote it"
        ) from error
    if wrong:
        raise ManifestError(
            f"{manifest.name}: what the plug-in {manifest.plugin!r} makes is no platform:\n"
            + "\n".join(f"  {one}" for one in wrong)
        )
    digest = _digest(manifest, entry, platform.manifest_digest)
    return ContainedPlatform(platform, manifest.name, platform.capabilities, digest)


def _entry(manifest: PluginManifest) -> EntryPoint:
    there = entry_points(group=GROUP)
    # A package that is on the path twice is one package.
    named = {entry.value: entry for entry in there if entry.name == manifest.plugin}
    if len(named) > 1:
        raise ManifestError(
            f"{manifest.name}: several packages have a plug-in {manifest.plugin!r}: {', '.join(sorted(named))};"
            " uninstall all but one"
        )
    if not named:
        names = ", ".join(sorted({entry.name for entry in there})) or "none"
        raise ManifestError(
            f"{manifest.name}: no plug-in {manifest.plugin!r} is installed; there are: {names}."
            " Install its package beside Origin Gate"
        )
    return next(iter(named.values()))


def _failure(error: Exception) -> str:
    """What was raised and where, without its text: that may hold a secret."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}"


def _digest(manifest: PluginManifest, entry: EntryPoint, own: str) -> str:
    package = [entry.dist.name, entry.dist.version] if entry.dist is not None else ["", ""]
    return f"sha256:{sha256(canonical_json([manifest.source, entry.value, *package, own])).hexdigest()}"
