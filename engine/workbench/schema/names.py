"""The names of one rulebook that an editor offers where they can stand, each with what it means."""

from __future__ import annotations

from collections.abc import Mapping

from engine.rulebook.model import UNDETERMINED, Rulebook, Statement
from engine.workbench.schema.model import Vocabulary

Names = Mapping[Vocabulary, Mapping[str, str]]
SIMPLE_TYPES = {
    "string": "A text.",
    "bool": "True or false.",
    "int": "A whole number.",
    "decimal": "An exact number.",
    "date": "A civil date.",
    "money": "An amount with its currency.",
    "timestamp": "A moment.",
    "country": "A country, ISO 3166-1 alpha-2.",
    "currency": "A currency, ISO 4217.",
}
NO_NAMES: Names = {Vocabulary.TYPE: SIMPLE_TYPES}


def names_of(rulebook: Rulebook) -> Names:
    """The names that a rulebook has."""
    questions = rulebook.questions.values()
    statements: list[Statement] = []
    for question in questions:
        statements += [question.otherwise, *([question.gate.otherwise] if question.gate else [])]
    reasons = {rule.reason: f"Rule {rule.name}." for question in questions for rule in question.rules}
    reasons |= {one.reason: "" for one in statements if one.reason}
    types = {enum.name: enum.meaning for enum in rulebook.facts.enums.values()}
    types |= {record.name: record.meaning for record in rulebook.facts.records.values()}
    return {
        Vocabulary.FACT: {path: fact.meaning for path, fact in rulebook.facts.facts.items()},
        Vocabulary.OUTCOME: {outcome: "" for question in questions for outcome in question.outcomes}
        | {UNDETERMINED: "More than one outcome is possible."},
        Vocabulary.CITATION: {source.name: source.title for source in rulebook.sources.values()},
        Vocabulary.QUESTION: {question.name: question.asks for question in questions},
        Vocabulary.RULE: {rule.name: rule.reason for question in questions for rule in question.rules},
        Vocabulary.REASON: reasons,
        Vocabulary.TYPE: SIMPLE_TYPES | types,
        Vocabulary.TERM: {path: fact.meaning for path, fact in rulebook.facts.facts.items()}
        | {one.name: one.meaning for one in rulebook.lists.values()}
        | {one.name: one.meaning for one in rulebook.definitions.values()}
        | {table.name: table.meaning for table in rulebook.tables.values()},
    }
