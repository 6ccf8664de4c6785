"""Webhooks of real servers: everything arrives, signed and in order, whatever dies meanwhile."""

import json
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.server.store.postgresql import PACKAGE, installed
from tests.server.store.postgresql import Server as PostgreSQL
from tests.system.hooks import SECRET, Hooks, Told, logged, position
from tests.system.processes import Sandbox, Server, order, origingate, wait_for

LIFE = [1, 2, 3, 4]  # placed, declared, submitted, certified


@pytest.fixture
def hooks() -> Iterator[Hooks]:
    """An order system; every webhook that came has to have been signed well."""
    listening = Hooks()
    yield listening
    listening.close()
    assert [] == listening.faults


@pytest.fixture
def telling(
    hooks: Hooks, sandbox: Sandbox, serve: Callable[..., Server], tmp_path: Path
) -> Callable[..., Server]:
    """Starts a server that tells the order system, on the one SQLite file."""

    def start(**more: Any) -> Server:
        file = hooks.file(tmp_path, **more)
        return serve("--sandbox-url", sandbox.url, "--webhooks", file, ORDERS_SECRET=SECRET)

    return start


def send(server: Server, count: int, name: str = "order") -> set[str]:
    """Sends so many orders, several at once; the names of their cases."""
    requests = [
        order(order_id=f"{name}-{number}", request_id=f"request-{name}-{number}") for number in range(count)
    ]
    with ThreadPoolExecutor(8) as callers:
        return {answer.case.name for answer in callers.map(server.process_order, requests)}


def in_order(told: list[Told]) -> dict[str, list[int]]:
    """The versions of each case in the order in which they came first."""
    versions: dict[str, list[int]] = {}
    for case, version in dict.fromkeys(each.event for each in told):
        versions.setdefault(case, []).append(version)
    return versions


def ids_of_events(told: list[Told]) -> list[int]:
    """How many ids each event came with."""
    ids: dict[tuple[str, int], set[str]] = {}
    for each in told:
        ids.setdefault(each.event, set()).add(each.id)
    return [len(each) for each in ids.values()]


def test_arrive(hooks: Hooks, telling: Callable[..., Server]) -> None:
    """Every event of a case arrives while it moves, signed and in order; a filter lets through what it names."""
    server = telling()
    [case] = send(server, 1)
    wait_for(lambda: len(hooks.taken("/orders")) == 4 and hooks.taken("/audit"))
    assert {case: LIFE} == in_order(hooks.taken("/orders"))
    assert [(case, 4)] == [told.event for told in hooks.taken("/audit")]
    assert "case.adopt" == hooks.taken("/audit")[0].body["type"]
    assert 0 == server.stop()
    assert 5 == len(hooks.told)


def test_away_for_a_while(hooks: Hooks, telling: Callable[..., Server], tmp_path: Path) -> None:
    """What happened while the order system was away comes when it is back, all of it and in order."""
    server = telling()
    hooks.close()
    cases = send(server, 6)
    wait_for(lambda: "takes no webhooks now" in server.log.read_text("utf-8"))
    assert [] == hooks.told
    hooks.open()
    wait_for(lambda: len(hooks.taken()) == 24)
    assert dict.fromkeys(cases, LIFE) == in_order(hooks.taken())
    assert set(logged(f"sqlite:///{tmp_path}/og.db")) == set(hooks.first())
    assert "takes webhooks again" in server.log.read_text("utf-8")


def test_killed(hooks: Hooks, telling: Callable[..., Server], tmp_path: Path) -> None:
    """A server that is killed in the middle of deliveries loses none; what comes twice has the same id."""
    hooks.seconds = 0.1
    server = telling(timeout=1)
    cases = send(server, 8)
    for _ in range(2):
        # What is under way is taken, and whoever sent it never hears of that.
        wait_for(lambda: hooks.under_way > 0)
        server.kill()
        server = telling(timeout=1)
    wait_for(lambda: len(hooks.first()) == 32)
    assert dict.fromkeys(cases, LIFE) == in_order(hooks.taken())
    assert set(logged(f"sqlite:///{tmp_path}/og.db")) == set(hooks.first())
    assert {1} == set(ids_of_events(hooks.taken()))
    assert len(hooks.taken()) > 32


def test_stopped_in_order(hooks: Hooks, telling: Callable[..., Server]) -> None:
    """A server that is stopped ends what it delivers, and the next one begins at once behind it: nothing comes twice."""
    hooks.seconds = 0.1
    server = telling()
    send(server, 4)
    assert 0 == server.stop()
    telling()
    wait_for(lambda: len(hooks.taken()) == 16)
    assert [1] * 16 == ids_of_events(hooks.taken())
    assert len(hooks.taken()) == len(hooks.first())


