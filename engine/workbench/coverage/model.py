"""What is covered, and how far: the parts of a rulebook with the sides on which tests have seen them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from engine.rulebook.text.files import Span


class Kind(StrEnum):
    """What a part of a rulebook is."""

    RULE = "rule"
    OTHERWISE = "otherwise"
    ELSE = "else"
    DEFINITION = "definition"
    CLAUSE = "clause"


class Side(StrEnum):
    """What a condition came to. A rule is true where it fires, `otherwise` and `else` where they answer."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


BOTH = (Side.TRUE, Side.FALSE)
"""The sides that a test has to show. That a part is unknown is counted and shown, never demanded."""

STATEMENTS = frozenset({Kind.OTHERWISE, Kind.ELSE})
"""What is said where no rule decides. Rules may leave nothing open, so no side of these is demanded."""

APPLIES = "applies"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose condition a clause stands in: `question` is empty for a definition of the whole rulebook.

    The clauses of a gate are owned by the name `applies`, with the kind of the statement that it leads to.
    """

    question: str
    kind: Kind
    name: str

    def __str__(self) -> str:
        return f"`{self.name}`" if self.kind in STATEMENTS else f"{self.kind} `{self.name}`"


@dataclass(frozen=True, slots=True)
class Part:
    """A rule, statement, definition or clause, where it stands, and the sides that tests have to show.

    What reads no fact has one side only, and of statements none is demanded. `text` is a clause as it is
    written, put on one line; of anything else it is the name.
    """

    kind: Kind
    owner: Owner
    text: str
    span: Span
    cites: tuple[str, ...]
    demanded: tuple[Side, ...]

    def __str__(self) -> str:
        return f"`{self.text}` in {self.owner}" if self.kind is Kind.CLAUSE else str(self.owner)

    @property
    def position(self) -> tuple[int, int]:
        """Line and column, from 1."""
        return self.span.file.position(self.span.start)


@dataclass(frozen=True, slots=True)
class Covered:
    """A part, and in how many tests it was seen on each side."""

    part: Part
    tests: Mapping[Side, int]

    @property
    def lacking(self) -> tuple[Side, ...]:
        """The demanded sides that no test has shown."""
        return tuple(side for side in self.part.demanded if not self.tests[side])

    @property
    def lack(self) -> str:
        """The same in words; empty where nothing is lacking."""
        if not self.lacking:
            return ""
        if not any(self.tests[side] for side in BOTH):
            return "never known" if self.tests[Side.UNKNOWN] else "never seen"
        (side,) = self.lacking
        return _LACK[self.part.kind][side]

    @property
    def counts(self) -> str:
        """In how many tests it was seen on each side, in words."""
        true, false = _SEEN.get(self.part.kind, ("true", "false"))
        tests = self.tests
        return (
            f"{true} in {tests[Side.TRUE]}, {false} in {tests[Side.FALSE]}, "
            f"unknown in {tests[Side.UNKNOWN]} tests"
        )


_SEEN = {
    Kind.RULE: ("fired", "did not fire"),
    Kind.OTHERWISE: ("given", "not given"),
    Kind.ELSE: ("given", "not given"),
}
_CONDITION = {Side.TRUE: "never true", Side.FALSE: "never false"}
_LACK = {
    Kind.RULE: {Side.TRUE: "never fired", Side.FALSE: "fired in every test"},
    Kind.DEFINITION: _CONDITION,
    Kind.CLAUSE: _CONDITION,
}


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation, the parts that rest on it, and the sides on which no test has seen any of them."""

    citation: str
    parts: tuple[Covered, ...]

    @property
    def demanded(self) -> tuple[Side, ...]:
        """The sides that at least one of its parts can show."""
        return tuple(side for side in BOTH if any(side in one.part.demanded for one in self.parts))

    @property
    def lacking(self) -> tuple[Side, ...]:
        """The sides that no test has shown."""
        return tuple(side for side in self.demanded if not any(one.tests[side] for one in self.parts))

    @property
    def lack(self) -> str:
        """The same in words; empty where nothing is lacking."""
        if not self.lacking:
            return ""
        if self.lacking == self.demanded:
            return "no test at all"
        does = "speaks" if Side.TRUE in self.lacking else "does not speak"
        return f"no test in which it {does}"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of the demanded sides were seen."""

    seen: int
    demanded: int

    @property
    def percent(self) -> float:
        """Rounded down to a tenth, so that 100 is said of nothing less; 100 where nothing is demanded."""
        return self.seen * 1000 // self.demanded / 10 if self.demanded else 100.0

    def __str__(self) -> str:
        return f"{self.seen}/{self.demanded}  {self.percent:5.1f} %"


def tally(covered: Iterable[Covered | Cited]) -> Tally:
    """The sides of all of them together."""
    found = list(covered)
    demanded = sum(len(one.part.demanded if isinstance(one, Covered) else one.demanded) for one in found)
    return Tally(demanded - sum(len(one.lacking) for one in found), demanded)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the tests of a rulebook have seen: parts by file and place.

    `tests` is the number of tests that count. `failed` and `skipped` name those that show nothing.
    """

    rulebook: str
    tests: int
    failed: tuple[str, ...]
    skipped: tuple[str, ...]
    parts: tuple[Covered, ...]

    def of(self, kind: Kind, question: str | None = None) -> Tally:
        """The sides of the parts of a kind, of one question or of all."""
        parts = (one for one in self.parts if one.part.kind is kind)
        return tally(one for one in parts if question in (None, one.part.owner.question))

    @property
    def gaps(self) -> tuple[Covered, ...]:
        """The rules and clauses that lack a side, by file and place; a rule never seen stands for its clauses."""
        unseen = {
            one.part.owner for one in self.parts if one.part.kind is Kind.RULE and not any(one.tests.values())
        }
        return tuple(
            one
            for one in self.parts
            if one.lacking
            and (
                one.part.kind is Kind.RULE or (one.part.kind is Kind.CLAUSE and one.part.owner not in unseen)
            )
        )

    @property
    def never_given(self) -> tuple[Part, ...]:
        """The `otherwise` and `else` that answer no test. Where rules leave nothing open, none can."""
        return tuple(
            one.part for one in self.parts if one.part.kind in STATEMENTS and not one.tests[Side.TRUE]
        )

    @property
    def citations(self) -> tuple[Cited, ...]:
        """Every citation of a rule, a statement or a definition that is a condition, sorted."""
        found: dict[str, list[Covered]] = {}
        for one in self.parts:
            for citation in dict.fromkeys(one.part.cites):
                found.setdefault(citation, []).append(one)
        return tuple(Cited(citation, tuple(parts)) for citation, parts in sorted(found.items()))

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions in the order of their files; an empty name stands for what the whole rulebook shares."""
        return tuple(dict.fromkeys(one.part.owner.question for one in self.parts))
