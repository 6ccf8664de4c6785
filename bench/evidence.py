"""What the log costs an order, and how quickly it is verified.

Two servers on SQLite, one of them without its log, take turns under the same load; compared is the server's own processor
time for each order, so that neither the load generator nor the disk enters it. Verified is what the first one wrote, by one
process, for each second of its processor time.
"""

import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.cases import loaded, sandbox
from bench.orders import EXAMPLES
from bench.running import awaited, process
from bench.table import show
from server.audit.verify import audit

ROUNDS, SECONDS = 5, 5.0


@contextmanager
def serving(folder: Path, module: str, url: str) -> Iterator[tuple[str, int]]:
    """The address and process id of a server that a module starts."""
    ready = folder / f"{module}.json"
    serve = [module, "serve", "--listen", "127.0.0.1:0", "--database", f"sqlite:///{folder}/{module}.db",
             "--sandbox-url", url, "--sites", str(EXAMPLES / "sites.yaml"), "--ready-file", str(ready),
             "--log-format", "json"]  # fmt: skip
    with process(*serve) as running:
        yield json.loads(awaited(ready))["grpc"], running.pid


def measure() -> dict[str, float]:
    """Loads both servers in turns, verifies what one wrote, prints the table, returns the ratio and the rate."""
    taken: dict[str, list[float]] = {"server": [], "bench.unlogged": []}
    with tempfile.TemporaryDirectory() as place, sandbox() as platform:
        folder = Path(place)
        with (
            serving(folder, "server", platform.url) as logged,
            serving(folder, "bench.unlogged", platform.url) as unlogged,
        ):
            for _ in range(ROUNDS):
                for name, (address, pid) in (("server", logged), ("bench.unlogged", unlogged)):
                    taken[name].append(loaded(address, pid, platform.pid, SECONDS)["server_ms"])
        rate, entries = verified(f"sqlite:///{folder}/server.db")
    with_log, without = (statistics.median(taken[name]) for name in ("server", "bench.unlogged"))
    show(
        ["an order", "server ms"],
        [["with the log", f"{with_log:.2f}"], ["without", f"{without:.2f}"]],
    )
    show([f"{entries:,} entries", "a second"], [["verified by one process", f"{rate:,.0f}"]])
    return {"evidence.log_overhead": with_log / without, "evidence.verify_entries_a_second": rate}


def verified(address: str) -> tuple[float, int]:
    """Entries verified for each second of processor time, and how many there are; the best of three."""
    rates, entries = [], 0
    for _ in range(3):
        before = time.process_time()
        found = audit(address, {}, (), 1, lambda parts, _: parts)
        rates.append(found.tally.entries / (time.process_time() - before))
        entries = found.tally.entries
        assert found.holds, found.tally.faults[:3]
    return max(rates), entries
