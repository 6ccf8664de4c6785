"""Manifests as YAML files: from a text to a manifest, or to all its problems."""

from server.platforms.manifest_file.folder import ManifestsRefused, read_folder, read_one
from server.platforms.manifest_file.kinds import AnyManifest
from server.platforms.manifest_file.reading import Reading, read_manifest

__all__ = ["AnyManifest", "ManifestsRefused", "Reading", "read_folder", "read_manifest", "read_one"]
