"""How a server lives and ends: real processes, real signals, real connections."""

import json
import os
import random
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from origingate.v1 import case_pb2, case_service_pb2

from tests.system.processes import Sandbox, Server, free_ports, order, origingate, wait_for
from tests.system.soak.frames import SPOILED
from tests.system.test_workers import alive, pids, said

UNAVAILABLE = grpc.StatusCode.UNAVAILABLE
SLOW = {"ORIGINGATE_ATTEMPT_TIMEOUT": "20", "ORIGINGATE_LEASE": "30", "ORIGINGATE_WAIT_LIMIT": "30"}


def in_background(call: Callable[[], Any]) -> Callable[[], Any]:
    """Begins a call on a thread; what is returned waits for it, and gives what came of it."""
    came: list[Any] = []

    def run() -> None:
        try:
            came.append(call())
        except grpc.RpcError as error:
            came.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()

    def result() -> Any:
        thread.join(60)
        return came[0]

    return result


def under_way(server: Server, sandbox: Sandbox, seconds: float) -> Callable[[], Any]:
    """An order whose platform takes so long, once it was sent."""
    sandbox.fault("latency", seconds=seconds)
    asked = in_background(lambda: server.process_order(order(), timeout=50))
    name = case_service_pb2.ListCasesRequest()
    wait_for(lambda: server.cases.ListCases(name, timeout=5).cases, server.process, server.log)
    return asked


@contextmanager
def channel(address: str) -> Iterator[grpc.Channel]:
    """A connection of its own."""
    with grpc.insecure_channel(address, [("grpc.use_local_subchannel_pool", 1)]) as made:
        yield made


def healthy(address: str) -> bool:
    """Whether a server is there and says that it serves."""
    with channel(address) as there:
        try:
            answer = health_pb2_grpc.HealthStub(there).Check(health_pb2.HealthCheckRequest(), timeout=5)
        except grpc.RpcError:
            return False
    return answer.status == health_pb2.HealthCheckResponse.SERVING


def test_end_in_order(sandbox: Sandbox, serve: Callable[..., Server]) -> None:
    """On SIGTERM health turns NOT_SERVING, a watch ends with its token, the call under way is answered and kept, exit 0."""
    server = serve("--sandbox-url", sandbox.url, ORIGINGATE_GRACE="60", **SLOW)
    health = health_pb2_grpc.HealthStub(server.channel).Watch(health_pb2.HealthCheckRequest())
    assert health_pb2.HealthCheckResponse.SERVING == next(health).status
    watch = server.cases.WatchCases(case_service_pb2.WatchCasesRequest(), timeout=50)
    asked = under_way(server, sandbox, 2)
    server.process.send_signal(signal.SIGTERM)
    assert health_pb2.HealthCheckResponse.NOT_SERVING == next(health).status
    with pytest.raises(grpc.RpcError) as unhealthy:
        next(health)
    assert UNAVAILABLE == unhealthy.value.code()
    tokens: list[str] = []
    with pytest.raises(grpc.RpcError) as ended:
        tokens.extend(told.token for told in watch)
    assert UNAVAILABLE == ended.value.code()
    answer = asked()
    answered = time.monotonic()
    assert (0, True) == (server.process.wait(30), time.monotonic() - answered < 20)
    after = serve("--sandbox-url", sandbox.url)
    assert answer.e_cert_id == after.case(answer.case.name).certificate.e_cert_id != ""
    following = after.cases.WatchCases(case_service_pb2.WatchCasesRequest(after=tokens[-1]), timeout=50)
    states = iter(lambda: next(following).event.to_state, case_pb2.CASE_STATE_CERTIFIED)
    assert case_pb2.CASE_STATE_CERTIFIED not in list(states)


def test_second_signal(sandbox: Sandbox, serve: Callable[..., Server]) -> None:
    """A second signal waits for nothing: the call under way is cut off, and the exit code is 0."""
    server = serve("--sandbox-url", sandbox.url, ORIGINGATE_GRACE="60", **SLOW)
    asked = under_way(server, sandbox, 15)
    server.process.send_signal(signal.SIGTERM)
    wait_for(lambda: "stopping" in server.log.read_text("utf-8"))
    time.sleep(0.3)
    assert server.process.poll() is None
    began = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    assert (0, True) == (server.process.wait(30), time.monotonic() - began < 12)
    assert isinstance(asked(), grpc.RpcError)


def test_grace_is_one(sandbox: Sandbox, serve: Callable[..., Server]) -> None:
    """The grace is for all that has to end together: calls and attempts do not get one each."""
    server = serve("--sandbox-url", sandbox.url, ORIGINGATE_GRACE="1", **SLOW)
    under_way(server, sandbox, 20)
    began = time.monotonic()
    server.process.send_signal(signal.SIGINT)
    assert (0, True) == (server.process.wait(30), time.monotonic() - began < 8)


