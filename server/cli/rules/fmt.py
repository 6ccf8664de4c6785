"""`origingate rules fmt`: rule files in the canonical layout."""

import json as json_text
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.connection import AsJson, fail
from server.cli.rules.opening import SHIPPED
from server.cli.screen import watched

if TYPE_CHECKING:
    from engine.rulebook import Problem

_STDIN = Path("-")


@dataclass(frozen=True, slots=True)
class _File:
    """A file as it is, and as it would be laid out; without the latter where its problems keep it from being read."""

    path: Path
    shown: str
    text: str
    laid: "str | None"
    problems: "tuple[Problem, ...]"

    @property
    def changes(self) -> bool:
        return self.laid is not None and self.laid != self.text

    @property
    def diff(self) -> str:
        """What the layout changes, as a unified diff; nothing where it changes nothing."""
        from difflib import unified_diff

        if self.laid is None:
            return ""
        lines = unified_diff(
            self.text.splitlines(), self.laid.splitlines(), self.shown, f"{self.shown}, laid out", lineterm=""
        )
        return "\n".join(lines)


def fmt(
    targets: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[DIR|FILE|-]...",
            help="Folders of rulebooks, single files, or - for standard input to standard output.",
            show_default="the shipped rulebook",
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit code 1 where a file would change.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what would change, and write nothing; exit code as --check.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Lay rule files out in the canonical way. Comments stay in their place, and what the files say stays the same."""
    wanted = targets or [SHIPPED]
    stays = check or diff
    if _STDIN in wanted and (len(wanted) > 1 or (json and not stays)):
        raise fail("`-` stands alone, and with --json only beside --check: the file is the output.", code=2)
    files: list[_File] = []
    for target in wanted:
        files += _laid(target)
    unread = [file for file in files if file.problems]
    changed = [file for file in files if file.changes]
    if not stays and wanted != [_STDIN]:
        for file in changed:
            _write(file)
    if json:
        typer.echo(
            json_text.dumps({"files": [_data(file, stays) for file in files]}, ensure_ascii=False, indent=2)
        )
    elif wanted == [_STDIN] and not stays:
        typer.echo(files[0].laid or "", nl=False)
    elif diff:
        for file in changed:
            typer.echo(file.diff)
    elif not stays:
        for file in changed:
            typer.echo(f"{file.shown}: laid out")
    if not json:
        _told(unread, [] if not stays or diff else changed)
    if unread or (stays and changed):
        raise typer.Exit(1)


def _told(unread: list[_File], changed: list[_File]) -> None:
    """What keeps files from being laid out, and which ones are not laid out."""
    from engine.rulebook import show

    for file in unread:
        for problem in file.problems:
            typer.echo(show(problem, file.text), err=True)
    for file in changed:
        typer.echo(f"{file.shown}: is not in the canonical layout", err=True)
    if changed:
        typer.echo("mend: run `origingate rules fmt` on them and commit what it writes.", err=True)


def _laid(target: Path) -> list[_File]:
    """The files of a target, each laid out. Ends the command where one cannot be read, or would say something else."""
    if target == _STDIN:
        return [_file(target, "standard input", _decoded(sys.stdin.buffer.read(), "standard input"))]
    if not target.is_dir():
        if target.suffix != ".yaml":
            hint = " Tables (CSV) are left as they are." if target.suffix == ".csv" else ""
            raise fail(f"{target}: is no rule file: their names end in .yaml.{hint}", code=2)
        return _proved({target: _read(target)})
    books = sorted(path.parent for path in target.rglob("rulebook.yaml") if not _hidden(path, target))
    if not books:
        raise fail(f"{target}: holds no rulebook.yaml. Name a folder of rule files, or a file.", code=2)
    outer = [book for book in books if not any(other in book.parents for other in books)]
    return [file for book in outer for file in _proved({path: _read(path) for path in _files(book)})]


def _files(book: Path) -> Iterator[Path]:
    for path in sorted(book.rglob("*")):
        if path.suffix in {".yaml", ".csv"} and path.is_file() and not _hidden(path, book):
            yield path


def _hidden(path: Path, below: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(below).parts)


def _proved(texts: dict[Path, str]) -> list[_File]:
    """The YAML files among the texts, laid out; ends the command where the whole would say something else."""
    from engine.workbench.layout.proof import what_differs
    from server.rulebooks import as_shown

    named = {path: as_shown(path) for path in texts}
    yaml = [path for path in texts if path.suffix == ".yaml"]
    files = [_file(path, named[path], texts[path]) for path in watched(yaml, "laying out")]
    before = {named[path]: text for path, text in texts.items()}
    after = before | {file.shown: file.laid for file in files if file.laid is not None}
    different = what_differs(before, after) if any(file.changes for file in files) else ()
    if different:
        raise fail(
            "\n".join(
                [
                    *different,
                    "Nothing was written. The layout must not change what rules say; please report it.",
                ]
            )
        )
    return files


def _file(path: Path, shown: str, text: str) -> _File:
    from engine.workbench.layout.lay_out import laid_out

    laid = laid_out(shown, text)
    return (
        _File(path, shown, text, laid, ()) if isinstance(laid, str) else _File(path, shown, text, None, laid)
    )


def _read(path: Path) -> str:
    from server.rulebooks import LARGEST_FILE

    try:
        if path.stat().st_size > LARGEST_FILE:
            raise fail(f"{path}: is larger than {LARGEST_FILE // 1024 // 1024} MiB. Split it.", code=2)
        return _decoded(path.read_bytes(), str(path))
    except OSError as error:
        raise fail(f"{path}: cannot be read ({error.strerror}).", code=2) from error


def _decoded(raw: bytes, shown: str) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise fail(f"{shown}: is not UTF-8 (byte {error.start}). Save it as UTF-8.", code=2) from error


def _write(file: _File) -> None:
    from server.writing import write_whole

    try:
        write_whole(file.path, file.laid or "")
    except OSError as error:
        raise fail(f"{file.shown}: cannot be written ({error.strerror}).", code=2) from error


def _data(file: _File, stays: bool) -> dict[str, object]:
    """`state` is same, laid_out, would_change or unreadable."""
    from engine.workbench.problem_forms import problem_data

    changed = "would_change" if stays else "laid_out"
    return {
        "file": file.shown,
        "state": "unreadable" if file.problems else changed if file.changes else "same",
        "problems": [problem_data(problem) for problem in file.problems],
        "diff": file.diff if file.changes else "",
    }
