"""The page of the dictionary: every fact, record and word, what it means, and who may state it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby

from engine.rulebook.dictionary import Dictionary, Field
from engine.rulebook.model import Rulebook
from engine.workbench.pages import links
from engine.workbench.pages.markdown import code, page, paragraph, prose, table


def facts_page(rulebook: Rulebook) -> str:
    """The whole page."""
    dictionary = rulebook.facts
    roots = groupby(dictionary.facts.values(), key=lambda fact: fact.name.split(".")[0])
    return page(
        "# The dictionary of facts",
        "A fact is given, known to be none, or not given. Only a type that ends in `?` can be known to be none. What is not "
        "given is unknown, and no rule guesses it. A path as `declaration.goods[].hs` means that field of each element.",
        *(block for root, found in roots for block in _root(dictionary, root, found)),
        *(
            block
            for record in dictionary.records.values()
            for block in _record(dictionary, record.name, record.meaning, record.fields)
        ),
        *(
            block
            for enum in dictionary.enums.values()
            for block in (
                f"## {prose(links.heading_of_enum(enum.name))}",
                paragraph(prose(enum.meaning)),
                table(
                    ["Word", "What it means"],
                    ([code(word), prose(says)] for word, says in enum.values.items()),
                ),
            )
        ),
    )


def _root(dictionary: Dictionary, root: str, facts: Iterable[Field]) -> Iterable[str]:
    yield f"## {prose(links.heading_of_root(root))}"
    yield table(
        ["Fact", "Type", "What it means", "Stated by"],
        (
            [
                code(fact.name),
                links.to_type(dictionary, fact.written),
                _meaning(fact),
                links.STATED_BY[dictionary.facts[fact.name].asserted_by],
            ]
            for fact in facts
        ),
    )


def _record(dictionary: Dictionary, name: str, meaning: str, fields: Mapping[str, Field]) -> Iterable[str]:
    yield f"## {prose(links.heading_of_record(name))}"
    yield paragraph(prose(meaning))
    yield table(
        ["Field", "Type", "What it means"],
        (
            [code(field.name), links.to_type(dictionary, field.written), _meaning(field)]
            for field in fields.values()
        ),
    )


def _meaning(field: Field) -> str:
    parts = [
        prose(field.meaning),
        f"Unit: {prose(field.unit)}." if field.unit else "",
        f"Example: {code(field.example)}." if field.example else "",
        f"Where it is not given: {prose(field.absent)}" if field.absent else "",
        "Personal." if field.personal else "",
    ]
    return " ".join(part for part in parts if part)
