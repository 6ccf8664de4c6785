"""Rule tests as items of pytest. `origingate_pytest` is the plug-in; this is what it makes of a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

from engine.rulebook import Rulebook, load, show
from engine.workbench.ruletests import TestFile, read_tests
from engine.workbench.ruletests.report import State
from server.rule_tests import Test, in_order, run_one
from server.rulebooks import RulebookRefused, RulebookUnreadable, as_shown, read_folder
from server.today import today


class NotAsExpected(Exception):
    """A rule test failed, or cannot be run; the text is what people are shown."""


@dataclass(frozen=True, slots=True)
class _Book:
    """A rulebook as it was read, or why it cannot be used; the texts of its files, and the problems of unreadable ones."""

    rulebook: Rulebook | None
    why: str
    files: dict[str, str]
    unreadable: dict[str, str]


_BOOKS = pytest.StashKey[dict[Path, _Book]]()


class RuleTestFile(pytest.File):
    """A file of rule tests. Its items are its tests, and one for each of its problems."""

    folder: Path

    @classmethod
    def of(cls, parent: pytest.Collector, path: Path, folder: Path) -> RuleTestFile:
        """The file, whose rulebook is in the folder."""
        file: RuleTestFile = cls.from_parent(parent, path=path)
        file.folder = folder
        return file

    def collect(self) -> Iterator[pytest.Item]:
        """The tests in the order of the file.

        Problems are items that fail, not errors of collecting: these would end pytest before it runs anything.
        """
        book = self._book()
        shown = as_shown(self.path)
        if book.rulebook is None:
            yield Problem.of(self, "rulebook", book.why)
            return
        if shown in book.unreadable:
            yield Problem.of(self, "file", book.unreadable[shown])
            return
        text = book.files.get(shown)
        if text is None:
            why = f"{shown}: is not below {as_shown(self.folder)}, where its rulebook is. Put it there."
            yield Problem.of(self, "file", why)
            return
        read = read_tests(shown, text, book.rulebook)
        for test in in_order([read]):
            yield RuleTestItem.of(self, test, book.rulebook)
        yield from self._problems(read, text)

    def _problems(self, read: TestFile, text: str) -> Iterator[pytest.Item]:
        for problem in read.problems:
            if not problem.warning:
                name = f"line {problem.line}: {problem.code}"
                yield Problem.of(self, name, show(problem, text))

    def _book(self) -> _Book:
        """The rulebook, read once in each process."""
        books = self.config.stash.setdefault(_BOOKS, {})
        if self.folder not in books:
            books[self.folder] = _read(self.folder)
        return books[self.folder]


def _read(folder: Path) -> _Book:
    try:
        files, problems = read_folder(folder)
    except RulebookUnreadable as error:
        return _Book(None, str(error), {}, {})
    loaded = load(files)
    unreadable = {problem.file: show(problem, "") for problem in problems}
    if isinstance(loaded, Rulebook):
        return _Book(loaded, "", files, unreadable)
    return _Book(None, str(RulebookRefused(loaded, files)), files, unreadable)


class _Shown(pytest.Item):
    """An item whose failure is a text for people, without a traceback."""

    line = 0

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:
        """The text alone where the rules are at fault."""
        if isinstance(excinfo.value, NotAsExpected):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the test stands, and its name."""
        return self.path, self.line - 1, self.name


class RuleTestItem(_Shown):
    """One rule test."""

    test: Test
    rulebook: Rulebook

    @classmethod
    def of(cls, parent: RuleTestFile, test: Test, rulebook: Rulebook) -> RuleTestItem:
        """The test by its name, under its file; `-k` finds it by its question too."""
        item: RuleTestItem = cls.from_parent(parent, name=test.name)
        item.test, item.rulebook, item.line = test, rulebook, test.line
        item.extra_keyword_matches.update({getattr(test, "question", "problems")})
        return item

    def runtest(self) -> None:
        """Passes, skips with the reason of the file, or fails with the text that `rules test` shows."""
        told = run_one(self.test, self.rulebook, today())
        if told.state is State.SKIPPED:
            pytest.skip(told.because)
        if told.state is State.FAILED:
            raise NotAsExpected(told.text)


class Problem(_Shown):
    """What cannot be run, and why."""

    text: str

    @classmethod
    def of(cls, parent: RuleTestFile, name: str, text: str) -> Problem:
        """The item, which fails with the text."""
        item: Problem = cls.from_parent(parent, name=name)
        item.text = text
        return item

    def runtest(self) -> NoReturn:
        """Fails with the problem."""
        raise NotAsExpected(self.text)
