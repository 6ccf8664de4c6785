"""`origingate log replay`: every recorded decision decided again, by its own rulebook or by another one."""

import json as json_text
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.connection import AsJson, fail
from server.cli.counting import counted
from server.cli.database import HERE, Address
from server.cli.screen import say

if TYPE_CHECKING:
    from engine.rulebook import Rulebook
    from server.recorded.holding import Held
    from server.recorded.log import Source
    from server.store.logged import Choice

DAY = "YYYY-MM-DD"


def replay(
    rulebook: Annotated[
        str | None,
        typer.Option(
            "--rulebook",
            metavar="NEW",
            help="Decide by this rulebook, and show whose answer flips: a folder, or the digest of one that is stored."
            " By default each decision is held against its own rulebook.",
        ),
    ] = None,
    database: Address = HERE,
    since: Annotated[
        str | None, typer.Option("--from", metavar=DAY, help="Only decisions of this day (UTC) or later.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar=DAY, help="Only decisions of this day (UTC) or earlier.")
    ] = None,
    question: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Which question's decisions; may be given again. All by default."),
    ] = None,
    site: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Which site's decisions; may be given again. All by default."),
    ] = None,
    names: Annotated[
        int,
        typer.Option(
            min=0, metavar="N", help="Cases that are named for each way to flip, or for each difference."
        ),
    ] = 10,
    processes: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Processes to use; all cores by default.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Decide everything that was decided again, from the facts and for the day that were recorded.

    It only reads, and may be run beside a server: what is decided after it began is not read. Exit code 1 where an
    answer flips, or a decision is not as it was recorded, or could not be decided again though it was not erased;
    2 for wrong use.
    """
    from server.key_files import KeyUnusable
    from server.parallel import all_cores
    from server.recorded.log import Source
    from server.store.errors import StoreError

    source = Source(database, _choice(since, until, question, site))
    many = processes or all_cores()
    try:
        if rulebook is None:
            found = _held(source, names, many, json)
        else:
            found = _flipped(source, _rulebook(rulebook, source), rulebook, names, many, json)
    except KeyUnusable as error:
        raise fail(str(error), code=2) from error
    except StoreError as error:
        raise fail(f"{error}.", code=2) from error
    if found:
        raise typer.Exit(1)


def _choice(
    since: str | None, until: str | None, questions: list[str] | None, sites: list[str] | None
) -> "Choice":
    from server.store.logged import Choice

    first, last = _day(since), _day(until)
    if first is not None and last is not None and first > last:
        raise fail(f"--from {first} is after --until {last}.", code=2)
    return Choice(
        frozenset(questions) if questions else None,
        frozenset(sites) if sites else None,
        _begin(first) if first is not None else None,
        _begin(last + timedelta(days=1)) if last is not None else None,
    )


def _day(said: str | None) -> date | None:
    try:
        return date.fromisoformat(said) if said is not None else None
    except ValueError as error:
        raise fail(f"{said}: is no day. A day is {DAY}.", code=2) from error


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _rulebook(named: str, source: "Source") -> "Rulebook":
    """The rulebook that a word names. Ends the command where there is none, or it lacks a question that is asked."""
    from contextlib import closing

    from engine.expression.faults import listed
    from server.cli.rules.opening import opened
    from server.recorded.log import Log

    if named.startswith("sha256:"):
        with closing(Log(source)) as log:
            found = log.rulebook(named)
        if found is None:
            raise fail(f"{named}: no such rulebook is stored, or it cannot be read any more.", code=2)
    else:
        found = opened(Path(named)).rulebook
    for question in sorted(source.choice.questions or ()):
        if question not in found.questions:
            has = listed(found.questions, 20)
            raise fail(f"{named}: has no question `{question}`. It has {has}.", code=2)
    return found


def _flipped(source: "Source", new: "Rulebook", named: str, names: int, processes: int, json: bool) -> bool:
    """Decides all by another rulebook, and says whose answer flips; whether there is anything to look at."""
    from engine.workbench.comparison.flip_text import Asked, flip_lines, flip_report
    from engine.workbench.comparison.flips import Tally
    from server.cli.rules.replay import so_far
    from server.recorded.log import log_size, stretches
    from server.recorded.spreading import tallies
    from server.recorded.work import OnLog

    size = log_size(source)
    parts = stretches(size)
    done = tallies(partial(OnLog.by_own, new.files, source, names), parts, processes)
    tally = counted(done, Tally(names), "replaying", len(parts), so_far)
    if json:
        report = flip_report(tally, "recorded decisions", (), ())
        _print({"rulebook": {"named": named, "digest": new.digest}, "log_size": size, **report})
    else:
        outcomes = {name: [question.outcomes] for name, question in new.questions.items()}
        say(flip_lines(tally, outcomes, Asked("recorded decisions", named, "decisions"), ()))
    return bool(tally.flips or tally.unlike or tally.unread.unexpected)


def _held(source: "Source", names: int, processes: int, json: bool) -> bool:
    """Holds all against their own rulebooks, and says what does not hold; whether anything does not."""
    from server.cli.log_held import held_lines, held_report
    from server.recorded.holding import Held, Holding
    from server.recorded.log import log_size, stretches
    from server.recorded.spreading import tallies

    size = log_size(source)
    parts = stretches(size)
    done = tallies(partial(Holding, source, names), parts, processes)
    held = counted(done, Held(names), "replaying", len(parts), _so_far)
    if json:
        _print({"log_size": size, **held_report(held)})
    else:
        say(held_lines(held))
    return not held.holds


def _so_far(held: "Held") -> str:
    return f"{held.decisions:,} decisions, of which {held.differ:,} are not as recorded"


def _print(said: dict[str, object]) -> None:
    typer.echo(json_text.dumps(said, ensure_ascii=False, indent=2))
