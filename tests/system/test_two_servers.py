"""Two server processes on one PostgreSQL: what one is stopped in, the other finishes; what comes to both, one does."""

import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.system.crash.books import Books
from tests.system.crash.lane import SETTINGS
from tests.system.crash.points import Point
from tests.system.crash.victim import Nursery, Victim
from tests.system.processes import Sandbox, Server, order, wait_for

ONE, OTHER = (
    order(order_id="one", request_id="request-one"),
    order(order_id="other", request_id="request-other"),
)

# Where a process is stopped on an order's way; what it was about to do must not happen when it goes on.
STOPS = [
    Point("order: SUBMIT", "after commit"),
    Point("submit", "before send"),
    Point("submit", "sent"),
    Point("submit", "answer read"),
    Point("outcome: ADOPT", "before commit"),
]


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    """Where servers come from."""
    nursery = Nursery()
    yield nursery
    nursery.close()


@pytest.fixture
def replicas(
    database: str, sandbox: Sandbox, nursery: Nursery, tmp_path: Path
) -> Iterator[tuple[Victim, Victim]]:
    """Two servers on one database, on a platform that issues to whoever submits, however often."""
    sandbox.fault("second_issue", times=None)
    sandbox.fault("latency", times=None, seconds=0.02)
    servers = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        settings = {**SETTINGS, "database": database, "sandbox_url": sandbox.url}
        servers.append(Victim(nursery, tmp_path / name, **settings))
    yield servers[0], servers[1]
    for server in servers:
        server.signal(signal.SIGCONT)
        server.kill()


@pytest.mark.parametrize("point", STOPS, ids=str)
def test_stopped_past_its_lease(
    point: Point, replicas: tuple[Victim, Victim], database: str, tmp_path: Path
) -> None:
    """A process that was stopped until another had finished its order writes and sends nothing of it when it goes on."""
    stopped, other = replicas
    books = Books(database, tmp_path / "sandbox")
    stopped.fuse.set(point, signal="SIGSTOP")
    with ThreadPoolExecutor(1) as caller:
        waiting = caller.submit(stopped.process_order, ONE, 60)
        try:
            wait_for(lambda: not stopped.fuse.file.exists())
            answer = other.process_order(ONE, 25)
            before = (books.held("one"), books.issued())
        finally:
            stopped.signal(signal.SIGCONT)
        assert ("ELIGIBLE", answer.e_cert_id) == (answer.prereview.outcome, waiting.result(30).e_cert_id)
    # It has come to itself when it has taken another order from its beginning to its end.
    assert "" != stopped.process_order(OTHER, 25).e_cert_id
    assert (before[0], 1) == (books.held("one"), len(before[0]))
    [case] = before[0]
    assert [{answer.e_cert_id}] == [books.issued()[digest] for digest in case.digests]
    assert before[1].items() <= books.issued().items()
    assert [] == books.broken_log()


def test_sixteen_callers(
    database: str, sandbox: Sandbox, tmp_path: Path, serve: Callable[..., Server]
) -> None:
    """Sixteen callers with one request_id, half of them at each of two servers: one case, one certificate, one answer."""
    sandbox.fault("second_issue", times=None)
    sandbox.fault("latency", times=None, seconds=0.2)
    servers = [serve("--database", database, "--sandbox-url", sandbox.url) for _ in range(2)]
    with ThreadPoolExecutor(16) as callers:
        answers = list(callers.map(lambda number: servers[number % 2].process_order(ONE), range(16)))
    [case] = (books := Books(database, tmp_path / "sandbox")).held("one")
    assert 1 == len({answer.receipt.event for answer in answers})
    for answer in answers:
        # Of the same decision, against the head that there was.
        answer.ClearField("receipt")
    assert [answers[0]] * 16 == answers
    assert (case.name, "ELIGIBLE") == (answers[0].case.name, answers[0].prereview.outcome)
    assert [[(answers[0].e_cert_id, "ACTIVE")], [(1, "ISSUED")]] == [
        list(case.certificates),
        list(case.attempts),
    ]
    assert [{answers[0].e_cert_id}] == list(books.issued().values())
    assert 1 == books.requests(["request-one"])
