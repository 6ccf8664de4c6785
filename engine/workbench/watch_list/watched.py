"""What of a rulebook is watched, and the rulebooks that it would be otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date

from engine.rulebook.model import Citation, Question, Reading, Rule, Rulebook, Source
from engine.rulebook.standing import Standing
from engine.rulebook.tables import Row, Table
from engine.workbench.pages.reading import readings, statements
from engine.workbench.pages.resting import all_definitions, resting, used
from engine.workbench.watch_list.model import CONFIRMED, WITHOUT, Alternative, Kind, Name, Watched, WatchList


def watch_list(rulebook: Rulebook) -> WatchList:
    """Every source, rule, statement, list, table and definition that is not enacted, and every rule that can be read in
    several ways; sources first, then in the order of the files."""
    found = (*_sources(rulebook), *_rules(rulebook), *_statements(rulebook), *_others(rulebook))
    return {one.name: one for one in found}


def _sources(rulebook: Rulebook) -> Iterator[Watched]:
    for source in rulebook.sources.values():
        if source.standing is Standing.ENACTED:
            continue
        left = Alternative(WITHOUT, _without_source(rulebook, source.name))
        yield Watched(Name(Kind.SOURCE, "", source.name), source.standing, "", (source,), (left,))


def _without_source(rulebook: Rulebook, source: str) -> Rulebook:
    """The rulebook without the rules that rest on the source; of tables that change only its rows are left out."""
    rests = resting(rulebook, source)
    rows = {row for _, row in rests.rows}
    names = {each.name for each in rests.lists} | {each.name for _, each in rests.definitions}
    names |= {table.name for table, _ in rests.rows if table.fixed}
    cited = {rule for _, rule in rests.cited}
    left = _without(
        rulebook, frozenset(rule for _, rule in rests.rules if rule in cited or names & used(rule))
    )
    changed = {
        table.name: _with_rows(table, lambda row: row not in rows)
        for table, _ in rests.rows
        if not table.fixed
    }
    return replace(left, tables={**rulebook.tables, **changed}) if changed else left


def _rules(rulebook: Rulebook) -> Iterator[Watched]:
    for question in rulebook.questions.values():
        for rule in question.rules:
            if rule.standing is Standing.ENACTED and rule.readings is None:
                continue
            chosen = rule.readings.chosen if rule.readings is not None else None
            yield Watched(
                Name(Kind.RULE, question.name, rule.name),
                Standing.ASSUMED if chosen is not None else rule.standing,
                rule.outcome,
                tuple(_of(rulebook, rule.cites)),
                tuple(_alternatives(rulebook, question, rule)),
                chosen.name if chosen is not None else "",
            )


def _alternatives(rulebook: Rulebook, question: Question, rule: Rule) -> Iterator[Alternative]:
    yield Alternative(WITHOUT, _with(rulebook, question, rule, None))
    if rule.standing is Standing.ASSUMED:
        yield Alternative(
            CONFIRMED, _with(rulebook, question, rule, replace(rule, standing=Standing.ENACTED))
        )
    for reading in readings(rule):
        yield Alternative(reading.name, _with(rulebook, question, rule, _read(rule, reading)), reading.says)


def _read(rule: Rule, reading: Reading) -> Rule | None:
    """The rule as it is where its text is read in this one way; none where it then says nothing."""
    if reading.outcome is None:
        return None
    return replace(rule, outcome=reading.outcome, because=reading.because or rule.because, readings=None)


def _statements(rulebook: Rulebook) -> Iterator[Watched]:
    for question in rulebook.questions.values():
        for statement in statements(question):
            if statement.standing is not Standing.ENACTED:
                yield Watched(
                    Name(Kind.STATEMENT, question.name, statement.name),
                    statement.standing,
                    statement.outcome,
                    tuple(_of(rulebook, statement.cites)),
                    (),
                )


def _others(rulebook: Rulebook) -> Iterator[Watched]:
    for each in rulebook.lists.values():
        if each.standing is not Standing.ENACTED:
            yield Watched(
                Name(Kind.LIST, "", each.name), each.standing, "", tuple(_of(rulebook, each.cites)), ()
            )
    for table in rulebook.tables.values():
        rows = [row for row in table.rows if row.standing is not Standing.ENACTED]
        if rows:
            names = dict.fromkeys(cite.split(" ")[0] for row in rows for cite in row.cites)
            sources = tuple(rulebook.sources[name] for name in names)
            weakest = max(rows, key=lambda row: list(Standing).index(row.standing)).standing
            yield Watched(
                Name(Kind.TABLE, "", table.name), weakest, "", sources, tuple(_without_rows(rulebook, table))
            )
    for question, definition in all_definitions(rulebook):
        if definition.standing is not Standing.ENACTED:
            name = Name(Kind.DEFINITION, question.name if question else "", definition.name)
            yield Watched(name, definition.standing, "", tuple(_of(rulebook, definition.cites)), ())


def _without_rows(rulebook: Rulebook, table: Table) -> Iterator[Alternative]:
    """The rulebook with only the enacted rows; a table that never changes is part of the conditions that use it."""
    if not table.fixed:
        left = _with_rows(table, lambda row: row.standing is Standing.ENACTED)
        yield Alternative(WITHOUT, replace(rulebook, tables={**rulebook.tables, table.name: left}))


def _with_rows(table: Table, kept: Callable[[Row], bool]) -> Table:
    """A changing table with some of its rows. It stays one that changes, for conditions look it up as such."""
    return replace(table, rows=tuple(filter(kept, table.rows)), days=table.days or (date.min,))


def _of(rulebook: Rulebook, cites: Iterable[Citation]) -> Iterator[Source]:
    names = dict.fromkeys(cite.source for cite in cites)
    return (rulebook.sources[name] for name in names)


def _without(rulebook: Rulebook, rules: frozenset[Rule]) -> Rulebook:
    return _rules_changed(rulebook, lambda _, rule: None if rule in rules else rule)


def _with(rulebook: Rulebook, question: Question, rule: Rule, other: Rule | None) -> Rulebook:
    """The rulebook with another rule in place of one, or with none."""
    return _rules_changed(rulebook, lambda q, r: other if q is question and r is rule else r)


def _rules_changed(rulebook: Rulebook, changed: Callable[[Question, Rule], Rule | None]) -> Rulebook:
    questions = {}
    for name, question in rulebook.questions.items():
        rules = [changed(question, rule) for rule in question.rules]
        same = all(one is other for one, other in zip(rules, question.rules, strict=True))
        left = tuple(rule for rule in rules if rule is not None)
        questions[name] = question if same else replace(question, rules=left)
    return replace(rulebook, questions=questions)
