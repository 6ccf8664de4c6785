"""The rulebook that a command is about: its folder, its files, and how the command ends where it cannot be read."""

from collections.abc import Iterable
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
    """A rulebook without problems, with the texts of its files, tests among them, by the path people know."""

    folder: Path
    files: dict[str, str]
    rulebook: "Rulebook"

    def test_files(self) -> "list[TestFile]":
        """The rule tests beside the rules, file by file."""
        from engine.workbench.ruletests import read_tests

        return [
            read_tests(path, text, self.rulebook)
            for path, text in self.files.items()
            if path.endswith("_test.yaml")
        ]

    def shown(self, problems: "Iterable[Problem]") -> list[str]:
        """Each problem with its place, its line and how to mend it."""
        from engine.rulebook import show

        return [show(problem, self.files.get(problem.file, "")) for problem in problems]


def opened(folder: Path) -> Opened:
    """The rulebook of a folder. Ends the command: with 1 where it has problems, with 2 where it cannot be read."""
    from engine.rulebook import Rulebook, load
    from server.rulebooks import RulebookRefused, RulebookUnreadable, read_files

    try:
        files = read_files(folder)
    except RulebookUnreadable as error:
        raise fail(str(error), code=2) from error
    rulebook = load(files)
    if not isinstance(rulebook, Rulebook):
        raise fail(str(RulebookRefused(rulebook, files)))
    return Opened(folder, files, rulebook)
