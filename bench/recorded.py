"""Recorded orders answered by two rulebooks: orders a second, beside reading the same lines with the JSON library alone.

`python -m bench.recorded FILE N` writes a file of N made-up orders, for a run of any size.
"""

import json
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from bench.orders import EXAMPLES
from bench.table import show
from engine.rulebook import Rulebook, load
from engine.workbench.comparison.compare import Side, compare
from server.recorded.work import Comparing, Task
from server.rulebooks import read_files

ORDERS = 2_000
_COUNTRIES = ("US", "US", "US", "PR", "CA", "MX", "CN", "DE")
_CODES = ("7213.20", "7213.91", "8471.30", "6109.10", "721320", "7213", "9999.99", "2204.21")
_CRITERIA = ("ORIGIN_CRITERION_A", "ORIGIN_CRITERION_B", "ORIGIN_CRITERION_C", "ORIGIN_CRITERION_D")


def orders(count: int, seed: int = 1) -> Iterator[str]:
    """Lines of made-up orders in proto JSON: the examples with other amounts, days, codes, parties, facts left out."""
    random = Random(seed)
    examples = [path.read_text("utf-8") for path in sorted((EXAMPLES / "orders").glob("*.json"))]
    first = date(2026, 1, 1)
    for number in range(count):
        said = json.loads(random.choice(examples))
        order, declaration = said.get("order", {}), said.get("declaration")
        order["orderId"] = f"R-{number}"
        order["destination"] = random.choice(_COUNTRIES)
        order["commercial"] = random.random() < 0.9
        units = str(random.choice((random.randint(1, 4000), random.randint(1000, 90_000))))
        order["originatingValue"] = {
            "currencyCode": "USD",
            "units": units,
            "nanos": random.randint(0, 99) * 10**7,
        }
        order["importDate"] = _day(first + timedelta(random.randint(0, 400)))
        for line in order.get("lines", {}).get("items", ()):
            line["hs"] = random.choice(_CODES)
            line["claimsPreference"] = random.random() < 0.8
        if declaration is not None:
            _changed(declaration, random, first)
        for part in (order, declaration or {}):
            for name in [name for name in part if name not in ("orderId", "none") and random.random() < 0.03]:
                del part[name]
        on = first + timedelta(random.randint(120, 330))
        yield json.dumps({**said, "on": on.isoformat()}, ensure_ascii=False)


def _changed(declaration: dict[str, Any], random: Random, first: date) -> None:
    declaration["certifiedOn"] = _day(first + timedelta(random.randint(-300, 300)))
    declaration["invoiceNumber"] = f"F-{random.randint(1, 10**6)}"
    declaration["signed"] = random.random() < 0.95
    for good in declaration.get("goods", {}).get("items", ()):
        good["hs"] = random.choice(_CODES)
        good["criterion"] = random.choice(_CRITERIA)
    certifier = declaration.get("certifier")
    if certifier is not None:
        certifier["name"] = f"{certifier.get('name', 'Works')} {random.randint(1, 5000)}"


def _day(day: date) -> dict[str, int]:
    return {"year": day.year, "month": day.month, "day": day.day}


def measure() -> dict[str, float]:
    """Prints the table, and gives the ratios by name."""
    files = read_files(EXAMPLES.parent / "rules" / "usmca")
    edited = {
        path: text.replace('money("2500.00 USD")', 'money("2000.00 USD")') for path, text in files.items()
    }
    old, new = load(files), load(edited)
    assert isinstance(old, Rulebook)
    assert isinstance(new, Rulebook)
    comparison = compare(Side("old", old, files), Side("new", new, edited))
    lines = [line.encode() for line in orders(ORDERS)]
    one = Task(files, edited, tuple(old.questions), comparison.same, alike=True, on=None, examples=1)
    every = Task(files, edited, tuple(old.questions), frozenset(), alike=True, on=None, examples=1)
    ways = {
        "json.loads alone": lambda: [json.loads(line) for line in lines],
        "one question changed": lambda: Comparing(one, old, new).tally([("", line) for line in lines]),
        "every question asked": lambda: Comparing(every, old, new).tally([("", line) for line in lines]),
    }
    times = {name: min(_timed(way) for _ in range(3)) / len(lines) for name, way in ways.items()}
    show(["an order, one process", "µs", "orders/s"], [
        [name, f"{1e6 * taken:.0f}", f"{1 / taken:,.0f}"] for name, taken in times.items()
    ])  # fmt: skip
    return {
        "recorded.changed_vs_json": times["one question changed"] / times["json.loads alone"],
        "recorded.every_vs_json": times["every question asked"] / times["json.loads alone"],
    }


def _timed(way: Any) -> float:
    began = time.process_time()
    way()
    return time.process_time() - began


if __name__ == "__main__":
    with Path(sys.argv[1]).open("w", encoding="utf-8") as out:
        out.writelines(f"{line}\n" for line in orders(int(sys.argv[2])))
