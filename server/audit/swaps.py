"""Which two entries changed places? Found by trying, under nodes of the tree that do not fit their leaves."""

from collections.abc import Iterator, Sequence
from hashlib import sha256

from engine.merkle import node_hash

Wrong = tuple[int, list[bytes], bytes]
"""Where a node's leaves begin, the leaves as they stand now, and the hash of the node as it was kept."""


def swapped(wrong: Sequence[Wrong]) -> Iterator[tuple[int, int, str]]:
    """For each node that does not fit: which entries, from and to, and what became of them."""
    left = list(wrong)
    while left:
        one = left.pop(0)
        found = _within(one)
        if found is None:
            for other in left:
                if (found := _between(one, other)) is not None:
                    left.remove(other)
                    break
        if found is not None:
            yield *found, f"swapped: entry {found[0]} and entry {found[1]} have changed places"
        else:
            first, leaves, _ = one
            yield first, first + len(leaves) - 1, "these are not the entries over which the tree was built"


def _within(one: Wrong) -> tuple[int, int] | None:
    first, leaves, kept = one
    levels = _levels(leaves)
    for a in range(len(leaves)):
        for b in range(a + 1, len(leaves)):
            # Both climb by themselves to where they meet, and together from there.
            meet = (a ^ b).bit_length() - 1
            left = _climbed(levels, a, leaves[b], 0, meet)
            right = _climbed(levels, b, leaves[a], 0, meet)
            if _climbed(levels, a >> meet + 1, node_hash(left, right), meet + 1, len(levels) - 1) == kept:
                return first + a, first + b
    return None


def _between(one: Wrong, other: Wrong) -> tuple[int, int] | None:
    (first, mine, kept), (second, theirs, kept_there) = one, other
    levels, levels_there = _levels(mine), _levels(theirs)
    top, top_there = len(levels) - 1, len(levels_there) - 1
    for a in range(len(mine)):
        for b in range(len(theirs)):
            if (
                _climbed(levels, a, theirs[b], 0, top) == kept
                and _climbed(levels_there, b, mine[a], 0, top_there) == kept_there
            ):
                return first + a, second + b
    return None


def _levels(leaves: list[bytes]) -> list[list[bytes]]:
    """The nodes over leaves, as many as a power of two, level by level up to the root."""
    levels = [leaves]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([node_hash(*below[at : at + 2]) for at in range(0, len(below), 2)])
    return levels


def _climbed(levels: list[list[bytes]], at: int, node: bytes, first: int, last: int) -> bytes:
    """The node above another one that stands in the place `at` of a level, on the way up to the level `last`."""
    for level in range(first, last):
        beside = levels[level][at ^ 1]
        node = sha256(b"\x01" + beside + node if at & 1 else b"\x01" + node + beside).digest()
        at >>= 1
    return node
