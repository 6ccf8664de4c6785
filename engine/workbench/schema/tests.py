"""The form of a file of rule tests."""

from __future__ import annotations

from engine.rulebook.standing import ALL_STANDINGS
from engine.workbench import expectation, given
from engine.workbench.ruletests import reading as ruletests
from engine.workbench.ruletests import variants
from engine.workbench.schema.model import Given, Items, Key, Keys, Kind, Named, Text, Vocabulary, either
from engine.workbench.schema.rulebook import DATE, PROSE, WORD

PATHS = Items(Text(pattern=given.PATH.pattern, offers=Vocabulary.FACT))
GIVEN = Named(Given(), given.PATH.pattern, offers=Vocabulary.FACT)
OUTCOME = Text(offers=Vocabulary.OUTCOME)
STANDING = Text(choices=tuple(map(str, ALL_STANDINGS)))
RULE = Text(offers=Vocabulary.RULE)
REASON = Text(offers=Vocabulary.REASON)

_QUESTION = Key("question", "The question that is asked.", Text(offers=Vocabulary.QUESTION))
_SETTINGS = (
    Key("on", "The day on which it is asked.", DATE),
    Key("enforce", "The standings that count; enacted and reported where nothing is said.", Items(STANDING)),
)
_CHANGES = (
    Key("with", "Facts that are put over the shared ones, by path.", GIVEN),
    Key("without", "Facts that are not given.", PATHS),
    Key("none", "Facts that are known to be none.", PATHS),
)
_VALUES = Key("values", "Values of findings, by name.", Named(WORD))

FINDING = Keys(
    "A finding: what is not named is not compared.",
    (),
    expectation.FINDING_KEYS,
    (
        Key("rule", "The rule that fired.", RULE),
        Key("place", "The item of a list that it is about.", WORD),
        Key("reason", "Its code.", REASON),
        Key("outcome", "The outcome that it gives.", OUTCOME),
        Key("because", "Its text.", PROSE),
        Key("remedy", "Its remedy.", PROSE),
        Key("standing", "How firm it is.", STANDING),
        Key("cites", "What it cites.", Items(WORD)),
        _VALUES,
    ),
)
EXPECT = Keys(
    "What is expected; what is not named is not compared.",
    (),
    expectation.EXPECT_KEYS,
    (
        Key("outcome", "The outcome, or UNDETERMINED.", OUTCOME),
        Key("possible", "All outcomes that are possible.", Items(OUTCOME, may_be_empty=True)),
        Key("favourable", "Whether the answer is favourable.", Text(choices=expectation.FAVOURABLE)),
        Key("missing", "All facts that are missing.", Items(Text(offers=Vocabulary.FACT), may_be_empty=True)),
        Key("findings", "All findings, by rule.", Items(either(RULE, FINDING), may_be_empty=True)),
        Key("reasons", "All reasons.", Items(REASON, may_be_empty=True)),
        Key("because", "The text of the answer.", PROSE),
        Key("standing", "How firm the answer is.", STANDING),
        _VALUES,
        Key("advisory", "The outcome if all standings counted.", OUTCOME),
    ),
)
_EXPECT = Key(
    "expect", "The outcome alone, or the parts of the answer that are compared.", either(OUTCOME, EXPECT)
)
SKIP = Keys(
    "Why a test is not run, and up to which day.",
    ruletests.SKIP_REQUIRED,
    (),
    (Key("because", "Why.", PROSE), Key("until", "The last day on which it is not run.", DATE)),
)
ROW = Keys(
    "A case of its own: facts by path, and what is expected.",
    ruletests.ROW_REQUIRED,
    ruletests.ROW_OPTIONAL,
    (Key("row", "The case's name.", PROSE), *_SETTINGS, *_CHANGES, _EXPECT),
    facts=True,
)
TEST = Keys(
    "A test.",
    ruletests.TEST_REQUIRED,
    ruletests.TEST_OPTIONAL,
    (
        Key("test", "The test's name, unique in its file.", PROSE),
        Key("skip", "Why it is not run for a while.", SKIP),
        _QUESTION,
        *_SETTINGS,
        *_CHANGES,
        Key("rows", "Several cases of one test.", Items(ROW)),
        _EXPECT,
    ),
    one_of=("expect", "rows"),
)
PROBLEM = Keys(
    "A problem: what is not named is not compared.",
    variants.PROBLEM_REQUIRED,
    variants.PROBLEM_OPTIONAL,
    (
        Key("code", "Its code.", WORD),
        Key("file", "The file that it is in.", WORD),
        Key("line", "Its line.", Text(pattern="[0-9]+")),
        Key("column", "Its column.", Text(pattern="[0-9]+")),
        Key("at", "The text under the caret.", WORD),
        Key("message", "What is wrong.", PROSE),
        Key("mend", "How to mend it.", PROSE),
    ),
)
PROBLEM_TEST = Keys(
    "A test of a variant of the rulebook, and the problems that it draws.",
    ruletests.TEST_REQUIRED,
    ruletests.PROBLEM_TEST_OPTIONAL,
    (
        Key("test", "The test's name, unique in its file.", PROSE),
        Key("skip", "Why it is not run for a while.", SKIP),
        Key("file", "The file that is another one in the variant.", WORD),
        Key("replace", "Old texts of the file, each with the new one.", Named(Text(Kind.LETTERS))),
        Key("text", "The whole text of the file.", WORD),
        Key("problems", "All problems, by code.", Items(either(WORD, PROBLEM), may_be_empty=True)),
    ),
    one_of=("replace", "text"),
    together=(("test", "file"), ("test", "problems")),
)
TESTS = Keys(
    "Tests of a question.",
    ruletests.FILE_REQUIRED,
    ruletests.FILE_OPTIONAL,
    (
        _QUESTION,
        *_SETTINGS,
        Key("given", "Facts that all tests share, nested or by path.", GIVEN),
        Key("tests", "The tests.", Items(either(TEST, PROBLEM_TEST))),
    ),
)
