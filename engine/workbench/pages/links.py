"""Where everything stands: the pages by path, and links from one to the other.

Rules have their name as heading, so that a finding's rule is reached as `certification.md#certifier-missing`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from engine.rulebook.dictionary import Dictionary
from engine.rulebook.model import Citation, Rule, Rulebook, Source, Statement
from engine.rulebook.templates import Template
from engine.workbench.pages.markdown import anchor, code, link, prose, row
from engine.workbench.pages.reading import Described

INDEX = "README.md"
REGISTER = "register.md"
SOURCES = "sources.md"
LISTS = "lists.md"
FACTS = "facts.md"
INVARIANTS = "invariants.md"
_OTHERS = {page.removesuffix(".md") for page in (REGISTER, SOURCES, LISTS, FACTS, INVARIANTS)}

STATED_BY = {"caller": "the order system", "server": "our own records", "platform": "the platform"}
"""Who states a fact, in words."""

_TYPE_NAME = re.compile(r"[a-z][a-z0-9_]*(?=[?)]*$)")


def question_page(question: str) -> str:
    """The path of a question's page; one that is called as another page gets a longer name."""
    return f"question-{question}.md" if question in _OTHERS else f"{question}.md"


def to_question(question: str) -> str:
    """A link to a question's page."""
    return link(code(question), question_page(question))


def to_rule(question: str, rule: Rule | Statement) -> str:
    """A link to a rule, or to what a question says where no rule decides."""
    return link(prose(rule.name), f"{question_page(question)}#{anchor(rule.name)}")


def to_source(source: str) -> str:
    """A link to a source."""
    return link(prose(source), f"{SOURCES}#{anchor(source)}")


def citations(cites: Iterable[Citation]) -> str:
    """Sources with the place in each and how firm it is."""
    return row(_citation(cite.source, cite.at, cite.standing) for cite in cites)


def row_citations(cites: Iterable[str], sources: Iterable[Source]) -> str:
    """The same for the row of a table, which says its sources as text."""
    standings = {source.name: source.standing for source in sources}
    parted = (cite.partition(" ") for cite in cites)
    return row(_citation(name, at, standings[name]) for name, _, at in parted)


def _citation(source: str, at: str, standing: str) -> str:
    return f"{to_source(source)}{' ' * bool(at)}{prose(at)} ({standing})"


def heading_of_list(name: str) -> str:
    """The heading of a list on its page."""
    return f"List: {name}"


def heading_of_table(name: str) -> str:
    """The heading of a table on its page."""
    return f"Table: {name}"


def heading_of_definition(name: str) -> str:
    """The heading of a definition, on its question's page or on that of the whole rulebook."""
    return f"Definition: {name}"


def to_name(rulebook: Rulebook, question: str, name: str) -> str:
    """A link to the list, table or definition that a rule of the question uses by this name."""
    if name in rulebook.lists:
        return link(code(name), f"{LISTS}#{anchor(heading_of_list(name))}")
    if name in rulebook.tables:
        return link(code(name), f"{LISTS}#{anchor(heading_of_table(name))}")
    own = question in rulebook.questions and name in rulebook.questions[question].definitions
    page = question_page(question) if own else LISTS
    return link(code(name), f"{page}#{anchor(heading_of_definition(name))}")


def heading_of_root(root: str) -> str:
    """The heading above the facts of one root."""
    return f"Facts: {root}"


def heading_of_record(record: str) -> str:
    """The heading of a record."""
    return f"Record: {record}"


def heading_of_enum(enum: str) -> str:
    """The heading of an enum."""
    return f"Words: {enum}"


def to_fact(fact: Described) -> str:
    """A link from a fact's path to the table of the dictionary that says what it is."""
    heading = heading_of_record(fact.record) if fact.record else heading_of_root(fact.path.split(".")[0])
    return link(code(fact.path), f"{FACTS}#{anchor(heading)}")


def to_type(dictionary: Dictionary, written: str) -> str:
    """A type as it is written, with a link where the dictionary says what it is."""
    found = _TYPE_NAME.search(written)
    name = found.group() if found else ""
    if name in dictionary.records:
        return link(code(written), f"#{anchor(heading_of_record(name))}")
    if name in dictionary.enums:
        return link(code(written), f"#{anchor(heading_of_enum(name))}")
    return code(written)


def filled(template: Template) -> str:
    """A text for people whose facts stand as names in braces."""
    return "".join(
        prose(part) if isinstance(part, str) else code(f"{{{part.text}}}") for part in template.parts
    )
