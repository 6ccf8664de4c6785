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
            if _root_with(levels, {a: leaves[b], b: leaves[a]}) == kept:
                return first + a, first + b
    return None


def _between(one: Wrong, other: Wrong) -> tuple[int, int] | None:
    (first, mine, kept), (second, theirs, kept_there) = one, other
    levels, levels_there = _levels(mine), _levels(theirs)
    for a in range(len(mine)):
        for b in range(len(theirs)):
            if _root_with(levels, {a: theirs[b]}) == kept and (
                _root_with(levels_there, {b: mine[a]}) == kept_there
            ):
                return first + a, second + b
    return None


def _levels(leaves: list[bytes]) -> list[list[bytes]]:
    levels = [leaves]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([node_hash(*below[at : at + 2]) for at in range(0, len(below), 2)])
    return levels


def _root_with(levels: list[list[bytes]], changed: dict[int, bytes]) -> bytes:
    """The root with some leaves in place of others; only what stands above them is hashed again."""
    for level in levels[:-1]:
        above: dict[int, bytes] = {}
        for at in changed:
            left, right = at & ~1, at | 1
            if at >> 1 not in above:
                above[at >> 1] = sha256(
                    b"\x01" + changed.get(left, level[left]) + changed.get(right, level[right])
                ).digest()
        changed = above
    return changed[0]
