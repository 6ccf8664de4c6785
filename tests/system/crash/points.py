"""Where a server is killed: before and after every commit and every send, also while it recovers from a kill before."""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

When = Literal["within", "before commit", "after commit", "before send", "sent", "answered", "answer read"]
COMMIT: Final[tuple[When, ...]] = ("before commit", "after commit")
SEND: Final[tuple[When, ...]] = ("before send", "sent", "answered")

# What became of a server before, for points that only one comes to that finds something left open.
ANSWER_LOST: Final = "the answer lost"
NEVER_SENT: Final = "nothing sent"
REPLACE_LOST: Final = "a replacement's answer lost"
NOT_REPLACED: Final = "no replacement sent"
VOID_PLANNED: Final = "a void planned"
VOID_LOST: Final = "a void's answer lost"
IN_ORDER: Final = "stopped in order"
STARTS: Final = "as it starts"
STOOD_STILL: Final = "it stood still with the mark"


@dataclass(frozen=True, slots=True)
class Point:
    """A step, a moment of it, what was left open before, or "" for nothing, and the story that leads there.

    Steps are named in `steps.py`. A commit also goes by what it told the log, e.g. `outcome: ADOPT`, and by `nothing`
    where it told it nothing and came to nothing. `sent`: all bytes have left; `answered`: the answer's first bytes are
    here.
    """

    step: str
    when: When
    left: str = ""
    story: str = "certified"

    def __str__(self) -> str:
        told = ", ".join(([self.left] if self.left else []) + [self.story])
        return f"{self.step}, {self.when} ({told})"

    @property
    def name(self) -> str:
        """The step, without what it told."""
        return self.step.partition(":")[0]

    @property
    def lingers(self) -> float:
        """For how many seconds the point may still be passed when everybody is answered."""
        return 8.0 if self.name in _BY_ITSELF else 0.0


# What nobody waits for.
_BY_ITSELF: Final = frozenset({"sweep", "sweep again", "sweep later", "late certificate", "deliver",
                               "take cursor", "record cursor", "bury"})  # fmt: skip


def _of(step: str, *moments: When, left: str = "", story: str = "certified") -> list[Point]:
    return [Point(step, when, left, story) for when in moments]


