"""How many rows a page of a list has."""

from typing import Final

USUAL: Final = 50
LARGEST: Final = 500


def size_of(asked: int) -> int:
    """The size of a page that a caller asks for; 0 asks for the usual one, and more than the largest for that."""
    return min(asked or USUAL, LARGEST)
