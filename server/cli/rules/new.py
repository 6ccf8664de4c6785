"""`origingate rules new`: a rule, a question or a rulebook to begin with, and its tests."""

import json as json_text
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.connection import AsJson, fail
from server.cli.rules.opening import opened

if TYPE_CHECKING:
    from engine.workbench.scaffold.model import Made


def new(
    what: Annotated[
        str,
        typer.Argument(
            metavar="WHAT",
            help="RULEBOOK/QUESTION/RULE, RULEBOOK/QUESTION or a new folder; a rulebook is a folder, or its name in rules/.",
        ),
    ],
    fact: Annotated[
        str, typer.Option("--fact", metavar="PATH", help="The fact that the rule begins with.")
    ] = "",
    gives: Annotated[str, typer.Option("--gives", metavar="OUTCOME", help="The outcome of the rule.")] = "",
    cites: Annotated[
        str, typer.Option("--cites", metavar="SOURCE", help="The source, and after a blank the place in it.")
    ] = "",
    json: AsJson = False,
) -> None:
    """Make a rule with tests on both sides, a question, or a whole small rulebook, for you to fill in.

    It loads, its tests pass, and no answer changes: a new rule is in force from 2999 on, until you set its first day.
    Nothing is overwritten.
    """
    from engine.workbench.scaffold.model import Book, NotMade, Wishes
    from engine.workbench.scaffold.scaffold import new_question, new_rule, new_rulebook
    from server.rulebooks import as_shown
    from server.writing import write_whole

    folder, below = _place(what)
    wishes = Wishes(fact, gives, cites)
    try:
        if folder is None:
            if any((fact, gives, cites)):
                raise NotMade("--fact, --gives and --cites are about a rule of a rulebook that is there.")
            made = new_rulebook(as_shown(_empty(Path(what))))
        else:
            book = opened(folder)
            files = Book(as_shown(folder), book.files, book.rulebook)
            made = (
                new_question(files, below[0], wishes)
                if len(below) == 1
                else new_rule(files, below[0], below[1], wishes)
            )
    except NotMade as error:
        raise fail(str(error), code=2) from error
    there = {path for path in made.files if Path(path).exists()}
    try:
        for path, text in made.files.items():
            Path(path).parent.mkdir(exist_ok=True)
            write_whole(Path(path), text)
    except OSError as error:
        raise fail(f"{error.filename or folder}: cannot be written ({error.strerror}).", code=2) from error
    if json:
        shown = [{"file": path, "state": "added_to" if path in there else "new"} for path in made.files]
        typer.echo(json_text.dumps({"files": shown, "seen_firing": made.seen}, indent=2))
    else:
        _told(made, there, folder or Path(what))


def _told(made: "Made", there: set[str], folder: Path) -> None:
    """What was written, and what its author does next."""
    for path in made.files:
        typer.echo(f"{path}: {'added to' if path in there else 'new'}")
    if not made.seen:
        typer.echo(
            "The rule could not be seen firing: give its tests the facts under which the question's rules apply."
        )
    typer.echo(
        "Next: replace every FILL IN, set the rule's first day (`from`), and let its tests say what you expect.\n"
        f"Then: origingate rules test {folder} && origingate rules cover {folder}"
    )


def _place(what: str) -> tuple[Path | None, list[str]]:
    """The rulebook's folder, and the question and rule after it; no folder where a rulebook is to be made."""
    steps = [step for step in what.rstrip("/").split("/") if step != "."]
    root = "/" if what.startswith("/") else ""
    for count in range(len(steps), 0, -1):
        for above in (Path(), Path("rules")):
            folder = above / (root + "/".join(steps[:count]))
            if (folder / "rulebook.yaml").is_file():
                return folder, _names(what, folder, steps[count:])
    return None, []


def _names(what: str, folder: Path, below: list[str]) -> list[str]:
    if not below:
        raise fail(
            f"{folder}: is a rulebook already. A new question is {what.rstrip('/')}/QUESTION,"
            f" a new rule {what.rstrip('/')}/QUESTION/RULE.",
            code=2,
        )
    if len(below) > 2:
        raise fail(f"{what}: has too many parts. Write RULEBOOK/QUESTION/RULE.", code=2)
    return below


def _empty(folder: Path) -> Path:
    """The folder, if a rulebook can be made there."""
    if folder.exists() and not folder.is_dir():
        raise fail(f"{folder}: is a file. Name a folder that is not there yet.", code=2)
    if folder.is_dir() and any(folder.iterdir()):
        raise fail(
            f"{folder}: holds files, but no rulebook.yaml. Name a folder that is empty or not there yet.",
            code=2,
        )
    if not folder.resolve().parent.is_dir():
        raise fail(
            f"{folder.parent}: there is no such folder, and no rulebook of that name. Name a rulebook that is there,"
            " or a new folder in one that is.",
            code=2,
        )
    return folder
