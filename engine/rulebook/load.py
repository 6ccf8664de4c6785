"""Loads a rulebook: texts in, an immutable Rulebook or every problem of every file out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from engine.expression import DATE, Constant, Map, RecordType, Type
from engine.rulebook.dictionary import Dictionary
from engine.rulebook.model import DAY, Definition, Invariant, NamedList, Question, Rulebook
from engine.rulebook.problems import Problem, Problems
from engine.rulebook.reading.definitions import read_definitions
from engine.rulebook.reading.dictionary import EMPTY, read_dictionary
from engine.rulebook.reading.doubts import note_doubts
from engine.rulebook.reading.header import (
    TOP_OPTIONAL,
    TOP_REQUIRED,
    Citations,
    read_header,
    read_lists,
    read_sources,
)
from engine.rulebook.reading.invariants import read_invariants
from engine.rulebook.reading.order import in_order
from engine.rulebook.reading.question import Head, read_head, read_question
from engine.rulebook.reading.rests import Rests
from engine.rulebook.reading.tables import read_tables
from engine.rulebook.reading.vocabulary import Vocabulary
from engine.rulebook.standing import ALL_STANDINGS
from engine.rulebook.tables import Table
from engine.rulebook.text.fields import Fields, open_fields
from engine.rulebook.text.folder import Folder, open_folder
from engine.rulebook.text.nodes import Node, Scalar

_T = TypeVar("_T")


def load(files: Mapping[str, str]) -> Rulebook | tuple[Problem, ...]:
    """The rulebook that the files say, or all their problems sorted by place; it never raises.

    `files` maps each path, as shown to people, to its text: rulebook.yaml, facts.yaml, question files, and
    the CSV files of tables, all in one folder. Rule tests (`*_test.yaml`) are no part of a rulebook and are
    ignored. A rulebook that loads may still have warnings.
    """
    problems = Problems()
    return load_opened(open_folder(files, problems), problems)


def load_opened(folder: Folder, problems: Problems) -> Rulebook | tuple[Problem, ...]:
    """The rulebook of a folder that was opened before; `problems` are those that were noted then."""
    rulebook = _Loader(folder, problems).load()
    if rulebook is None or problems.fatal:
        return problems.sorted()
    return replace(rulebook, warnings=problems.sorted())


@dataclass(slots=True)
class _Loader:
    """One load: what has been read so far, and where each name stands."""

    folder: Folder
    problems: Problems
    dictionary: Dictionary = EMPTY
    lists: dict[str, tuple[Scalar, NamedList]] = field(default_factory=dict)
    tables: dict[str, tuple[Scalar, Table]] = field(default_factory=dict)
    definitions: dict[str, tuple[Scalar, Definition]] = field(default_factory=dict)
    places: dict[tuple[str, str], Scalar] = field(default_factory=dict)

    def load(self) -> Rulebook | None:
        """Reads the files in the order in which they need each other."""
        if self.folder.facts is not None:
            self.dictionary = read_dictionary(self.folder.facts, self.problems)
        heads = self._heads(self.folder.questions)
        root = self.folder.rulebook
        top = open_fields(root, "the rulebook", self.problems, TOP_REQUIRED, TOP_OPTIONAL) if root else None
        if top is None:
            return None
        name, title, zone = read_header(top)
        sources = read_sources(top)
        citations = Citations(sources, self.problems)
        self.lists = read_lists(top, self.dictionary, citations)
        self.tables = read_tables(top, self.folder.tables, self.dictionary, citations)
        self._names_taken(heads)
        questions, invariants = self._questions(top, heads, citations)
        if self.problems.fatal:
            return None
        rulebook = Rulebook(
            name, title, zone, self.folder.digest, self.folder.files, sources, self.dictionary,
            _values(self.lists), _values(self.tables), _values(self.definitions), questions, invariants, (),
        )  # fmt: skip
        self.places |= {("source", key.text): key for key, _ in top.entries("sources")}
        self.places |= {("list", name): key for name, (key, _) in self.lists.items()}
        self.places |= {("table", name): key for name, (key, _) in self.tables.items()}
        self.places |= {("definition", name): key for name, (key, _) in self.definitions.items()}
        note_doubts(rulebook, self.places, citations.used, self.problems)
        return rulebook

    def _heads(self, roots: tuple[Node, ...]) -> dict[str, Head]:
        heads: dict[str, Head] = {}
        for root in roots:
            head = read_head(root, self.problems)
            if head is not None and head.name.text in heads:
                other = heads[head.name.text].name.file.path
                self.problems.add(
                    head.name.span,
                    "duplicate-question",
                    f"the question `{head.name.text}` is in `{other}` already",
                    "give it another name",
                )
            elif head is not None:
                heads[head.name.text] = head
        return heads

    def _names_taken(self, heads: Mapping[str, Head]) -> None:
        """Facts, lists, tables and questions share one space of names in conditions."""
        taken = {DAY, *self.dictionary.roots}
        keys = [key for key, _ in [*self.lists.values(), *self.tables.values()]]
        for key in [*keys, *(head.name for head in heads.values())]:
            if key.text in taken:
                self.problems.add(
                    key.span,
                    "name-taken",
                    f"`{key.text}` is the name of something else already",
                    "choose another name",
                )
            taken.add(key.text)

    def _questions(
        self, top: Fields, heads: Mapping[str, Head], citations: Citations
    ) -> tuple[dict[str, Question], dict[str, Invariant]]:
        """The questions, and the invariants, which see all of these and the definitions of the rulebook."""
        vocabulary = self._vocabulary(heads)
        rests = self._rests(heads)
        shared = read_definitions(top.entries("define"), vocabulary, self.dictionary, citations)
        self.definitions = dict(shared.definitions)
        rests = rests.with_definitions(definition for _, definition in shared.definitions.values())
        questions: dict[str, Question] = {}
        for name, head in heads.items():
            question, places = read_question(head, shared.vocabulary, self.dictionary, citations, rests)
            self.places |= places
            if question is not None:
                questions[name] = question
        invariants = read_invariants(top, shared.vocabulary, citations, rests)
        return self._with_inner_reads(questions, heads), invariants

    def _with_inner_reads(
        self, questions: Mapping[str, Question], heads: Mapping[str, Head]
    ) -> dict[str, Question]:
        """A question can read whatever the questions that it uses can read; circles among them are noted."""
        order = in_order({name: set(question.inner) for name, question in questions.items()})
        for circle in order.circles:
            shown = " -> ".join([*circle, circle[0]])
            self.problems.add(
                heads[circle[0]].name.span,
                "question-cycle",
                f"the questions need each other: {shown}",
                "let one of them ask for facts instead of the other's outcome",
            )
        whole: dict[str, Question] = {}
        for name in order.ready:
            inner = [whole[other].reads for other in questions[name].inner if other in whole]
            whole[name] = replace(questions[name], reads=questions[name].reads.union(*inner))
        return {name: whole[name] for name in sorted(whole)}

    def _vocabulary(self, heads: Mapping[str, Head]) -> Vocabulary:
        variables: dict[str, Type] = {DAY: DATE, **self.dictionary.roots}
        variables |= {name: RecordType(name, {"outcome": head.type}) for name, head in heads.items()}
        constants = {name: Constant(item.type, item.values) for name, (_, item) in self.lists.items()}
        for name, (_, table) in self.tables.items():
            if table.fixed:
                constants[name] = Constant(table.type, Map((row.key, row.cells) for row in table.rows))
            else:
                variables[name] = table.type
        return Vocabulary(variables, constants, {})

    def _rests(self, heads: Mapping[str, Head]) -> Rests:
        constants = {name: item.standing for name, (_, item) in self.lists.items()}
        tables = {name: table for name, (_, table) in self.tables.items()}
        for name, table in tables.items():
            if table.fixed:
                constants[name] = max(table.standings, key=ALL_STANDINGS.index, default=ALL_STANDINGS[0])
        changing = frozenset(name for name, table in tables.items() if not table.fixed)
        return Rests(constants, {}, frozenset(heads), changing)


def _values(read: Mapping[str, tuple[Scalar, _T]]) -> dict[str, _T]:
    return {name: value for name, (_, value) in read.items()}
