"""Every rule test of every shipped rulebook, each a test of its own."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from engine.rulebook import Rulebook, load, show
from engine.rulebook.problems import Problem
from engine.workbench.ruletests import RuleTest, TestFile, read_tests, run_test

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(path.parent for path in (ROOT / "rules").glob("*/rulebook.yaml"))


def texts(folder: Path) -> dict[str, str]:
    files = sorted([*folder.rglob("*.yaml"), *folder.rglob("*.csv")])
    return {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in files}


@cache
def rulebook(folder: Path) -> Rulebook | tuple[Problem, ...]:
    return load(texts(folder))


def files(folder: Path) -> Iterator[TestFile]:
    loaded = rulebook(folder)
    if isinstance(loaded, Rulebook):
        for path, text in texts(folder).items():
            if path.endswith("_test.yaml"):
                yield read_tests(path, text, loaded)


def cases() -> list[object]:
    tests = [(folder, test) for folder in FOLDERS for file in files(folder) for test in file.tests]
    return [pytest.param(folder, test, id=f"{Path(test.file).stem}: {test.name}") for folder, test in tests]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_rulebook_loads(folder: Path) -> None:
    """The rulebook has no problem, and neither have its tests."""
    loaded = rulebook(folder)
    problems = [
        *([] if isinstance(loaded, Rulebook) else loaded),
        *(p for f in files(folder) for p in f.problems),
    ]
    assert "\n\n".join(show(problem, texts(folder)[problem.file]) for problem in problems) == ""


@pytest.mark.parametrize(("folder", "test"), cases())
def test_rule(folder: Path, test: RuleTest) -> None:
    """The rule test's decision is what the test expects."""
    loaded = rulebook(folder)
    assert isinstance(loaded, Rulebook)
    result = run_test(test, loaded, date.today())  # noqa: DTZ011
    if result.skipped and test.skip is not None:
        pytest.skip(test.skip.because)
    assert (result.show() if result.differences else "") == ""
