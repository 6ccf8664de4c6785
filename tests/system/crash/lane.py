"""Runs: a few orders, a kill at a point on their way, and what stands in the books when all is over."""

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import grpc
from origingate.v1 import case_service_pb2

from tests.system.crash.books import Books, Held
from tests.system.crash.points import BEFORE, Fuse, Point
from tests.system.crash.victim import Nursery, Victim
from tests.system.processes import order, wait_for

Request = case_service_pb2.ProcessOrderRequest
Answer = case_service_pb2.ProcessOrderResponse

ORDERS: Final = 3
PATIENT: Final = 20.0
# Little more than what a server keeps to answer in: such a caller is told that the case is being verified.
IMPATIENT: Final = 0.3
SETTINGS: Final[dict[str, Any]] = {
    "attempt_timeout": 1.0,
    # A second more than sending needs: a busy machine is late now and then, and after three times an order waits for a call.
    "lease": 3.0,
    "settle": 0.4,
    "reconcile_every": 0.05,
    "grace": 1.0,
    "log_format": "json",
}


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run came to. `faults` is empty where everything held."""

    point: Point
    hit: bool
    acknowledged: int
    first: int
    later: int
    faults: tuple[str, ...]


class Lane:
    """Runs one after the other on one database; the server that ends a run begins the next."""

    def __init__(
        self, name: str, folder: Path, database: str, platform: tuple[str, Path], nursery: Nursery
    ) -> None:
        self._name = name
        self._folder = folder
        self._settings = {**SETTINGS, "database": database, "sandbox_url": platform[0]}
        self._nursery = nursery
        self.books = Books(database, platform[1])
        self._chance = random.Random(name)
        self._runs = 0
        self._server = self._begun()

    def run(self, point: Point) -> Ran:
        """One run. What was promised, and what has to hold at its end, is compared with the books."""
        self._runs += 1
        number = self._runs
        requests = [self._order(number, each) for each in range(ORDERS)]
        ids = [request.order.order_id for request in requests]
        first = BEFORE.get(point.left, point)
        passage = 1 if point.left or point.step == "keys" else self._chance.randint(1, ORDERS)
        done = self._order(number, ORDERS)
        acknowledged = self._sent([done])
        if point.step == "keys":
            # A server asks for them once.
            self._server.kill()
            self._server = self._begun()
        self._server.fuse.set(first, passage)
        acknowledged |= self._sent(requests, one=IMPATIENT)
        hit = self._dead(ids)
        if point.left:
            self._server = self._begun(point)
            hit = self._dead(ids) and hit
        self._server = self._begun()
        requests.append(done)
        last = self._sent(requests)
        self._wait(lambda: self.books.open(ids) == 0, ids)
        again = self._sent(requests)
        held = {request.request_id: self.books.held(request.order.order_id) for request in requests}
        faults = [*self._replayed(requests, last, again), *self._bought(held, again)]
        faults += self._kept(acknowledged, again)
        if self.books.requests(held) != len(requests):
            faults.append("a request is not recorded")
        generations = [len(each.attempts) for cases in held.values() for each in cases]
        return Ran(
            point, hit, len(acknowledged), generations.count(1), len(generations) - generations.count(1),
            tuple(f"run {self._name}-{number}, {point}: {fault}" for fault in faults),
        )  # fmt: skip

    def close(self) -> None:
        """Ends the lane's server."""
        self._server.kill()

    def _begun(self, point: Point | None = None) -> Victim:
        """A server that serves, or one that dies at a point, perhaps before it serves."""
        if point is not None:
            Fuse(self._folder / "fuse.json").set(point)
        return Victim(self._nursery, self._folder, **self._settings)

    def _order(self, number: int, each: int) -> Request:
        name = f"{self._name}-{number}-{each}"
        return order(order_id=name, request_id=f"request-{name}")

    def _sent(self, requests: list[Request], one: float = PATIENT) -> dict[str, Answer]:
        """What callers were answered who all send at once, one of them with a patience of its own.

        Those who were not answered are left out.
        """

        def send(request: Request) -> Answer | None:
            try:
                return self._server.process_order(request, one if request is requests[0] else PATIENT)
            except grpc.RpcError:
                return None

        with ThreadPoolExecutor(len(requests)) as callers:
            answers = list(callers.map(send, requests))
        return {
            request.request_id: answer
            for request, answer in zip(requests, answers, strict=True)
            if answer is not None
        }

    def _dead(self, ids: list[str]) -> bool:
        """Waits until the server is dead, or has nothing more to do for the orders; whether the fuse did it."""
        server = self._server
        self._wait(lambda: not server.alive or self.books.open(ids) == 0, ids)
        happened = server.fuse.clear()
        server.kill()
        return happened

    def _wait(self, true: Callable[[], bool], ids: list[str]) -> None:
        """Waits for the server; where it takes too long, says how the orders stand."""
        try:
            wait_for(true, log=self._server.log)
        except AssertionError as error:
            error.add_note("\n".join(f"{each}: {self.books.held(each)}" for each in ids))
            raise

    @staticmethod
    def _replayed(
        requests: list[Request], last: dict[str, Answer], again: dict[str, Answer]
    ) -> Iterator[str]:
        for request in requests:
            name = request.request_id
            if name not in again or name not in last:
                yield f"{name} was not answered by a server that serves"
            elif last[name].e_cert_id and last[name] != again[name]:
                yield f"{name} was answered otherwise the second time"

    def _bought(self, held: dict[str, list[Held]], answers: dict[str, Answer]) -> Iterator[str]:
        issued = self.books.issued()
        for name, cases in held.items():
            if len(cases) != 1:
                yield f"{name} has {len(cases)} cases"
                continue
            [case] = cases
            answer = answers.get(name, Answer())
            of_platform = [e_cert_id for digest in case.digests for e_cert_id in issued.get(digest, set())]
            expected = [(answer.e_cert_id, "ACTIVE")]
            if [(e_cert_id, "ACTIVE") for e_cert_id in of_platform] != expected:
                yield f"{case.name}: the platform issued {of_platform}, answered was {answer.e_cert_id!r}"
            if list(case.certificates) != expected:
                yield f"{case.name}: the store has {case.certificates}, answered was {answer.e_cert_id!r}"
            if ["ISSUED"] != [how for _, how in case.attempts if how != "RETRYABLE" and how != "NOT_SENT"]:
                yield f"{case.name}: attempts ended as {case.attempts}"
            if ("CERTIFIED", case.name) != (case.state, answer.case.name):
                yield f"{case.name} is {case.state}, answered was {answer.case.name}"
            if list(case.events) != list(range(1, case.version + 1)):
                yield f"{case.name}: events of versions {case.events}, and the case is at {case.version}"

    @staticmethod
    def _kept(acknowledged: dict[str, Answer], now: dict[str, Answer]) -> Iterator[str]:
        for name, before in acknowledged.items():
            after = now.get(name, Answer())
            if before.case.name != after.case.name or before.case.version > after.case.version:
                yield f"{name}: {before.case.name} was acknowledged, and now it is {after.case.name!r}"
            if before.e_cert_id and before.e_cert_id != after.e_cert_id:
                yield f"{name}: {before.e_cert_id} was acknowledged, and now it is {after.e_cert_id!r}"


@contextmanager
def closing(lanes: list[Lane]) -> Iterator[None]:
    """Ends all lanes, whatever happens."""
    try:
        yield
    finally:
        for lane in lanes:
            lane.close()


def run_all(lanes: list[Lane], points: list[Point], told: Callable[[Ran], None]) -> list[Ran]:
    """One run for each point, side by side in the lanes; `told` hears of each as it ends."""

    def runs(index: int) -> list[Ran]:
        done = []
        for number in range(index, len(points), len(lanes)):
            done.append(lanes[index].run(points[number]))
            told(done[-1])
        return done

    with ThreadPoolExecutor(len(lanes)) as side_by_side:
        return [ran for done in side_by_side.map(runs, range(len(lanes))) for ran in done]
