"""What a scaffold is made for, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.rulebook import Rulebook


class NotMade(Exception):
    """Nothing was made; the text says why, and what would do."""


@dataclass(frozen=True, slots=True)
class Made:
    """The texts of the files that are new or changed, by path, and whether the tests saw the rule fire."""

    files: Mapping[str, str]
    seen: bool = True


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the author chose of a new rule; empty where nothing is chosen."""

    fact: str = ""
    gives: str = ""
    cites: str = ""


@dataclass(frozen=True, slots=True)
class Book:
    """A rulebook that loads, and the texts of its files, its tests among them, in a folder."""

    folder: str
    files: Mapping[str, str]
    rulebook: Rulebook
