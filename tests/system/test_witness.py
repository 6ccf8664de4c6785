"""Heads outside: a server hands them on, and serves no database that is behind them or tells another history."""

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from engine.checkpoint import read_checkpoint
from server.audit.trusted import heads_of
from tests.system.processes import Server, order, origingate, wait_for


def served(serve: Callable[..., Server], *words: str, orders: int = 1, **environment: str) -> None:
    """A server takes some orders, which need no platform, and ends."""
    server = serve(*words, **environment)
    for number in range(orders):
        name = f"order-{server.process.pid}-{number}"
        server.process_order(order("02-marketplace", order_id=name, request_id=f"request-{name}"))
    assert 0 == server.stop()


def entries(database: Path) -> int:
    with sqlite3.connect(database) as connection:
        return int(connection.execute("SELECT count(*) FROM log").fetchone()[0])


def test_head_file(serve: Callable[..., Server], tmp_path: Path) -> None:
    """The file has the newest head when the server has ended, and the next server goes on from it."""
    file = tmp_path / "newest.head"
    for _ in range(2):
        served(serve, "--head-file", str(file))
        head = read_checkpoint(file.read_text("utf-8")).head
        assert entries(tmp_path / "og.db") == head.size


def test_appended(serve: Callable[..., Server], tmp_path: Path) -> None:
    """Appended, the file keeps every head that was handed on."""
    file = tmp_path / "all.heads"
    for _ in range(2):
        served(serve, "--head-file", str(file), ORIGINGATE_HEAD_APPEND="true")
    heads = [each.checkpoint.head.size for each in heads_of([file])]
    assert entries(tmp_path / "og.db") == heads[-1]
    assert len(heads) >= 2


class Receiver:
    """Somebody who takes heads by HTTP."""

    def __init__(self) -> None:
        self.bodies: list[str] = []
        outer = self

        class Taking(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.bodies.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                return

        self.server = HTTPServer(("127.0.0.1", 0), Taking)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/heads"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Somebody who takes heads, until the test ends."""
    running = Receiver()
    yield running
    running.server.shutdown()
    running.server.server_close()


def test_sent(serve: Callable[..., Server], receiver: Receiver, tmp_path: Path) -> None:
    """Heads are sent as signed notes, the last one when the server ends."""
    served(serve, ORIGINGATE_HEAD_URL=receiver.url, ORIGINGATE_HEAD_EVERY="0.05")
    assert entries(tmp_path / "og.db") == read_checkpoint(receiver.bodies[-1]).head.size


def test_nobody_takes_it(serve: Callable[..., Server], tmp_path: Path) -> None:
    """Where nobody takes heads the server serves all the same, and says so."""
    server = serve(ORIGINGATE_HEAD_URL="http://127.0.0.1:9/heads", ORIGINGATE_HEAD_EVERY="0.05")
    wait_for(lambda: "a signed head could not be handed on" in server.log.read_text("utf-8"))
    server.process_order(order("02-marketplace"))
    assert 0 == server.stop()


def test_older_database_is_not_served(serve: Callable[..., Server], tmp_path: Path) -> None:
    """After a restore of an older backup the server ends with 1 and says how to mend it."""
    head, old = tmp_path / "newest.head", tmp_path / "old.db"
    served(serve, "--head-file", str(head))
    shutil.copyfile(tmp_path / "og.db", old)
    shutil.copyfile(tmp_path / "og.db.log-key.pem", tmp_path / "old.db.log-key.pem")
    served(serve, "--head-file", str(head))
    for option in ("--head-file", "--trusted-head"):
        refused = origingate(
            "serve", "--listen", "127.0.0.1:0", "--database", f"sqlite:///{old}", option, str(head)
        )
        assert (1, True, True) == (
            refused.returncode,
            "the database is behind the head in" in refused.stderr,
            "Restore a newer backup" in refused.stderr,
        )


def test_forked_database_is_not_served(serve: Callable[..., Server], tmp_path: Path) -> None:
    """A database that went on from an older backup, and is as long, is told from the one over which the head was signed."""
    head, old = tmp_path / "newest.head", tmp_path / "old"
    old.mkdir()
    served(serve)
    for name in ("og.db", "og.db.log-key.pem", "og.db.master-key"):
        shutil.copy(tmp_path / name, old / name)
    served(serve, "--head-file", str(head))
    other = Server(old)
    for number in range(3):
        other.process_order(order("02-marketplace", order_id=f"o{number}", request_id=f"request-{number}"))
    other.stop()
    (tmp_path / "heads").mkdir()
    shutil.copyfile(head, tmp_path / "heads" / "newest.head")
    database = ("--database", f"sqlite:///{old}/og.db", "--trusted-head", str(tmp_path / "heads"))
    refused = origingate("serve", "--listen", "127.0.0.1:0", *database)
    assert (1, True) == (refused.returncode, "are not those over which the head in" in refused.stderr)


def test_head_of_another_log(serve: Callable[..., Server], tmp_path: Path) -> None:
    """A head of another log is told to be that."""
    head = tmp_path / "newest.head"
    served(serve, "--head-file", str(head))
    refused = origingate(
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--database",
        f"sqlite:///{tmp_path}/new.db",
        "--trusted-head",
        str(head),
    )
    assert (1, True) == (refused.returncode, "is of the log origingate/" in refused.stderr)


def test_no_head(tmp_path: Path) -> None:
    """A file without heads is a wrong setting."""
    (tmp_path / "none").write_text("nothing\n", "utf-8")
    refused = origingate(
        "serve", "--listen", "127.0.0.1:0", "--database", f"sqlite:///{tmp_path}/new.db",
        "--trusted-head", str(tmp_path / "none"),
    )  # fmt: skip
    assert 2 == refused.returncode


def test_url_in_plain_text() -> None:
    """Heads are not sent over the network in plain text."""
    refused = origingate(
        "serve", "--listen", "127.0.0.1:0", ORIGINGATE_HEAD_URL="http://witness.example/heads"
    )
    assert (2, True) == (refused.returncode, "http only on this machine" in refused.stderr)


def test_postgresql_needs_a_key() -> None:
    """A server on PostgreSQL without a key ends with 2 and says how to make one."""
    refused = origingate(
        "serve", "--listen", "127.0.0.1:0", ORIGINGATE_DATABASE="postgresql+psycopg://nobody@127.0.0.1/none"
    )
    assert (2, True) == (refused.returncode, "origingate log key new log.pem" in refused.stderr)
