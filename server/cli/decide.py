"""`origingate decide`: one question, decided here, without a server."""

import json as json_text
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.connection import AsJson, fail
from server.cli.facts import Day, Enforce, GivenFile, OrderFile, day_and_standings, facts_of, one_of
from server.shipped import shipped_rules

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
    facts: OrderFile = None,
    given: GivenFile = None,
    question: Annotated[
        str, typer.Option(help="The question, e.g. scope, certification, prereview.")
    ] = "scope",
    rulebook: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder of rule files.", show_default="the shipped one")
    ] = shipped_rules() / "usmca",
    on: Day = None,
    enforce: Enforce = "enacted,reported",
    evaluator: Annotated[
        Evaluator, typer.Option(help="The evaluator that serves, or durable-rules as a second opinion.")
    ] = Evaluator.NATIVE,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say of every rule why it fired, did not, or is unknown.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Decide one question about one order, and say why.

    What our own records would add to --facts (a site's integration, a certificate) is unknown here; --given can
    state it. The second opinion has the outcome, those that are possible, and the rules that fired or are
    unknown; it has no words.
    """
    from server.cli.answers import as_json, decision_view
    from server.cli.screen import console
    from server.errors import QuestionNotFound
    from server.rulebooks import RulebookRefused, RulebookUnreadable, load_folder
    from server.wire.decisions import decision_to_proto
    from server.workflow.deciding import decide_today

    if explain and evaluator is Evaluator.DURABLE:
        raise fail("durable-rules has no words: --explain is for the evaluator that serves.", code=2)
    one_of(facts, given)
    day, standings = day_and_standings(on, enforce)
    try:
        rules = load_folder(rulebook)
        known = facts_of(facts, given, rules)
        decision = decide_today(rules, question, known, day, standings)
    except (RulebookRefused, RulebookUnreadable, QuestionNotFound) as error:
        raise fail(str(error), code=1 if isinstance(error, RulebookRefused) else 2) from error
    if evaluator is Evaluator.DURABLE:
        _second(rules, known, decision, json)
        return
    message = decision_to_proto(decision, hypothetical=True)
    if explain:
        _explain(rules, known, decision, json)
    elif json:
        typer.echo(as_json(message))
    else:
        console().print(decision_view(message))


def _explain(rulebook: "Rulebook", facts: "Facts", decision: "Decision", json: bool) -> None:
    """Prints the decision and, rule by rule, what made it so."""
    from engine.explanation import explain
    from server.cli.answers import decision_view
    from server.cli.explained import explanation_json, explanation_view
    from server.cli.screen import console
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
