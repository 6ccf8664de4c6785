"""Puts things that need each other in order, and finds the circles among them."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Order:
    """`ready` has each name after all that it needs; `circles` are those that need themselves.

    A name that is in neither needs one that is in a circle.
    """

    ready: tuple[str, ...]
    circles: tuple[tuple[str, ...], ...]


def in_order(needs: Mapping[str, Set[str]]) -> Order:
    """Orders names by what they need of each other; names that are not among the keys do not count."""
    left = {name: {need for need in below if need in needs} for name, below in sorted(needs.items())}
    users: dict[str, list[str]] = {}
    for name, below in left.items():
        for need in below:
            users.setdefault(need, []).append(name)
    ready = [name for name, below in left.items() if not below]
    for name in ready:
        for user in users.get(name, ()):
            left[user].discard(name)
            if not left[user]:
                ready.append(user)
    stuck = {name: below for name, below in left.items() if below}
    return Order(tuple(ready), _circles(stuck))


def _circles(stuck: Mapping[str, Set[str]]) -> tuple[tuple[str, ...], ...]:
    circles: list[tuple[str, ...]] = []
    seen: set[str] = set()
    for start in stuck:
        trail: list[str] = []
        name = start
        while name not in seen:
            seen.add(name)
            trail.append(name)
            name = min(stuck[name])
        if name in trail:
            circles.append(tuple(trail[trail.index(name) :]))
    return tuple(circles)
