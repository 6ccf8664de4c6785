"""The form of a question file."""

from __future__ import annotations

from engine.rulebook.reading import question, rule
from engine.rulebook.text.fields import CODE, DASHED, IDENTIFIER
from engine.workbench.schema.model import Items, Key, Keys, Named, Text, Vocabulary, either
from engine.workbench.schema.rulebook import CITES, CONDITION, DATE, DEFINE, PROSE, WORD

OUTCOME = Text(offers=Vocabulary.OUTCOME)
REASON = Text(pattern=CODE.pattern.pattern)
BECAUSE = Key("because", "Why, for the one who asked; facts stand in braces, as {order.destination}.", PROSE)
REMEDY = Key("remedy", "What would mend it.", PROSE)

STATEMENT = Keys(
    "What is said where no rule decides, or where the rules do not apply.",
    rule.STATEMENT_REQUIRED,
    rule.STATEMENT_OPTIONAL,
    (
        Key("gives", "The outcome.", OUTCOME),
        Key("reason", "A stable code for machines.", REASON),
        BECAUSE,
        REMEDY,
        Key("cites", "The sources, each with the place in it.", CITES),
    ),
)
READING = Keys(
    "One way to read an unclear text.",
    rule.READING_REQUIRED,
    rule.READING_OPTIONAL,
    (
        Key("says", "The reading, in a sentence.", PROSE),
        Key("gives", "What follows from it; it passes where nothing is said.", OUTCOME),
        Key("because", "Why, where this reading is chosen.", PROSE),
    ),
)
RULE = Keys(
    "One cited, dated requirement.",
    rule.RULE_REQUIRED,
    rule.RULE_OPTIONAL,
    (
        Key("rule", "The rule's name, unique in its question.", Text(pattern=DASHED.pattern.pattern)),
        Key("reason", "A stable code for machines.", REASON),
        Key("from", "The first day on which it is in force.", DATE),
        Key("until", "The last day on which it is in force.", DATE),
        Key(
            "each",
            "The list over which it goes, as `good in declaration.goods`; several where lists lie in lists.",
            either(WORD, Items(WORD)),
        ),
        Key("when", "The condition under which it fires.", CONDITION),
        Key("gives", "The outcome that it gives.", OUTCOME),
        BECAUSE,
        REMEDY,
        Key("cites", "The sources, each with the place in it.", CITES),
        Key(
            "values",
            "Values that its finding carries, by name.",
            Named(CONDITION, IDENTIFIER.pattern.pattern),
        ),
        Key(
            "readings",
            "The readings of an unclear text, by name.",
            Named(READING, DASHED.pattern.pattern, least=2),
        ),
        Key("chosen", "The reading that we act on; it makes the rule `assumed`.", WORD),
    ),
    any_of=("gives", "readings"),
    together=(("chosen", "readings"),),
)
QUESTION = Keys(
    "A question: its outcomes, and the rules that give them.",
    question.QUESTION_REQUIRED,
    question.QUESTION_OPTIONAL,
    (
        Key("question", "The question's name.", Text(pattern=IDENTIFIER.pattern.pattern)),
        Key("asks", "What is asked, as people would.", PROSE),
        Key("applies", "The condition under which the rules apply at all.", CONDITION),
        Key("else", "What is said where they do not.", STATEMENT),
        Key("outcomes", "The possible answers, strongest first.", Items(Text(pattern=CODE.pattern.pattern))),
        Key("favourable", "The outcomes that the one who asks hopes for.", Items(OUTCOME)),
        Key("otherwise", "What is said where no rule decides.", STATEMENT),
        Key("define", "Conditions and values that the rules use, by name.", DEFINE),
        Key("rules", "The rules, in any order.", Items(RULE)),
    ),
    together=(("applies", "else"), ("else", "applies")),
)
