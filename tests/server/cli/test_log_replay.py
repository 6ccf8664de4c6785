"""`origingate log replay`: what it says, and how it ends."""

import asyncio
import json
import shutil
import sqlite3
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from engine.expression import Money
from server.master_keys import make_master_key, read_master_keys
from server.rulebooks import load_folder
from server.store import Store, Transaction
from server.workflow.deciding import Deciding
from tests.server.cli.whole import app
from tests.server.store.samples import Clock, case_name, place

PROJECT = Path(__file__).resolve().parents[3]
RULES = PROJECT / "rules" / "usmca"
CASES = 12


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database of decisions about the copy, one of each case, and a rulebook with a lower limit."""
    folder = tmp_path_factory.mktemp("replay")
    make_master_key(folder / "og.db.master-key", date(2026, 7, 1))
    store = Store.open(f"sqlite:///{folder}/og.db", Clock(), read_master_keys(folder / "og.db.master-key"))
    store.upgrade()
    asyncio.run(_fill(store))
    store.close()
    shutil.copytree(RULES, folder / "changed")
    copy = folder / "changed" / "copy.yaml"
    copy.write_text(copy.read_text("utf-8").replace("2500.00 USD", "2000.00 USD"), "utf-8")
    return folder


async def _fill(store: Store) -> None:
    deciding = Deciding(load_folder(RULES), lambda: datetime.now(UTC))

    def keep(tx: Transaction) -> None:
        for number in range(1, CASES + 1):
            case, _ = place(tx, number)
            value = Money(Decimal(1500 if number % 2 else 2300), "USD")
            claim = {"entries_same_day": 1, "evasion_found": False}
            order = {"destination": "US", "commercial": True, "originating_value": value, "claim": claim}
            made = deciding.make(deciding.book, "copy", {"order": order}, date(2026, 7, 1))
            deciding.keep(tx, [made], case.tenant, case_name=case.name)

    await store.write(keep)


@pytest.fixture
def copy(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the database, beside its key."""
    for name in ("og.db", "og.db.master-key"):
        shutil.copy(kept / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "og.db"


def replay(file: Path, *words: str, processes: int = 1) -> tuple[int, str, str]:
    """The command's exit code, output and messages."""
    command = ["log", "replay", "--database", f"sqlite:///{file}", "--processes", str(processes), *words]
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, command)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.stdout, result.stderr


def test_holds(copy: Path) -> None:
    """Decisions that are as they were recorded end with 0, and nothing is said besides."""
    code, out, said = replay(copy)
    first, *_, last = out.splitlines()
    assert (0, "", "Each is as it was recorded, bit for bit.") == (code, said, last)
    assert "12 recorded decisions decided again by their own rulebooks, 0 could not be read." == first


def test_differs(copy: Path) -> None:
    """A decision that is another one now ends with 1, and is named with where it differs."""
    with sqlite3.connect(copy) as database:
        database.execute("UPDATE decisions SET outcome = 'REQUIRED' WHERE case_name = ?", (case_name(2),))
    database.close()
    code, out, _ = replay(copy)
    assert (1, ["1 are not as they were recorded.", "", "  copy: decisions.outcome differs in 1"]) == (
        code,
        out.splitlines()[-4:-1],
    )
    assert f"    {case_name(2)}" == out.splitlines()[-1]
    told = json.loads(replay(copy, "--json")[1])
    assert (False, 12, 1) == (told["holds"], told["decisions"], told["differ"])
    assert [{"question": "copy", "path": "decisions.outcome", "count": 1, "first": [case_name(2)]}] == told[
        "differences"
    ]


def test_flips(kept: Path, copy: Path) -> None:
    """By another rulebook flips are told by rule, site and month; so many cases as asked for are named, all counted."""
    code, out, said = replay(copy, "--rulebook", str(kept / "changed"), "--names", "2")
    assert (1, "") == (code, said)
    assert [
        f"12 recorded decisions answered by {kept}/changed, 0 could not be read.",
        "12 were asked of the rulebook that they were recorded under; of 0 the answer is another now.",
        "",
        "copy: 6 of 12 flip",
        "  was \\ now     REQUIRED",
        "  NOT_REQUIRED         6",
        "",
        "  was           decided by  now       decided by  decisions",
        "  NOT_REQUIRED  low-value   REQUIRED  over-2500           6",
        "",
        "  tenant  site  decisions  flip",
        "  acme    shop         12     6",
        "",
        "  month    decisions  flip",
        "  2026-07         12     6",
        "",
        "  NOT_REQUIRED, low-value -> REQUIRED, over-2500: 6",
        f"    {case_name(2)}",
        f"    {case_name(4)}",
        "    ... and 4 more",
    ] == out.splitlines()


def test_for_machines(kept: Path, copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same as JSON, from several processes in the order of the log."""
    monkeypatch.setattr("server.recorded.log.STRETCH", 8)
    words = ("--rulebook", str(kept / "changed"), "--json", "--site", "shop", "--question", "copy")
    code, out, _ = replay(copy, *words, processes=2)
    told = json.loads(out)
    [question] = told["questions"]
    assert (1, 12, 6) == (code, question["asked"], question["flips"])
    assert [{"tenant": "acme", "site": "shop", "asked": 12, "flips": 6}] == question["sites"]
    assert [{"month": "2026-07", "asked": 12, "flips": 6}] == question["months"]
    assert [case_name(number) for number in range(2, 13, 2)] == question["rules"][0]["first"]


def test_stored_rulebook(copy: Path) -> None:
    """A rulebook that is stored is named by its digest; under the one that decided, nothing flips."""
    code, out, _ = replay(copy, "--rulebook", load_folder(RULES).digest)
    assert (0, "No answer flips.") == (code, out.splitlines()[-1])


def test_nothing_chosen(copy: Path) -> None:
    """Days without decisions are no fault."""
    code, out, _ = replay(copy, "--from", "2026-07-02", "--until", "2026-08-01")
    assert (0, "0 recorded decisions") == (code, out[:20])


@pytest.mark.parametrize(
    ("words", "because"),
    [
        (("--rulebook", "nowhere"), "nowhere: holds no rulebook.yaml"),
        (("--rulebook", "sha256:00"), "sha256:00: no such rulebook is stored"),
        (("--rulebook", str(RULES), "--question", "cpy"), "has no question `cpy`. It has "),
        (("--from", "soon"), "soon: is no day. A day is YYYY-MM-DD."),
        (("--from", "2026-07-02", "--until", "2026-07-01"), "--from 2026-07-02 is after --until 2026-07-01."),
        (("--database", "sqlite:///none.db"), "there is no such file"),
        (("--database", "mysql://nowhere"), "is not supported"),
    ],
)
def test_wrong_use(copy: Path, words: tuple[str, ...], because: str) -> None:
    """What cannot be done is said and ends with 2."""
    code, out, said = replay(copy, *words)
    assert (2, "", True) == (code, out, because in said.replace("\n", " ")), said


def test_without_keys(copy: Path) -> None:
    """Without the master key nothing can be read, which is said."""
    (copy.parent / "og.db.master-key").unlink()
    code, _, said = replay(copy)
    assert (2, True) == (code, "no master key is at hand" in said.replace("\n", " ")), said
