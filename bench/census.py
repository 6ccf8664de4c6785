"""`scope census` of made-up orders in a CSV file: orders a second, with one process and with two, and what memory it takes.

Orders a second and core are by the time of the processor, reading and counting together; the speed-up is by the clock, and a
machine that is loaded by others shows less of it. Memory is the largest size of the largest process.
"""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.census_orders import BAD_EVERY, MAPPING, write
from bench.table import show

FEW = 1_000_000
MANY = 10_000_000


def measure(few: int = FEW, many: int = MANY) -> dict[str, float]:
    """Prints the table, and gives the ratios by name."""
    with TemporaryDirectory(prefix="origingate-census-") as folder:
        small = _orders(Path(folder), few)
        large = _orders(Path(folder), many)
        runs = {
            (orders, processes): _run(file, Path(folder) / "mapping.yaml", processes)
            for orders, file in ((few, small), (many, large))
            for processes in (1, 2)
        }
    show(
        [
            "orders, processes",
            "seconds",
            "seconds of the processor",
            "orders a second",
            "largest process, MB",
        ],
        [
            [
                f"{orders:,}, {processes}",
                f"{run['seconds']:.1f}",
                f"{run['cpu']:.1f}",
                f"{orders / run['seconds']:,.0f}",
                f"{run['rss_mb']:.0f}",
            ]
            for (orders, processes), run in runs.items()
        ],
    )
    for (orders, _), run in runs.items():
        assert (orders, orders // BAD_EVERY) == (run["orders"] + run["unread"], run["unread"])
    return {
        "census.decisions_a_second": many / runs[many, 1]["cpu"],
        "census.speed_up": runs[many, 1]["seconds"] / runs[many, 2]["seconds"],
        "census.rss_growth_mb": max(
            runs[many, processes]["rss_mb"] - runs[few, processes]["rss_mb"] for processes in (1, 2)
        ),
    }


def _orders(folder: Path, orders: int) -> Path:
    file = folder / f"{orders}.csv"
    write(file, orders)
    (folder / "mapping.yaml").write_text(MAPPING, "utf-8")
    return file


def _run(file: Path, mapping: Path, processes: int) -> dict[str, float]:
    words = [sys.executable, "-m", "bench.census_run", str(file), str(mapping), str(processes)]
    done = subprocess.run(words, capture_output=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found
