"""Manifests on disk: one file, or every one of a folder."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from engine.rulebook.problems import Problem, show
from server.platforms.manifest_file.kinds import AnyManifest
from server.platforms.manifest_file.reading import Reading, read_manifest
from server.rulebooks import as_shown

LARGEST: Final = 1024 * 1024


class ManifestsRefused(Exception):
    """Manifests that cannot be used; the text shows every problem with its place and how to mend it."""


def read_one(path: Path) -> Reading:
    """What comes of a file. One that cannot be read has that as its problem."""
    shown = as_shown(path)
    try:
        if path.stat().st_size > LARGEST:
            return _unread(shown, f"the file is larger than {LARGEST} bytes", "leave out what is no manifest")
        return read_manifest(shown, path.read_text("utf-8"))
    except UnicodeDecodeError as error:
        return _unread(shown, f"the file is not UTF-8 (byte {error.start})", "save it as UTF-8")
    except OSError as error:
        return _unread(shown, f"the file cannot be read ({error.strerror})", "name a manifest that exists")


def _unread(path: str, message: str, mend: str) -> Reading:
    return Reading(path, "", None, (Problem(path, 1, 1, "unreadable-file", message, mend),))


def read_folder(folder: Path) -> tuple[AnyManifest, ...]:
    """The manifests of a folder, by name; each file that ends with `.yaml` is one. Raises ManifestsRefused.

    Refused are files with problems, files that end with `.yml`, two platforms of one name, and examples: they show
    how a platform would be connected, and are no platform that anything may be sent to.
    """
    if not folder.is_dir():
        raise ManifestsRefused(f"{folder}: is no folder. Give --platforms a folder of manifests.")
    paths = sorted(path for path in folder.glob("*.yaml") if path.is_file())
    if not paths:
        raise ManifestsRefused(f"{folder}: holds no manifest. Put one in, as a file that ends with .yaml.")
    readings = [read_one(path) for path in paths]
    passed_over = [f"{path}: is not read. Name it {path.stem}.yaml." for path in sorted(folder.glob("*.yml"))]
    if wrong := [*passed_over, *_problems(readings), *_examples(readings), *_namesakes(readings)]:
        raise ManifestsRefused("\n".join(wrong))
    manifests = (reading.manifest for reading in readings if reading.manifest is not None)
    return tuple(sorted(manifests, key=lambda manifest: manifest.name))


def _problems(readings: Iterable[Reading]) -> list[str]:
    return [show(problem, reading.text) for reading in readings for problem in reading.problems]


def _examples(readings: Iterable[Reading]) -> list[str]:
    return [
        f"{reading.path}: is an example: the interface of {reading.manifest.title} is not known, and nothing is sent"
        " to a made-up one. Take the file out of the folder; once the interface is published, write it in and delete"
        " `example`."
        for reading in readings
        if reading.manifest is not None and reading.manifest.example
    ]


def _namesakes(readings: Iterable[Reading]) -> list[str]:
    first: dict[str, str] = {}
    told = []
    for reading in readings:
        if (
            reading.manifest is not None
            and first.setdefault(reading.manifest.name, reading.path) != reading.path
        ):
            name = reading.manifest.name
            told.append(f"{reading.path}: {first[name]} is the platform {name!r} already. Name each once.")
    return told
