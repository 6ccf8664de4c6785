"""What a trial of rule files found, as a record of texts: for the database, other processes, and who asks."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Final, Self

from engine.rulebook import Problem

MOST_SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class Shown:
    """A problem, a test that failed or an answer on which the evaluators differ: where it stands, and all of its text.

    `line` and `column` are 0 where it has no such place.
    """

    file: str
    line: int
    column: int
    code: str
    text: str

    @classmethod
    def problem(cls, problem: Problem, text: str) -> Self:
        """A problem as people see it."""
        return cls(problem.file, problem.line, problem.column, problem.code, text)


@dataclass(frozen=True, slots=True)
class Report:
    """What became of rule files. They are accepted where nothing stands against them.

    `against` has at most 100 of `faults`. `opinion` says what came of the second opinion: AGREES, DIFFERS, FAILED,
    NOT_ASKED, or ABSENT where durable-rules is not here.
    """

    name: str = ""
    digest: str = ""
    faults: int = 0
    against: tuple[Shown, ...] = ()
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    opinion: str = "NOT_ASKED"
    compared: int = 0

    @property
    def accepted(self) -> bool:
        """Whether they may be served."""
        return bool(self.digest) and not self.faults

    def but(self, found: Iterable[Shown]) -> Self:
        """The report, with more that stands against the files."""
        more = tuple(found)
        return replace(self, faults=self.faults + len(more), against=(*self.against, *more)[:MOST_SHOWN])

    def text(self) -> str:
        """The report as it is kept."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def read(cls, text: str) -> Self:
        """A report that was kept."""
        said = json.loads(text)
        return cls(**{**said, "against": tuple(Shown(**each) for each in said["against"])})

    @classmethod
    def refused(cls, code: str, file: str, because: str) -> Self:
        """The report of files that could not even be read."""
        return cls().but([Shown(file, 0, 0, code, because)])
