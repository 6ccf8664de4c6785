"""Runs: a few orders, a kill at a point on their way, and what stands in the books when all is over."""

import json
import random
import signal
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.system.crash.books import Books
from tests.system.crash.judging import delivered, repeated, standing
from tests.system.crash.platform import Platform
from tests.system.crash.points import BEFORE, IN_ORDER, STARTS, STOOD_STILL, Fuse, Point
from tests.system.crash.stories import STORIES, Story
from tests.system.crash.teller import Meeting, Teller
from tests.system.crash.victim import Nursery, Victim
from tests.system.hooks import Hooks
from tests.system.processes import origingate, wait_for

ORDERS: Final = 3
# For how long an order may take that has been killed twice; a busy machine is slow.
LONGEST: Final = 100.0
SETTLES: Final = 15.0
SETTINGS: Final[dict[str, Any]] = {
    "attempt_timeout": 1.0,
    # A second more than sending needs: a busy machine is late now and then, and after three times an order waits for a call.
    "lease": 3.0,
    "settle": 0.4,
    "reconcile_every": 0.05,
    "grace": 1.0,
    "log_format": "json",
    # Whatever the day is, the end of the blanket period is near.
    "ledger_warning_days": 366,
}
# For how many seconds a server stands still: past the time to send.
STILL: Final = {STOOD_STILL: 2.2}
# Commits that are of several orders at once.
_TOGETHER: Final = frozenset({"take voids", "take cursor", "record cursor", "bury", "deliver"})


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run came to. `faults` is empty where everything held.

    `answered`: calls that were answered before the last server began; `later`: orders with a later attempt than the first.
    """

    point: Point
    hit: bool
    calls: int
    answered: int
    later: int
    faults: tuple[str, ...]


class Lane:
    """Runs one after the other on one database and one platform; the server that ends a run begins the next.

    Its servers listen on a `host` of its own: who calls a dead one again must not come to a server of another lane, which
    happened to get its port.
    """

    def __init__(
        self,
        name: str,
        host: str,
        folder: Path,
        database: str,
        platform: Platform,
        nursery: Nursery,
        hooks: Hooks,
    ) -> None:
        self.name = name
        self.platform = platform
        self.books = Books(database, platform.folder)
        self._host = host
        self._folder = folder
        self._database = database
        self._nursery = nursery
        self._hooks = hooks
        self._chance = random.Random(name)
        self._runs = 0
        self._end = 0.0
        self._meeting = Meeting(ORDERS)
        self._dead_servers: list[Victim] = []
        self.server = self._begun()

    @property
    def over(self) -> bool:
        """Whether the run has lasted too long."""
        return time.monotonic() > self._end

    def meet(self, then: Callable[[], None] | None = None) -> None:
        """Waits for all tellers of the run; `then` is done once, when all are here."""
        self._meeting.meet(then)

    def run(self, point: Point) -> Ran:
        """One run. What was promised, and what has to hold at its end, is compared with the books."""
        self._runs += 1
        self._end = time.monotonic() + LONGEST
        self._meeting = Meeting(ORDERS)
        story = STORIES[point.story]
        tellers = [Teller(self, f"{self.name}-{self._runs}-{each}", each == 0) for each in range(ORDERS)]
        self._hooks.answer = _second_refused if point.story == "not taken" else _taken
        if story.platform is not None:
            story.platform(self.platform)
        if point.left == STARTS:
            self._dies()
            self.server = self._begun(point)
        elif point.left in BEFORE:
            self.server.fuse.set(BEFORE[point.left][0], signal=BEFORE[point.left][1])
        elif point.left != IN_ORDER:
            self.server.fuse.set(point, 1 if point.name in _TOGETHER else self._chance.randint(1, ORDERS))
        with ThreadPoolExecutor(ORDERS) as system:
            told = [system.submit(self._told, story, teller) for teller in tellers]
            hit = self._killed(point, told)
            answered = sum(len(teller.asked) for teller in tellers)
            self.server = self._begun()
            faults = [fault for future in told if (fault := future.result()) is not None]
        while self._dead_servers:
            self._dead_servers.pop().kill()
        self.platform.mend()
        self._hooks.answer = _taken
        faults += self._faults(story, tellers) if not faults else []
        cases = [case for teller in tellers for case in self.books.held(teller.name)]
        return Ran(
            point, hit, sum(len(teller.asked) for teller in tellers), answered,
            sum(any(one.generation > 1 for one in case.tried) for case in cases),
            tuple(f"run {self.name}-{self._runs}, {point}: {fault}" for fault in faults),
        )  # fmt: skip

    def close(self) -> None:
        """Ends the lane's server."""
        self.server.kill()

    def webhooks(self) -> list[str]:
        """What is wrong with what the order system was told, once dead letters were sent again."""
        if self.books.dead_letters():
            assert 0 == origingate("webhook", "retry", "--all", "--database", self._database).returncode
        with suppress(AssertionError):
            # What is missing then is told below.
            wait_for(
                lambda: set(self.books.events()) <= set(self._hooks.first()) and not self.books.dead_letters()
            )
        return [f"{self.name}: {fault}" for fault in delivered(self._hooks, self.books)]

    def _killed(self, point: Point, told: list["Future[str | None]"]) -> bool:
        """Waits until the point has killed a server, or nothing leads there any more; whether it did."""
        if point.left in STILL:
            return self._stood_still(point, told)
        if point.left == IN_ORDER:
            return self._stopped(point, told)
        first = BEFORE[point.left][0] if point.left in BEFORE else point
        hit = self._dead(first, told)
        if point.left in BEFORE:
            self.server = self._begun(point)
            hit = self._dead(point, told) and hit
        return hit

    def _dead(self, point: Point, told: list["Future[str | None]"]) -> bool:
        self._wait(point, told)
        happened = self.server.fuse.clear()
        self._dies()
        return happened

    def _dies(self) -> None:
        self.server.die()
        self._dead_servers.append(self.server)

    def _wait(self, point: Point, told: list["Future[str | None]"]) -> None:
        """Waits until the server is dead, or the point is not passed any more."""
        quiet: float | None = None
        while self.server.alive and not self.over:
            if not all(future.done() for future in told):
                quiet = None
            elif quiet is None:
                quiet = time.monotonic()
            elif time.monotonic() - quiet > point.lingers:
                return
            time.sleep(0.02)

    def _stood_still(self, point: Point, told: list["Future[str | None]"]) -> bool:
        fuse = self.server.fuse
        while fuse.file.exists() and not self.over:
            time.sleep(0.01)
        fuse.set(point)
        time.sleep(STILL[point.left])
        self.server.signal(signal.SIGCONT)
        return self._dead(point, told)

    def _stopped(self, point: Point, told: list["Future[str | None]"]) -> bool:
        due = len(self._hooks.told) + 1
        while not (all(future.done() for future in told) and len(self._hooks.told) >= due) and not self.over:
            time.sleep(0.02)
        self.server.fuse.set(point)
        self.server.signal(signal.SIGTERM)
        wait_for(lambda: not self.server.alive, log=self.server.log)
        happened = self.server.fuse.clear()
        self._dies()
        return happened

    def _told(self, story: Story, teller: Teller) -> str | None:
        """Tells an order to its end; what went wrong."""
        try:
            story.tell(teller)
        except Exception as error:
            self._meeting.end()
            return f"{teller.name}: {error!r}"
        return None

    def _faults(self, story: Story, tellers: list[Teller]) -> list[str]:
        """What does not hold, also after what goes on by itself has had its time."""
        end = time.monotonic() + SETTLES
        while True:
            faults = [fault for teller in tellers for fault in standing(teller, story, self.books)]
            if not faults and not self.books.under_way(teller.name for teller in tellers):
                break
            if time.monotonic() > end:
                return faults or ["it goes on"]
            time.sleep(0.05)
        return [fault for teller in tellers for fault in repeated(teller, self.server, self.books)]

    def _begun(self, point: Point | None = None) -> Victim:
        """A server that serves, or one that dies at a point, perhaps before it serves."""
        if point is not None:
            Fuse(self._folder / "fuse.json").set(point)
        endpoint = {
            "endpoint": "orders", "tenant": "dev", "url": f"http://127.0.0.1:{self._hooks.port}/orders",
            "secret_env": "ORDERS_SECRET", "begin": "beginning", "timeout": 0.5, "longest_pause": 0.2,
        }  # fmt: skip
        endpoints = [endpoint]
        if point is not None and point.name == "open cursor":
            endpoints.append(endpoint | {"endpoint": f"more-{self._runs}", "begin": "now"})
        file = self._folder / "webhooks.yaml"
        file.write_text(json.dumps({"webhooks": endpoints}), "utf-8")  # JSON is YAML
        settings = {
            **SETTINGS,
            "listen": f"{self._host}:0",
            "database": self._database,
            "sandbox_url": self.platform.url,
            "webhooks": str(file),
        }
        return Victim(self._nursery, self._folder, **settings)


def _taken(_body: dict[str, Any]) -> int:
    return 200


def _second_refused(body: dict[str, Any]) -> int:
    return 422 if body["data"]["version"] == 2 else 200
