"""Broken rule files and exactly what their authors are told.

A golden is named `<what is wrong>.<which file it is>`: a question file, or one that takes the place of a file of the
small rulebook. What it must draw stands beside it as `.txt`; `make golden` writes that anew, to be read as a diff.
"""

import os
from pathlib import Path

import pytest

from engine.rulebook import Problem, Rulebook, load, show
from engine.workbench.ruletests import read_tests

GOLDENS = Path(__file__).parent / "goldens"
BROKEN = sorted(path for path in GOLDENS.iterdir() if path.suffix != ".txt")
WITHOUT_QUESTIONS = ("rulebook.yaml", "facts.yaml", "limits.csv")


def told(small_files: dict[str, str], target: str, text: str) -> tuple[Problem, ...]:
    """The problems of the broken file, put in its place in the small rulebook."""
    base = {name: small_files[name] for name in WITHOUT_QUESTIONS}
    if target == "case_test.yaml":
        rulebook = load(small_files)
        assert isinstance(rulebook, Rulebook)
        return read_tests(target, text, rulebook).problems
    rulebook = load({**base, target: text})
    problems = rulebook.warnings if isinstance(rulebook, Rulebook) else rulebook
    return tuple(problem for problem in problems if problem.file == target)


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.name)
def test_golden(path: Path, small_files: dict[str, str]) -> None:
    """A broken rule file draws exactly these problems, each with its place, its caret and its mend."""
    target = path.name.partition(".")[2]
    text = path.read_text("utf-8")
    shown = "\n\n".join(show(problem, text) for problem in told(small_files, target, text)) + "\n"
    expected = path.with_name(f"{path.name}.txt")
    if os.environ.get("UPDATE_GOLDENS"):
        expected.write_text(shown, "utf-8")
    assert shown == expected.read_text("utf-8")


def test_goldens_are_many() -> None:
    """There are at least sixty, and each draws something."""
    assert len(BROKEN) >= 60
    assert all(path.with_name(f"{path.name}.txt").read_text("utf-8").strip() for path in BROKEN)
