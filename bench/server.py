"""CheckScope against a bare echo that returns a response of the same size, in turns within one run.

The servers take turns on one core, the load comes from the other. The ratio compares calls for each second of the server's
own processor time, so that the load generator's speed does not enter it.
"""

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import grpc
from origingate.v1 import screening_service_pb2, screening_service_pb2_grpc

from bench.orders import EXAMPLES, scope_request
from bench.table import show

METHOD = "/origingate.v1.ScreeningService/CheckScope"
ROUNDS, SECONDS = 3, 4.0
TICKS = os.sysconf("SC_CLK_TCK")


def processor_seconds(pid: int) -> float:
    """User and system time that the process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def pinned(core: int) -> list[str]:
    """Words that put a command on one core where the system has them."""
    return ["taskset", "-c", str(core)] if (os.cpu_count() or 1) > 1 else []


@contextmanager
def process(*command: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process on core 0 that is ended in the end."""
    running = subprocess.Popen([*pinned(0), sys.executable, "-m", *command], stdout=subprocess.DEVNULL)
    try:
        yield running
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(20)


def awaited(path: Path) -> str:
    """The text of a file that a process writes when it is ready."""
    end = time.monotonic() + 30
    while not (path.exists() and path.read_text("utf-8")):
        if time.monotonic() > end:
            raise TimeoutError(f"{path} was not written in 30 s")
        time.sleep(0.02)
    return path.read_text("utf-8")


def loaded(address: str, body: bytes, pid: int) -> dict[str, float]:
    """One round of load: rate, latencies, and calls for each second of the server's processor time."""
    before = processor_seconds(pid)
    command = [*pinned(1), sys.executable, "-m", "bench.load", address, METHOD, body.hex(), str(SECONDS)]
    figures: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    figures["a_processor_second"] = figures["calls"] / (processor_seconds(pid) - before)
    return figures


def measure() -> dict[str, float]:
    """Runs both servers, loads them in turns, prints the table, returns the ratios."""
    request = scope_request()
    body = request.SerializeToString()
    with tempfile.TemporaryDirectory() as folder:
        ready = Path(folder, "ready.json")
        serve = ["server", "serve", "--listen", "127.0.0.1:0", "--database", f"sqlite:///{folder}/bench.db",
                 "--sites", str(EXAMPLES / "sites.yaml"), "--ready-file", str(ready), "--log-format", "json"]  # fmt: skip
        with process(*serve) as ours:
            address = json.loads(awaited(ready))["grpc"]
            with grpc.insecure_channel(address) as channel:
                stub = screening_service_pb2_grpc.ScreeningServiceStub(channel)
                response: screening_service_pb2.CheckScopeResponse = stub.CheckScope(request, timeout=10)
            echo_ready = Path(folder, "echo")
            with process("bench.echo", str(echo_ready), response.SerializeToString().hex()) as echo:
                echo_address = awaited(echo_ready)
                rounds = [
                    (loaded(echo_address, body, echo.pid), loaded(address, body, ours.pid))
                    for _ in range(ROUNDS)
                ]
    names = {
        "a_second": "calls/s",
        "p50_ms": "p50 ms",
        "p99_ms": "p99 ms",
        "a_processor_second": "calls/processor s",
    }
    medians = [
        {figure: statistics.median(each[side][figure] for each in rounds) for figure in names}
        for side in (0, 1)
    ]
    show(
        ["median of 3 rounds, 16 connections", *names.values()],
        [
            [name, *(f"{figures[figure]:,.1f}" for figure in names)]
            for name, figures in zip(("bare echo", "CheckScope"), medians, strict=True)
        ],
    )
    ratios = [ours["a_processor_second"] / echo["a_processor_second"] for echo, ours in rounds]
    return {"server.unary_vs_echo": statistics.median(ratios)}
