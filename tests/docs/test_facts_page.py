"""docs/facts.md is the shipped dictionary as a page; `make golden` writes it again."""

import os
from collections.abc import Iterable

from engine.rulebook.dictionary import Dictionary, Fact, Field
from server.rulebooks import load_folder
from tests.docs.pages import PROJECT

PAGE = PROJECT / "docs" / "facts.md"
HEAD = """\
# Facts

Which facts are there, what do they mean, and who states them? These are all that the shipped rulebook knows; `missing` in a
decision names them by these paths. The page is made from `rules/usmca/facts.yaml` (`make golden` writes it again).

A path is the field's path in the contract, with list wrappers read as the lists themselves: the field
`order.lines.items[0].hs` is the fact `order.lines[0].hs`. A type that ends in `?` can be known to be none. The column "from"
says who states a fact: the `caller`, or the records of the `server` or of a `platform`, which no caller can assert. How to
say that a fact is none, or that a list is empty, stands in [integrating.md](integrating.md#given-none-empty-not-given).
"""


def page(dictionary: Dictionary) -> str:
    """The dictionary as Markdown: facts by group, then the shapes and the words that they have."""
    parts = [HEAD]
    groups = dict.fromkeys(path.partition(".")[0] for path in dictionary.facts)
    for group in groups:
        facts = [fact for path, fact in dictionary.facts.items() if path.partition(".")[0] == group]
        parts.append(f"## {group}\n\n{_table(facts)}")
    for record in dictionary.records.values():
        parts.append(f"## Record {record.name}\n\n{record.meaning}\n\n{_table(record.fields.values())}")
    for enum in dictionary.enums.values():
        values = "\n".join(f"| `{value}` | {_cell(meaning)} |" for value, meaning in enum.values.items())
        parts.append(f"## Enum {enum.name}\n\n{enum.meaning}\n\n| value | meaning |\n|---|---|\n{values}\n")
    return "\n".join(parts)


def _table(fields: Iterable[Field]) -> str:
    rows = [
        f"| `{field.name}` | {_cell(field.written)} | {field.asserted_by if isinstance(field, Fact) else ''}"
        f" | {_meaning(field)} |"
        for field in fields
    ]
    return "| name | type | from | meaning |\n|---|---|---|---|\n" + "\n".join(rows) + "\n"


def _meaning(field: Field) -> str:
    absent = f" Not given: {field.absent}" if field.absent else ""
    personal = " Personal." if field.personal else ""
    return _cell(field.meaning + absent + personal)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def test_golden_facts_page() -> None:
    """The page is what the dictionary gives."""
    made = page(load_folder(PROJECT / "rules" / "usmca").facts)
    if os.environ.get("UPDATE_GOLDENS"):
        PAGE.write_text(made, "utf-8")
    assert made == PAGE.read_text("utf-8")
