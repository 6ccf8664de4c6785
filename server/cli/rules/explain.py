"""`origingate rules explain`: a rule or a question as a compliance person reads it."""

import json as json_text
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.connection import AsJson, fail
from server.cli.rules.opening import SHIPPED, opened

if TYPE_CHECKING:
    from rich.console import RenderableType

    from engine.rulebook import Rulebook
    from engine.workbench.english.account import NameTold, Overview, QuestionTold, RuleTold, StatementTold


def explain(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[DIR] [QUESTION | RULE | QUESTION/RULE]",
            help="Folder of the rulebook (the shipped one by default), and what to explain (nothing: an overview).",
            show_default=False,
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Say what a rule or a question asks, in plain English, and on what it rests.

    A rule: its condition as sentences, what it gives and when, the lists and definitions that it uses, the facts that
    it needs and who states them, its sources. A question: its outcomes, and each rule in a line.
    """
    from server.cli.screen import console

    folder, name = _folder_and_name(names or [])
    told = _told(opened(folder).rulebook, name)
    if json:
        trees = [asdict(one) for one in told]
        typer.echo(json_text.dumps(trees if len(trees) > 1 else trees[0], ensure_ascii=False, indent=2))
        return
    out = console()
    for number, one in enumerate(told):
        out.print(*([""] if number else []), *_view(one), sep="\n")


def _folder_and_name(words: list[str]) -> tuple[Path, str]:
    """The folder and the name among the words; one word alone is a folder where there is such a one."""
    match words:
        case []:
            return SHIPPED, ""
        case [word]:
            return (Path(word), "") if Path(word).is_dir() else (SHIPPED, word)
        case [folder, name]:
            return Path(folder), name
    raise fail("Name a folder at most, and one rule or question of it.", code=2)


def _told(rulebook: "Rulebook", name: str) -> "list[Overview | QuestionTold | RuleTold]":
    """What bears the name. Ends the command with 2 where nothing does."""
    from engine.expression.faults import listed, nearest
    from engine.workbench.english.account import overview, question_told, rule_told

    if not name:
        return [overview(rulebook)]
    if name in rulebook.questions:
        return [question_told(rulebook, rulebook.questions[name])]
    within, _, wanted = name.rpartition("/")
    found = [
        rule_told(rulebook, question, rule)
        for question in rulebook.questions.values()
        if within in ("", question.name)
        for rule in question.rules
        if rule.name == wanted
    ]
    if found:
        return [*found]
    rules = {f"{each.name}/{rule.name}" for each in rulebook.questions.values() for rule in each.rules}
    known = {*rulebook.questions, *rules, *(rule.partition("/")[2] for rule in rules)}
    near = nearest(name, known)
    mend = f"did you mean `{near}`?" if near else f"its questions are {listed(rulebook.questions, 20)}"
    raise fail(f"The rulebook `{rulebook.name}` has no rule or question `{name}`; {mend}", code=2)


def _view(told: "Overview | QuestionTold | RuleTold") -> "Iterator[RenderableType]":
    from engine.workbench.english.account import Overview, QuestionTold

    if isinstance(told, Overview):
        yield from _overview(told)
    elif isinstance(told, QuestionTold):
        yield from _question(told)
    else:
        yield from _rule(told)


def _overview(told: "Overview") -> "Iterator[RenderableType]":
    from rich.text import Text

    yield Text.assemble((told.rulebook, "bold"), f": {told.title}")
    yield _table(
        ("question", "asks", "rules"), ((name, asks, str(rules)) for name, asks, rules in told.questions)
    )
    yield Text("Name a question to see its rules, and a rule to see what it asks.", "dim")


def _rule(told: "RuleTold") -> "Iterator[RenderableType]":
    from rich.text import Text

    yield Text.assemble((f"{told.question}/{told.rule}", "bold"), f" gives {told.gives} ({told.reason})")
    yield Text(told.because)
    yield Text("")
    yield Text(f"In force {told.in_force}; it counts as {told.standing}.")
    if told.each:
        yield Text(f"It is taken once for each {', and each '.join(told.each)}.")
    yield from _condition("It is true when", told.when.lines)
    if told.readings:
        yield Text(f"The text can be read in {len(told.readings)} ways:")
        yield from (
            Text(
                f"  - {one.name}{' (chosen)' if one.chosen else ''}: {one.says} Then: {one.gives or 'nothing'}."
            )
            for one in told.readings
        )
    if told.remedy:
        yield Text(f"Remedy: {told.remedy}")
    yield from (Text(f"It also says {name}: {value}.") for name, value in told.values)
    yield from _names(told.names)
    yield from _needs(told)
    yield Text(told.missing)
    yield from _sources(told)


def _question(told: "QuestionTold") -> "Iterator[RenderableType]":
    from rich.text import Text

    yield Text.assemble((told.question, "bold"), f": {told.asks}")
    yield Text(f"Outcomes, strongest first: {', '.join(told.outcomes)}.")
    if told.favourable:
        yield Text(f"Favourable: {', '.join(told.favourable)}.")
    if told.applies is not None and told.elsewhere is not None:
        yield from _condition("Its rules apply when", told.applies.lines)
        yield _statement("Elsewhere", told.elsewhere)
    yield _table(
        ("rule", "gives", "when", "in force"),
        ((rule.rule, rule.gives, rule.when, rule.in_force) for rule in told.rules),
    )
    yield _statement("Where no rule is true", told.otherwise)
    yield from _names(told.names)
    yield from _needs(told)
    yield from _sources(told)


def _condition(before: str, lines: Iterable[tuple[int, str]]) -> "Iterator[RenderableType]":
    from rich.padding import Padding
    from rich.text import Text

    (_, first), *rest = lines
    yield Text(f"{before} {first}{'' if rest else '.'}")
    yield from (Padding(Text(f"- {line}"), (0, 0, 0, 2 * depth), expand=False) for depth, line in rest)


def _statement(before: str, told: "StatementTold") -> "RenderableType":
    from rich.text import Text

    return Text(f"{before}: {told.gives}. {told.because}{f' {told.remedy}' if told.remedy else ''}")


def _names(names: "Iterable[NameTold]") -> "Iterator[RenderableType]":
    from rich.padding import Padding
    from rich.text import Text

    for number, name in enumerate(names):
        if not number:
            yield Text("\nWhat it names", "bold")
        cites = f" ({', '.join(name.cites)})" if name.cites else ""
        spaced = name.name.replace("_", " ")
        yield Text(f'The {name.kind} "{spaced}": {name.meaning or "no meaning is written"}{cites}')
        yield from (
            Padding(Text(f"{'- ' if depth else ''}{line}"), (0, 0, 0, 2 + 2 * depth), expand=False)
            for depth, line in name.says.lines
        )


def _needs(told: "RuleTold | QuestionTold") -> "Iterator[RenderableType]":
    from rich.text import Text

    yield Text("\nWhat it needs to know", "bold")
    facts = [
        (fact.fact, f"{fact.meaning}{f' Not given: {fact.absent}' if fact.absent else ''}", fact.stated_by)
        for fact in told.facts
    ]
    facts += [(name, "the answer to this question, and so what that one needs", "") for name in told.answers]
    yield _table(("fact", "what it means", "stated by"), facts) if facts else Text("Nothing.")


def _sources(told: "RuleTold | QuestionTold") -> "Iterator[RenderableType]":
    from rich.text import Text

    yield Text("\nWhere it comes from", "bold")
    yield _table(
        ("source", "title", "standing", "what was read"),
        (
            (f"{each.source} {', '.join(each.at)}".strip(), each.title, each.standing, each.read)
            for each in told.sources
        ),
    )


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> "RenderableType":
    from rich.table import Table

    table = Table()
    for column in head:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table
