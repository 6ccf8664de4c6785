"""`origingate db key` and `db rewrap`."""

import asyncio
import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from server.master_keys import make_master_key, read_master_keys
from server.store import Store, cases
from tests.server.cli.whole import app
from tests.server.store.samples import TENANT, placed

KEY = Path("og.db.master-key")


def run(*words: str, **environment: str) -> tuple[int, str, str]:
    """The command's exit code, output and messages."""
    result = CliRunner(env={"COLUMNS": "200", **environment}).invoke(app, ["db", *words])
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database with two orders, its key beside it, in the working folder."""
    monkeypatch.chdir(tmp_path)
    make_master_key(KEY, date(2026, 11, 26))
    store = Store.open("sqlite:///og.db", lambda: datetime.now(UTC), read_master_keys(KEY))
    store.upgrade()
    for number in (1, 2):
        asyncio.run(placed(store, number))
    store.close()
    return "sqlite:///og.db"


def test_new(tmp_path: Path) -> None:
    """A new key is named by its id; a file that is in the way is a wrong use."""
    file = tmp_path / "master.key"
    assert (0, True) == (run("key", "new", str(file))[0], file.is_file())
    assert (2, True) == ((again := run("key", "new", str(file)))[0], "is there already" in again[2])


def test_key_is_changed(served: str) -> None:
    """After `add` and `rewrap` the key before is needed no more: what it sealed is read with the new one alone."""
    first = read_master_keys(KEY).newest
    assert 0 == run("key", "add", str(KEY))[0]
    second = read_master_keys(KEY).newest
    code, out, _ = run("rewrap", "--database", served)
    assert (0, f"2 data keys wrapped anew by the master key {second}\n") == (code, out)
    lines = KEY.read_text().splitlines(keepends=True)
    KEY.write_text("".join(lines[2:]))
    assert (second,) == read_master_keys(KEY).ids != (first,)
    store = Store.open(served, lambda: datetime.now(UTC), read_master_keys(KEY))
    store.check_keys()
    kept = asyncio.run(store.read(lambda c: cases.find_by_order(c, TENANT, "shop", "order-1")))
    store.close()
    assert kept is not None
    assert '{"destination":"US"}' == kept.order


def test_rewrapped_already(served: str) -> None:
    """Where every key is wrapped by the newest master key, nothing is left to do."""
    code, out, _ = run("rewrap", "--database", served)
    assert (0, True) == (code, out.startswith("0 data keys"))


def test_rewrap_without_the_key(served: str) -> None:
    """Where a master key is not at hand, it is named, and nothing is changed."""
    wrapped = _wrapped()
    key_id = read_master_keys(KEY).newest
    KEY.unlink()
    assert (2, True) == ((none := run("rewrap", "--database", served))[0], "no master key" in none[2])
    make_master_key(KEY, date(2026, 11, 26))
    assert (2, True) == ((other := run("rewrap", "--database", served))[0], key_id in other[2])
    assert wrapped == _wrapped()


def _wrapped() -> list[tuple[str]]:
    connection = sqlite3.connect("og.db")
    found = connection.execute("SELECT wrapped FROM data_keys ORDER BY subject").fetchall()
    connection.close()
    return found
