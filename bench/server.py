"""CheckScope and BatchCheckScope against a bare echo that returns as much, in turns within one run; start and memory.

The servers take turns on one core, the load comes from the other. A ratio compares calls for each second of the server's
own processor time, so that the load generator's speed does not enter it.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import grpc
from google.protobuf.message import Message
from origingate.v1 import screening_service_pb2, screening_service_pb2_grpc

from bench.orders import scope_request
from bench.running import LOAD_CORE, awaited, pinned, process, processor_seconds, resident_mb, serving
from bench.table import show

SERVICE = "/origingate.v1.ScreeningService"
ROUNDS, SECONDS, STARTS, BATCH = 3, 4.0, 5, 100
FIGURES = {
    "a_second": "calls/s",
    "p50_ms": "p50 ms",
    "p99_ms": "p99 ms",
    "a_processor_second": "calls/processor s",
}
Rounds = list[dict[str, dict[str, float]]]


@dataclass(frozen=True, slots=True)
class Target:
    """A server that is measured, and the process that serves."""

    address: str
    pid: int


def loaded(target: Target, method: str, body: bytes) -> dict[str, float]:
    """One round of load: rate, latencies, and calls for each second of the server's processor time."""
    before = processor_seconds(target.pid)
    load = [sys.executable, "-m", "bench.load", target.address, method, str(SECONDS)]
    done = subprocess.run([*pinned(LOAD_CORE), *load], check=True, stdout=subprocess.PIPE, input=body)
    figures: dict[str, float] = json.loads(done.stdout)
    figures["a_processor_second"] = figures["calls"] / (processor_seconds(target.pid) - before)
    return figures


def in_turns(targets: Mapping[str, Target], method: str, body: bytes) -> Rounds:
    """The rounds of each server, one after the other, so that what else the machine does hits all alike."""
    return [{name: loaded(target, method, body) for name, target in targets.items()} for _ in range(ROUNDS)]


def tell(what: str, rounds: Rounds) -> None:
    """The table of rounds: the median of each figure."""
    rows = [
        [name, *(f"{statistics.median(each[name][figure] for each in rounds):,.1f}" for figure in FIGURES)]
        for name in rounds[0]
    ]
    show([f"{what}, 16 connections, median of {ROUNDS} rounds", *FIGURES.values()], rows)


def against(rounds: Rounds, name: str, base: str) -> float:
    """The median over rounds of one server's calls for a second of its processor, over the other's."""
    figure = "a_processor_second"
    return statistics.median(each[name][figure] / each[base][figure] for each in rounds)


def answers(address: str, request: screening_service_pb2.CheckScopeRequest) -> tuple[Message, Message]:
    """What our server answers to one and to a batch, so that the echo returns as much."""
    with grpc.insecure_channel(address) as channel:
        stub = screening_service_pb2_grpc.ScreeningServiceStub(channel)
        batch = screening_service_pb2.BatchCheckScopeRequest(items=[request] * BATCH)
        return stub.CheckScope(request, timeout=10), stub.BatchCheckScope(batch, timeout=10)


def started(folder: Path) -> tuple[float, float]:
    """Seconds from the command to the first answer that could be given, and the memory of the process then, in MB."""
    before = time.perf_counter()
    with serving(folder, True) as (_, pid):
        return time.perf_counter() - before, resident_mb(pid)


def started_twice() -> tuple[tuple[float, float], tuple[float, float]]:
    """A start that makes its database, and one that finds it, as every worker does."""
    with tempfile.TemporaryDirectory() as place:
        return started(Path(place)), started(Path(place))


def measure() -> dict[str, float]:
    """Runs the servers, loads them in turns, prints the tables, returns the ratios."""
    request = scope_request()
    batch = screening_service_pb2.BatchCheckScopeRequest(items=[request] * BATCH)
    with tempfile.TemporaryDirectory() as place, ExitStack() as stack:
        folder = Path(place)
        plain = Target(*stack.enter_context(serving(folder, False)))
        logged = Target(*stack.enter_context(serving(folder, True)))
        one, many = answers(plain.address, request)
        for name, answer in (("one", one), ("many", many)):
            (folder / name).write_bytes(answer.SerializeToString())
        echo = stack.enter_context(process("bench.echo", str(folder)))
        targets = {
            "bare echo": Target(awaited(folder / "echo"), echo.pid),
            "decisions not committed": plain,
            "each decision committed": logged,
        }
        unary = in_turns(targets, f"{SERVICE}/CheckScope", request.SerializeToString())
        batched = in_turns(targets, f"{SERVICE}/BatchCheckScope", batch.SerializeToString())
        tell("CheckScope", unary)
        tell(f"BatchCheckScope of {BATCH}", batched)
    starts = [started_twice() for _ in range(STARTS)]
    (seconds, first), (again, megabytes) = (
        map(statistics.median, zip(*each, strict=True)) for each in zip(*starts, strict=True)
    )
    show(
        [f"start, median of {STARTS}", "s", "MB"],
        [
            ["an empty SQLite", f"{seconds:.2f}", f"{first:.0f}"],
            ["an SQLite with its schema", f"{again:.2f}", f"{megabytes:.0f}"],
        ],
    )
    return {
        "server.unary_vs_echo": against(unary, "decisions not committed", "bare echo"),
        "server.unary_logged_vs_echo": against(unary, "each decision committed", "bare echo"),
        "server.batch_vs_echo": against(batched, "decisions not committed", "bare echo"),
        "server.batch_logged_vs_echo": against(batched, "each decision committed", "bare echo"),
        "server.start_s": seconds,
        "server.rss_mb": megabytes,
    }
