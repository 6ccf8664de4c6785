"""The rulebook of these tests: one of everything, with texts that look like markup."""

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.rulebook import Rulebook
from tests.engine.conftest import loaded

FOLDER = Path(__file__).parent / "rulebook"


@pytest.fixture(scope="session")
def tiny_files() -> dict[str, str]:
    """Its files."""
    return {path.name: path.read_text("utf-8") for path in sorted(FOLDER.iterdir())}


@pytest.fixture(scope="session")
def tiny(tiny_files: dict[str, str]) -> Rulebook:
    """The rulebook as it stands."""
    return loaded(tiny_files)


@pytest.fixture(scope="session")
def changed(tiny_files: dict[str, str]) -> Callable[[str, str, str], Rulebook]:
    """Makes the rulebook with one text of one file replaced by another."""

    def make(file: str, old: str, new: str) -> Rulebook:
        assert old in tiny_files[file]
        return loaded({**tiny_files, file: tiny_files[file].replace(old, new)})

    return make
