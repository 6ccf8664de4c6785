"""A year of made-up orders as CSV, the same for the same seed: `python -m bench.census_orders FILE N [SEED]`."""

import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Final

MAPPING: Final = """day: ordered_on
site: shop
hs: hs
value: {amount: total, currency: currency}
facts:
  site.kind: kind
  order.destination: ship_to
  order.lines: "[{claims_preference: usmca}]"
words:
  order.destination: {USA: US, PRI: PR, CAN: CA, MEX: MX}
  order.lines[].claims_preference: {"yes": "true", "no": "false"}
"""
HEADER: Final = "number,shop,kind,ordered_on,ship_to,hs,usmca,total,currency\n"
BLOCK: Final = 20_000
FIRST: Final = date(2026, 1, 1)
BAD_EVERY: Final = 100_000
"""One order in so many has a day that does not exist."""

_SHOPS: Final = [f"shop-{number}" for number in range(40)]
_KINDS: Final = ["B2B_INDEPENDENT"] * 6 + ["MARKETPLACE", "B2C", ""]
_DAYS: Final = [(FIRST + timedelta(day)).isoformat() for day in range(365)]
_COUNTRIES: Final = ["USA"] * 6 + ["CAN", "MEX", "PRI", "DE", "CN", ""]
_CODES: Final = [f"{chapter:02}{below}" for chapter in range(1, 98) for below in ("01.10", "01.90", "07.20")]
_CLAIMS: Final = ["yes", "yes", "yes", "no", ""]
_CENTS: Final = range(100, 20_000_000)
_CURRENCIES: Final = ["USD"] * 7 + ["MXN", "CAD", "EUR"]


def blocks(orders: int, seed: int = 1) -> Iterator[str]:
    """The lines of that many orders, a block at a time."""
    random = Random(seed)
    for first in range(0, orders, BLOCK):
        count = min(BLOCK, orders - first)
        columns = [
            random.choices(pool, k=count)
            for pool in (_SHOPS, _KINDS, _DAYS, _COUNTRIES, _CODES, _CLAIMS, _CURRENCIES)
        ]
        cents = random.choices(_CENTS, k=count)
        yield "".join(
            f"{number},{shop},{kind},{'2026-02-30' if number % BAD_EVERY == BAD_EVERY - 1 else day},{to},{hs},{claim},"
            f"{amount // 100}.{amount % 100:02},{currency}\n"
            for number, shop, kind, day, to, hs, claim, currency, amount in zip(
                range(first, first + count), *columns, cents, strict=True
            )
        )


def write(path: Path, orders: int, seed: int = 1) -> None:
    """Writes a file of that many orders."""
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        file.writelines(blocks(orders, seed))


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]), *map(int, sys.argv[3:]))
