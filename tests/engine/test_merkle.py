"""Merkle trees: held against RFC 9162's own definition and against pymerkle, an independent implementation."""

from collections.abc import Sequence
from functools import cache
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from engine.merkle import (
    EMPTY_ROOT,
    Frontier,
    Node,
    consistency,
    continues,
    grown,
    includes,
    inclusion,
    leaf_hash,
    node_hash,
)

MOST = 70
sizes = st.integers(1, MOST)


def leaf_of(number: int) -> bytes:
    return b"leaf %d" % number


def hashes(count: int, first: int = 0) -> list[bytes]:
    return [leaf_hash(leaf_of(number)) for number in range(first, count)]


def root_by_definition(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 9162, section 2.1.1, written as it stands there."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return node_hash(root_by_definition(leaves[:k]), root_by_definition(leaves[k:]))


@cache
def independent(count: int) -> InmemoryTree:
    tree = InmemoryTree(algorithm="sha256")
    for number in range(count):
        tree.append_entry(leaf_of(number))
    return tree


NODES: dict[Node, bytes] = {}
grown(Frontier(), hashes(MOST), NODES)


def look(height: int, number: int) -> bytes:
    return NODES[height, number]


@cache
def root(size: int) -> bytes:
    return grown(Frontier(), hashes(size)).root


def test_known_answers() -> None:
    """Hashes of nothing, of an empty leaf and of two are those of certificate transparency's test vectors."""
    assert "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" == EMPTY_ROOT.hex()
    assert "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d" == leaf_hash(b"").hex()
    both = grown(Frontier(), [leaf_hash(b""), leaf_hash(b"\x00")]).root
    assert "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125" == both.hex()


@settings(deadline=None)
@given(st.integers(0, MOST), st.integers(0, MOST))
def test_root(before: int, more: int) -> None:
    """However a tree came to its leaves, its root is the one of RFC 9162's recursive definition."""
    size = max(before, more)
    frontier = grown(grown(Frontier(), hashes(before)), hashes(size, before))
    assert root_by_definition([leaf_of(number) for number in range(size)]) == frontier.root


@settings(deadline=None)
@given(sizes)
def test_root_of_another(size: int) -> None:
    """Roots are those of pymerkle."""
    assert independent(size).get_root() == root(size)


@settings(deadline=None)
@given(sizes, st.data())
def test_inclusion_of_another(size: int, data: st.DataObject) -> None:
    """Proofs of inclusion are those of pymerkle, whose path begins with the leaf."""
    index = data.draw(st.integers(0, size - 1))
    theirs = independent(size).prove_inclusion(index + 1, size).path
    assert list(theirs) == [leaf_hash(leaf_of(index)), *inclusion(index, size, look)]


@settings(deadline=None)
@given(sizes, st.data())
def test_consistency_of_another(size: int, data: st.DataObject) -> None:
    """What pymerkle proves to be consistent, by paths laid out in its own way, are our roots."""
    before = data.draw(st.integers(1, size))
    independent(size).prove_consistency(before, size).verify(root(before), root(size), before, size)


def proof_by_definition(before: int, leaves: Sequence[bytes], whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 9162, section 2.1.4.1, written as it stands there."""
    if before == len(leaves):
        return [] if whole else [root_by_definition(leaves)]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    if before <= k:
        return [*proof_by_definition(before, leaves[:k], whole), root_by_definition(leaves[k:])]
    return [*proof_by_definition(before - k, leaves[k:], False), root_by_definition(leaves[:k])]


@settings(deadline=None)
@given(sizes, st.data())
def test_consistency_by_definition(size: int, data: st.DataObject) -> None:
    """Proofs of consistency are those of RFC 9162's recursive definition."""
    before = data.draw(st.integers(1, size))
    leaves = [leaf_of(number) for number in range(size)]
    assert tuple(proof_by_definition(before, leaves)) == consistency(before, size, look)


@settings(deadline=None)
@given(sizes, st.data())
def test_inclusion(size: int, data: st.DataObject) -> None:
    """A proof proves its leaf at its index, and no other leaf, index, size or root."""
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, MOST))
    path = inclusion(index, size, look)
    leaf = leaf_hash(leaf_of(index))
    assert includes(root(size), size, index, leaf, path)
    assert not includes(root(size), size, index, leaf_hash(b"another"), path)
    assert not includes(sha256(b"another").digest(), size, index, leaf, path)
    assert (other == index) == includes(root(size), size, other, leaf, path)


@settings(deadline=None)
@given(sizes, st.data())
def test_consistency(size: int, data: st.DataObject) -> None:
    """A proof proves the tree that was, and no other one."""
    before = data.draw(st.integers(0, size))
    path = consistency(before, size, look)
    assert continues(before, root(before), size, root(size), path)
    another = sha256(b"another").digest()
    assert not continues(before, another, size, root(size), path)
    assert before == 0 or not continues(before, root(before), size, another, path)


@settings(deadline=None)
@given(sizes, st.data())
def test_broken_path(size: int, data: st.DataObject) -> None:
    """A path with a hash changed, left out or added proves nothing."""
    index = data.draw(st.integers(0, size - 1))
    path = list(inclusion(index, size, look))
    at = data.draw(st.integers(0, len(path)))
    another = sha256(b"another").digest()
    broken = [[*path[:at], another, *path[at:]]]
    if at < len(path):
        broken += [[*path[:at], another, *path[at + 1 :]], [*path[:at], *path[at + 1 :]]]
    leaf = leaf_hash(leaf_of(index))
    assert [False] * len(broken) == [includes(root(size), size, index, leaf, each) for each in broken]


@settings(deadline=None)
@given(st.integers(0, MOST), st.integers(1, MOST))
def test_proof_from_the_frontier(before: int, more: int) -> None:
    """For leaves that come now nothing is needed but the peaks of before: a receipt costs no reading."""
    was = grown(Frontier(), hashes(before))
    known = was.nodes
    now = grown(was, [leaf_hash(leaf_of(before + number)) for number in range(more)], known)
    for index in range(before, before + more):
        path = inclusion(index, now.size, lambda height, number: known[height, number])
        assert includes(now.root, now.size, index, leaf_hash(leaf_of(index)), path)


@settings(deadline=None)
@given(st.integers(0, MOST))
def test_frontier_octets(size: int) -> None:
    """A frontier is read back from its octets."""
    frontier = grown(Frontier(), hashes(size))
    assert frontier == Frontier.read(size, frontier.octets)


def test_wrong_octets() -> None:
    """Octets that do not fit the size are no frontier."""
    with pytest.raises(ValueError, match="5 leaves has 2 peaks"):
        Frontier.read(5, b"\x00" * 32)
    with pytest.raises(ValueError, match="has none at 5"):
        inclusion(5, 5, look)
    with pytest.raises(ValueError, match="never had 6"):
        consistency(6, 5, look)
