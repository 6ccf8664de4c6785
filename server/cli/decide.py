"""`origingate decide`: one question, decided here, without a server."""

import json as json_text
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.connection import AsJson, fail
from server.settings import shipped_rules

if TYPE_CHECKING:
    from rich.table import Table

    from engine.decision import Decision
    from engine.facts import Facts
    from engine.rulebook import Rulebook
    from engine.workbench.durable import Opinion


class Evaluator(StrEnum):
    """Who answers: the evaluator that serves, or durable-rules, the second opinion."""

    NATIVE = "native"
    DURABLE = "durable"


def decide(
    facts: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help="Proto JSON of an order with its declaration, e.g. examples/orders/01-eligible.json",
        ),
    ],
    question: Annotated[
        str, typer.Option(help="The question, e.g. scope, certification, prereview.")
    ] = "scope",
    rulebook: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder of rule files.", show_default="the shipped one")
    ] = shipped_rules() / "usmca",
    on: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="The civil day to decide for; today by default.")
    ] = None,
    enforce: Annotated[
        str, typer.Option(help="Standings that count, with commas between them.")
    ] = "enacted,reported",
    evaluator: Annotated[
        Evaluator, typer.Option(help="The evaluator that serves, or durable-rules as a second opinion.")
    ] = Evaluator.NATIVE,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say of every rule why it fired, did not, or is unknown.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Decide one question about one order, and say why.

    What our own records would add (a site's integration, a certificate) is unknown here. The second opinion
    has the outcome, those that are possible, and the rules that fired or are unknown; it has no words.
    """
    from google.protobuf import json_format
    from origingate.v1 import screening_service_pb2

    from engine.rulebook import Standing
    from server.cli.screen import as_json, console, decision_view
    from server.errors import QuestionNotFound, RequestInvalid
    from server.our_records import OurRecords
    from server.rulebooks import RulebookRefused, RulebookUnreadable, load_folder
    from server.sites import Sites
    from server.wire.decisions import decision_to_proto
    from server.wire.requests import read
    from server.workflow.deciding import decide_today

    if explain and evaluator is Evaluator.DURABLE:
        raise fail("durable-rules has no words: --explain is for the evaluator that serves.", code=2)
    try:
        day = date.fromisoformat(on) if on else None
        standings = tuple(Standing(word.strip()) for word in enforce.split(",") if word.strip())
        if not standings:
            raise ValueError("no standing is named")
    except ValueError as error:
        raise fail(
            f"{error}. A day is YYYY-MM-DD; standings are enacted, reported, assumed.", code=2
        ) from error
    try:
        said = json_text.loads(facts.read_text("utf-8"))
        if not isinstance(said, dict):
            raise TypeError("it is no object in braces")
        said = {name: said[name] for name in ("site", "order", "declaration") if name in said}
        request = json_format.ParseDict(said, screening_service_pb2.DecidePreReviewRequest())
        request.site.SetInParent()
        asked = read(request)
        facts_known = OurRecords(Sites({})).added_to(asked.facts, "")
        rules = load_folder(rulebook)
        decision = decide_today(rules, question, facts_known, day, standings)
    except OSError as error:
        raise fail(f"{facts}: cannot be read ({error.strerror}).", code=2) from error
    except (ValueError, TypeError, RecursionError, json_format.ParseError) as error:
        raise fail(f"{facts}: is not the proto JSON of an order: {error}", code=2) from error
    except RequestInvalid as error:
        lines = [f"  {violation.field}: {violation.text}" for violation in error.violations]
        raise fail("\n".join([f"{facts}: breaks rules of form:", *lines]), code=2) from error
    except (RulebookRefused, RulebookUnreadable, QuestionNotFound) as error:
        raise fail(str(error), code=1 if isinstance(error, RulebookRefused) else 2) from error
    if evaluator is Evaluator.DURABLE:
        _second(rules, facts_known, decision, json)
        return
    message = decision_to_proto(decision, hypothetical=True)
    if explain:
        _explain(rules, facts_known, decision, json)
    elif json:
        typer.echo(as_json(message))
    else:
        console().print(decision_view(message))


def _explain(rulebook: "Rulebook", facts: "Facts", decision: "Decision", json: bool) -> None:
    """Prints the decision and, rule by rule, what made it so."""
    from engine.explanation import explain
    from server.cli.explained import explanation_json, explanation_view
    from server.cli.screen import console, decision_view
    from server.wire.decisions import decision_to_proto

    message = decision_to_proto(decision, hypothetical=True)
    explanation = explain(rulebook, decision.question, facts, decision.on, decision.enforce)
    if json:
        typer.echo(explanation_json(message, explanation))
    else:
        console().print(decision_view(message), explanation_view(explanation))


def _second(rulebook: "Rulebook", facts: "Facts", decision: "Decision", json: bool) -> None:
    """Prints what durable-rules makes of the same question. Exit code 1 where that differs from the decision."""
    from engine.workbench.durable import differences
    from server.cli.screen import console
    from server.second_opinion import SecondOpinionAbsent, SecondOpinionFailed, decide_durable

    try:
        opinion = decide_durable(rulebook, decision.question, facts, decision.on, decision.enforce)
    except SecondOpinionAbsent as error:
        raise fail(f"There is no second opinion here: {error}.", code=2) from error
    except SecondOpinionFailed as error:
        raise fail(f"The second opinion could not be had: {error}.", code=1) from error
    differs = differences(decision, opinion)
    if json:
        said = {**opinion.as_tree(), "differences": list(differs)}
        typer.echo(json_text.dumps(said, ensure_ascii=False, indent=2))
    else:
        console().print(_opinion_view(opinion))
    if differs:
        raise fail("\n".join(["The evaluator that serves answers otherwise:", *differs]), code=1)


def _opinion_view(opinion: "Opinion") -> "Table":
    """A second opinion as a table of two columns."""
    from rich.table import Table

    table = Table(show_header=False)
    table.add_column("what", no_wrap=True)
    table.add_column("value", overflow="fold")
    table.add_row("by", "durable-rules")
    table.add_row(opinion.question, opinion.outcome)
    if len(opinion.possible) > 1:
        table.add_row("possible", ", ".join(opinion.possible))
    for what, places in (("fired", opinion.fired), ("unknown", opinion.open)):
        for rule, place in sorted(places):
            table.add_row(what, f"{rule} at {place}" if place else rule)
    return table
