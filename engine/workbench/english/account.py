"""A rule or a question as a compliance person reads it: what it says, on what it rests, what it needs to know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.expression import BOOL, Expression, RecordType, render
from engine.expression.types import strip
from engine.rulebook.model import Citation, Definition, Question, Rule, Rulebook, Statement
from engine.rulebook.templates import Template
from engine.workbench.english.conditions import Writer
from engine.workbench.english.said import lines
from engine.workbench.pages.links import STATED_BY
from engine.workbench.pages.reading import described, question_facts, readings, rule_facts
from engine.workbench.pages.rule import in_force

Lines = tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class ConditionTold:
    """A condition or a value: as written, as one sentence, and as lines with how far each is indented."""

    written: str
    sentence: str
    lines: Lines


@dataclass(frozen=True, slots=True)
class FactTold:
    """A fact that is read: its path, what it means, who states it, and what it means that it is not given."""

    fact: str
    meaning: str
    stated_by: str
    absent: str


@dataclass(frozen=True, slots=True)
class NameTold:
    """A list, a table or a definition: what it means, what is in it, what it cites. `kind` says which it is."""

    name: str
    kind: str
    meaning: str
    says: ConditionTold
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceTold:
    """A source, the places in it that are cited, how firm it is, and what text was read."""

    source: str
    at: tuple[str, ...]
    title: str
    standing: str
    read: str


@dataclass(frozen=True, slots=True)
class ReadingTold:
    """One way to read an unclear text, what it leads to (empty: nothing), and whether it is the chosen one."""

    name: str
    says: str
    gives: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class RuleTold:
    """A rule. `each` says for what it is taken; `answers` are the outcomes of other questions that it asks for."""

    question: str
    rule: str
    in_force: str
    each: tuple[str, ...]
    when: ConditionTold
    gives: str
    reason: str
    standing: str
    because: str
    remedy: str
    values: tuple[tuple[str, str], ...]
    readings: tuple[ReadingTold, ...]
    names: tuple[NameTold, ...]
    facts: tuple[FactTold, ...]
    answers: tuple[str, ...]
    missing: str
    sources: tuple[SourceTold, ...]


@dataclass(frozen=True, slots=True)
class StatementTold:
    """What a question says where no rule decides, or where its rules do not apply."""

    gives: str
    because: str
    remedy: str
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule in one line."""

    rule: str
    gives: str
    in_force: str
    when: str


