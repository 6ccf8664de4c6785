"""`origingate rules time`: what it prints and how it ends."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.server.cli.whole import app

PROJECT = Path(__file__).resolve().parents[4]
PLANTED = PROJECT / "tests" / "planted" / "parcels"
TODAY = ("--today", "2026-11-25")


def run(*words: object) -> tuple[int, str, str]:
    """The command's exit code, output and messages."""
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["rules", "time", *map(str, words)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the planted rulebook."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(PLANTED, tmp_path / "parcels")
    return Path("parcels")


def test_planted(folder: Path) -> None:
    """Faults are shown with place, line and mend, notes on a line each; the exit code is 1."""
    code, out, said = run(folder, *TODAY)
    assert (1, "") == (code, said)
    assert ["parcels/carriage.yaml:49:11", "parcels/carriage.yaml:73:11", "parcels/carriage.yaml:80:12"] == [
        line.partition(": ")[0] for line in out.splitlines() if line.startswith("parcels/")
    ]
    assert (
        "note: parcels/carriage.yaml:87:11: `batteries` is not in force before 2027-06-01"
        == out.splitlines()[-1]
    )


def test_bars(folder: Path) -> None:
    """Each dated rule has its days and a bar of the part of the period that they are."""
    _, out, _ = run(folder, *TODAY, "--from", "2026-06-01", "--until", "2026-08-31")
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in out.splitlines() if "│" in line]
    assert ["carriage", "paper-spring", "2026-01-01", "2026-06-30", "━" * 12 + "·" * 24] in rows
    assert ["carriage", "batteries", "2027-06-01", "", "·" * 36] in rows


def test_one_day(folder: Path) -> None:
    """A period can be one day."""
    code, out, _ = run(folder, *TODAY, "--from", "2026-07-01", "--until", "2026-07-01")
    assert (1, True) == (code, "a gap: no rule of the reason NO_PAPER" in out)


def test_shipped() -> None:
    """The shipped rulebook has no fault in time, and its sources that are due share a line a day."""
    code, out, said = run(*TODAY)
    assert (0, "") == (code, said)
    assert ["note: another look is due on 2026-12-31", "note: another look is due on 2027-01-01"] == [
        line.rpartition(": ")[0] for line in out.splitlines() if line.startswith("note: ")
    ]


def test_json(folder: Path) -> None:
    """As JSON: the period, the timeline, findings and notes."""
    code, out, _ = run(folder, *TODAY, "--json")
    report = json.loads(out)
    assert 1 == code
    assert {
        "rulebook": "parcels",
        "today": "2026-11-25",
        "from": "2025-11-25",
        "until": "2028-11-25",
        "undated": 7,
    } == {key: report[key] for key in ("rulebook", "today", "from", "until", "undated")}
    assert ["overlap", "gap", "expired"] == [one["kind"] for one in report["findings"]]
    assert ["not-begun"] == [one["kind"] for one in report["notes"]]
    assert {"where": "carriage", "name": "winter-surcharge", "from": None, "until": "2025-12-31"} in report[
        "timeline"
    ]


def test_nothing_dated(folder: Path) -> None:
    """A rulebook without days needs no table."""
    path = folder / "carriage.yaml"
    kept, _, _ = path.read_text("utf-8").partition("  - rule: dear-2026")
    path.write_text(kept, "utf-8")
    assert (0, "7 rules and rows without days, in force on all of them.\n") == run(folder)[:2]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--from", "soon"), "--from soon: is no day. Write year, month and day, as 2026-06-27."),
        (("--until", "2026-02-30"), "--until 2026-02-30: is no day."),
        (("--today", ""), "--today : is no day."),
        (
            ("--from", "2027-01-01", "--until", "2026-01-01"),
            "The period would begin on 2027-01-01, after its end on 2026-01-01.",
        ),
    ],
)
def test_wrong_use(folder: Path, words: tuple[str, ...], said: str) -> None:
    """Days that are none, or in the wrong order, end it with 2."""
    code, out, error = run(folder, *words)
    assert (2, "", True) == (code, out, error.startswith(said))


def test_unreadable(tmp_path: Path) -> None:
    """A folder without a rulebook ends it with 2, one with problems with 1."""
    assert 2 == run(tmp_path)[0]
    for name in ("rulebook.yaml", "facts.yaml"):
        (tmp_path / name).write_text("rulebook: [", "utf-8")
    assert 1 == run(tmp_path)[0]
