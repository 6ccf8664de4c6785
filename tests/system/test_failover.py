"""The database dies in the middle of commits: nothing that was answered is lost, nothing is bought twice, and no
server has to be started again."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.server.store.postgresql import PACKAGE, installed
from tests.server.store.postgresql import Server as PostgreSQL
from tests.system.callers import Caller
from tests.system.crash.books import Books
from tests.system.processes import Sandbox, Server, order, wait_for

CALLERS = 4
QUICK = {
    "ORIGINGATE_ATTEMPT_TIMEOUT": "2",
    "ORIGINGATE_LEASE": "4",
    "ORIGINGATE_SETTLE": "0.4",
    "ORIGINGATE_RECONCILE_EVERY": "0.2",
    "ORIGINGATE_GRACE": "3",
}


@pytest.fixture
def platform(sandbox: Sandbox) -> Sandbox:
    """A platform that issues to whoever submits, however often."""
    sandbox.fault("second_issue", times=None)
    sandbox.fault("latency", times=None, seconds=0.05)
    return sandbox


@pytest.fixture
def pair() -> Iterator[tuple[PostgreSQL, PostgreSQL]]:
    """A primary database server, and one that follows it."""
    package = installed()
    if package is None:
        pytest.skip(f"{PACKAGE} is not installed")
    folders = [Path(tempfile.mkdtemp(prefix="og-")) for _ in range(2)]
    primary = PostgreSQL(package, folders[0])
    standby = PostgreSQL(package, folders[1], primary)
    primary.wait_for_standby()
    yield primary, standby
    for each in (standby, primary):
        each.stop()
    for folder in folders:
        shutil.rmtree(folder)


def settled(server: Server, callers: list[Caller], books: Books) -> list[str]:
    """What is wrong once the callers have stopped and all is done."""
    for caller in callers:
        caller.stop()
    answers = {name: answer for caller in callers for name, answer in caller.answers.items()}
    wait_for(lambda: 0 == books.open(answers), server.process, server.log)
    issued, wrong = books.issued(), books.broken_log()
    for name, answer in answers.items():
        cases = books.held(name)
        certificates = [e_cert_id for case in cases for e_cert_id, _ in case.certificates]
        of_platform = [one for case in cases for digest in case.digests for one in issued.get(digest, ())]
        again = server.process_order(order(order_id=name, request_id=f"request-{name}"))
        if [case.name for case in cases] != [answer.case.name]:
            wrong.append(f"{name}: {answer.case.name} was answered, {cases} is there")
        if not certificates == of_platform == [again.e_cert_id]:
            wrong.append(f"{name}: held {certificates}, issued {of_platform}, answered {again.e_cert_id}")
        if answer.e_cert_id not in ("", again.e_cert_id):
            wrong.append(f"{name}: {answer.e_cert_id} was answered, and now {again.e_cert_id}")
    return wrong


def test_killed_and_restarted(
    postgresql: PostgreSQL, database: str, platform: Sandbox, tmp_path: Path, serve: Callable[..., Server]
) -> None:
    """A database that is killed three times under load and comes back."""
    server = serve("--database", database, "--sandbox-url", platform.url, **QUICK)
    callers = [Caller(server, f"caller-{number}") for number in range(CALLERS)]
    for _ in range(3):
        callers[0].goes_on()
        postgresql.restart()
    for caller in callers:
        caller.goes_on()
    assert [] == settled(server, callers, Books(database, tmp_path / "sandbox"))
    assert 0 < sum(caller.repeated for caller in callers)
    assert 0 == server.stop()


def test_standby_promoted(
    pair: tuple[PostgreSQL, PostgreSQL], platform: Sandbox, tmp_path: Path, serve: Callable[..., Server]
) -> None:
    """A database whose standby takes over: the server finds the one that can be written to among its addresses."""
    primary, standby = pair
    primary.create_database("orders")
    hosts = f"host={primary.folder},{standby.folder}&target_session_attrs=read-write"
    database = f"postgresql+psycopg://postgres@/orders?{hosts}"
    server = serve("--database", database, "--sandbox-url", platform.url, **QUICK)
    callers = [Caller(server, f"caller-{number}") for number in range(CALLERS)]
    callers[0].goes_on()
    primary.kill()
    time.sleep(0.5)  # what is away is not noticed at once
    standby.promote()
    for caller in callers:
        caller.goes_on()
    assert [] == settled(server, callers, Books(database, tmp_path / "sandbox"))
    assert 0 == server.stop()
