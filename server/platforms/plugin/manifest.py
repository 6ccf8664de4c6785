"""The file by which a plug-in's platform is connected."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.declaration import Json


@dataclass(frozen=True, slots=True)
class PluginManifest:
    """Which plug-in makes the platform, with which options, and which secrets it needs. `source`: what the file says."""

    name: str
    title: str
    plugin: str
    options: Mapping[str, Json]
    secrets: tuple[str, ...]
    source: Json
    # There are no examples of these: a file alone sends nothing to anybody.
    example: bool = False
