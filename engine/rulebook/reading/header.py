"""Reads rulebook.yaml: what the rulebook is called, its sources, lists and tables.

    rulebook: usmca
    title: USMCA origin certification
    zone: America/New_York
    sources:
      19cfr182.12: {title: 19 CFR 182.12, standing: enacted, read: "text of July 2021", review: 2027-01-01}
      ecert-article: {title: ..., standing: reported, read: ..., watch: "what would confirm or replace it"}
    lists:
      parties: [US, PR, CA, MX]                 # short; or with a type, a meaning and what it rests on:
      excepted_chapters: {values: ["04", "15"], type: string, meaning: ..., cites: [19usc4531 (f)]}
    tables:
      copy_limits:                              # rows in copy_limits.csv, beside this file
        meaning: Up to which value a Party asks for no copy.
        key: country
        columns: {country: country, limit: money}
        cites: [19cfr182.14]                    # of every row that has no `cites` cell of its own
    define:                                     # definitions that every question can use
      goes_to_us: order.destination in us_customs_territory
      ends_late: {parameters: {start: date, end: date}, is: end > start.lastDay(12), cites: [19cfr182.12]}

    invariants: [...]                           # what is never true; see `reading/invariants.py`

The columns `cites` (several joined by `;`), `from` and `until` of a table are not declared: they say what a
row rests on and when it is in force. A cell may be empty where its column's type ends in `?`.
"""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from engine.expression.types import STRING, ListType, Type
from engine.rulebook.dictionary import Dictionary
from engine.rulebook.model import Citation, NamedList, Source
from engine.rulebook.problems import Problems, instead
from engine.rulebook.reading.dictionary import read_type
from engine.rulebook.standing import ALL_STANDINGS, Standing, weakest
from engine.rulebook.text.fields import IDENTIFIER, SOURCE_ID, Fields, open_fields, said, shaped
from engine.rulebook.text.nodes import Mapping, Node, Scalar, plain
from engine.rulebook.typed import Mistake, read_value

TOP_REQUIRED = ("rulebook", "title", "zone", "sources")
TOP_OPTIONAL = ("lists", "tables", "define", "invariants")
SOURCE_REQUIRED = ("title", "standing", "read")
SOURCE_OPTIONAL = ("review", "link", "watch")
LIST_REQUIRED = ("values",)
LIST_OPTIONAL = ("type", "meaning", "cites")


def read_header(fields: Fields) -> tuple[str, str, str]:
    """Name, title and time zone."""
    zone = fields.scalar("zone")
    if zone is not None and not _zone_exists(zone.text):
        fields.problems.add(
            zone.span,
            "unknown-zone",
            f"there is no time zone `{zone.text}`",
            "write a name of the time zone database, as America/New_York",
        )
    return said(fields.name("rulebook", IDENTIFIER)), said(fields.prose("title")), said(zone)


def _zone_exists(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        return False
    return True


def read_sources(top: Fields) -> dict[str, Source]:
    """The sources by name."""
    sources: dict[str, Source] = {}
    for key, node in top.entries("sources"):
        fields = open_fields(node, f"the source `{key.text}`", top.problems, SOURCE_REQUIRED, SOURCE_OPTIONAL)
        if fields is None or not shaped(key, SOURCE_ID, "a source", top.problems):
            continue
        standing = fields.choice("standing", ALL_STANDINGS, "unknown-standing")
        sources[key.text] = Source(
            key.text, said(fields.prose("title")), Standing(standing.text) if standing else Standing.ASSUMED,
            said(fields.prose("read")), said(fields.scalar("link")), fields.date("review"),
            said(fields.prose("watch")),
        )  # fmt: skip
    return sources


class Citations:
    """Reads what rules, lists and rows rest on, and remembers which sources were cited."""

    def __init__(self, sources: dict[str, Source], problems: Problems) -> None:
        self.sources = sources
        self.problems = problems
        self.used: set[str] = set()

    def read(self, cites: Iterable[Scalar]) -> tuple[Citation, ...]:
        """The citations, each a source's name and, after a space, the place in it."""
        read = (self._one(cite, 0, len(cite.text)) for cite in cites)
        return tuple(citation for citation in read if citation is not None)

    def read_cell(self, cell: Scalar) -> tuple[Citation, ...]:
        """The citations of a table's row, joined by `;`."""
        found, at = [], 0
        for piece in cell.text.split(";"):
            start = at + len(piece) - len(piece.lstrip())
            found.append(self._one(cell, start, start + len(piece.strip())))
            at += len(piece) + 1
        return tuple(citation for citation in found if citation is not None)

    def _one(self, scalar: Scalar, start: int, end: int) -> Citation | None:
        name, _, at = scalar.text[start:end].partition(" ")
        source = self.sources.get(name)
        if source is None:
            self.problems.add(
                scalar.part(start, start + len(name)),
                "unknown-source",
                f"unknown source `{name}`",
                instead(name, self.sources, "the sources are") or "list it under `sources`",
            )
            return None
        self.used.add(name)
        return Citation(name, at.strip(), source.title, source.standing)


def standing_of(citations: Iterable[Citation]) -> Standing:
    """The weakest standing among the citations."""
    return weakest(citation.standing for citation in citations)


def read_lists(
    top: Fields, dictionary: Dictionary, citations: Citations
) -> dict[str, tuple[Scalar, NamedList]]:
    """The lists by name, with their keys."""
    lists: dict[str, tuple[Scalar, NamedList]] = {}
    for key, node in top.entries("lists"):
        if shaped(key, IDENTIFIER, "a list", top.problems):
            lists[key.text] = (key, _list(key, node, dictionary, citations))
    return lists


def _list(key: Scalar, node: Node, dictionary: Dictionary, citations: Citations) -> NamedList:
    problems = citations.problems
    if not isinstance(node, Mapping):
        holder = Fields(
            Mapping(node.file, key.start, node.end, ((key, node),), flow=False), "a list", problems
        )
        return NamedList(
            key.text, ListType(STRING), _values(holder, key.text, STRING), "", (), Standing.ENACTED
        )
    fields = open_fields(node, f"the list `{key.text}`", problems, LIST_REQUIRED, LIST_OPTIONAL)
    assert fields is not None
    written = fields.scalar("type")
    element = read_type(written, dictionary, problems) if written is not None else STRING
    cites = citations.read(fields.texts("cites"))
    values = _values(fields, "values", element)
    meaning = said(fields.prose("meaning"))
    return NamedList(key.text, ListType(element), values, meaning, cites, standing_of(cites))


def _values(fields: Fields, key: str, element: Type) -> tuple[object, ...]:
    values: list[object] = []
    seen: set[str] = set()
    for item in fields.items(key):
        mistakes: list[Mistake] = []
        values.append(read_value(plain(item), element, key, mistakes))
        for mistake in mistakes:
            fields.problems.add(item.span, mistake.code, mistake.message, mistake.mend)
        if isinstance(item, Scalar):
            if item.text in seen:
                fields.problems.add(
                    item.span, "duplicate-item", f"`{item.text}` is in the list twice", "delete one"
                )
            seen.add(item.text)
    return tuple(values)
