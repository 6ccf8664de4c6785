"""Platforms by Python packages: the entry points of the group `origingate.platforms`."""

from server.platforms.plugin.given import Given, OptionsRefused
from server.platforms.plugin.manifest import PluginManifest

__all__ = ["Given", "OptionsRefused", "PluginManifest"]
