"""`origingate rules cover`: what it prints and writes, and how it ends."""

import json
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from server.shipped import shipped_rules
from tests.server.cli.whole import app

BOOK = {
    "rulebook.yaml": """
rulebook: tiny
title: A tiny rulebook
zone: Europe/Vienna
sources: {act: {title: The Act, standing: enacted, read: text of 2026}}
""",
    "facts.yaml": "facts:\n  order.paid: {type: bool, meaning: Whether it is paid.}\n",
    "asked.yaml": """question: asked
asks: Is it paid?
outcomes: [PAID, OPEN]
otherwise: {gives: OPEN, because: It is not., cites: [act]}
rules:
  - rule: paid
    reason: PAID
    when: order.paid
    gives: PAID
    because: It is.
    cites: [act 1]
""",
    "asked_test.yaml": """question: asked
on: 2026-07-01
tests:
  - {test: paid, with: {order.paid: true}, expect: PAID}
""",
}
OPEN = "  - {test: open, with: {order.paid: false}, expect: OPEN}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A rulebook whose one rule is tested on one side."""
    monkeypatch.chdir(tmp_path)
    rules = tmp_path / "rules"
    rules.mkdir()
    for name, text in BOOK.items():
        (rules / name).write_text(text, "utf-8")
    return Path("rules")


def run(*words: object) -> tuple[int, str, str]:
    """The command's exit code, output and messages."""
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["rules", "cover", *map(str, words)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.stdout, result.stderr


def add(folder: Path, text: str) -> None:
    """Adds tests to the rulebook."""
    path = folder / "asked_test.yaml"
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def test_gaps(folder: Path) -> None:
    """What is lacking is told with its place, and alone it is no failure."""
    code, out, said = run(folder)
    assert (0, "") == (code, said)
    assert [
        "rules/asked.yaml:6:11: rule `paid`: fired in every test",
        "rules/asked.yaml:8:11: `order.paid` in rule `paid`: never false",
        "act 1: no test in which it does not speak",
        "note: rules/asked.yaml:4: `otherwise` answers no test",
    ] == out.splitlines()[-4:]
    assert "tiny: 1 tests" in out


def test_nothing_lacking(folder: Path) -> None:
    """Where nothing is lacking, the table is all there is."""
    add(folder, OPEN)
    code, out, _ = run(folder, "--min", 100)
    assert 0 == code
    assert out.rstrip().endswith("┘")
    assert out.count("2/2  100.0 %") == 5


def test_min(folder: Path) -> None:
    """Less than --min asks for ends with 1, as much as that with 0."""
    assert (1, "Rules or clauses are covered less than the 50.1 % that --min asks for.\n") == run(
        folder, "--min", 50.1
    )[::2]
    assert 0 == run(folder, "--min", 50)[0]


@pytest.mark.parametrize("least", ["-1", "101", "much"])
def test_min_wrong(folder: Path, least: str) -> None:
    """--min is a percentage."""
    assert 2 == run(folder, "--min", least)[0]


def test_json(folder: Path) -> None:
    """--json prints everything, and nothing else."""
    code, out, said = run(folder, "--json")
    assert (0, "", {"seen": 1, "demanded": 2, "percent": 50.0}) == (code, said, json.loads(out)["rules"])


def test_files(folder: Path) -> None:
    """--lcov and --html write their files beside what is printed."""
    assert 0 == run(folder, "--lcov", "cover.info", "--html", "cover.html")[0]
    assert Path("cover.info").read_text("utf-8").startswith("TN:\nSF:rules/asked.yaml\nFN:6,asked:paid\n")
    assert "<h1>Coverage of tiny</h1>" in Path("cover.html").read_text("utf-8")


def test_file_unwritable(folder: Path) -> None:
    """A file that cannot be written ends with 2 and says which."""
    code, _, said = run(folder, "--html", "no/such/folder.html")
    assert (2, True) == (code, said.startswith("no/such/folder.html: cannot be written"))


def test_failing_test(folder: Path) -> None:
    """Tests that fail show nothing, and end with 1."""
    add(folder, "  - {test: wrong, with: {order.paid: false}, expect: PAID}\n")
    code, out, said = run(folder)
    assert (1, "Failing tests show nothing: 1. `origingate rules test` says why.\n") == (code, said)
    assert "`order.paid` in rule `paid`: never false" in out


def test_broken_test(folder: Path) -> None:
    """Tests with problems are shown, and end with 1."""
    add(folder, "  - {test: typo, with: {order.payed: false}, expect: OPEN}\n")
    code, _, said = run(folder)
    assert (1, True) == (code, said.startswith("rules/asked_test.yaml:5:25: "))


def test_broken_rulebook(folder: Path) -> None:
    """A rulebook with problems is shown them, and nothing is covered."""
    (folder / "asked.yaml").write_text(BOOK["asked.yaml"].replace("order.paid", "order.payed"), "utf-8")
    code, out, said = run(folder, "--html", "cover.html")
    assert (1, "", False) == (code, out, Path("cover.html").exists())
    assert "write `order.paid`" in said


def test_no_rulebook(folder: Path) -> None:
    """A folder without a rulebook is wrong use."""
    code, _, said = run("elsewhere")
    assert (2, "elsewhere: holds no rulebook.yaml. Name a folder of rule files.\n") == (code, said)


def test_changed(folder: Path) -> None:
    """With --changed only rules and clauses on changed lines are demanded and listed; nothing changed is well."""
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "first"]):
        who = ["-c", "user.name=author", "-c", "user.email=author@example.com"]
        subprocess.run(["git", *who, *words], check=True, capture_output=True)
    assert (0, "No rule or clause has changed since HEAD.\n", "") == run(
        folder, "--changed", "HEAD", "--min", 100
    )
    path = folder / "asked.yaml"
    path.write_text(path.read_text("utf-8").replace("order.paid", "order.paid == true"), "utf-8")
    code, out, _ = run(folder, "--changed", "HEAD", "--min", 100)
    assert (1, True) == (code, "`order.paid == true` in rule `paid`: never false" in out)
    assert "otherwise" not in out


def test_changed_unknown(folder: Path) -> None:
    """A folder without git, or a revision that does not exist, is wrong use."""
    assert (2, "", "--changed main: rules is in no git repository.\n") == run(folder, "--changed", "main")


def test_shipped_rulebook() -> None:
    """The tests of the shipped rulebook show every rule, clause and source on both sides."""
    code, out, _ = run(shipped_rules() / "usmca", "--json", "--min", 100)
    report = json.loads(out)
    assert (0, 100.0, 100.0, 100.0) == (
        code,
        *(report[what]["percent"] for what in ("rules", "clauses", "sources")),
    )
