"""The parts of a rulebook, each with what it means and what it says in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from engine.expression import Expression, render, to_text
from engine.expression.types import EnumType, ListType, MapType, OptionalType, RecordType, Type
from engine.rulebook.dictionary import Fact, Field
from engine.rulebook.model import (
    Citation,
    Definition,
    Invariant,
    NamedList,
    Question,
    Readings,
    Rule,
    Rulebook,
    Source,
    Statement,
)
from engine.rulebook.tables import Row, Table
from engine.rulebook.templates import FactPath, Template
from engine.workbench.comparison.forms import Forms
from engine.workbench.comparison.model import Aspect, Key, Kind, Part, Shown

Aspects = dict[str, Aspect]


def parts_of(rulebook: Rulebook) -> dict[Key, Part]:
    """Every part, those of a question after it."""
    reading = _Parts(rulebook)
    return {part.key: part for part in reading.all()}


class _Parts:
    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.forms = Forms(rulebook)

    def all(self) -> Iterator[Part]:
        book, facts = self.rulebook, self.rulebook.facts
        meaning = {"name": _plain(book.name), "zone": _plain(book.zone)}
        yield Part(Key(Kind.RULEBOOK, "", "rulebook"), meaning, {"title": _plain(book.title)})
        for question in book.questions.values():
            yield from self._question(question)
        yield from (self._definition("", definition) for definition in book.definitions.values())
        yield from map(self._list, book.lists.values())
        yield from map(self._table, book.tables.values())
        yield from (_fact(fact) for fact in facts.facts.values())
        for record in facts.records.values():
            fields = {f"field {name}": _type(field) for name, field in record.fields.items()}
            said = {f"field {name}": _field_words(field) for name, field in record.fields.items()}
            words = {"meaning": _plain(record.meaning), **said}
            yield Part(Key(Kind.RECORD, "", record.name), fields, words)
        for enum in facts.enums.values():
            words = {name: _plain(meaning) for name, meaning in enum.values.items()}
            values = {"values": _members(enum.values)}
            yield Part(Key(Kind.ENUM, "", enum.name), values, {"meaning": _plain(enum.meaning), **words})
        yield from map(_source, book.sources.values())
        yield from map(self._invariant, book.invariants.values())

    def _question(self, question: Question) -> Iterator[Part]:
        name, gate = question.name, question.gate
        favourable = question.favourable
        outcomes = Aspect(question.outcomes, ", ".join(question.outcomes))
        meaning = {"outcomes": outcomes, "favourable": _members(favourable or ())}
        if gate is not None:
            meaning["applies"] = self._expression(gate.applies, name, gate.basis.tables)
        yield Part(Key(Kind.QUESTION, name, name), meaning, {"asks": _plain(question.asks)})
        if gate is not None:
            yield self._statement(Key(Kind.ELSE, name, "else"), gate.otherwise)
        yield self._statement(Key(Kind.OTHERWISE, name, "otherwise"), question.otherwise)
        for rule in question.rules:
            yield self._rule(name, rule)
        yield from (self._definition(name, definition) for definition in question.definitions.values())

    def _statement(self, key: Key, statement: Statement) -> Part:
        meaning = {
            "outcome": _plain(statement.outcome),
            "reason": _plain(statement.reason),
            **_resting(statement.cites, statement.standing, frozenset()),
        }
        return Part(key, meaning, _texts(statement.because, statement.remedy))

    def _rule(self, question: str, rule: Rule) -> Part:
        tables = rule.basis.tables
        condition = self._used(rule.when, question, tables)
        aspects = {
            "condition": Aspect(self.forms.of(rule.when, rule.each), to_text(rule.when.root), condition),
            "outcome": _plain(rule.outcome),
            "reason": _plain(rule.reason),
            "from": _day(rule.start),
            "until": _day(rule.end),
            **_resting(rule.cites, rule.standing, condition),
        }
        if rule.each:
            lists = ", ".join(f"{loop.variable} in {loop.path.text}" for loop in rule.each)
            aspects["each"] = Aspect(self.forms.loops(rule.each), lists)
        for name, value in rule.values:
            form, used = self.forms.of(value, rule.each), self._used(value, question, tables)
            aspects[f"value {name}"] = Aspect(form, to_text(value.root), used)
        words = _texts(rule.because, rule.remedy)
        if rule.readings is not None:
            aspects |= _readings(rule.readings)
            words |= {
                f"reading {one.name}": _reading_words(one.says, one.because) for one in rule.readings.all
            }
        return Part(Key(Kind.RULE, question, rule.name), aspects, words)

    def _definition(self, question: str, definition: Definition) -> Part:
        names = tuple(name for name, _ in definition.parameters)
        types = tuple(str(type_) for _, type_ in definition.parameters)
        body, own = definition.body, Key(Kind.DEFINITION, question, definition.name)
        used = self._used(body, question, self.rulebook.tables.keys())
        meaning = {
            "is": Aspect(self.forms.of(body, parameters=names), to_text(body.root), used),
            **_resting(definition.cites, definition.standing, used),
        }
        if names:
            shown = ", ".join(f"{name}: {type_}" for name, type_ in definition.parameters)
            meaning["parameters"] = Aspect(types, shown)
        return Part(own, meaning, {"meaning": _plain(definition.meaning)})

    def _invariant(self, invariant: Invariant) -> Part:
        meaning = {
            "never": self._expression(invariant.never, "", self.rulebook.tables.keys()),
            "from": _day(invariant.start),
            "until": _day(invariant.end),
            "citations": _members(map(str, invariant.cites)),
        }
        return Part(Key(Kind.INVARIANT, "", invariant.name), meaning, {"because": _plain(invariant.because)})

    def _list(self, named: NamedList) -> Part:
        meaning = {
            "values": Aspect(tuple(sorted(map(render, named.values))), tuple(map(render, named.values))),
            "type": _plain(str(named.type)),
            **_resting(named.cites, named.standing, frozenset()),
        }
        return Part(Key(Kind.LIST, "", named.name), meaning, {"meaning": _plain(named.meaning)})

    def _table(self, table: Table) -> Part:
        row = table.type.value
        columns = (
            {name: str(type_) for name, type_ in row.fields.items()} if isinstance(row, RecordType) else {}
        )
        cited = tuple(sorted((str(row.key), row.cites) for row in table.rows))
        meaning = {
            "key": _plain(table.key),
            "columns": _members(f"{name}: {type_}" for name, type_ in columns.items()),
            "rows": Aspect((self.forms.table(table), cited), tuple(map(_row, table.rows))),
        }
        return Part(Key(Kind.TABLE, "", table.name), meaning, {"meaning": _plain(table.meaning)})

    def _expression(self, expression: Expression, question: str, tables: Iterable[str]) -> Aspect:
        shown = to_text(expression.root)
        return Aspect(self.forms.of(expression), shown, self._used(expression, question, tables))

    def _used(self, expression: Expression, question: str, tables: Iterable[str]) -> frozenset[Key]:
        roots = {path.partition(".")[0].partition("[")[0] for path in expression.reads}
        return frozenset(self._key(name, question) for name in expression.uses | (roots & set(tables)))

    def _key(self, name: str, question: str) -> Key:
        asked = self.rulebook.questions.get(question)
        if asked is not None and name in asked.definitions:
            return Key(Kind.DEFINITION, question, name)
        kinds = ((Kind.LIST, self.rulebook.lists), (Kind.TABLE, self.rulebook.tables))
        return Key(next((kind for kind, named in kinds if name in named), Kind.DEFINITION), "", name)


def _plain(text: str) -> Aspect:
    return Aspect(text, text)


def _day(day: date | None) -> Aspect:
    return _plain("" if day is None else day.isoformat())


def _members(words: Iterable[str]) -> Aspect:
    members = tuple(words)
    return Aspect(frozenset(members), members)


def _resting(cites: tuple[Citation, ...], standing: str, used: frozenset[Key]) -> Aspects:
    """What something cites and how firm that makes it."""
    sources = frozenset(Key(Kind.SOURCE, "", cited.source) for cited in cites)
    return {
        "citations": _members(map(str, cites)),
        "standing": Aspect(standing, str(standing), sources | used),
    }


def _texts(because: Template, remedy: Template | None) -> Aspects:
    texts = {"because": _template(because), "remedy": _template(remedy)}
    return {name: _plain(text) for name, text in texts.items() if text}


def _template(template: Template | None) -> str:
    return "".join(map(_template_part, template.parts)) if template is not None else ""


def _template_part(part: str | FactPath | Expression) -> str:
    return part if isinstance(part, str) else f"{{{part.text}}}"


def _readings(readings: Readings) -> Aspects:
    named: dict[str, Shown] = {one.name: one.outcome or "nothing" for one in readings.all}
    chosen = readings.chosen.name if readings.chosen is not None else ""
    return {
        "readings": _members(f"{name} gives {outcome}" for name, outcome in named.items()),
        "chosen": _plain(chosen),
    }


def _reading_words(says: str, because: Template | None) -> Aspect:
    return _plain(" ".join(filter(None, (says, _template(because)))))


def _row(row: Row) -> str:
    cells = ", ".join(f"{column} {render(cell)}" for column, cell in row.cells.items())
    period = f" from {row.start}" * (row.start is not None) + f" until {row.end}" * (row.end is not None)
    return f"{cells}{period} ({', '.join(row.cites)})"


def _fact(fact: Fact) -> Part:
    meaning = {"type": _type(fact), "stated by": _plain(fact.asserted_by)}
    return Part(Key(Kind.FACT, "", fact.name), meaning, {"words": _field_words(fact)})


def _type(field: Field) -> Aspect:
    """The type as written, the unit in which it counts, and whether it is personal."""
    unit, personal = f" in {field.unit}" if field.unit else "", ", personal" if field.personal else ""
    return Aspect((_structure(field.type), field.unit, field.personal), f"{field.written}{unit}{personal}")


def _structure(type_: Type) -> object:
    """A type by the names of what it is made of; records and enums have parts of their own."""
    match type_:
        case OptionalType():
            return ("optional", _structure(type_.inner))
        case ListType():
            return ("list", _structure(type_.element))
        case MapType():
            return ("map", _structure(type_.key), _structure(type_.value))
        case EnumType() | RecordType():
            return ("named", type_.name)
    return type_.name


def _field_words(field: Field) -> Aspect:
    said: Mapping[str, str] = {"meaning": field.meaning, "example": field.example, "absent": field.absent}
    return _plain("; ".join(text for text in said.values() if text))


def _source(source: Source) -> Part:
    words = {
        "title": _plain(source.title),
        "read": _plain(source.read),
        "link": _plain(source.link),
        "review": _day(source.review),
        "watch": _plain(source.watch),
    }
    return Part(Key(Kind.SOURCE, "", source.name), {"standing": _plain(str(source.standing))}, words)
