"""`origingate rules second-opinion`: every answer asked of durable-rules too."""

import time
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.connection import fail
from server.cli.rules.opening import SHIPPED, Folder, opened
from server.cli.screen import watched

if TYPE_CHECKING:
    pass

MOST_SHOWN = 20


def second_opinion(
    folder: Folder = SHIPPED,
    generated: Annotated[
        int,
        typer.Option(min=0, metavar="N", help="How many made-up cases to compare besides the rule tests."),
    ] = 1000,
    seed: Annotated[int, typer.Option(help="Another seed makes up other cases.")] = 1,
) -> None:
    """Compare the evaluator that serves with durable-rules, on the rule tests and on made-up facts.

    Exit code 1 where they differ in an answer.
    """
    from random import Random

    from engine.workbench.durable.generated import generated as made_up
    from server.second_opinion import SecondOpinion, SecondOpinionAbsent, SecondOpinionFailed, cases_of

    started = time.perf_counter()
    book = opened(folder)
    rulebook = book.rulebook
    tests = [case for file in book.test_files() for case in cases_of(file.tests)]
    made = made_up(rulebook, generated, Random(seed), tests)  # noqa: S311 - the same cases every time
    try:
        with SecondOpinion(rulebook) as second:
            agreement = second.compare(watched([*tests, *made], "comparing"))
    except SecondOpinionAbsent as error:
        raise fail(f"There is no second opinion here: {error}.", code=2) from error
    except SecondOpinionFailed as error:
        raise fail(f"The second opinion could not be had: {error}.") from error
    for disagreement in agreement.disagreements[:MOST_SHOWN]:
        typer.echo(f"{disagreement.show()}\n")
    share, differ = agreement.share, len(agreement.disagreements)
    typer.echo(
        f"{rulebook.name}: {agreement.compared} answers compared in {time.perf_counter() - started:.0f} s, "
        f"{differ} differ. durable-rules judges {share.ratio:.0%} of the clauses itself: {share.native}; "
        f"{share.operand} on a value computed first, {share.computed} are computed first as a whole."
    )
    if differ:
        raise typer.Exit(1)
