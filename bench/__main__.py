"""`python -m bench [WHAT]`: tables for people, also in docs/performance.md, and last the lines `RATIO name value`."""

import argparse
import importlib
from datetime import UTC, datetime

from bench import page, table

PARTS = {
    "engine": "decisions in process: microseconds a decision",
    "recorded": "recorded orders answered by two rulebooks, for `rules diff --orders`",
    "call": "where the time of a CheckScope goes",
    "cases": "ProcessOrder on each database, 64 callers, a platform that takes 20 ms",
    "evidence": "ProcessOrder with the log and without; how quickly the log is verified",
    "growth": "GetCase, ListCases, ProcessOrder: 500,000 stored orders against 5,000",
    "platform": "certificates through the adapter, beside the platform's own time",
    "server": "CheckScope over gRPC against a bare echo of the same message",
}

# Not among `all`: they take long (five million orders need an hour to fill, ten million are a file of 800 MB), or tools
# that are not ours.
APART = {
    "census": "`scope census` of 10,000,000 orders: orders a second, speed-up from one process to two, memory",
    "growth_large": "GetCase, ListCases, ProcessOrder: 5,000,000 stored orders against 5,000",
    "server_growth": "memory of a server over 1,000,000 calls",
    "peers": "decisions beside Cerbos's; needs npm and h2load",
}


def main() -> None:
    """Runs the parts that are asked for and prints their ratios last."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument(
        "what", nargs="?", default="all", choices=["all", *PARTS, *APART], help="which part; all by default"
    )
    what = parser.parse_args().what
    ratios: dict[str, float] = {}
    for part in PARTS if what == "all" else [what]:
        print(f"\n{part}: {(PARTS | APART)[part]}", flush=True)
        table.shown.clear()
        module = importlib.import_module(f"bench.{part}")
        measured = module.measure()
        page.keep(part, module.__doc__ or "", table.shown, measured, datetime.now(UTC).date())
        ratios |= measured
    print()
    for name, value in ratios.items():
        print(f"RATIO {name} {value:.3g}")


if __name__ == "__main__":
    main()
