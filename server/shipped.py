"""What comes with the project. Apart from the settings, so that who only wants to know where waits for nothing."""

from pathlib import Path


def shipped_rules() -> Path:
    """The folder of rulebooks that comes with the project, in a checkout and in an installed wheel alike."""
    return Path(__file__).resolve().parent.parent / "rules"


def shipped_platforms() -> Path:
    """The folder of manifests that comes with the project, in a checkout and in an installed wheel alike."""
    return Path(__file__).resolve().parent.parent / "platforms"
