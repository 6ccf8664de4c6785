"""A mapping as a census reads rows by it: which cells say what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from engine.census import CONSTANT, Cells, Form, Part
from engine.facts import read_of
from engine.rulebook.dictionary import Dictionary
from engine.rulebook.model import Question
from server.mapping.finding import facts_in, plain, value_of
from server.mapping.model import Mapped, Mapping
from server.platforms.expression import Expression, compiled

DAY: Final = "on"
_SITE: Final = "site.site_id"
_LINES: Final = "order.lines"


def form_of(
    mapping: Mapping, question: Question, dictionary: Dictionary, loose: bool
) -> tuple[Form, tuple[str, ...]]:
    """The form of rows for a question, and the columns that their cells are of, in order."""
    read = {fact.name for fact in read_of(dictionary, question.reads)}
    facts = tuple(one for one in mapping.facts if any(_meet(one.path, name) for name in read))
    said = [mapping.day, mapping.site, mapping.hs, mapping.amount, mapping.currency]
    expressions = [*(one.found for one in facts), *(one for one in said if one is not None)]
    columns = tuple(sorted({root for one in expressions for root in one.roots}))
    roots = sorted({root for one in facts for root in one.found.roots})
    of_facts = Part(_places(roots, columns), _found(roots, lambda row: facts_in(mapping, facts, row)))
    day, site, codes, amount, currency = (_part(one, columns) for one in said)
    return Form(of_facts, day, site, codes, amount, currency, loose), columns


def _meet(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")


def _part(expression: Expression | None, columns: Sequence[str]) -> Part:
    if expression is None:
        return CONSTANT
    roots = sorted(expression.roots)
    if [expression.text] == roots:
        return Part(_places(roots, columns), _plain)
    return Part(_places(roots, columns), _found(roots, lambda row: value_of(expression, row)))


def _places(roots: Iterable[str], columns: Sequence[str]) -> tuple[int, ...]:
    return tuple(columns.index(root) for root in roots)


def _found(roots: Sequence[str], found: Callable[[dict[str, Any]], object]) -> Callable[[Cells], object]:
    """What a function of a document finds in cells that stand for its first names."""
    return lambda cells: found(dict(zip(roots, cells, strict=True)))


def _plain(cells: Cells) -> object:
    return plain(cells[0])


def by_names(dictionary: Dictionary, header: Iterable[str] | None) -> Mapping:
    """The mapping of rows whose columns are called as the facts are, or hold them by root; the day is `on`."""
    names = None if header is None else frozenset(header)
    paths = [*dictionary.facts]
    if names is not None:
        paths = [path for path in paths if path in names or path.partition(".")[0] in names]

    def at(path: str) -> Expression:
        return compiled(f'"{path}"' if names is not None and path in names else path)

    facts = tuple(Mapped(path, dictionary.facts[path].type, at(path)) for path in paths)
    known = {one.path for one in facts}
    return Mapping(
        facts,
        day=compiled(DAY) if names is None or DAY in names else None,
        site=at(_SITE) if _SITE in known else None,
        hs=compiled(f"{at(_LINES).text}[].hs") if _LINES in known else None,
    )
