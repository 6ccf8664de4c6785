"""The forms of rulebook.yaml and facts.yaml."""

from __future__ import annotations

from engine.rulebook.dictionary import ASSERTERS
from engine.rulebook.reading import definitions, dictionary, header, invariants, tables
from engine.rulebook.standing import ALL_STANDINGS
from engine.rulebook.text.fields import CODE, DASHED, IDENTIFIER, SOURCE_ID
from engine.workbench.schema.model import (
    ANYTHING,
    Items,
    Key,
    Keys,
    Kind,
    Named,
    Text,
    Vocabulary,
    either,
)

PROSE = Text(Kind.PROSE)
CONDITION = Text(Kind.CONDITION, offers=Vocabulary.TERM)
DATE = Text(Kind.DATE)
WORD = Text()
CITES = Items(Text(offers=Vocabulary.CITATION))
TYPE = Text(offers=Vocabulary.TYPE)

SOURCE = Keys(
    "Where rules come from, and how firm it is.",
    header.SOURCE_REQUIRED,
    header.SOURCE_OPTIONAL,
    (
        Key("title", "What the source is called, for people.", PROSE),
        Key(
            "standing",
            "How firm it is: enacted law, a report, or our own assumption.",
            Text(choices=tuple(map(str, ALL_STANDINGS))),
        ),
        Key("read", "Which text was read, and whether it was second-hand.", PROSE),
        Key("review", "The day on which somebody should look again.", DATE),
        Key("link", "Where the text can be found.", WORD),
        Key("watch", "What would confirm or replace it, and where to look for that.", PROSE),
    ),
)
LIST = Keys(
    "A list with its type, its meaning and what it rests on.",
    header.LIST_REQUIRED,
    header.LIST_OPTIONAL,
    (
        Key("values", "The items of the list.", Items(ANYTHING)),
        Key("type", "The type of an item; string where it is left out.", TYPE),
        Key("meaning", "What the list stands for.", PROSE),
        Key("cites", "The sources of the list, each with the place in it.", CITES),
    ),
)
TABLE = Keys(
    "A table whose rows stand in the CSV file of its name beside this one.",
    tables.TABLE_REQUIRED,
    (),
    (
        Key("meaning", "What the table says.", PROSE),
        Key("key", "The column by which conditions look a row up.", Text(pattern=IDENTIFIER.pattern.pattern)),
        Key("columns", "The type of each column.", Named(TYPE, IDENTIFIER.pattern.pattern)),
        Key("cites", "What a row rests on that cites nothing itself.", CITES),
    ),
)
DEFINITION = Keys(
    "A named condition or value, with parameters, a meaning and what it rests on.",
    definitions.DEFINITION_REQUIRED,
    definitions.DEFINITION_OPTIONAL,
    (
        Key("parameters", "The type of each parameter.", Named(TYPE, IDENTIFIER.pattern.pattern)),
        Key("is", "The condition or value that the name stands for.", CONDITION),
        Key("meaning", "What it means, in a sentence.", PROSE),
        Key("cites", "The sources of the definition.", CITES),
    ),
)
DEFINE = Named(either(CONDITION, DEFINITION), IDENTIFIER.pattern.pattern)

INVARIANT = Keys(
    "What is never true of any order; `origingate rules prove` proves it.",
    invariants.INVARIANT_REQUIRED,
    invariants.INVARIANT_OPTIONAL,
    (
        Key("invariant", "The invariant's name.", Text(pattern=DASHED.pattern.pattern)),
        Key("from", "The first day on which it holds.", DATE),
        Key("until", "The last day on which it holds.", DATE),
        Key("never", "The condition that is never true.", CONDITION),
        Key("because", "Why it must not be.", PROSE),
        Key("cites", "What it rests on.", CITES),
    ),
)

RULEBOOK = Keys(
    "A rulebook: what it is called, and what its rules come from.",
    header.TOP_REQUIRED,
    header.TOP_OPTIONAL,
    (
        Key("rulebook", "The rulebook's name for machines.", Text(pattern=IDENTIFIER.pattern.pattern)),
        Key("title", "The rulebook's name for people.", PROSE),
        Key("zone", "The time zone in which `today` is told, e.g. America/New_York.", WORD),
        Key("sources", "Where the rules come from, by name.", Named(SOURCE, SOURCE_ID.pattern.pattern)),
        Key(
            "lists",
            "Lists that conditions can use, by name.",
            Named(either(Items(ANYTHING), LIST), IDENTIFIER.pattern.pattern),
        ),
        Key("tables", "Tables that conditions can use, by name.", Named(TABLE, IDENTIFIER.pattern.pattern)),
        Key("define", "Conditions and values that every question can use, by name.", DEFINE),
        Key("invariants", "What is never true of any order.", Items(INVARIANT)),
    ),
)

ENUM = Keys(
    "A closed set of words.",
    dictionary.ENUM_REQUIRED,
    (),
    (
        Key("meaning", "What the words tell apart.", PROSE),
        Key(
            "values",
            "The words, alone or each with its meaning.",
            either(Items(Text(pattern=CODE.pattern.pattern)), Named(PROSE, CODE.pattern.pattern)),
        ),
    ),
)
_DESCRIPTION = (
    Key("type", "The type; a `?` at its end says that the fact can be known to be none.", TYPE),
    Key("unit", "The unit in which it is told.", PROSE),
    Key("meaning", "What the fact says, for people.", PROSE),
    Key("absent", "What it means that it is not given.", PROSE),
    Key(
        "example",
        "A value that it can have.",
        either(PROSE, Items(ANYTHING, may_be_empty=True), Named(ANYTHING)),
    ),
    Key("personal", "Whether it is about a person.", Text(Kind.FLAG)),
)
_FROM = Key(
    "from",
    "Who may state it; the caller where nothing is said.",
    Text(choices=ASSERTERS),
)
FIELD = Keys("A field of a record.", dictionary.FIELD_REQUIRED, dictionary.FIELD_OPTIONAL, _DESCRIPTION)
RECORD = Keys(
    "A shape that facts and items of lists can have.",
    dictionary.RECORD_REQUIRED,
    (),
    (
        Key("meaning", "What such a thing is.", PROSE),
        Key("fields", "Its fields, by name.", Named(FIELD, IDENTIFIER.pattern.pattern)),
    ),
)
FACT = Keys("A fact.", dictionary.FIELD_REQUIRED, dictionary.FACT_OPTIONAL, (*_DESCRIPTION, _FROM))
FACTS = Keys(
    "The dictionary: every fact that rules may use.",
    dictionary.DICTIONARY_REQUIRED,
    dictionary.DICTIONARY_OPTIONAL,
    (
        Key("enums", "Closed sets of words, by name.", Named(ENUM, IDENTIFIER.pattern.pattern)),
        Key("records", "Shapes with fields, by name.", Named(RECORD, IDENTIFIER.pattern.pattern)),
        Key("facts", "The facts, by path.", Named(FACT, dictionary.PATH.pattern)),
    ),
)
