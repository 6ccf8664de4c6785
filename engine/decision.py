"""The answer to one question, with all that it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from engine.rulebook.model import Citation
from engine.rulebook.standing import Standing


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule that fired says. `place` is the list element it is about, empty for the whole.

    `values` are texts by name; a value that cannot be told yet is left out. `remedy` may be empty.
    """

    rule: str
    reason: str
    outcome: str
    because: str
    remedy: str
    cites: tuple[Citation, ...]
    place: str
    values: Mapping[str, str]
    standing: Standing


@dataclass(frozen=True, slots=True, order=True)
class Incurable:
    """A rule that stays unknown whatever facts are given, and why, e.g. "divide_by_zero".

    A rule of a question inside is named with that question: "scope:no-lines".
    """

    rule: str
    place: str
    code: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to one question. Same rulebook, facts, day and standings: the same decision, bit for bit.

    `possible` has the outcomes that are still possible, strongest first; exactly one when determined, and
    then `missing` is empty. `favourable` is YES, NO or UNKNOWN over `possible`; None where the question has
    no favourable outcomes. `findings` come strongest outcome first, then by rule, then by place; `otherwise`
    is what the question's `otherwise` or `else` says, where that decided. `asserted` says of each fact that
    was given and that the question can read who stated it. `advisory` is the decision as it would be with all
    standings, where rules of other standings exist. `inner` are the decisions of the questions that this one
    uses.
    """

    question: str
    outcome: str
    possible: tuple[str, ...]
    favourable: str | None
    findings: tuple[Finding, ...]
    otherwise: Finding | None
    missing: tuple[str, ...]
    incurable: tuple[Incurable, ...]
    standing: Standing
    rulebook: str
    rulebook_digest: str
    facts_digest: str
    on: date
    enforce: tuple[Standing, ...]
    language_version: str
    reference_data: str
    asserted: tuple[tuple[str, str], ...]
    advisory: Decision | None = None
    inner: tuple[Decision, ...] = field(default=())

    @property
    def because(self) -> str:
        """Why, in one sentence, where no rule fired; empty where findings say it."""
        return self.otherwise.because if self.otherwise else ""
