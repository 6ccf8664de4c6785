"""Reads rule tests from `*_test.yaml`.

    question: copy
    on: 2026-07-01
    enforce: [enacted, reported]              # the default
    given:                                    # shared by all tests; nested, or by path
      order: {commercial: true, originating_value: 900.00 USD}
    tests:
      - test: boundary
        rows:                                 # each a test of its own: facts by path, and what is expected
          - {order.originating_value: 2500.00 USD, expect: NOT_REQUIRED}
          - {order.originating_value: 2500.01 USD, expect: REQUIRED}
      - test: value not given
        without: [order.originating_value]
        expect: {outcome: UNDETERMINED, missing: [order.originating_value]}
      - test: producer known to be none
        with: {declaration.goods[0].hs: "7213"}
        none: [declaration.producer]
        expect: {outcome: INVALID, reasons: [PRODUCER_MISSING]}
      - test: a reading that is not settled yet
        skip: {because: The text is to be published in May., until: 2027-06-01}
        expect: VALID

A test may have `on`, `enforce` and `question` of its own; a row may have `on`, `enforce`, `with`, `without`,
`none`, and `row`, its name. `expect` is an outcome, or a mapping of outcome, possible, favourable, missing,
findings, reasons, because, standing, values and advisory; what it does not name is not compared. `findings`
are rule names or mappings of a finding's parts; they and `reasons`, `possible` and `missing` are compared as
wholes, in any order. Tests that expect problems have other keys: see variants.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from engine.rulebook.model import Rulebook
from engine.rulebook.problems import Problem, Problems, instead
from engine.rulebook.standing import ALL_STANDINGS, DEFAULT_ENFORCE, Standing
from engine.rulebook.text.fields import IDENTIFIER, Fields, open_fields, said
from engine.rulebook.text.files import TextFile
from engine.rulebook.text.nodes import Mapping, Node, keys_of
from engine.rulebook.text.yaml_text import read_yaml
from engine.workbench.expectation import read_expectation
from engine.workbench.given import Given
from engine.workbench.ruletests.model import ProblemTest, RuleTest, Skip, TestFile
from engine.workbench.ruletests.variants import VARIANT_KEYS, read_problem_test

_CHANGES = ("with", "without", "none")
_SETTINGS = ("on", "enforce")
FILE_REQUIRED = ("tests",)
FILE_OPTIONAL = ("question", "given", *_SETTINGS)
TEST_REQUIRED = ("test",)
TEST_OPTIONAL = ("skip", "expect", "rows", "question", *_CHANGES, *_SETTINGS)
PROBLEM_TEST_OPTIONAL = ("skip", *VARIANT_KEYS)
ROW_REQUIRED = ("expect",)
ROW_OPTIONAL = ("row", *_CHANGES, *_SETTINGS)
SKIP_REQUIRED = ("because", "until")
_ROW = (*ROW_REQUIRED, *ROW_OPTIONAL)


def read_tests(path: str, text: str, rulebook: Rulebook) -> TestFile:
    """The tests of a file. One with a problem is left out and its problems are told; the rest can run."""
    problems = Problems()
    root = read_yaml(TextFile(path, text), problems)
    top = (
        open_fields(root, "a test file", problems, FILE_REQUIRED, FILE_OPTIONAL) if root is not None else None
    )
    if top is None:
        return TestFile((), problems.sorted())
    reader = _Reader(rulebook, problems, top)
    tests = [test for item in top.items("tests") for test in reader.tests(item)]
    return TestFile(
        tuple(test for test in tests if isinstance(test, RuleTest)),
        problems.sorted(),
        tuple(test for test in tests if isinstance(test, ProblemTest)),
    )


def problems_of_form(path: str, text: str) -> tuple[Problem, ...]:
    """What can be said of a test file while its rulebook has problems: what is no YAML, or has no such keys."""
    problems = Problems()
    root = read_yaml(TextFile(path, text), problems)
    if root is not None:
        open_fields(root, "a test file", problems, FILE_REQUIRED, FILE_OPTIONAL)
    return problems.sorted()


@dataclass(frozen=True, slots=True)
class _Settings:
    """What a row takes over from its test, and a test from its file."""

    given: Given
    on: date | None
    enforce: tuple[Standing, ...]


class _Reader:
    def __init__(self, rulebook: Rulebook, problems: Problems, top: Fields) -> None:
        self.rulebook = rulebook
        self.problems = problems
        self.question = self._question(top, None)
        self.asks = "question" in top.keys
        given = Given()
        given.add(top.entries("given"), problems)
        given.typed(rulebook.facts, problems)
        self.shared = self._settings(top, _Settings(given, None, DEFAULT_ENFORCE))
        self.names: dict[str, int] = {}

    def tests(self, node: Node) -> Iterator[RuleTest | ProblemTest]:
        """The tests that an item of `tests` makes: itself, or one for each of its rows."""
        variant = not keys_of(node).isdisjoint(VARIANT_KEYS)
        own = PROBLEM_TEST_OPTIONAL if variant else TEST_OPTIONAL
        fields = open_fields(node, "a test", self.problems, TEST_REQUIRED, own)
        if fields is None:
            return
        name = self._name(fields)
        if variant:
            test = read_problem_test(fields, name, self._skip(fields), self.rulebook)
            if test is not None:
                yield test
            return
        yield from self._asking(fields, name)

    def _asking(self, fields: Fields, name: str) -> Iterator[RuleTest]:
        if not self.asks and "question" not in fields.keys:
            self.problems.add(
                fields.first_span,
                "missing-key",
                "the test asks no question",
                "add `question:` to it or to the file",
            )
        question = self._question(fields, self.question) if "question" in fields.keys else self.question
        before = len(self.problems.found)
        settings = self._changed(fields, self.shared)
        skip = self._skip(fields)
        sound = len(self.problems.found) == before
        if ("rows" in fields.keys) == ("expect" in fields.keys):
            self.problems.add(
                fields.first_span, "missing-key", "a test has either `expect` or `rows`", "add one of them"
            )
        elif "rows" in fields.keys:
            for number, row in enumerate(fields.items("rows")):
                yield from self._row(row, number, name, question, settings, skip, sound)
        else:
            yield from self._test(fields, name, question, settings, skip, sound)

    def _row(
        self,
        node: Node,
        number: int,
        name: str,
        question: str | None,
        settings: _Settings,
        skip: Skip | None,
        sound: bool,
    ) -> Iterator[RuleTest]:
        if not isinstance(node, Mapping):
            open_fields(node, "a row", self.problems, ROW_REQUIRED)
            return
        facts = tuple((key, value) for key, value in node.entries if key.text not in _ROW)
        rest = tuple((key, value) for key, value in node.entries if key.text in _ROW)
        fields = open_fields(
            Mapping(node.file, node.start, node.end, rest, node.flow),
            "a row",
            self.problems,
            ROW_REQUIRED,
            ROW_OPTIONAL,
        )
        if fields is None:
            return
        own = said(fields.prose("row")) if "row" in fields.keys else ""
        before = len(self.problems.found)
        settings = self._changed(fields, settings)
        settings.given.add(facts, self.problems)
        sound = sound and len(self.problems.found) == before
        yield from self._test(fields, f"{name}[{own or number}]", question, settings, skip, sound)

    def _test(
        self,
        fields: Fields,
        name: str,
        question: str | None,
        settings: _Settings,
        skip: Skip | None,
        sound: bool,
    ) -> Iterator[RuleTest]:
        """The test, if it is sound; else only its problems."""
        node = fields.get("expect")
        if node is None or question is None:
            return
        asked = self.rulebook.questions[question]
        expect = read_expectation(node, self.rulebook, asked, self.problems)
        facts = settings.given.typed(self.rulebook.facts, self.problems)
        if settings.on is None:
            self.problems.add(
                fields.first_span, "missing-key", "the test has no day", "add `on:` to it or to the file"
            )
        elif sound and expect is not None and facts is not None:
            file, line = fields.node.file, fields.node.file.position(fields.first_span.start)[0]
            yield RuleTest(
                file.path, line, name, question, facts, settings.on, settings.enforce, expect, skip
            )

    def _name(self, fields: Fields) -> str:
        name = said(fields.prose("test"))
        span = fields.key_span("test")
        line = span.file.position(span.start)[0]
        if name in self.names:
            self.problems.add(
                span,
                "duplicate-test",
                f"there is a test `{name}` on line {self.names[name]} already",
                "give one of them another name",
            )
        self.names.setdefault(name, line)
        return name

    def _question(self, fields: Fields, otherwise: str | None) -> str | None:
        name = fields.name("question", IDENTIFIER)
        if name is None or name.text in self.rulebook.questions:
            return name.text if name is not None else otherwise
        self.problems.add(
            name.span,
            "unknown-question",
            f"the rulebook has no question `{name.text}`",
            instead(name.text, self.rulebook.questions, "its questions are"),
        )
        return None

    def _changed(self, fields: Fields, settings: _Settings) -> _Settings:
        """The settings of a test or row: its own over those that it takes over."""
        given = settings.given.copy()
        given.add(fields.entries("with"), self.problems)
        for path in fields.texts("without"):
            given.remove(path, self.problems)
        for path in fields.texts("none"):
            given.none(path, self.problems)
        return self._settings(fields, _Settings(given, settings.on, settings.enforce))

    def _settings(self, fields: Fields, settings: _Settings) -> _Settings:
        on = fields.date("on") if "on" in fields.keys else settings.on
        enforce = self._enforce(fields) if "enforce" in fields.keys else settings.enforce
        return _Settings(settings.given, on, enforce)

    def _enforce(self, fields: Fields) -> tuple[Standing, ...]:
        counts: list[Standing] = []
        for item in fields.texts("enforce"):
            if item.text in ALL_STANDINGS:
                counts.append(Standing(item.text))
            else:
                self.problems.add(
                    item.span,
                    "unknown-standing",
                    f"`{item.text}` is no standing",
                    instead(item.text, ALL_STANDINGS, "write one of"),
                )
        return tuple(counts)

    def _skip(self, fields: Fields) -> Skip | None:
        node = fields.get("skip")
        below = open_fields(node, "`skip`", self.problems, SKIP_REQUIRED) if node is not None else None
        if below is None:
            return None
        because, until = below.prose("because"), below.date("until")
        return Skip(said(because), until) if until is not None else None
