"""`origingate webhook` and `serve --webhooks`: what they say, and how they end."""

import asyncio
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from server.master_keys import make_master_key, read_master_keys
from server.store import Store, cursors, dead_letters
from server.store.attempts import Lease
from server.store.cursors import CursorPlace, Progress
from server.store.dead_letters import NewDeadLetter
from server.store.sealing import MasterKeys
from tests.server.cli.whole import app
from tests.server.store.samples import TENANT, case_name, placed


async def filled(store: Store) -> None:
    """Two events; an endpoint that stands behind the first and has two dead letters; another one."""
    await placed(store, 1)
    await placed(store, 2)
    for endpoint in ("orders", "audit"):
        await store.write(
            lambda tx, endpoint=endpoint: cursors.open_cursor(tx, TENANT, endpoint, beginning=True)
        )
    lease = Lease("somewhere:1", timedelta(minutes=1))
    taken = await store.write(lambda tx: cursors.take(tx, TENANT, "orders", lease))
    assert taken is not None
    progress = Progress(CursorPlace(1), True, 2, 2, datetime(2026, 7, 1, tzinfo=UTC), "it answered 500")
    await store.write(lambda tx: cursors.record(tx, taken.hold, lease, progress))
    for position in (0, 5):
        letter = NewDeadLetter(
            TENANT,
            "orders",
            position,
            case_name(),
            '{"id":"evt_1","type":"case.place"}',
            1,
            "it answered 410",
        )
        await store.write(lambda tx, letter=letter: dead_letters.bury(tx, letter))


def a_master_key() -> MasterKeys:
    """The key that stands beside the database in the working folder."""
    path = Path("og.db.master-key")
    make_master_key(path, date(2026, 11, 26))
    return read_master_keys(path)


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database in the working folder."""
    monkeypatch.chdir(tmp_path)
    store = Store.open("sqlite:///og.db", lambda: datetime.now(UTC), a_master_key)
    store.upgrade()
    asyncio.run(filled(store))
    store.close()
    return "sqlite:///og.db"


def run(*words: str) -> tuple[int, str, str]:
    """The command's exit code, output and messages."""
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, [*words])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.stdout, result.stderr


def test_list(served: str) -> None:
    """Where each endpoint stands, for people and for machines."""
    code, out, said = run("webhook", "list", "--database", served)
    assert (0, "", True) == (code, said, "it answered 500" in out)
    told = json.loads(run("webhook", "list", "--database", served, "--json")[1])
    assert [("audit", 2, 0, ""), ("orders", 1, 2, "it answered 500")] == [
        (each["endpoint"], each["ahead"], each["dead"], each["because"]) for each in told
    ]
    assert ("2026-07-01T00:00:00Z", "somewhere:1") == (told[1]["failing_since"], told[1]["held_by"])


def test_dead(served: str) -> None:
    """What an endpoint did not take, in the order of the events; more than are wanted is said."""
    code, out, said = run("webhook", "dead", "--database", served, "--endpoint", "orders")
    assert (0, "", 2) == (code, said, out.count("it answered 410"))
    code, out, said = run("webhook", "dead", "--database", served, "--limit", "1", "--json")
    assert (0, "waits", "evt_1") == (code, json.loads(out)["state"], json.loads(out)["message"]["id"])
    assert "There are more than 1" in said
    assert "" == run("webhook", "dead", "--database", served, "--endpoint", "audit", "--json")[1]


def test_retry_beside_a_server(served: str) -> None:
    """Dead letters are marked while a server holds the file; where none of them waits, the code is 1."""
    store = Store.open(served, lambda: datetime.now(UTC), read_master_keys(Path("og.db.master-key")))
    assert (0, "1 dead letter to be delivered again\n", "") == run(
        "webhook", "retry", "5", "--database", served
    )
    code, out, _ = run("webhook", "retry", "--all", "--database", served, "--json")
    assert (0, [0, 5]) == (code, [each["position"] for each in json.loads(out)])
    store.close()
    assert (1, "0 dead letters to be delivered again\n", "") == run(
        "webhook", "retry", "7", "--database", served
    )
    elsewhere = run("webhook", "retry", "--all", "--tenant", "other", "--database", served)
    assert 1 == elsewhere[0]


@pytest.mark.parametrize("words", [[], ["5", "--all"]])
def test_retry_which(served: str, words: list[str]) -> None:
    """It has to be said which, once."""
    code, _, said = run("webhook", "retry", *words, "--database", served)
    assert (2, "Give the positions of dead letters, or --all.\n") == (code, said)


@pytest.mark.parametrize("command", [["list"], ["dead"], ["retry", "--all"]])
def test_no_database(tmp_path: Path, command: list[str]) -> None:
    """A database that is not there is not made."""
    code, _, said = run("webhook", *command, "--database", f"sqlite:///{tmp_path}/none.db")
    assert (2, True, False) == (code, "no such database" in said, (tmp_path / "none.db").exists())


def test_serve_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server does not start with a wrong endpoints file: code 2, every mistake, and nothing is left behind."""
    monkeypatch.chdir(tmp_path)
    Path("webhooks.yaml").write_text(
        "webhooks:\n  - {endpoint: orders, tenant: dev, url: 'http://orders.example/', secret_env: NOWHERE}\n"
    )
    code, _, said = run("serve", "--webhooks", "webhooks.yaml", "--listen", "127.0.0.1:0")
    assert 2 == code
    assert [
        "webhooks.yaml:2:42: webhooks.0.url: it is not encrypted, and not on this machine. mend: write https",
        "webhooks.yaml:2:80: webhooks.0.secret_env: the environment has no NOWHERE. mend: set it before the start:",
    ] == [line.partition(' write "whsec_')[0] for line in said.splitlines()]
    assert not Path("origingate.db").exists()
