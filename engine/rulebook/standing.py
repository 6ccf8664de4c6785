"""How firm a source is, and how firm that makes what rests on it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Standing(StrEnum):
    """How firm a source is, firmest first."""

    ENACTED = "enacted"
    REPORTED = "reported"
    ASSUMED = "assumed"


ALL_STANDINGS = tuple(Standing)
DEFAULT_ENFORCE = (Standing.ENACTED, Standing.REPORTED)


def weakest(standings: Iterable[Standing]) -> Standing:
    """The least firm of the standings; what rests on nothing is as firm as the law."""
    return max(standings, key=ALL_STANDINGS.index, default=Standing.ENACTED)