@dataclass(frozen=True, slots=True)
class QuestionTold:
    """A question: its outcomes, strongest first, when its rules apply, each rule in a line, what it needs."""

    question: str
    asks: str
    outcomes: tuple[str, ...]
    favourable: tuple[str, ...]
    applies: ConditionTold | None
    elsewhere: StatementTold | None
    rules: tuple[RuleLine, ...]
    otherwise: StatementTold
    names: tuple[NameTold, ...]
    facts: tuple[FactTold, ...]
    answers: tuple[str, ...]
    sources: tuple[SourceTold, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """A rulebook at a glance: its questions, what each asks, and how many rules it has."""

    rulebook: str
    title: str
    questions: tuple[tuple[str, str, int], ...]


def overview(rulebook: Rulebook) -> Overview:
    """The questions of a rulebook."""
    questions = tuple((each.name, each.asks, len(each.rules)) for each in rulebook.questions.values())
    return Overview(rulebook.name, rulebook.title, questions)


def rule_told(rulebook: Rulebook, question: Question, rule: Rule) -> RuleTold:
    """Everything there is to say of a rule without an order."""
    writer = Writer(rulebook.facts)
    chosen = rule.readings.chosen if rule.readings is not None else None
    used = sorted(rule.basis.tables.union(rule.when.uses, *(value.uses for _, value in rule.values)))
    names = tuple(_name(rulebook, question, name) for name in used)
    return RuleTold(
        question.name,
        rule.name,
        in_force(rule.start, rule.end),
        tuple(f"{loop.variable} in {writer.values.words(loop.path.root)}" for loop in rule.each),
        _condition(writer, rule.when),
        rule.outcome,
        rule.reason,
        str(rule.standing),
        _plain(rule.because),
        _plain(rule.remedy),
        tuple((name, writer.sentence(value.root)) for name, value in rule.values),
        tuple(ReadingTold(one.name, one.says, one.outcome or "", one is chosen) for one in readings(rule)),
        names,
        _facts(rulebook, rule_facts(rulebook, rule)),
        tuple(sorted(rule.basis.questions)),
        _missing(question, rule),
        _sources(rulebook, [*rule.cites, *_cited_by(rulebook, question, used)]),
    )


def question_told(rulebook: Rulebook, question: Question) -> QuestionTold:
    """Everything there is to say of a question without an order."""
    gate = question.gate
    used = {name for rule in question.rules for name in rule.basis.tables | rule.when.uses}
    used |= gate.applies.uses | gate.basis.tables if gate is not None else set()
    favourable = question.favourable or frozenset()
    cites = [cite for rule in question.rules for cite in rule.cites]
    cites += [*question.otherwise.cites, *(gate.otherwise.cites if gate is not None else ())]
    return QuestionTold(
        question.name,
        question.asks,
        question.outcomes,
        tuple(outcome for outcome in question.outcomes if outcome in favourable),
        _condition(Writer(rulebook.facts), gate.applies) if gate is not None else None,
        _statement(gate.otherwise) if gate is not None else None,
        tuple(
            RuleLine(
                rule.name,
                rule.outcome,
                in_force(rule.start, rule.end),
                Writer(rulebook.facts).sentence(rule.when.root),
            )
            for rule in question.rules
        ),
        _statement(question.otherwise),
        tuple(_name(rulebook, question, name) for name in sorted(used)),
        _facts(rulebook, question_facts(rulebook, question)),
        question.inner,
        _sources(rulebook, [*cites, *_cited_by(rulebook, question, sorted(used))]),
    )


def _condition(writer: Writer, expression: Expression) -> ConditionTold:
    sentence = writer.sentence(expression.root)
    told = lines(writer.said(expression.root)) if strip(expression.type) == BOOL else ((0, sentence),)
    return ConditionTold(expression.text.strip(), sentence, told)


def _missing(question: Question, rule: Rule) -> str:
    """What happens where a fact that would tell whether the rule is true is missing."""
    stronger = [
        outcome
        for outcome in question.outcomes[: question.outcomes.index(rule.outcome)]
        if outcome != rule.outcome
    ]
    unless = f" unless a rule that gives {' or '.join(stronger)} is true" if stronger else ""
    return (
        f"While a fact is missing and the others do not settle the condition, {rule.outcome} stays possible{unless}. "
        "Where another outcome is possible too, the answer is UNDETERMINED, with the facts that are missing."
    )


def _name(rulebook: Rulebook, question: Question, name: str) -> NameTold:
    if name in rulebook.lists:
        each = rulebook.lists[name]
        says = ", ".join(map(render, each.values)) or "empty"
        return NameTold(
            name, "list", each.meaning, ConditionTold(says, says, ((0, says),)), _cites(each.cites)
        )
    if name in rulebook.tables:
        table = rulebook.tables[name]
        columns = ", ".join(table.type.value.fields) if isinstance(table.type.value, RecordType) else ""
        keys = ", ".join(dict.fromkeys(render(row.key) for row in table.rows)) or "no rows"
        says = f"by {table.key}: {keys} (columns: {columns})"
        return NameTold(name, "table", table.meaning, ConditionTold(says, says, ((0, says),)), ())
    definition = _definition(rulebook, question, name)
    condition = _condition(Writer(rulebook.facts), definition.body)
    return NameTold(name, "definition", definition.meaning, condition, _cites(definition.cites))


def _definition(rulebook: Rulebook, question: Question, name: str) -> Definition:
    return question.definitions[name] if name in question.definitions else rulebook.definitions[name]


def _cited_by(rulebook: Rulebook, question: Question, names: Iterable[str]) -> Iterable[Citation]:
    for name in names:
        if name in rulebook.lists:
            yield from rulebook.lists[name].cites
        elif name not in rulebook.tables:
            yield from _definition(rulebook, question, name).cites


def _facts(rulebook: Rulebook, paths: Iterable[str]) -> tuple[FactTold, ...]:
    found = [described(rulebook.facts, path) for path in sorted(paths)]
    return tuple(
        FactTold(
            each.path,
            each.field.meaning if each.field is not None else "everything under this name",
            STATED_BY[each.fact.asserted_by] if each.fact is not None else "",
            each.field.absent if each.field is not None else "",
        )
        for each in found
    )


def _sources(rulebook: Rulebook, cites: Iterable[Citation]) -> tuple[SourceTold, ...]:
    places: dict[str, dict[str, None]] = {}
    for cite in cites:
        places.setdefault(cite.source, {}).update({cite.at: None} if cite.at else {})
    return tuple(
        SourceTold(
            name,
            tuple(at),
            rulebook.sources[name].title,
            str(rulebook.sources[name].standing),
            rulebook.sources[name].read,
        )
        for name, at in places.items()
    )


def _statement(statement: Statement) -> StatementTold:
    return StatementTold(
        statement.outcome, _plain(statement.because), _plain(statement.remedy), _cites(statement.cites)
    )


def _cites(cites: Iterable[Citation]) -> tuple[str, ...]:
    return tuple(map(str, cites))


def _plain(template: Template | None) -> str:
    """A text with the names of its facts in braces; empty where there is none."""
    parts = template.parts if template is not None else ()
    return "".join(part if isinstance(part, str) else f"{{{part.text}}}" for part in parts)
