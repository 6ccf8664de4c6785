"""`origingate db`: what it says, and how it ends."""

import asyncio
import json
import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from server.master_keys import make_master_key, read_master_keys
from server.store import Store
from server.store.schema import REVISIONS
from server.store.sealing import MasterKeys
from tests.server.cli.whole import app
from tests.server.store.samples import placed


def a_master_key() -> MasterKeys:
    """The key that stands beside the database in the working folder."""
    path = Path("og.db.master-key")
    make_master_key(path, date(2026, 11, 26))
    return read_master_keys(path)


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database with one order in it, in the working folder."""
    monkeypatch.chdir(tmp_path)
    store = Store.open("sqlite:///og.db", lambda: datetime.now(UTC), a_master_key)
    store.upgrade()
    asyncio.run(placed(store))
    store.close()
    return "sqlite:///og.db"


def run(*words: str) -> tuple[int, str, str]:
    """The command's exit code, output and messages."""
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["db", *words])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.stdout, result.stderr


def test_status(served: str) -> None:
    """The revision, and how many records of each kind there are."""
    code, out, said = run("status", "--database", served)
    assert (0, "") == (code, said)
    assert out.startswith(f"at revision {REVISIONS[-1]}, which this version uses")
    assert "           1  cases" in out


def test_status_for_machines(served: str) -> None:
    """The same as JSON."""
    code, out, _ = run("status", "--database", served, "--json")
    told = json.loads(out)
    assert (0, True, 1) == (code, told["fits"], told["rows"]["cases"])


@pytest.mark.parametrize(
    ("revision", "words"), [("0000", "use a newer version"), (None, "run `origingate db upgrade`")]
)
def test_status_of_another_schema(served: str, revision: str | None, words: str) -> None:
    """A schema that this version cannot use ends with 1, with how to mend it."""
    with sqlite3.connect("og.db") as connection:
        if revision is None:
            connection.execute("DELETE FROM alembic_version")
        else:
            connection.execute("UPDATE alembic_version SET version_num = ?", [revision])
    connection.close()
    code, out, _ = run("status", "--database", served)
    assert (1, True) == (code, words in out)


def test_backup_while_it_is_served(served: str) -> None:
    """A backup is written while a server holds the file; restored elsewhere it has the same records."""
    store = Store.open(served, lambda: datetime.now(UTC), read_master_keys(Path("og.db.master-key")))
    code, out, _ = run("backup", "og.backup", "--database", served)
    store.close()
    assert (0, "og.backup: 4 rows\n") == (code, out)
    code, out, _ = run("restore", "og.backup", "--database", "sqlite:///other.db")
    assert (0, "4 rows restored\n") == (code, out)
    assert run("status", "--database", served)[1] == run("status", "--database", "sqlite:///other.db")[1]


def test_backup_overwrites_nothing(served: str) -> None:
    """A file that is there stays as it is."""
    Path("og.backup").write_text("mine")
    code, _, said = run("backup", "og.backup", "--database", served)
    assert (2, True, "mine") == (code, "overwrites nothing" in said, Path("og.backup").read_text())


def test_upgrade(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that is not there is made; one that is up to date stays."""
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        assert (0, f"at revision {REVISIONS[-1]}\n", "") == run("upgrade", "--database", "sqlite:///new.db")


@pytest.mark.parametrize(
    ("words", "said", "expected"),
    [
        (("status", "--database", "sqlite:///none.db"), "no such database", 2),
        (("backup", "x", "--database", "sqlite:///none.db"), "no such database", 2),
        (("restore", "none.backup"), "no such file", 2),
        (("status", "--database", "mysql://host/database"), "not supported", 2),
        (("status", "--database", "postgresql://127.0.0.1:1/x"), "cannot be used", 1),
        (("restore", "text.backup", "--database", "sqlite:///other.db"), "cannot be read", 1),
        (("restore", "cut.backup", "--database", "sqlite:///other.db"), "cannot be read", 1),
        (("backup", "nowhere/x", "--database", "sqlite:///og.db"), "cannot be written", 2),
        (("restore", "whole.backup", "--database", "sqlite:///og.db"), "empty one", 1),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_wrongly(served: str, words: tuple[str, ...], said: str, expected: int) -> None:
    """What cannot be done is said in words, with the exit code of its kind."""
    assert 0 == run("backup", "whole.backup", "--database", served)[0]
    Path("text.backup").write_text("Dear Sir or Madam")
    Path("cut.backup").write_bytes(Path("whole.backup").read_bytes()[:-20])
    code, out, told = run(*words)
    assert (expected, "", True) == (code, out, said in told)
