"""Puts mutants to the rule tests that can see them, those first that saw the changed part before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from engine.rulebook.load import load_opened
from engine.rulebook.model import Rulebook
from engine.rulebook.problems import Problems
from engine.rulebook.text.folder import Folder, open_folder
from engine.rulebook.text.nodes import Mapping as MappingNode
from engine.rulebook.text.nodes import Node
from engine.workbench.coverage.cover import seen
from engine.workbench.coverage.model import Kind as PartKind
from engine.workbench.coverage.model import Side
from engine.workbench.coverage.parts import Parts, parts_of
from engine.workbench.mutation.edits import edited
from engine.workbench.mutation.model import Fate, Mutant, State
from engine.workbench.mutation.reading import asking, needed
from engine.workbench.mutation.sites import mutants_of, question_of
from engine.workbench.ruletests import RuleTest, TestResult
from engine.workbench.ruletests.running import run_test

_NEVER = date.max
"""A day on which no test is skipped any more; those that are skipped are not among the tests."""

_Key = tuple[str, str, str]


@dataclass(slots=True)
class Trial:
    """A rulebook with its mutants, and its tests in the order in which they are asked."""

    rulebook: Rulebook
    folder: Folder
    mutants: tuple[Mutant, ...]
    tests: dict[str, list[RuleTest]]
    saw: dict[_Key, dict[RuleTest, int]] = field(default_factory=lambda: defaultdict(dict))

    @property
    def count(self) -> int:
        """How many tests there are."""
        return sum(map(len, self.tests.values()))

    def fate(self, mutant: Mutant) -> Fate:
        """Loads the mutant and asks test after test, until one fails."""
        changed = self.loaded(mutant)
        if changed is None:
            return Fate(State.REFUSED)
        for test in self._asked(mutant):
            if run_test(test, changed, _NEVER).differences:
                return Fate(State.KILLED, test=f"{test.file}:{test.line}: {test.name}")
        return Fate(State.SURVIVED, hint=self._hint(mutant))

    def loaded(self, mutant: Mutant) -> Rulebook | None:
        """The rulebook with the mutant in it: the questions that it touches are loaded anew, others stay."""
        folder = edited(self.folder, mutant.edit)
        wanted = needed(self.rulebook, mutant.touched)
        questions = tuple(root for root in folder.questions if question_of(root) in wanted)
        # Invariants are about all questions, and no part of any answer.
        root = _without(folder.rulebook, "invariants")
        loaded = load_opened(replace(folder, rulebook=root, questions=questions), Problems())
        if not isinstance(loaded, Rulebook):
            return None
        others = {name: loaded.questions[name] for name in mutant.touched}
        return replace(
            self.rulebook,
            lists=loaded.lists,
            tables=loaded.tables,
            definitions=loaded.definitions,
            questions={**self.rulebook.questions, **others},
        )

    def _asked(self, mutant: Mutant) -> list[RuleTest]:
        """The tests that can see the mutant: those in which its rule fired, those that saw it, the rest."""
        ranks = self.saw.get(_key(mutant), {})
        questions = asking(self.rulebook, mutant.touched)
        tests = [test for name in sorted(questions) for test in self.tests.get(name, ())]
        own = mutant.touched
        return sorted(tests, key=lambda test: (ranks.get(test, 2), test.question not in own))

    def _hint(self, mutant: Mutant) -> str:
        """Which test would notice; where the rule never fired in one, that comes first."""
        if mutant.of == "rule" and 0 not in self.saw.get(_key(mutant), {}).values():
            return f"no test in which {mutant.owner} fires"
        return mutant.change.hint


def trial(rulebook: Rulebook, files: Mapping[str, str], results: Iterable[TestResult]) -> Trial:
    """The mutants of the rulebook that the files make, and the tests that pass."""
    folder = open_folder(files, Problems())
    found = Trial(rulebook, folder, mutants_of(rulebook, folder), {})
    parts = parts_of(rulebook, files)
    for result in results:
        if result.decision is not None and not result.differences:
            found.tests.setdefault(result.test.question, []).append(replace(result.test, skip=None))
            _note(found, rulebook, parts, replace(result, test=found.tests[result.test.question][-1]))
    return found


def _note(found: Trial, rulebook: Rulebook, parts: Parts, result: TestResult) -> None:
    """Notes which rules and definitions the test saw: 0 where they were true, 1 where they were not."""
    assert result.decision is not None
    for number, side in seen(rulebook, parts, result.test, result.decision):
        part = parts.all[number]
        if part.kind is PartKind.CLAUSE:
            continue
        ranks = found.saw[part.owner.question, part.owner.kind, part.owner.name]
        ranks[result.test] = min(ranks.get(result.test, 1), 0 if side is Side.TRUE else 1)


def _key(mutant: Mutant) -> _Key:
    return mutant.question, mutant.of, mutant.name


def _without(root: Node | None, name: str) -> Node | None:
    """The file's tree without one of its keys."""
    if not isinstance(root, MappingNode):
        return root
    return replace(root, entries=tuple(entry for entry in root.entries if entry[0].text != name))
