"""What the page for people tells of a case: little of each record, and its place in the zip."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from server.export.reading import Kept, Whole

Columns = Mapping[str, str | int | bool | None]


@dataclass(frozen=True, slots=True)
class Happened:
    """An entry of the log, in plain."""

    path: str
    at: datetime
    kind: str
    event: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Declared:
    """A version of the declaration, with what is certified; None where it was erased."""

    folder: str
    version: str
    declared_at: str
    digest: str
    content: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision. `of_case` is false for what a request was answered without the case's taking it."""

    folder: str
    columns: Columns
    body: Mapping[str, Any] | None
    of_case: bool

    @property
    def question(self) -> str:
        """The question."""
        return str(self.columns["question"])


@dataclass(frozen=True, slots=True)
class Summary:
    """A decision in one line."""

    folder: str
    decided_at: str
    outcome: str
    on: str
    standing: str
    version: str
    of_case: bool


@dataclass(slots=True)
class Told:
    """All that the page tells. Of decisions only the latest for each question is kept whole."""

    whole: Whole
    decided: list[Summary] = field(default_factory=list)
    latest: dict[str, tuple[Decided, Mapping[str, Any] | None]] = field(default_factory=dict)
    facts: str | None = None
    declared: list[Declared] = field(default_factory=list)
    happened: list[Happened] = field(default_factory=list)
    certificates: list[tuple[str, Kept]] = field(default_factory=list)
    rulebooks: list[tuple[str, str, str, tuple[str, ...]]] = field(default_factory=list)
    """Folder, digest, name and files of each."""

    def add(self, decided: Decided, explanation: Mapping[str, Any] | None, facts: str | None) -> None:
        """Tells of a decision; they come in the log's order."""
        body = decided.body or {}
        on = body.get("on")
        day = f"{on['year']:04}-{on['month']:02}-{on['day']:02}" if on else ""
        standing = str(body.get("standing", "")).removeprefix("STANDING_").lower()
        said = {
            name: str(decided.columns[name] or "")
            for name in ("decided_at", "outcome", "declaration_version")
        }
        self.decided.append(
            Summary(
                decided.folder,
                said["decided_at"],
                said["outcome"],
                day,
                standing,
                said["declaration_version"],
                decided.of_case,
            )
        )
        if decided.of_case:
            self.latest[decided.question] = decided, explanation
            self.facts = facts or self.facts
