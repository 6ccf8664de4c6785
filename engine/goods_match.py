"""Whether a line of an order is a good of a declaration: by HS and description, or by the good that the caller names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Matches:
    """The line is this good."""

    good: Facts


@dataclass(frozen=True, slots=True)
class Differs:
    """The line is certainly none of the goods."""

    because: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """Which good the line is depends on facts that are missing: their paths."""

    missing: tuple[str, ...]


Agreement = Matches | Differs | Unclear


def agreement(place: str, line: Facts, goods: Sequence[Facts], named: str | None) -> Agreement:
    """The good that a line is. `place` is the line's path, `named` the id of the good that the caller says it is."""
    if named is not None:
        good = next((good for good in goods if good["good_id"] == named), None)
        if good is None:
            return Differs(f"the certificate has no good {named}")
        return _by_hs(place, line, good)
    return _by_description(place, line, goods)


def _by_description(place: str, line: Facts, goods: Sequence[Facts]) -> Agreement:
    found = [_identical(place, line, good) for good in goods]
    same = [each for each in found if isinstance(each, Matches)]
    unclear = [path for each in found if isinstance(each, Unclear) for path in each.missing]
    if unclear or len(same) > 1:
        return Unclear(tuple(unclear) or (_which(place),))
    if same:
        return same[0]
    if any(isinstance(each, _OtherWords) for each in found):
        # Other words can be for the same good: whether they are, only somebody who knows the goods can say.
        return Unclear((_which(place),))
    return Differs(f"no good of the certificate has the HS {line.get('hs') or 'of this line'}")


@dataclass(frozen=True, slots=True)
class _OtherWords:
    """The HS agrees, and the descriptions are different."""


def _identical(place: str, line: Facts, good: Facts) -> Agreement | _OtherWords:
    """Identical goods are the same in all respects but minor differences of appearance (19 CFR 182.1)."""
    by_hs = _by_hs(place, line, good)
    if isinstance(by_hs, Differs):
        return by_hs
    lacking = by_hs.missing if isinstance(by_hs, Unclear) else ()
    ours, theirs = line.get("description"), good.get("description")
    if ours is None:
        lacking += (f"{place}.description",)
    elif theirs is None:
        lacking += (_which(place),)
    elif not lacking and _words(ours) != _words(theirs):
        return _OtherWords()
    return Unclear(lacking) if lacking else Matches(good)


def _by_hs(place: str, line: Facts, good: Facts) -> Agreement:
    ours, theirs = line.get("hs"), good.get("hs")
    if theirs is None:
        return Unclear((_which(place),))
    if ours is None:
        return Unclear((f"{place}.hs",))
    if ours.startswith(theirs):
        return Matches(good)
    if theirs.startswith(ours):
        return Unclear((f"{place}.hs to {len(theirs)} digits",))
    return Differs(f"its HS {ours} is not the HS {theirs} of good {good['good_id']}")


def _which(place: str) -> str:
    return f"the good of {place}"


def _words(text: str) -> list[str]:
    return text.casefold().split()
