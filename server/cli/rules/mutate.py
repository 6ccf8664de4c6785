"""`origingate rules mutate`: changes each rule a little, and shows what no rule test notices."""

import json as json_text
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.connection import AsJson, fail
from server.cli.rules.changed import Changed, lines_changed
from server.cli.rules.opening import SHIPPED, Folder, Opened, opened
from server.cli.screen import console, watched
from server.today import today

if TYPE_CHECKING:
    from engine.workbench.mutation.model import Fate, Mutant
    from engine.workbench.mutation.report import Tried
    from engine.workbench.mutation.trial import Trial

_FEW = 60
"""Mutants for which another process does not pay."""

_WIDEST = 110


def mutate(
    folder: Folder = SHIPPED,
    question: Annotated[
        str, typer.Option("--question", metavar="NAME", help="Only mutants of this question.")
    ] = "",
    keyword: Annotated[
        str,
        typer.Option("-k", metavar="TEXT", help="Only mutants of rules, definitions, lists with this name."),
    ] = "",
    changed: Changed = None,
    sample: Annotated[
        int | None, typer.Option("--sample", metavar="N", min=1, help="Only so many, picked at random.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="What --sample picks by; the same picks the same.")] = 1,
    least: Annotated[
        float,
        typer.Option(
            "--min", metavar="PERCENT", min=0, max=100, help="Exit code 1 where the score is below."
        ),
    ] = 0,
    processes: Annotated[
        int, typer.Option("-n", metavar="N", min=0, help="Processes; 0 takes one for each core.")
    ] = 0,
    json: AsJson = False,
) -> None:
    """Change each rule a little, and show the changes that no rule test notices, and which test would.

    Numbers, dates, operators, list members, clauses, outcomes and periods are changed, one at a time. A change that does not
    load is not counted.
    """
    from engine.workbench.mutation.report import Tried, report
    from server.parallel import all_cores, spread

    book = opened(folder)
    lines = lines_changed(folder, changed) if changed is not None else None
    trial = _begun(book)
    picked = [
        number
        for number, mutant in enumerate(trial.mutants)
        if (not question or mutant.question == question)
        and keyword.casefold() in mutant.name.casefold()
        and (lines is None or not lines.get(mutant.span.file.path, frozenset()).isdisjoint(mutant.lines))
    ]
    _refuse_nothing(trial, picked, question, keyword, changed)
    if sample is not None and sample < len(picked):
        picked = sorted(random.Random(seed).sample(picked, sample))  # noqa: S311 - a sample, no secret
    cores = 1 if len(picked) < _FEW else processes or all_cores()
    fates: Iterator[Fate]
    if cores == 1:
        fates = (trial.fate(trial.mutants[number]) for number in picked)
    else:
        fates = spread(_fate, picked, cores, _begin, (folder,))
    found = list(watched(fates, "mutants", len(picked)))
    mutants = [trial.mutants[number] for number in picked]
    tried = Tried(book.rulebook.name, trial.count, list(zip(mutants, found, strict=True)))
    if json:
        typer.echo(json_text.dumps(report(tried), ensure_ascii=False, indent=2))
    elif picked:
        _print(tried)
    else:
        typer.echo(f"No rule has changed since {changed}.")
    if tried.together.percent < least:
        raise fail(f"The mutation score is below the {least:g} % that --min asks for.")


def _begun(book: Opened) -> "Trial":
    """The mutants and the tests. Ends the command where tests cannot be run, fail, or are lacking."""
    from engine.workbench.mutation.trial import trial
    from engine.workbench.ruletests.running import run_test

    read = book.test_files()
    problems = book.shown(problem for file in read for problem in file.problems)
    if problems:
        raise fail("\n".join([*problems, "Tests with problems notice nothing; mend them first."]))
    day = today()
    results = [run_test(test, book.rulebook, day) for file in read for test in file.tests]
    failed = sum(bool(result.differences) for result in results)
    if failed:
        raise fail(f"Tests fail already: {failed}. `origingate rules test` says why; mend them first.")
    if all(result.skipped for result in results):
        raise fail(f"{book.folder}: no rule test runs here. Write some into a file `*_test.yaml` first.")
    return trial(book.rulebook, book.files, results)


def _refuse_nothing(
    trial: "Trial", picked: Sequence[int], question: str, keyword: str, changed: str | None
) -> None:
    """Ends the command where the words on the command line fit nothing."""
    from engine.expression.faults import listed, nearest

    questions = trial.rulebook.questions
    if question and question not in questions:
        near = nearest(question, questions)
        mend = f"did you mean {near}?" if near else f"its questions are {listed(questions, 20)}."
        raise fail(f"The rulebook {trial.rulebook.name} has no question {question!r}; {mend}", code=2)
    if keyword and not any(keyword.casefold() in mutant.name.casefold() for mutant in trial.mutants):
        raise fail(f"No rule, definition, list or table has {keyword!r} in its name.", code=2)
    if not picked and changed is None:
        raise fail(f"The question {question} has nothing with {keyword!r} in its name.", code=2)


_here: "list[Trial]" = []
"""The mutants and tests of this process."""


def _begin(folder: Path) -> None:
    _here[:] = [_begun(opened(folder))]


def _fate(number: int) -> "Fate":
    return _here[0].fate(_here[0].mutants[number])


def _print(tried: "Tried") -> None:
    """The survivors, then the scores."""
    from rich.table import Table

    for mutant, fate in tried.survivors:
        typer.echo(f"{_shown(mutant)}\n    {fate.hint}")
    table = Table(
        title=f"{tried.rulebook}: {tried.together.counted} mutants, {tried.tests} tests", title_justify="left"
    )
    table.add_column("question")
    table.add_column("killed", justify="right")
    for name, score in tried.questions:
        table.add_row(name or "shared", str(score))
    table.add_section()
    table.add_row("together", str(tried.together))
    console().print(table)


def _shown(mutant: "Mutant") -> str:
    line, column = mutant.position
    change = mutant.change
    before, after = _short(change.before), _short(change.after)
    said = f"`{before}` -> `{after}`" if after else f"`{before}` left out"
    return f"{mutant.span.file.path}:{line}:{column}: {mutant.owner}: {said}"


def _short(text: str) -> str:
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 3]}..."
