"""`origingate rules diff`: what a change of a rulebook means, and whose answer it flips."""

import json as json_text
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.connection import INTERRUPTED, AsJson, fail
from server.cli.rules.opening import SHIPPED, opened, sound
from server.cli.rules.replay import Replay, in_both, replayed, task_of
from server.cli.screen import say, watched

if TYPE_CHECKING:
    from engine.workbench.comparison.compare import Side
    from engine.workbench.comparison.model import Comparison
    from engine.workbench.prove.report import Proof


class Format(StrEnum):
    """For whom the report is."""

    TEXT = "text"
    MARKDOWN = "markdown"


def diff(
    old: Annotated[
        str,
        typer.Argument(
            metavar="OLD",
            help="The rulebook before: a folder, or a git revision of --folder such as main or HEAD~1."
            " What is a folder here is taken as one; write main~0 for a revision of the same name.",
        ),
    ],
    new: Annotated[
        str | None,
        typer.Argument(
            metavar="[NEW]", help="The rulebook after, likewise; --folder as it is now by default."
        ),
    ] = None,
    folder: Annotated[
        Path,
        typer.Option(
            "--folder",
            metavar="DIR",
            help="The folder that revisions are of.",
            show_default="the shipped one",
        ),
    ] = SHIPPED,
    orders: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Answer recorded orders by both: a file with one JSON object a line (.gz too), a folder of JSON"
            ' files, or - for standard input. Each is a request as `order send` takes it, or {"given": facts}'
            " with `on` and `id` if you like.",
        ),
    ] = None,
    log: Annotated[
        str | None,
        typer.Option(
            metavar="DB",
            help="Decide the recorded decisions of a server's database again by both: its SQLite file, or its"
            " address. It is only read.",
        ),
    ] = None,
    question: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Which question to ask; may be given again. All by default."),
    ] = None,
    on: Annotated[
        str | None,
        typer.Option(
            metavar="YYYY-MM-DD",
            help="Ask all orders about this day; about their own `on`, else today, by default.",
        ),
    ] = None,
    examples: Annotated[
        int, typer.Option(min=0, metavar="N", help="Orders shown in full for each way to flip.")
    ] = 1,
    processes: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Processes; as many as there are cores by default.")
    ] = None,
    prove: Annotated[
        bool,
        typer.Option(
            "--prove",
            help="Prove that both answer alike for all facts, or show an order for which they do not; needs z3.",
        ),
    ] = False,
    form: Annotated[
        Format, typer.Option("--format", help="markdown is for pull requests, and shows no orders.")
    ] = Format.TEXT,
    json: AsJson = False,
) -> None:
    """Show what a change of a rulebook means, and with --orders or --log whose answer it flips.

    Layout, comments, the order of rules and of keys, and other words are no difference in meaning. Exit code 1
    where something differs in meaning or an answer flips; with --prove where an answer can differ, whatever was
    changed.
    """
    from engine.workbench.comparison.compare import compare

    if orders is not None and log is not None:
        raise fail("Name recorded orders with --orders, or a server's database with --log, not both.", code=2)
    if log is not None and on is not None:
        raise fail("Recorded decisions are decided again for their own days: --on is for --orders.", code=2)
    before, after = _side(old, folder), _side(new if new is not None else str(folder), folder)
    comparison = compare(before, after)
    proof = _proof(before, after, comparison, question, processes) if prove else None
    replay = None
    if orders is not None or log is not None:
        task = task_of(before, after, comparison, question, _day(on), examples)
        replay = replayed(task, before, after, orders, log, processes)
    elif on is not None or (question and not prove):
        raise fail("--question and --on are about recorded orders: name some with --orders or --log.", code=2)
    _print(comparison, replay, proof, before, after, form, json)
    differs = comparison.counting if proof is None else not proof.alike
    if differs or (replay is not None and replay.found):
        raise typer.Exit(1)


def _side(named: str, folder: Path) -> "Side":
    """The rulebook that a word names. Ends the command where there is none, or it has problems."""
    from engine.workbench.comparison.compare import Side
    from server.revisions import RevisionUnreadable, files_at
    from server.rulebooks import as_shown

    path = Path(named)
    if path.is_dir():
        book = opened(path)
        return Side(as_shown(path), book.rulebook, book.files)
    try:
        files = files_at(folder, named)
    except RevisionUnreadable as error:
        if path.exists() or "/" in named:
            raise fail(
                f"{named}: is no folder of rule files, and no git revision ({error})", code=2
            ) from error
        raise fail(str(error), code=2) from error
    files = {f"{named}:{name}": text for name, text in files.items()}
    book = sound(folder, files)
    return Side(named, book.rulebook, book.files)


def _day(on: str | None) -> date | None:
    try:
        return date.fromisoformat(on) if on is not None else None
    except ValueError as error:
        raise fail(f"{on}: is no day. A day is YYYY-MM-DD.", code=2) from error


def _proof(
    before: "Side", after: "Side", comparison: "Comparison", question: list[str] | None, processes: int | None
) -> "Proof":
    """What is proved about the questions that do not mean the same."""
    from engine.workbench.prove.prove import Bounds
    from engine.workbench.prove.report import Proof
    from server.cli.rules.proving import needs_solver, prove_alike
    from server.parallel import all_cores

    needs_solver()
    both = in_both(before, after, comparison, question)
    asked = tuple(dict.fromkeys(question)) if question else tuple(both)
    alone = () if question else tuple(name for name in comparison.questions if name not in both)
    bounds = Bounds()
    open_ = [name for name in asked if name not in comparison.same]
    done = prove_alike(dict(before.files), dict(after.files), open_, bounds, processes or all_cores())
    try:
        reports = tuple(watched(done, "proving", len(open_)))
    except KeyboardInterrupt as error:
        raise fail("Interrupted; nothing was proved.", code=INTERRUPTED) from error
    same = tuple(name for name in asked if name in comparison.same)
    return Proof(same, alone, reports, bounds.elements, bounds.enforce)


def _print(
    comparison: "Comparison",
    replay: Replay | None,
    proof: "Proof | None",
    before: "Side",
    after: "Side",
    form: Format,
    json: bool,
) -> None:
    from engine.workbench.comparison.flip_text import Asked, flip_lines, flip_markdown, flip_report
    from engine.workbench.comparison.report import report
    from engine.workbench.comparison.text import lines, markdown, summary
    from server.cli.rules.proving import proof_form, proof_lines

    if json:
        said = report(comparison)
        if replay is not None:
            said["orders"] = flip_report(
                replay.tally, replay.what, sorted(comparison.same), replay.examples, replay.left_out
            )
        if proof is not None:
            said["proof"] = proof_form(proof)
        typer.echo(json_text.dumps(said, ensure_ascii=False, indent=2))
    elif form is Format.MARKDOWN:
        typer.echo("\n".join(markdown(comparison)))
        if replay is not None:
            typer.echo("\n".join(flip_markdown(replay.tally, replay.what)))
        if proof is not None:
            typer.echo("\n".join(["", "```text", *proof_lines(proof), "```"]))
    else:
        say([[(summary(comparison), "head")], *lines(comparison)])
        if replay is not None:
            outcomes = {
                name: [book.questions[name].outcomes for book in (before.rulebook, after.rulebook)]
                for name in replay.tally.asked
            }
            asked = Asked(replay.what)
            say(flip_lines(replay.tally, outcomes, asked, replay.examples, replay.left_out))
        if proof is not None:
            typer.echo("\n".join(["", *proof_lines(proof)]))
