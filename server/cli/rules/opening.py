"""The rulebook that a command is about: its folder, its files, and how the command ends where it cannot be read."""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from server.cli.connection import fail
from server.shipped import shipped_rules

if TYPE_CHECKING:
    from engine.rulebook import Problem, Rulebook
    from engine.workbench.ruletests import TestFile

Folder = Annotated[
    Path, typer.Argument(metavar="DIR", help="Folder of the rulebook.", show_default="the shipped one")
]
SHIPPED: Final = shipped_rules() / "usmca"


@dataclass(frozen=True, slots=True)
class Opened:
    """A rulebook without problems, with the texts of its files, tests among them, by the path people know.

    `unreadable` are the problems of test files of which there is no text.
    """

    folder: Path
    files: dict[str, str]
    rulebook: "Rulebook"
    unreadable: "tuple[Problem, ...]" = ()

    def test_files(self) -> "list[TestFile]":
        """The rule tests beside the rules, file by file; one that cannot be read has its problem alone."""
        from engine.workbench.ruletests import TestFile, read_tests

        with at_once():
            read = [
                read_tests(path, text, self.rulebook)
                for path, text in self.files.items()
                if path.endswith("_test.yaml")
            ]
        return [*read, *(TestFile((), (problem,)) for problem in self.unreadable)]

    def shown(self, problems: "Iterable[Problem]") -> list[str]:
        """Each problem with its place, its line and how to mend it."""
        from engine.rulebook import show

        return [show(problem, self.files.get(problem.file, "")) for problem in problems]


def opened(folder: Path) -> Opened:
    """The rulebook of a folder. Ends the command: with 1 where it has problems, with 2 where it cannot be read."""
    files, unreadable = read(folder)
    return sound(folder, files, unreadable)


def sound(folder: Path, files: dict[str, str], unreadable: "tuple[Problem, ...]" = ()) -> Opened:
    """The rulebook of files that were read. Ends the command with 1 where it has problems."""
    from engine.rulebook import Rulebook, load
    from server.rulebooks import RulebookRefused

    with at_once():
        rulebook = load(files)
    if not isinstance(rulebook, Rulebook):
        raise fail(str(RulebookRefused(rulebook, files)))
    return Opened(folder, files, rulebook, unreadable)


def read(folder: Path) -> "tuple[dict[str, str], tuple[Problem, ...]]":
    """The texts of a folder's files, and the problems of unreadable tests. Ends the command where it has no rulebook."""
    from server.rulebooks import RulebookUnreadable, read_folder

    try:
        return read_folder(folder)
    except RulebookUnreadable as error:
        raise fail(str(error), code=2) from error


@contextmanager
def at_once() -> Iterator[None]:
    """Reads without collecting garbage: a rulebook is all kept, and looking it through takes a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
