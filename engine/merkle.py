"""Merkle trees as RFC 9162, section 2.1, hashes them: roots, proofs, and what verifies proofs.

A node is named by its height above the leaves and its number among the nodes of that height: node (h, n) stands over the
leaves n * 2^h to (n + 1) * 2^h - 1, all of which are there. What a tree of any size needs is made of such nodes.
"""

from collections.abc import Callable, Iterable, Iterator, MutableMapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Self, TypeAlias

HASH_SIZE: Final = 32
EMPTY_ROOT: Final = sha256(b"").digest()

Node: TypeAlias = tuple[int, int]
Look: TypeAlias = Callable[[int, int], bytes]
"""Gives the hash of a node by its height and its number."""


def leaf_hash(leaf: bytes) -> bytes:
    """RFC 9162, section 2.1.1: the hash of a leaf is SHA-256 over a zero octet and the leaf."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 9162, section 2.1.1: the hash of an inner node is SHA-256 over an octet of one and both hashes below."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """All that is needed of a tree to add to it and to know its root: the largest whole subtrees, left to right."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    @classmethod
    def read(cls, size: int, octets: bytes) -> Self:
        """A frontier from its octets, one hash after the other. Raises ValueError where they do not fit the size."""
        if len(octets) != size.bit_count() * HASH_SIZE:
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} peaks of {HASH_SIZE} octets")
        return cls(size, tuple(octets[at : at + HASH_SIZE] for at in range(0, len(octets), HASH_SIZE)))

    @property
    def octets(self) -> bytes:
        """The peaks, one after the other."""
        return b"".join(self.peaks)

    @property
    def nodes(self) -> dict[Node, bytes]:
        """The peaks by the nodes that they are."""
        return dict(zip(_nodes_over(0, self.size), self.peaks, strict=True))

    @property
    def root(self) -> bytes:
        """The tree's root; of the empty tree the hash of nothing."""
        return _folded(self.peaks) if self.peaks else EMPTY_ROOT


def grown(
    frontier: Frontier, leaves: Iterable[bytes], nodes: MutableMapping[Node, bytes] | None = None
) -> Frontier:
    """The frontier after these hashes of leaves came. Every node that they made whole is noted in `nodes`."""
    peaks, size = list(frontier.peaks), frontier.size
    for leaf in leaves:
        height, number, node = 0, size, leaf
        if nodes is not None:
            nodes[height, number] = node
        while number & 1:
            height, number, node = height + 1, number >> 1, sha256(b"\x01" + peaks.pop() + node).digest()
            if nodes is not None:
                nodes[height, number] = node
        peaks.append(node)
        size += 1
    return Frontier(size, tuple(peaks))


def root_of(size: int, look: Look) -> bytes:
    """The root of a tree when it had a size."""
    return _range_hash(0, size, look) if size else EMPTY_ROOT


def inclusion(index: int, size: int, look: Look) -> tuple[bytes, ...]:
    """RFC 9162, section 2.1.3.1: the proof that a leaf stands in the tree of a size, from the leaf upwards."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has none at {index}")
    first, last, path = 0, size, []
    while last - first > 1:
        middle = first + _half(last - first)
        if index < middle:
            path.append(_range_hash(middle, last, look))
            last = middle
        else:
            path.append(_range_hash(first, middle, look))
            first = middle
    return tuple(reversed(path))


def consistency(before: int, size: int, look: Look) -> tuple[bytes, ...]:
    """RFC 9162, section 2.1.4.1: the proof that a tree begins with the tree that it was when it had `before` leaves."""
    if not 0 <= before <= size:
        raise ValueError(f"a tree of {size} leaves never had {before}")
    if before == 0:
        return ()
    first, last, whole, path = 0, size, True, []
    while before < last:
        middle = first + _half(last - first)
        if before <= middle:
            path.append(_range_hash(middle, last, look))
            last = middle
        else:
            path.append(_range_hash(first, middle, look))
            first, whole = middle, False
    if not whole:
        path.append(_range_hash(first, last, look))
    return tuple(reversed(path))


def includes(root: bytes, size: int, index: int, leaf: bytes, path: Sequence[bytes]) -> bool:
    """RFC 9162, section 2.1.3.2: whether the path proves that the hash of a leaf stands at the index under the root."""
    if not 0 <= index < size:
        return False
    number, last, node = index, size - 1, leaf
    for beside in path:
        if last == 0:
            return False
        if number & 1 or number == last:
            node = node_hash(beside, node)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            node = node_hash(node, beside)
        number, last = number >> 1, last >> 1
    return last == 0 and node == root


def continues(before: int, root_before: bytes, size: int, root: bytes, path: Sequence[bytes]) -> bool:
    """RFC 9162, section 2.1.4.2: whether the path proves that the tree of the size begins with the one before."""
    if before == 0:
        return not path and root_before == EMPTY_ROOT
    if before >= size:
        return before == size and not path and root_before == root
    hashes = list(path)
    if before & (before - 1) == 0:
        hashes.insert(0, root_before)
    if not hashes:
        return False
    number, last = before - 1, size - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    old = new = hashes[0]
    for beside in hashes[1:]:
        if last == 0:
            return False
        if number & 1 or number == last:
            old, new = node_hash(beside, old), node_hash(beside, new)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            new = node_hash(new, beside)
        number, last = number >> 1, last >> 1
    return last == 0 and old == root_before and new == root


def _half(count: int) -> int:
    """The largest power of two that is smaller than a count above 1."""
    return 1 << (count - 1).bit_length() - 1


def _nodes_over(first: int, last: int) -> Iterator[Node]:
    """The whole subtrees that make up the leaves from `first`, where one as large as any of them begins, to `last`."""
    while first < last:
        height = (last - first).bit_length() - 1
        yield height, first >> height
        first += 1 << height


def _range_hash(first: int, last: int, look: Look) -> bytes:
    return _folded([look(height, number) for height, number in _nodes_over(first, last)])


def _folded(hashes: Sequence[bytes]) -> bytes:
    node = hashes[-1]
    for left in reversed(hashes[:-1]):
        node = node_hash(left, node)
    return node
