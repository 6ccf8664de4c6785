"""`origingate rules why-not`: the smallest changes to an order that would make its answer favourable."""

import json as json_text
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from server.cli.connection import AsJson, fail
from server.cli.facts import Day, Enforce, GivenFile, OrderFile, day_and_standings, facts_of, one_of
from server.cli.rules.opening import SHIPPED, Folder, opened
from server.cli.written import write_file

if TYPE_CHECKING:
    from datetime import date

    from engine.facts import Facts
    from engine.rulebook import Rulebook, Standing
    from engine.workbench.why_not import Offer, WhyNot

TRUTH: Final = (
    "Facts have to be true. This says what the rules would need; "
    "it is no advice to declare anything that is not so."
)


def why_not(
    question: Annotated[
        str, typer.Option("--question", metavar="QUESTION", help="The question, e.g. certification.")
    ],
    folder: Folder = SHIPPED,
    facts: OrderFile = None,
    given: GivenFile = None,
    outcome: Annotated[
        str | None,
        typer.Option(
            "--outcome", metavar="OUTCOME", help="The outcome that is wanted; a favourable one by default."
        ),
    ] = None,
    on: Day = None,
    enforce: Enforce = "enacted,reported",
    changes: Annotated[
        int, typer.Option("--changes", min=1, max=12, help="Most facts to change at once.")
    ] = 3,
    limit: Annotated[int, typer.Option("--limit", min=1, max=50, help="Most sets of changes to show.")] = 5,
    write: Annotated[
        Path | None,
        typer.Option(
            "--write",
            metavar="FILE",
            help="Write the facts with the first set of changes, for decide --given; with the others into FILE-2 and so on.",
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Say what would have to be otherwise for the answer to be favourable.

    Shows the smallest sets of facts to change, each tried on the real rules, in the words of rules and dictionary,
    with who states each fact. Facts have to be true: this is no advice to declare what is not so. Exit code 1 where
    nothing within the bounds helps.
    """
    from server.cli.screen import console

    one_of(facts, given)
    day, standings = day_and_standings(on, enforce)
    rulebook = opened(folder).rulebook
    found = _found(
        rulebook, question, facts_of(facts, given, rulebook), day, standings, outcome, changes, limit
    )
    if write is not None:
        _write(found, write)
    if json:
        typer.echo(json_text.dumps(_tree(found), ensure_ascii=False, indent=2))
    else:
        console().print("\n".join(_lines(found)), soft_wrap=True)
    if not found.reached and not found.offers:
        raise typer.Exit(1)


def _found(
    rulebook: "Rulebook",
    question: str,
    facts: "Facts",
    day: "date | None",
    standings: "tuple[Standing, ...]",
    outcome: str | None,
    changes: int,
    limit: int,
) -> "WhyNot":
    """What the search finds, with a count on a terminal. Ends the command where nothing can be looked for."""
    from engine.decide import UnknownQuestionError
    from engine.workbench.why_not import NoGoalError, why_not
    from server.cli.screen import errors
    from server.workflow.deciding import today

    try:
        with errors().status("looking for changes") as status:
            return why_not(
                rulebook,
                question,
                facts,
                day or today(rulebook),
                standings,
                outcome=outcome,
                most_changes=changes,
                most_offers=limit,
                told=lambda tries: status.update(f"looking for changes: {tries} sets tried"),
            )
    except NoGoalError as error:
        raise fail(f"{error}, with --outcome.", code=2) from error
    except UnknownQuestionError as error:
        raise fail(str(error), code=2) from error


def _lines(found: "WhyNot") -> Iterator[str]:
    decision = found.decision
    now = f"{decision.question} is {_answer(decision.outcome, decision.possible)} on {decision.on}"
    goal = " or ".join(found.wanted)
    if found.reached:
        yield f"{now}. That is what is wanted ({goal}); nothing has to change."
        return
    if found.offers:
        yield f"{now}. It would be {goal} with one of these:"
        for number, offer in enumerate(found.offers, start=1):
            yield ""
            yield from _offer(f"{number}. ", offer)
        yield ""
        reached = {outcome for offer in found.offers for outcome in offer.decision.possible}
        for outcome in found.wanted:
            if outcome not in reached:
                yield f"None of these gives {outcome}: ask for it with --outcome {outcome}."
        if found.cut:
            yield f"The search ended after {found.tries} sets; there may be other ways."
        yield TRUTH
        return
    yield f"{now}. No change of at most {_facts(found.most_changes)} makes it {goal}."
    if found.cut:
        yield f"The search ended after {found.tries} sets; there may be a way all the same."
    if found.nearest is not None:
        yield "The nearest that was found:"
        yield from _offer("   ", found.nearest)
    if not found.cut:
        yield f"Allow more with --changes {found.most_changes + 1}."
    yield TRUTH


def _offer(before: str, offer: "Offer") -> Iterator[str]:
    from engine.workbench.pages.links import STATED_BY

    answer = _answer(offer.decision.outcome, offer.decision.possible)
    yield f"{before}{answer}, by {_facts(len(offer.changes))}"
    for change in offer.changes:
        yield f"   - {change.says}"
        yield f"     {f'{change.meaning} ' if change.meaning else ''}Stated by {STATED_BY[change.stated_by]}."
    for remedy in offer.remedies:
        yield f"   remedy: {remedy}"


def _answer(outcome: str, possible: tuple[str, ...]) -> str:
    return outcome if len(possible) == 1 else f"{outcome} ({', '.join(possible)})"


def _facts(number: int) -> str:
    return "1 fact" if number == 1 else f"{number} facts"


def _write(found: "WhyNot", first: Path) -> None:
    """Writes the facts of each offer. Ends the command where a file cannot be written."""
    from engine.workbench.given_text import given_text

    for number, offer in enumerate(found.offers, start=1):
        path = first if number == 1 else first.with_name(f"{first.stem}-{number}{first.suffix}")
        write_file(path, given_text(offer.facts))


def _tree(found: "WhyNot") -> dict[str, object]:
    decision = found.decision
    return {
        "question": decision.question,
        "on": decision.on.isoformat(),
        "outcome": decision.outcome,
        "possible": list(decision.possible),
        "wanted": list(found.wanted),
        "reached": found.reached,
        "offers": [_offer_tree(offer) for offer in found.offers],
        "nearest": _offer_tree(found.nearest) if found.nearest is not None else None,
        "most_changes": found.most_changes,
        "tries": found.tries,
        "cut": found.cut,
    }


def _offer_tree(offer: "Offer") -> dict[str, object]:
    from engine.workbench.given_text import given_text

    return {
        "outcome": offer.decision.outcome,
        "possible": list(offer.decision.possible),
        "changes": [
            {
                "fact": change.path,
                "from": _text(change.before),
                "to": _text(change.after),
                "also": [_text(value) for value in change.also],
                "stated_by": change.stated_by,
                "meaning": change.meaning,
                "says": change.says,
            }
            for change in offer.changes
        ],
        "remedies": list(offer.remedies),
        "given": given_text(offer.facts),
    }


def _text(value: object) -> str:
    from engine.workbench.why_not import value_in_words

    return value if isinstance(value, str) and not isinstance(value, StrEnum) else value_in_words(value)
