"""What a mapping says: expressions over a row's columns, by what they give."""

from __future__ import annotations

from collections.abc import Mapping as Named
from dataclasses import dataclass, field
from types import MappingProxyType

from engine.expression.types import Type
from server.platforms.expression import Expression

Words = Named[str, str]
NO_WORDS: Words = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Mapped:
    """Where one fact stands. `none` says that it is known to be none where nothing is found."""

    path: str
    type: Type | None
    found: Expression
    none: bool = False


@dataclass(frozen=True, slots=True)
class Mapping:
    """Where facts and what orders are counted by stand. `words` has other words for values, by the path of the value."""

    facts: tuple[Mapped, ...]
    day: Expression | None = None
    site: Expression | None = None
    hs: Expression | None = None
    amount: Expression | None = None
    currency: Expression | None = None
    words: Named[str, Words] = field(default_factory=dict)

    @property
    def columns(self) -> frozenset[str]:
        """Every column that some expression reads."""
        said = [self.day, self.site, self.hs, self.amount, self.currency, *(one.found for one in self.facts)]
        return frozenset[str]().union(*(one.roots for one in said if one is not None))

    def fact(self, path: str) -> Mapped | None:
        """Where the fact stands, if the mapping has it."""
        return next((one for one in self.facts if one.path == path), None)
