"""What rests on a source: directly, or through lists, tables and definitions that cite it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from engine.rulebook.model import Definition, Gate, NamedList, Question, Rule, Rulebook, Statement
from engine.rulebook.standing import Standing
from engine.rulebook.tables import Row, Table
from engine.workbench.pages.reading import statements


@dataclass(frozen=True, slots=True, eq=False)
class Resting:
    """What rests on one source. Rules and statements stand with their question, rows with their table.

    `cited` are the rules that cite the source, `rules` also those that use a list, table or definition of it.
    """

    cited: tuple[tuple[Question, Rule], ...]
    rules: tuple[tuple[Question, Rule], ...]
    statements: tuple[tuple[Question, Statement], ...]
    lists: tuple[NamedList, ...]
    rows: tuple[tuple[Table, Row], ...]
    definitions: tuple[tuple[Question | None, Definition], ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions that have a rule or a statement among them, each once, by name."""
        found = {question.name: question for question, _ in (*self.rules, *self.statements)}
        return tuple(found[name] for name in sorted(found))


def resting(rulebook: Rulebook, source: str) -> Resting:
    """Everything that rests on the source, in the order of the files."""
    lists = tuple(each for each in rulebook.lists.values() if _cites(each, source))
    rows = tuple(
        (table, row) for table in rulebook.tables.values() for row in table.rows if source in sources_of(row)
    )
    definitions = tuple(
        (question, each) for question, each in all_definitions(rulebook) if _cites(each, source)
    )
    names = {each.name for each in lists} | {table.name for table, _ in rows}
    names |= {each.name for _, each in definitions}
    rules = [(question, rule) for question in rulebook.questions.values() for rule in question.rules]
    return Resting(
        cited=tuple((question, rule) for question, rule in rules if _cites(rule, source)),
        rules=tuple(
            (question, rule) for question, rule in rules if _cites(rule, source) or names & used(rule)
        ),
        statements=tuple(
            (question, statement)
            for question in rulebook.questions.values()
            for statement in statements(question)
            if _cites(statement, source) or names & _asked_before(question, statement)
        ),
        lists=lists,
        rows=rows,
        definitions=definitions,
    )


def used(rule: Rule) -> frozenset[str]:
    """The names of the lists, tables and definitions that the rule rests on, also through definitions."""
    return rule.basis.tables.union(rule.when.uses, *(value.uses for _, value in rule.values))


def _asked_before(question: Question, statement: Statement) -> frozenset[str]:
    """The names in the condition under which `else` is said."""
    if question.gate is None or statement is not question.gate.otherwise:
        return frozenset()
    return before_rules(question.gate)


def before_rules(gate: Gate) -> frozenset[str]:
    """The names of the lists, tables and definitions that it rests on whether the rules apply."""
    return gate.applies.uses | gate.basis.tables


def sources_of(row: Row) -> frozenset[str]:
    """The names of the sources that the row cites."""
    return frozenset(cite.split(" ")[0] for cite in row.cites)


@lru_cache(maxsize=1024)
def row_sources(table: Table, on: date, enforce: frozenset[Standing]) -> frozenset[str]:
    """The sources behind the rows of a table that are in force on a day and whose standing counts."""
    counting = (row for row in table.rows if row.standing in enforce and row.in_force(on))
    return frozenset[str]().union(*map(sources_of, counting))


def all_definitions(rulebook: Rulebook) -> Iterator[tuple[Question | None, Definition]]:
    """Every definition with the question that has it; those of the whole rulebook stand with None."""
    for definition in rulebook.definitions.values():
        yield None, definition
    for question in rulebook.questions.values():
        for definition in question.definitions.values():
            yield question, definition


def asking(rulebook: Rulebook, questions: frozenset[str]) -> tuple[Question, ...]:
    """The other questions that use the outcome of one of these, at once or through further questions."""
    reached = set(questions)
    while True:
        more = {name for name, each in rulebook.questions.items() if reached & set(each.inner)} - reached
        if not more:
            return tuple(rulebook.questions[name] for name in sorted(reached - questions))
        reached |= more


def _cites(cited: Rule | Statement | NamedList | Definition, source: str) -> bool:
    return any(citation.source == source for citation in cited.cites)