POINTS: Final = (
    *_of("order: SUBMIT", "within", *COMMIT),
    *_of("submit", *SEND, "answer read"),
    *_of("keys", *SEND, left=STARTS),
    *_of("outcome: ADOPT", "within", *COMMIT),
    *_of("take over", *COMMIT, left=ANSWER_LOST),
    *_of("look up", *SEND, "answer read", left=ANSWER_LOST),
    *_of("outcome: ADOPT", *COMMIT, left=ANSWER_LOST),
    *_of("plan again", *COMMIT, left=NEVER_SENT),
    *_of("begin sending", *COMMIT, left=NEVER_SENT),
    *_of("submit", *SEND, left=NEVER_SENT),
    *_of("outcome: ADOPT", *COMMIT, left=NEVER_SENT),
    *_of("plan again late", *COMMIT, left=STOOD_STILL),
    # Stage by stage.
    *_of("inquire", *COMMIT, story="staged"),
    *_of("place", *COMMIT, story="staged"),
    *_of("declare: DECLARE", *COMMIT, story="staged"),
    *_of("certify: SUBMIT", "within", *COMMIT, story="staged"),
    *_of("decide", *COMMIT, story="staged"),
    *_of("hand off: HAND_OFF", *COMMIT, story="staged"),
    *_of("status", *SEND, "answer read", story="staged"),
    *_of("order: PLACE", *COMMIT, story="undeclared"),
    *_of("compare", *COMMIT, story="compared"),
    *_of("screen", *COMMIT, story="screened"),
    # What is not wanted any more.
    *_of("cancel: CANCEL", "within", *COMMIT, story="cancelled"),
    *_of("take voids", *COMMIT, story="cancelled"),
    *_of("void", *SEND, "answer read", story="cancelled"),
    *_of("void confirmed: CLEAR", "within", *COMMIT, story="cancelled"),
    *_of("take voids", *COMMIT, left=VOID_PLANNED, story="cancelled"),
    *_of("void", *SEND, left=VOID_PLANNED, story="cancelled"),
    *_of("void confirmed: CLEAR", *COMMIT, left=VOID_LOST, story="cancelled"),
    *_of("cancel: CANCEL", *COMMIT, story="cancelled early"),
    # Superseded in one step, and where the platform does not take that one.
    *_of("supersede: SUPERSEDE", "within", *COMMIT, story="superseded"),
    *_of("replace", *SEND, "answer read", story="superseded"),
    *_of("status", *SEND, story="superseded"),
    *_of("look up", *SEND, left=REPLACE_LOST, story="superseded"),
    *_of("outcome: ADOPT", *COMMIT, left=REPLACE_LOST, story="superseded"),
    *_of("plan again", *COMMIT, left=NOT_REPLACED, story="superseded"),
    *_of("begin sending", *COMMIT, left=NOT_REPLACED, story="superseded"),
    *_of("replace", *SEND, left=NOT_REPLACED, story="superseded"),
    *_of("replace", *SEND, story="not replaced"),
    *_of("void", *SEND, story="not replaced"),
    *_of("void confirmed: CLEAR", *COMMIT, story="not replaced"),
    *_of("certify: SUBMIT", *COMMIT, story="not replaced"),
    *_of("void again", *COMMIT, story="voided late"),
    *_of("void confirmed: CLEAR", *COMMIT, story="voided late"),
    *_of("void stuck: ESCALATE", *COMMIT, story="void stuck"),
    *_of("retry", *COMMIT, story="void stuck"),
    # What platforms say besides.
    *_of("outcome: REJECT", *COMMIT, story="rejected"),
    *_of("outcome: nothing", *COMMIT, story="promise broken"),
    *_of("outcome: LOSE", *COMMIT, left=ANSWER_LOST, story="nothing told"),
    *_of("outcome: nothing", *COMMIT, left=ANSWER_LOST, story="nothing told"),
    *_of("record status: REVOKE", *COMMIT, story="revoked"),
    # Under a blanket certificate.
    *_of("order: COVER", "within", *COMMIT, story="covered"),
    *_of("warn: WARN", *COMMIT, story="covered"),
    *_of("tell covered: REVOKE", *COMMIT, story="covered"),
    # In a person's hands.
    *_of("outcome: ESCALATE", *COMMIT, story="unproved"),
    *_of("mark void: CLEAR", *COMMIT, story="unproved"),
    *_of("promise broken: ESCALATE", *COMMIT, story="promise broken"),
    *_of("adopt: ADOPT", *COMMIT, story="promise broken"),
    *_of("retry: SUBMIT", *COMMIT, story="refused"),
    *_of("hold", *COMMIT, story="erased"),
    *_of("release", *COMMIT, story="erased"),
    *_of("erase", "within", *COMMIT, story="erased"),
    # References that came to nothing.
    *_of("sweep", *SEND, left=NEVER_SENT),
    *_of("sweep again", *COMMIT, left=NEVER_SENT),
    *_of("late certificate", *COMMIT, left=NEVER_SENT, story="late"),
    *_of("sweep later", *COMMIT, left=NEVER_SENT, story="late, not decided"),
    # Webhooks, and the server's start and end.
    *_of("begin key", *COMMIT, left=STARTS),
    *_of("open cursor", *COMMIT, left=STARTS),
    # Whoever holds the cursor makes the lease last longer as it records: it is taken once.
    *_of("take cursor", *COMMIT, left=STARTS),
    *_of("deliver", *SEND, "answer read"),
    *_of("record cursor", *COMMIT),
    *_of("bury", *COMMIT, story="not taken"),
    *_of("release cursor", *COMMIT, left=IN_ORDER),
)

# What happens once to a database, before there are orders: its schema, and the first rulebook that is active.
FIRST_START: Final = (*_of("upgrade", *COMMIT, left=STARTS), *_of("keep rulebook", *COMMIT, left=STARTS))

# Where the server before gets a signal, where the point is one of what comes after.
BEFORE: Final[Mapping[str, tuple[Point, str]]] = MappingProxyType(
    {
        ANSWER_LOST: (Point("submit", "answered"), "SIGKILL"),
        NEVER_SENT: (Point("submit", "before send"), "SIGKILL"),
        REPLACE_LOST: (Point("replace", "answered"), "SIGKILL"),
        NOT_REPLACED: (Point("replace", "before send"), "SIGKILL"),
        VOID_PLANNED: (Point("cancel: CANCEL", "after commit"), "SIGKILL"),
        VOID_LOST: (Point("void", "answered"), "SIGKILL"),
        STOOD_STILL: (Point("order: SUBMIT", "after commit"), "SIGSTOP"),
    }
)


def plan(runs: int, seed: int) -> list[Point]:
    """The points of so many runs: every point as often as any other, but for one, in an order by chance."""
    chance, planned = random.Random(seed), list[Point]()
    while len(planned) < runs:
        planned += chance.sample(POINTS, len(POINTS))
    return planned[:runs]


def turn(number: int, count: int) -> list[Point]:
    """So many points for a short run: one turn after another takes all of them, and turns that follow share none."""
    points = random.Random(0).sample(POINTS, len(POINTS))
    first = number * count % len(points)
    return (points + points)[first : first + count]


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
