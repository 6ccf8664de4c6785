"""What a server's memory grows by over 1,000,000 calls of CheckScope, each decision committed: five minutes and more.

The first tenth fills caches and arenas and is not counted; growth is that of the other nine tenths.
"""

import tempfile
from pathlib import Path

from bench.orders import scope_request
from bench.running import resident_mb, serving
from bench.server import SERVICE, Target, loaded
from bench.table import show

CALLS = 1_000_000


def measure() -> dict[str, float]:
    """Loads the server until it has answered as many calls, prints what it held at each tenth, returns the growth."""
    body = scope_request().SerializeToString()
    held: list[float] = []
    with tempfile.TemporaryDirectory() as place, serving(Path(place), True) as (address, pid):
        calls = 0.0
        while calls < CALLS:
            calls += loaded(Target(address, pid), f"{SERVICE}/CheckScope", body)["calls"]
            if calls >= (len(held) + 1) * CALLS / 10:
                held.append(resident_mb(pid))
    show(["calls", "MB"], [[f"{(n + 1) * CALLS // 10:,}", f"{mb:.1f}"] for n, mb in enumerate(held)])
    return {"server.rss_growth_mb": held[-1] - held[0]}
