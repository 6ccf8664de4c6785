"""A watcher that comes back with its token misses nothing, however often servers are killed and stopped.

Long form: `make watch-restarts`, with ORIGINGATE_TEST_RESTARTS=100.
"""

import os
import random
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from origingate.v1 import case_pb2
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from tests.server.store.postgresql import PACKAGE, installed
from tests.server.store.postgresql import Server as PostgreSQL
from tests.system import processes
from tests.system.processes import Sandbox, Server, order, wait_for
from tests.system.watcher import Watcher

RESTARTS = int(os.environ.get("ORIGINGATE_TEST_RESTARTS", "8"))
UNDER_WAY = (case_pb2.CASE_STATE_VERIFYING, case_pb2.CASE_STATE_RECONCILING)
QUICK = {
    "ORIGINGATE_ATTEMPT_TIMEOUT": "3",
    "ORIGINGATE_LEASE": "4.5",
    "ORIGINGATE_SETTLE": "0.2",
    "ORIGINGATE_RECONCILE_EVERY": "0.2",
    "ORIGINGATE_GRACE": "3",
    "ORIGINGATE_HEARTBEAT": "0.5",
}


@pytest.fixture
def database() -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    package = installed()
    if package is None:
        pytest.skip(f"{PACKAGE} is not installed")
    folder = Path(tempfile.mkdtemp(prefix="og-"))
    server = PostgreSQL(package, folder)
    yield server.create_database("watched")
    server.stop()
    shutil.rmtree(folder)


class Replica:
    """A server that is started again under the same name; `address` is where it is now."""

    def __init__(self, start: Callable[[], Server]) -> None:
        self._start = start
        self.starts: list[float] = []
        self.server = self._started()

    def address(self) -> str:
        return self.server.address

    def restart(self, kill: bool) -> None:
        """Ends it, as a crash or in order, and starts it again."""
        if kill:
            self.server.kill()
        else:
            assert 0 == self.server.stop()
        self.server = self._started()

    def _started(self) -> Server:
        began = time.monotonic()
        server = self._start()
        self.starts.append(time.monotonic() - began)
        return server


class Writer(threading.Thread):
    """Sends orders to a replica until it is stopped; what got no answer is sent again."""

    def __init__(self, replica: Replica, name: str) -> None:
        super().__init__(daemon=True)
        self._replica = replica
        self._name = name
        self.stopping = threading.Event()
        self.cases: set[str] = set()
        self.start()

    def run(self) -> None:
        number = 0
        while not self.stopping.is_set():
            request = order(order_id=f"{self._name}-{number}", request_id=f"request-{self._name}-{number}")
            try:
                self.cases.add(self._replica.server.process_order(request, timeout=5).case.name)
            except (grpc.RpcError, ValueError):  # the channel of a server that was ended is closed
                time.sleep(0.05)
            else:
                number += 1
                time.sleep(0.05)


def transitions(database: str) -> list[tuple[str, int]]:
    """Case and version of every event in the log, in order."""
    engine = create_engine(database, poolclass=NullPool)
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT subject, CAST(CAST(event AS json) ->> 'version' AS int) FROM log"
                " WHERE kind = 'transition' ORDER BY position"
            )
        )
        return [(subject, version) for subject, version in rows]


def seen(watcher: Watcher) -> list[tuple[str, int]]:
    """Case and version of every event that a watcher was told, each once, in the order in which it came."""
    return list(dict.fromkeys((event.case_name, event.version) for event in watcher.events))


@pytest.fixture
def replicas(
    database: str, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[Replica]]:
    """Two servers on one database."""
    if RESTARTS > 20:
        # A busy machine starts a server slowly now and then; a start that hangs is still told from that.
        monkeypatch.setattr(processes, "PATIENCE", 120.0)
    started: list[Server] = []

    def starting(name: str) -> Callable[[], Server]:
        folder = tmp_path / name
        folder.mkdir()

        def start() -> Server:
            started.append(Server(folder, "--database", database, "--sandbox-url", sandbox.url, **QUICK))
            return started[-1]

        return start

    yield [Replica(starting("first")), Replica(starting("second"))]
    for server in started:
        server.kill()


@pytest.mark.timeout(60 + 30 * RESTARTS)
def test_restarts(database: str, replicas: list[Replica], capfd: pytest.CaptureFixture[str]) -> None:
    """Two writers on two servers, which are killed and stopped in turn: watchers of both see the log, in its order."""
    watchers = [Watcher(replica.address) for replica in replicas]
    writers = [Writer(replica, f"order-{number}") for number, replica in enumerate(replicas)]
    chance = random.Random(6)
    for number in range(RESTARTS):
        time.sleep(chance.uniform(0.0, 0.6))
        replicas[number % 2].restart(kill=number % 4 < 2)
    for writer in writers:
        writer.stopping.set()
        writer.join(30)
    written = set().union(*(writer.cases for writer in writers))
    server = replicas[0].server
    wait_for(lambda: all(server.case(name).state not in UNDER_WAY for name in written))
    expected = transitions(database)
    wait_for(lambda: all(seen(watcher)[-1:] == expected[-1:] for watcher in watchers))
    for watcher in watchers:
        watcher.stop()
    if RESTARTS > 20:
        with capfd.disabled():
            sys.stdout.write(report(replicas, watchers, written, expected))
    assert [expected, expected] == [seen(watcher) for watcher in watchers]
    assert written <= {name for name, _ in expected}
    assert [[], []] == [out_of_order(watcher) for watcher in watchers]


def out_of_order(watcher: Watcher) -> list[Any]:
    """Events of a case that did not come behind the one before; one that comes a second time aside."""
    versions: dict[str, int] = {}
    wrong = []
    for event in watcher.events:
        last = versions.get(event.case_name, 0)
        if event.version > last + 1:
            wrong.append((event.case_name, last, event.version))
        versions[event.case_name] = max(last, event.version)
    return wrong


def report(
    replicas: list[Replica], watchers: list[Watcher], written: set[str], expected: list[tuple[str, int]]
) -> str:
    """What the run saw, in a line for each watcher."""
    lines = [f"\n{RESTARTS} restarts, {len(written)} cases, {len(expected)} events in the log"]
    for replica in replicas:
        middle, longest = sorted(replica.starts)[len(replica.starts) // 2], max(replica.starts)
        lines.append(f"starts of a server: {middle:.1f} s in the middle, {longest:.1f} s the longest")
    for watcher in watchers:
        again = len(watcher.events) - len(seen(watcher))
        lines.append(
            f"watcher: {len(watcher.ends)} ends, {len(watcher.events)} events, {again} of them again"
        )
    return "\n".join([*lines, ""])
