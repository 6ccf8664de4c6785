"""Where a server is killed: before and after every commit and every send on an order's way, also while it recovers."""

import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

When = Literal["within", "before commit", "after commit", "before send", "sent", "answered", "answer read"]
COMMIT: Final[tuple[When, ...]] = ("before commit", "after commit")
SEND: Final[tuple[When, ...]] = ("before send", "sent", "answered")
# What the server before it died of, for points that only a server comes to that finds something left open.
ANSWER_LOST: Final = "the answer lost"
NEVER_SENT: Final = "nothing sent"


@dataclass(frozen=True, slots=True)
class Point:
    """A step, a moment of it, and what was left open by a kill before it, or "" for new orders.

    Steps that commit: `transaction 1`, `begin sending`, `transaction 2`, `take over`, `plan again`; steps that send:
    `submit`, `keys`, `look up`. `sent`: all bytes have left; `answered`: the answer's first bytes are here.
    """

    step: str
    when: When
    left: str = ""

    def __str__(self) -> str:
        return f"{self.step}, {self.when}" + (f" ({self.left})" if self.left else "")


def _of(step: str, *moments: When, left: str = "") -> list[Point]:
    return [Point(step, when, left) for when in moments]


POINTS: Final = (
    *_of("transaction 1", "within", *COMMIT),
    *_of("begin sending", *COMMIT),
    *_of("submit", *SEND, "answer read"),
    *_of("keys", *SEND),
    *_of("transaction 2", "within", *COMMIT),
    *_of("take over", *COMMIT, left=ANSWER_LOST),
    *_of("look up", *SEND, "answer read", left=ANSWER_LOST),
    *_of("transaction 2", *COMMIT, left=ANSWER_LOST),
    *_of("plan again", *COMMIT, left=NEVER_SENT),
    *_of("begin sending", *COMMIT, left=NEVER_SENT),
    *_of("submit", *SEND, left=NEVER_SENT),
    *_of("transaction 2", *COMMIT, left=NEVER_SENT),
)

# What kills the first server where the point is one of the second.
BEFORE: Final = {
    ANSWER_LOST: Point("submit", "answered"),
    NEVER_SENT: Point("submit", "before send"),
}


def plan(runs: int, seed: int) -> list[Point]:
    """The points of so many runs: every point as often as any other, but for one, in an order by chance."""
    chance, planned = random.Random(seed), list[Point]()
    while len(planned) < runs:
        planned += chance.sample(POINTS, len(POINTS))
    return planned[:runs]


class Fuse:
    """A file that says at which passage of which point a server gets a signal; it is gone once that happened."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def set(self, point: Point, passage: int = 1, signal: str = "SIGKILL") -> None:
        """From now on the next server that comes by gets the signal."""
        draft = self.file.with_suffix(".draft")
        wanted = {"step": point.step, "when": point.when, "passage": passage, "signal": signal}
        draft.write_text(json.dumps(wanted), "utf-8")
        draft.replace(self.file)

    def clear(self) -> bool:
        """Nothing happens any more; whether it had happened."""
        happened = not self.file.exists()
        self.file.unlink(missing_ok=True)
        return happened
