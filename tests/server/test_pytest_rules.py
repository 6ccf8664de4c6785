"""The plug-in for pytest, in a project of its own: what it collects, runs, and leaves alone."""

import json
import sys
from pathlib import Path
from shutil import copytree

import pytest

from server.shipped import shipped_rules
from tests.server.cli.rules.plants import (
    BROKEN,
    EXPECTING,
    FAILING,
    PASSING,
    SKIP_ENDED,
    SKIPPED,
    planted,
)

pytest_plugins = ["pytester"]

QUICK = ("-p", "no:cacheprovider", "-p", "no:asyncio", "-p", "no:hypothesispytest")
ONLY_OURS = (*QUICK, "-p", "no:xdist")


def run(pytester: pytest.Pytester, *words: str) -> pytest.RunResult:
    """Runs pytest in a process of its own."""
    return pytester.runpytest_subprocess(*ONLY_OURS, *words)


def test_every_plant(pytester: pytest.Pytester) -> None:
    """Each test is an item: what fails, is broken or skipped is that item's, and the others run."""
    planted(pytester.path / "rules", FAILING, BROKEN, SKIPPED, SKIP_ENDED, EXPECTING)
    result = run(pytester, "rules", "-rs")
    result.assert_outcomes(passed=PASSING + 1, failed=3, skipped=1)
    result.stdout.fnmatch_lines(
        [
            "rules/carriage_test.yaml:61: planted failure",
            "    expected  CARRIED",
            "    actual    REFUSED",
            "    + parcel.weight is 31.0; the rule needs more than 30.0",
            "rules/carriage_test.yaml:73: planted skip that ended",
            "  it was skipped until 2026-06-30: Wait for the letter.",
            "rules/carriage_test.yaml:66:12: unknown fact `parcel.wieght` [[]unknown-fact[]]",
            "   mend: write `parcel.weight`",
            "SKIPPED*Wait for the letter.",
        ]
    )
    assert "Traceback" not in result.stdout.str()
    assert "NotAsExpected" not in result.stdout.str()


def test_unreadable_file(pytester: pytest.Pytester) -> None:
    """A file that cannot be read is one failure, and the tests of the others run; a test can be named."""
    folder = planted(pytester.path / "rules")
    (folder / "latin_test.yaml").write_bytes(b"\xff")
    (folder / "bad_test.yaml").write_text("question: [x\n", "utf-8")
    named = "rules/carriage_test.yaml::weight[3]"
    result = run(pytester, "rules/latin_test.yaml", "rules/bad_test.yaml", named)
    result.assert_outcomes(passed=1, failed=2)


def test_broken_rulebook(pytester: pytest.Pytester) -> None:
    """A rulebook with problems fails each of its test files with them; other tests run."""
    folder = planted(pytester.path / "rules")
    (folder / "facts.yaml").unlink()
    pytester.makepyfile("def test_other(): pass")
    result = run(pytester)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*there is no `facts.yaml` [[]missing-file[]]*"])


def test_chosen(pytester: pytest.Pytester) -> None:
    """-k chooses by name and by question, also where tests stand in a folder below their rulebook."""
    folder = planted(pytester.path / "rules")
    (folder / "tests").mkdir()
    (folder / "carriage_test.yaml").rename(folder / "tests" / "parcels_test.yaml")
    run(pytester, "rules", "-k", "carriage and not paper").assert_outcomes(passed=22, deselected=PASSING - 22)


def test_spread(pytester: pytest.Pytester) -> None:
    """pytest-xdist spreads them over processes."""
    planted(pytester.path / "rules", FAILING)
    result = pytester.runpytest_subprocess(*QUICK, "-n", "2", "rules")
    result.assert_outcomes(passed=PASSING, failed=1)


def test_other_projects(pytester: pytest.Pytester) -> None:
    """Where there is no rulebook nothing is collected, imported or hidden, whatever the folders are called."""
    pytester.makefile(".yaml", some_test="a: 1", rules_test="b: 2")
    (pytester.mkdir("lists") / "rulebook.yaml").write_text("---\n# a list\n- name: other\n", "utf-8")
    (pytester.path / "lists" / "other_test.yaml").write_text("- name: other\n", "utf-8")
    for name in ("server", "engine"):
        pytester.mkpydir(name).joinpath("own.py").write_text("OWN = 1\n", "utf-8")
    pytester.makepyfile(
        """
        import json, pathlib, sys

        def test_own():
            from engine.own import OWN
            from server.own import OWN
            pathlib.Path("seen.json").write_text(json.dumps(sorted(sys.modules)))
        """
    )
    result = pytester.run(sys.executable, "-m", "pytest", *ONLY_OURS)
    result.assert_outcomes(passed=1)
    seen = set(json.loads(Path("seen.json").read_text("utf-8")))
    assert {"origingate_pytest"} == seen & {
        "origingate_pytest",
        "server.pytest_rules",
        "lark",
        "yaml",
        "grpc",
    }


def test_shipped_rulebook(pytester: pytest.Pytester) -> None:
    """Every test of the shipped rulebook is an item."""
    copytree(shipped_rules() / "usmca", pytester.path / "rules")
    result = run(pytester, "--collect-only", "-q", "rules")
    result.stdout.fnmatch_lines(["576 tests collected in *"])
