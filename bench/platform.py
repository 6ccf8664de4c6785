"""Certificates through the adapter: what it takes beside the platform's own time, how many a second, what stays in memory.

Platform and adapter are processes of their own, each on one core. A certificate is a submission and its proved answer. What
is beside the platform's own time is everything else: the adapter, the proof, HTTP on both sides and the way between.
"""

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from statistics import median

from bench.running import awaited, pinned, process
from bench.table import show

# For the overhead: the platform's own time, and how many ask at once.
OWN_MS, CALLERS, CERTIFICATES = 50, 16, 2_000
SLOW_MS, MANY, MANY_CERTIFICATES = 200, 64, 3_000
# Memory: the shorter form, unless PLATFORM_CERTIFICATES says otherwise.
LASTING = int(os.environ.get("PLATFORM_CERTIFICATES", "20000"))
ROUNDS = 3


def takes(url: str, milliseconds: float) -> None:
    """Tells the platform how long it takes."""
    asked = urllib.request.Request(f"{url}/takes/{milliseconds / 1000}", method="POST")
    urllib.request.urlopen(asked, timeout=10).close()


def loaded(url: str, callers: int, warm: int, certificates: int) -> dict[str, float]:
    """One run of an adapter in a process of its own."""
    words = [str(number) for number in (callers, warm, certificates)]
    command = [*pinned(1), sys.executable, "-m", "bench.platform_load", url, *words]
    figures: dict[str, float] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return figures


def measure() -> dict[str, float]:
    """Runs the platform, loads it, prints the table, returns the figures: medians of the rounds."""
    with tempfile.TemporaryDirectory() as place:
        ready = Path(place) / "ready"
        with process("bench.platform_server", str(ready)):
            url = awaited(ready)
            takes(url, OWN_MS)
            quick = [loaded(url, CALLERS, 500, CERTIFICATES) for _ in range(ROUNDS)]
            takes(url, SLOW_MS)
            slow = [loaded(url, MANY, 500, MANY_CERTIFICATES) for _ in range(ROUNDS)]
            takes(url, 0)
            long = loaded(url, CALLERS, 5_000, LASTING)
    columns = ["certificates/s", "p50 ms", "p99 ms", "adapter's processor ms", "memory MB"]
    rows = [
        *((f"{CALLERS} callers, {OWN_MS} ms", each) for each in quick),
        *((f"{MANY} callers, {SLOW_MS} ms", each) for each in slow),
        (f"{CALLERS} callers, 0 ms, {LASTING:,} certificates", long),
    ]
    show(
        ["platform", *columns],
        [
            [
                name,
                *(
                    f"{each[figure]:,.2f}"
                    for figure in ("a_second", "p50_ms", "p99_ms", "processor_ms", "rss_growth_mb")
                ),
            ]
            for name, each in rows
        ],
    )
    print(f"memory over {LASTING:,} certificates; PLATFORM_CERTIFICATES=100000 for more")
    return {
        "platform.overhead_p50_ms": median(each["p50_ms"] for each in quick) - OWN_MS,
        "platform.overhead_p99_ms": median(each["p99_ms"] for each in quick) - OWN_MS,
        "platform.certificates_a_second": median(each["a_second"] for each in slow),
        "platform.rss_growth_mb": long["rss_growth_mb"],
    }
