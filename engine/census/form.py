"""Rows of orders, and which of their cells say what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

Cells = Sequence[object]
"""The cells of one row in the order of its form's columns; None where nothing stands."""

Row = tuple[int, Cells | str]
"""Where a row stands, from 1, and its cells; a text says instead why there are none."""


@dataclass(frozen=True, slots=True)
class Part:
    """Something that rows say: the places of the cells that say it, and what they come to.

    `found` takes these cells and gives the value as it is written; None where they say nothing. It raises ValueError,
    in words for people, where they cannot be read.
    """

    columns: tuple[int, ...]
    found: Callable[[Cells], object]


CONSTANT: Final = Part((), lambda _: None)
"""What no cell says."""


@dataclass(frozen=True, slots=True)
class Form:
    """What rows say: facts as nested texts by root, the order's day, its site, its HS codes, its amount and currency.

    `facts` needs to have those that the question reads. `loose` says that cells of one column can be of several types.
    """

    facts: Part
    day: Part = CONSTANT
    site: Part = CONSTANT
    codes: Part = CONSTANT
    amount: Part = CONSTANT
    currency: Part = CONSTANT
    loose: bool = True
