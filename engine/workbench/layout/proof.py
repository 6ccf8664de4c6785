"""Whether a rulebook whose files were laid out is still the same rulebook, with the same tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from engine.rulebook import Problem, Rulebook, load
from engine.rulebook.problems import Problems
from engine.rulebook.text.folder import TEST_SUFFIX, open_folder
from engine.workbench.ruletests import TestFile, read_tests


def what_differs(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """What the texts of a rulebook's files say differently, in words; nothing where they say the same.

    Compared are the digests and the problems, and where the rulebook loads every rule test as it is read.
    """
    digests = [open_folder(files, Problems()).digest for files in (before, after)]
    if digests[0] != digests[1]:
        return (f"the digest would change from {digests[0]} to {digests[1]}",)
    first, second = load(before), load(after)
    if _codes(first) != _codes(second):
        return ("it would have other problems than before",)
    if not isinstance(first, Rulebook) or not isinstance(second, Rulebook):
        return ()
    return tuple(
        f"the tests of {path} would read differently"
        for path in before
        if path.endswith(TEST_SUFFIX)
        and _read(read_tests(path, before[path], first)) != _read(read_tests(path, after[path], second))
    )


def _codes(loaded: Rulebook | tuple[Problem, ...]) -> Counter[tuple[str, str]]:
    problems = loaded.warnings if isinstance(loaded, Rulebook) else loaded
    return _counted(problems)


def _counted(problems: Iterable[Problem]) -> Counter[tuple[str, str]]:
    return Counter((problem.file, problem.code) for problem in problems)


def _read(file: TestFile) -> object:
    """All that the tests of a file say, without their places."""
    tests = [
        (
            test.name,
            test.question,
            test.facts,
            test.on,
            test.enforce,
            {key: getattr(test.expect, key) for key in test.expect.__slots__},
            test.skip,
        )
        for test in file.tests
    ]
    variants = [(test.name, test.files, test.expect, test.skip) for test in file.problem_tests]
    return tests, variants, _counted(file.problems)