def test_connections_get_old(sandbox: Sandbox, serve: Callable[..., Server]) -> None:
    """An old connection is told to go: calls on it finish, its client makes another, and no call fails; a watch goes on by
    its token."""
    server = serve(
        "--sandbox-url", sandbox.url, ORIGINGATE_CONNECTION_AGE="1", ORIGINGATE_LONGEST_CALL="3",
        ORIGINGATE_HEARTBEAT="0.2",
    )  # fmt: skip
    states: list[grpc.ChannelConnectivity] = []
    server.channel.subscribe(states.append)
    with channel(server.address) as other:
        watch = other.unary_stream("/origingate.v1.CaseService/WatchCases")(b"", timeout=60)
        tokens: list[str] = []

        def follow() -> None:
            for data in watch:
                tokens.append(case_service_pb2.WatchCasesResponse.FromString(data).token)

        watching = in_background(follow)
        sandbox.fault("latency", seconds=1.5)
        slow = server.process_order(order())
        assert slow.case.name
        for _ in range(20):
            server.case(slow.case.name)
            time.sleep(0.05)
        cut = watching()
    assert grpc.ChannelConnectivity.IDLE in states
    assert UNAVAILABLE == cut.code()
    again = server.cases.WatchCases(case_service_pb2.WatchCasesRequest(after=tokens[-1]), timeout=20)
    assert next(again).token


def test_worker_ports(database: str, serve: Callable[..., Server]) -> None:
    """Each worker serves on a port of its own too, which the one that replaces it takes over. A signal that a terminal sends
    to all of them is one, and hurries nobody."""
    first = free_ports(2)
    server = serve(
        "--workers", "2", "--database", database, "--worker-ports", str(first), "--log-format", "json",
        ORIGINGATE_GRACE="60",
    )  # fmt: skip
    addresses = [f"127.0.0.1:{first}", f"127.0.0.1:{first + 1}"]
    assert addresses == json.loads((server.folder / "ready.json").read_text("utf-8"))["workers"]
    assert [True, True] == [healthy(address) for address in addresses]
    victim = pids(server)[0]
    os.kill(victim, signal.SIGKILL)
    wait_for(lambda: alive([victim]) == [])
    wait_for(lambda: all(map(healthy, addresses)), server.process, server.log)
    running = pids(server)
    for process in (*running, server.process.pid):
        os.kill(process, signal.SIGINT)
    assert 0 == server.process.wait(30)
    assert ([], []) == (alive(running), said(server, "a second signal: nothing is waited for any more"))


def test_second_signal_to_workers(database: str, sandbox: Sandbox, serve: Callable[..., Server]) -> None:
    """A second signal to the parent has the workers wait for nothing, and exit with 0."""
    server = serve(
        "--workers", "2", "--database", database, "--sandbox-url", sandbox.url, "--log-format", "json",
        ORIGINGATE_GRACE="60", **SLOW,
    )  # fmt: skip
    asked = under_way(server, sandbox, 15)
    server.process.send_signal(signal.SIGTERM)
    wait_for(lambda: said(server, "stopping"))
    time.sleep(0.3)
    began = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    assert (0, True) == (server.process.wait(30), time.monotonic() - began < 12)
    assert isinstance(asked(), grpc.RpcError)
    assert [] == said(server, "a worker did not end in time and is killed")


def test_worker_port_taken(tmp_path: Path) -> None:
    """A worker's port that somebody has is refused, with the way out; so are ports that there are not."""
    words = ("serve", "--database", f"sqlite:///{tmp_path}/og.db")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = origingate(*words, "--listen", "127.0.0.1:0", "--worker-ports", str(port))
        assert (1, True) == (refused.returncode, "Give others with --worker-ports" in refused.stderr)
    wrong = origingate(*words, "--listen", "127.0.0.1:7000", "--worker-ports", "7000")
    assert (2, True) == (wrong.returncode, "127.0.0.1:7000 is one of the ports" in wrong.stderr)


def test_log_is_our_own(serve: Callable[..., Server]) -> None:
    """Connections that send nonsense leave no line in the log but events: nobody writes into it from outside."""
    server = serve("--log-format", "json")
    for spoiled in SPOILED.values():
        send(server.address, spoiled(order().SerializeToString(), random.Random(0)))
    server.stop()
    events = [json.loads(line)["event"] for line in server.log.read_text("utf-8").splitlines()]
    assert ("serving", "stopping") == (events[-2], events[-1])


@pytest.mark.skipif(not hasattr(os, "SCHED_BATCH"), reason="only Linux has this policy")
def test_threads_take_turns(serve: Callable[..., Server]) -> None:
    """A thread of the server that wakes up takes the processor from no other one of it."""
    server = serve()
    server.cases.ListCases(case_service_pb2.ListCasesRequest(), timeout=5)
    threads = [int(task.name) for task in Path(f"/proc/{server.process.pid}/task").iterdir()]
    assert {os.SCHED_BATCH} == {os.sched_getscheduler(thread) for thread in threads}


def send(address: str, data: bytes) -> None:
    """Sends the bytes on a connection of their own, and reads until it is cut off or nothing comes for a moment."""
    host, _, port = address.rpartition(":")
    with suppress(OSError), socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(data)
        connection.settimeout(0.05)
        while connection.recv(4096):
            pass
