"""`serve --workers N`: real processes that share a port, on a real PostgreSQL."""

import json
import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path

import grpc
import pytest

from tests.system.processes import Sandbox, Server, order, origingate, wait_for

QUICK = {"ORIGINGATE_GRACE": "3"}


@pytest.fixture
def workers(database: str, sandbox: Sandbox, serve: Callable[..., Server]) -> Server:
    """A server with two workers."""
    return serve(
        "--workers",
        "2",
        "--database",
        database,
        "--sandbox-url",
        sandbox.url,
        "--log-format",
        "json",
        "--metrics",
        "127.0.0.1:0",
        **QUICK,
    )


def said(server: Server, event: str) -> list[dict[str, object]]:
    """The events of that name in the server's log."""
    lines = [line for line in server.log.read_text("utf-8").splitlines() if line.startswith("{")]
    return [entry for entry in map(json.loads, lines) if entry["event"] == event]


def alive(pids: list[int]) -> list[int]:
    """Those of the processes that run."""
    return [pid for pid in pids if Path(f"/proc/{pid}").exists() and "Z" not in _state(pid)]


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


def pids(server: Server) -> list[int]:
    """The workers that serve, those that ended left out."""
    return alive([int(str(entry["pid"])) for entry in said(server, "a worker serves")])


def answered(server: Server, name: str) -> str:
    """What an order's pre-review is answered, over a connection of its own; asked again where that was reset."""
    request, outcomes = order(order_id=name, request_id=f"request-{name}"), list[str]()

    def is_answered() -> bool:
        server.channel.close()
        server.connect()
        try:
            outcomes.append(server.process_order(request).prereview.outcome)
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.UNAVAILABLE:
                raise
        return bool(outcomes)

    wait_for(is_answered, server.process, server.log)
    return outcomes[0]


def test_each_serves(workers: Server) -> None:
    """Any one of the workers serves alone while another is replaced, and the address stays the same.

    Their metrics are told together: what the one that was killed had counted is still counted.
    """
    decided = 'origingate_decisions_total{outcome="ELIGIBLE",question="prereview"}'
    for before, worker in enumerate(pids(workers)):
        os.kill(worker, signal.SIGKILL)
        wait_for(lambda worker=worker: alive([worker]) == [])
        assert "ELIGIBLE" == answered(workers, f"order-{worker}")
        wait_for(lambda: 2 == len(pids(workers)), workers.process, workers.log)
        told = workers.metrics()
        assert (before + 1, 2, before + 1) == (
            told[decided],
            told["origingate_workers"],
            told["origingate_worker_replacements_total"],
        )
        rss = "process_resident_memory_bytes"
        numbers = ("parent", "0", "1")
        assert {f'{rss}{{worker="{number}"}}' for number in numbers} == {name for name in told if rss in name}
    assert [-9, -9] == [entry["exit_code"] for entry in said(workers, "a worker ended and is replaced")]


def test_stop(workers: Server, database: str, serve: Callable[..., Server]) -> None:
    """On SIGTERM all workers end in order, the ready file goes, the exit code is 0; the port can be had again at once."""
    running = pids(workers)
    assert "ELIGIBLE" == answered(workers, "order-1")
    assert 2 == len(running)
    assert 0 == workers.stop()
    assert [] == alive(running)
    assert not (workers.folder / "ready.json").exists()
    assert 2 == len(said(workers, "stopping"))
    again = serve("--workers", "2", "--database", database, "--listen", workers.address)
    assert (workers.address, 0) == (again.address, again.stop())


def test_parent_killed(workers: Server) -> None:
    """Workers whose parent was killed end by themselves, and let another server have the port."""
    running = pids(workers)
    workers.kill()
    wait_for(lambda: alive(running) == [])
    host, _, port = workers.address.rpartition(":")
    with socket.socket() as free:
        free.bind((host, int(port)))


def test_sqlite() -> None:
    """Several workers on SQLite are refused as wrong use, with the way out."""
    refused = origingate("serve", "--workers", "2", "--database", "sqlite:///origingate.db")
    assert 2 == refused.returncode
    assert "2 workers cannot share an SQLite file; use PostgreSQL" in refused.stderr


def test_embedded_sandbox(database: str) -> None:
    """Several workers with a sandbox each are refused, with the way out."""
    refused = origingate("serve", "--workers", "2", "--database", database, "--embedded-sandbox")
    assert (2, True) == (refused.returncode, "start one with `origingate sandbox`" in refused.stderr)


def test_port_taken(workers: Server, database: str) -> None:
    """A port that others share among themselves is taken all the same."""
    refused = origingate("serve", "--workers", "2", "--database", database, "--listen", workers.address)
    assert (1, True) == (refused.returncode, "the port is taken" in refused.stderr)


def test_told_once(database: str, tmp_path: Path) -> None:
    """What stops every worker is told once, and with the exit code that one server would have."""
    nothing = tmp_path / "sites.yaml"
    refused = origingate(
        "serve", "--workers", "3", "--database", database, "--listen", "127.0.0.1:0", "--sites", str(nothing)
    )
    assert (2, 1) == (refused.returncode, refused.stderr.count(str(nothing)))


def test_keys_that_servers_share(tmp_path: Path) -> None:
    """On PostgreSQL no server makes keys of its own: it does not start without them, and says how they are made."""
    database, log_key = "postgresql+psycopg://nobody@127.0.0.1:1/none", str(tmp_path / "log.pem")
    assert 0 == origingate("log", "key", "new", log_key).returncode
    unsigned = origingate("serve", ORIGINGATE_DATABASE=database)
    unsealed = origingate("serve", "--log-key", log_key, ORIGINGATE_DATABASE=database)
    assert (2, 2) == (unsigned.returncode, unsealed.returncode)
    assert "make one with `origingate log key new log.pem`" in unsigned.stderr
    assert "make one with `origingate db key new master.key`" in unsealed.stderr