def test_dead_letter(hooks: Hooks, telling: Callable[..., Server], tmp_path: Path) -> None:
    """What the order system refuses is a dead letter at once; an operator sees it, and has it delivered again."""
    hooks.answer = lambda body: 422 if body["data"]["version"] == 2 else 200
    server = telling()
    [case] = send(server, 1)
    wait_for(lambda: len(hooks.taken()) == 3)
    database = ("--database", f"sqlite:///{tmp_path}/og.db")
    wait_for(lambda: origingate("webhook", "dead", "--json", *database).stdout)
    letter = json.loads(origingate("webhook", "dead", "--json", *database).stdout)
    assert (case, "orders", "it answered 422", "case.declare") == (
        letter["case"], letter["endpoint"], letter["because"], letter["message"]["type"],
    )  # fmt: skip
    hooks.answer = lambda body: 200
    again = origingate("webhook", "retry", str(letter["position"]), *database)
    assert (0, "1 dead letter to be delivered again\n") == (again.returncode, again.stdout)
    wait_for(lambda: len(hooks.taken()) == 4)
    assert (case, 2) == hooks.taken()[-1].event
    assert hooks.taken()[-1].id == letter["message"]["id"]
    wait_for(lambda: origingate("webhook", "dead", "--json", *database).stdout == "")
    assert 0 == server.stop()


@pytest.fixture
def postgresql() -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    package = installed()
    if package is None:
        pytest.skip(f"{PACKAGE} is not installed")
    folder = Path(tempfile.mkdtemp(prefix="og-"))
    server = PostgreSQL(package, folder)
    yield server.create_database("outbox")
    server.stop()
    shutil.rmtree(folder)


@pytest.mark.timeout(240)
def test_two_servers(hooks: Hooks, postgresql: str, sandbox: Sandbox, tmp_path: Path) -> None:
    """Two servers on one database, of which one is killed and comes back: all arrives, and one delivers at a time."""
    hooks.seconds = 0.01

    def start(name: str) -> Server:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        return Server(
            folder, "--database", postgresql, "--sandbox-url", sandbox.url,
            "--webhooks", hooks.file(tmp_path, at_once=1, timeout=2), ORDERS_SECRET=SECRET,
        )  # fmt: skip

    servers = {name: start(name) for name in ("first", "second")}
    try:
        send(servers["first"], 5, "a")
        send(servers["second"], 5, "b")
        for number, name in enumerate(("first", "second")):
            with ThreadPoolExecutor(1) as sending:
                other = servers["second" if name == "first" else "first"]
                sent = sending.submit(send, other, 5, f"round-{number}")
                time.sleep(0.1)
                servers[name].kill()
                servers[name] = start(name)
                sent.result()
        wait_for(lambda: set(hooks.first()) == set(logged(postgresql)))
        assert 20 == len(in_order(hooks.taken()))
        assert {tuple(LIFE)} == {tuple(versions) for versions in in_order(hooks.taken()).values()}
        assert {1} == set(ids_of_events(hooks.taken()))
        assert logged(postgresql) == hooks.first()
        assert 1 == hooks.most_under_way
    finally:
        for server in servers.values():
            server.kill()


@pytest.mark.timeout(240)
def test_suspended(hooks: Hooks, postgresql: str, sandbox: Sandbox, tmp_path: Path) -> None:
    """A server that is suspended past its lease in the middle of deliveries records nothing when it wakes."""
    hooks.seconds = 0.1
    telling = ("--webhooks", hooks.file(tmp_path, timeout=2))

    def start(name: str, *words: str) -> Server:
        (tmp_path / name).mkdir(exist_ok=True)
        told = ("--database", postgresql, "--sandbox-url", sandbox.url, *words)
        return Server(tmp_path / name, *told, ORDERS_SECRET=SECRET)

    first = start("first", *telling)
    servers = [first, start("second")]
    try:
        cases = send(servers[1], 6)
        wait_for(lambda: hooks.under_way > 0)
        first.process.send_signal(signal.SIGSTOP)
        servers[1].kill()
        servers[1] = start("second", *telling)
        wait_for(lambda: len(hooks.first()) == 24)
        wait_for(lambda: position(postgresql) >= 24)
        before, taken = position(postgresql), len(hooks.taken())
        first.process.send_signal(signal.SIGCONT)
        more = send(servers[1], 1, "last")
        wait_for(lambda: len(hooks.first()) == 28)
        assert dict.fromkeys(cases | more, LIFE) == in_order(hooks.taken())
        assert {1} == set(ids_of_events(hooks.taken()))
        wait_for(lambda: position(postgresql) > before)
        # What it had begun before it was suspended may end; nothing that was delivered since is begun again.
        assert len(hooks.taken()) - taken <= 4 + 4
    finally:
        for server in servers:
            server.kill()
