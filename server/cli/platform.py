"""`origingate platform`: what those who connect a platform need."""

import json as json_text
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.connection import AsJson
from server.cli.platform_check import check

if TYPE_CHECKING:
    from server.platforms.manifest_file import AnyManifest, Reading

app = typer.Typer(help="Platforms: how they are connected, and what they keep of it.", no_args_is_help=True)
app.command("check")(check)

Data = dict[str, object]


@app.callback()
def platform() -> None:
    """Platforms: how they are connected, and what they keep of it."""


@app.command("show")
def show(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A manifest.")], json: AsJson = False
) -> None:
    """Show every problem of a manifest; or, where it has none, what the platform can do and how it is asked.

    Nothing is sent. Exit code 1 where there is a problem.
    """
    from server.platforms.manifest_file import read_one

    reading = read_one(file)
    if json:
        typer.echo(json_text.dumps(_data(reading), ensure_ascii=False, indent=2))
    elif reading.manifest is None:
        _print_problems(reading)
    else:
        _print_manifest(reading.manifest)
    if reading.manifest is None:
        raise typer.Exit(1)


def _print_problems(reading: "Reading") -> None:
    from engine.rulebook import show as as_text

    for problem in reading.problems:
        typer.echo(as_text(problem, reading.text))
    count = len(reading.problems)
    typer.echo(f"{count} problem{'' if count == 1 else 's'}.")


def _print_manifest(manifest: "AnyManifest") -> None:
    from server.platforms.described import capabilities, notices, operations, way
    from server.platforms.manifest import Manifest
    from server.platforms.plugin import PluginManifest

    typer.echo(f"{manifest.name}: {manifest.title}")
    if manifest.example:
        typer.echo("An example: the server refuses it, for nothing is sent to a made-up interface.")
    if isinstance(manifest, Manifest):
        typer.echo(f"at {manifest.base_url}, {manifest.network.value} network; {manifest.digest}")
    else:
        typer.echo(", ".join(f"{name}: {value}" for name, value in way(manifest).items()))
    typer.echo(f"who asks: {', '.join(manifest.secrets) or 'not told'}")
    if isinstance(manifest, PluginManifest):
        typer.echo("What it can do, its package says when a server starts.")
        return
    typer.echo("\ncapabilities")
    _print_table([[name, value] for name, value in capabilities(manifest.capabilities).items()])
    if isinstance(manifest, Manifest):
        typer.echo("\noperations")
        for name, operation in operations(manifest).items():
            typer.echo(f"  {name}: {operation['method']} {operation['path']}")
            rows = [[one["status"], one["when"], one["means"]] for one in operation["answers"]]
            _print_table(rows, "    ")
        if told := notices(manifest):
            typer.echo("\nnotices")
            _print_table([[name, value] for name, value in told.items()])


def _print_table(rows: list[list[str]], indent: str = "  ") -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))] if rows else []
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        typer.echo(f"{indent}{'  '.join(cells)}".rstrip())


def _data(reading: "Reading") -> Data:
    from engine.workbench.problem_forms import problem_data
    from server.platforms.described import capabilities, notices, operations, way
    from server.platforms.manifest import Manifest
    from server.platforms.plugin import PluginManifest

    problems: Data = {"problems": [problem_data(problem) for problem in reading.problems]}
    manifest = reading.manifest
    if manifest is None:
        return {**problems, "platform": None}
    return {
        **problems,
        "platform": manifest.name,
        "title": manifest.title,
        "example": manifest.example,
        **way(manifest),
        "secrets": list(manifest.secrets),
        "capabilities": {} if isinstance(manifest, PluginManifest) else capabilities(manifest.capabilities),
        "operations": operations(manifest) if isinstance(manifest, Manifest) else {},
        "notices": notices(manifest) if isinstance(manifest, Manifest) else {},
    }
