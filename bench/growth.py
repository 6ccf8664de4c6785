"""GetCase, ListCases and ProcessOrder with many cases stored against few: what a call takes must not grow with them.

Two servers on each database, one with FEW stored orders and one with MANY, take turns under the same calls; the ratio is
that of their p99 over all turns. Four callers at a time: it is the store's work that is compared, not a queue.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from bench.cases import postgresql, sandbox, serving
from bench.running import pinned
from bench.table import show
from server.store.upgrade import upgrade
from tests.server.store.filling_orders import fill_orders

FEW, MANY = 5_000, 500_000
ROUNDS = 8
COUNTS = {"get": 300, "list": 200, "process": 100}
# Whoever calls from this machine without an identity is the developer.
TENANT = "dev"


def filled(address: str, count: int) -> None:
    """Makes the tables and fills them."""
    engine = create_engine(address, poolclass=NullPool)
    upgrade(engine)
    began = time.monotonic()
    with engine.connect() as connection, connection.begin():
        fill_orders(connection, count, TENANT)
    print(f"{count:,} orders filled in {time.monotonic() - began:.0f} s", flush=True)


@contextmanager
def servers(addresses: dict[int, str]) -> Iterator[dict[int, str]]:
    """A server for each filled database, by how many orders it has."""
    with ExitStack() as stack:
        platform = stack.enter_context(sandbox())
        found = {}
        for count, address in addresses.items():
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            found[count], _ = stack.enter_context(serving(folder, address, platform.url))
        yield found


def p99_growth(addresses: dict[int, str]) -> dict[str, tuple[float, float]]:
    """p99 in milliseconds of each kind of call, with few and with many orders stored."""
    few, many = sorted(addresses)
    for count, address in addresses.items():
        filled(address, count)
    taken: dict[str, dict[int, list[float]]] = {kind: {few: [], many: []} for kind in COUNTS}
    with servers(addresses) as found:
        for turn in range(ROUNDS + 1):
            for count, server in found.items():
                command = [
                    *pinned(1),
                    sys.executable,
                    "-m",
                    "bench.growth_load",
                    server,
                    str(count),
                    json.dumps(COUNTS),
                ]
                said = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
                for kind, latencies in said.items():
                    # The first turn warms up.
                    taken[kind][count] += latencies if turn else []
    return {kind: (_p99(found[few]), _p99(found[many])) for kind, found in taken.items()}


def _p99(latencies: list[float]) -> float:
    return sorted(latencies)[len(latencies) * 99 // 100]


def measure(many: int = MANY) -> dict[str, float]:
    """Fills, loads in turns, prints the table, returns the ratios: of both databases the worse one."""
    found = {}
    with tempfile.TemporaryDirectory() as place:
        found["sqlite"] = p99_growth({count: f"sqlite:///{place}/{count}.db" for count in (FEW, many)})
    with postgresql() as server:
        if server is not None:
            found["postgresql"] = p99_growth(
                {count: server.create_database(f"cases{count}") for count in (FEW, many)}
            )
    show(
        ["p99 ms", f"{FEW:,} orders", f"{many:,} orders", "ratio"],
        [
            [f"{database}, {kind}", f"{few:.1f}", f"{large:.1f}", f"{large / few:.2f}"]
            for database, kinds in found.items()
            for kind, (few, large) in kinds.items()
        ],
    )
    worst = {kind: max(kinds[kind][1] / kinds[kind][0] for kinds in found.values()) for kind in COUNTS}
    return {f"cases.{kind}_p99_growth": ratio for kind, ratio in worst.items()}
