"""A server's workflow in one process, on a real store, with a clock that moves when a test says so."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copyfile
from typing import Any

from google.protobuf import json_format
from origingate.v1 import case_service_pb2

from engine.case import AttemptState
from engine.platform import Platform
from engine.rulebook import Rulebook
from server.our_records import OurRecords
from server.platforms import Platforms
from server.sites import SiteRecord, Sites
from server.store import Store
from server.wire.json_text import text_of
from server.wire.requests import read
from server.wire.texts import texts_of
from server.workflow.answering import Answer
from server.workflow.casework import CaseView, view_by_name
from server.workflow.deciding import Deciding
from server.workflow.intake import Intake, take_in, take_in_under
from server.workflow.ledger_ends import LedgerPace
from server.workflow.patience import Patience
from server.workflow.requesting import Request
from server.workflow.screening import Screening
from server.workflow.workflow import Pace, put_together
from tests.server.store.samples import MASTER

EXAMPLES = Path(__file__).resolve().parents[3] / "examples" / "orders"
TENANT = "dev"
PATIENCE = Patience(attempt=timedelta(seconds=2), lease=timedelta(seconds=10), settle=timedelta(seconds=5))
STATUS_AGE = timedelta(minutes=5)
LEDGERS = LedgerPace(warn_before=timedelta(days=30), status_age=timedelta(hours=1))

Change = Callable[[case_service_pb2.ProcessOrderRequest], Any]


class Clock:
    """The moment, which passes only when a test lets it pass."""

    def __init__(self) -> None:
        self.now = datetime(2026, 7, 10, 12, tzinfo=UTC)
        # Called whenever somebody looks at the clock; a transaction does when it begins.
        self.looked_at: Callable[[], None] = lambda: None

    def __call__(self) -> datetime:
        self.looked_at()
        return self.now

    def passes(self, seconds: float) -> None:
        """Lets time pass."""
        self.now += timedelta(seconds=seconds)


def sites(
    *platforms: str, kind: str | None = "B2B_INDEPENDENT", integration: str | None = "CONNECTED"
) -> Sites:
    """Our records of the one site that the examples name first."""
    record = SiteRecord(TENANT, "aceros-shop", kind, integration, platforms)
    return Sites({(TENANT, "aceros-shop"): record})


def as_it_is(request: case_service_pb2.ProcessOrderRequest) -> None:
    """No change."""


def order(
    request_id: str = "request-1", name: str = "01-eligible", change: Change = as_it_is
) -> case_service_pb2.ProcessOrderRequest:
    """An example order, changed."""
    text = (EXAMPLES / f"{name}.json").read_text("utf-8")
    request = json_format.Parse(text, case_service_pb2.ProcessOrderRequest())
    request.request_id = request_id
    change(request)
    return request


def without_declaration(request: case_service_pb2.ProcessOrderRequest) -> None:
    """The order as it is before anything is declared."""
    request.ClearField("declaration")


def without_declaration_of(
    request: case_service_pb2.ProcessOrderRequest,
) -> case_service_pb2.ProcessOrderRequest:
    """The request, without its declaration."""
    without_declaration(request)
    return request


def to_canada(request: case_service_pb2.ProcessOrderRequest) -> None:
    """A change that no certificate certifies, and that changes the answer."""
    request.order.destination = "CA"


def more_of_it(request: case_service_pb2.ProcessOrderRequest) -> None:
    """A change of what is certified."""
    request.order.lines.items[1].quantity.value = "40"


class House:
    """One server: everything but its border. `restarted` is the same server after a crash, on the same records."""

    def __init__(
        self,
        store: Store,
        rulebook: Rulebook,
        clock: Clock,
        platforms: tuple[Platform, ...],
        records: Sites | None = None,
        patience: Patience = PATIENCE,
        owner: str = "first",
        every: float = 0.01,
    ) -> None:
        self.store = store
        self.clock = clock
        self.platforms = Platforms(platforms)
        self.deciding = Deciding(rulebook, clock)
        self.records = OurRecords(records or sites(*(platform.name for platform in platforms)))
        pace = Pace(patience, STATUS_AGE, 0.5, reconcile_every=every, ledgers=LEDGERS)
        workflow = put_together(store, self.deciding, self.records, self.platforms, pace, owner)
        self.tasks = workflow.tasks
        self.attempting = workflow.attempting
        self.statuses = workflow.statuses
        self.reconciler = workflow.reconciler
        self.processing = workflow.processing
        self.stages = workflow.stages
        self.ending = workflow.ending
        self.operating = workflow.operating
        self.covering = workflow.covering
        self.ledgers = workflow.ledgers
        self.erasing = workflow.erasing
        self.noticing = workflow.noticing
        self.screening = Screening(
            store, self.deciding, workflow.shelf, self.records, self.statuses, record=True
        )

    async def restarted(self, owner: str = "second", records: Sites | None = None) -> "House":
        """Another process on the same records, after this one died."""
        await self.tasks.finish(0)
        return House(
            self.store,
            self.deciding.rulebook,
            self.clock,
            tuple(filter(None, map(self.platforms.find, self.platforms.names))),
            records,
            self.attempting.patience,
            owner,
        )

    def intake(self, request: case_service_pb2.ProcessOrderRequest) -> Intake:
        """The request as the service takes it in."""
        facts = read(request).facts
        return take_in(TENANT, "tester", request.request_id, texts_of(request), facts, self.records)

    async def process(self, request: case_service_pb2.ProcessOrderRequest, wait: float = 10) -> Answer:
        """ProcessOrder."""
        asked = read(request)
        if asked.use is None:
            return await self.processing.process(self.intake(request), wait)
        use = await self.covering.use(TENANT, asked.use)
        texts = texts_of(request)
        intake = take_in_under(TENANT, "tester", request.request_id, texts, asked.facts, self.records, use)
        return await self.processing.process(intake, wait)

    async def inquire(self, request: case_service_pb2.ProcessOrderRequest) -> Answer:
        """OpenInquiry."""
        return await self.stages.open_inquiry(self.intake(request))

    async def place(self, request: case_service_pb2.ProcessOrderRequest) -> Answer:
        """PlaceOrder."""
        return await self.stages.place_order(self.intake(without_declaration_of(request)))

    async def declare(
        self,
        name: str,
        request: case_service_pb2.ProcessOrderRequest,
        *,
        with_order: bool = False,
        supersede: bool = False,
        wait: float = 10,
    ) -> Answer:
        """Declare, for the case of that name, with the declaration of an example and, where wanted, its order."""
        declaration = text_of(request.declaration)
        order = text_of(request.order) if with_order else None
        asked = self.asked(
            "Declare", request.request_id, name, declaration=declaration, order=order, supersede=supersede
        )
        return await self.stages.declare(asked, name, declaration, order, supersede, wait)

    async def certify(self, name: str, request_id: str = "certify-1", wait: float = 10) -> Answer:
        """Certify."""
        return await self.stages.certify(self.asked("Certify", request_id, name), name, wait)

    async def certify_under(self, name: str, e_cert_id: str, request_id: str = "certify-1") -> Answer:
        """Certify with `use`."""
        use = await self.covering.use(TENANT, {"e_cert_id": e_cert_id})
        return await self.stages.certify_under(
            self.asked("Certify", request_id, name, **use.said), name, use, 10
        )

    async def decide(self, name: str, request_id: str = "decide-1") -> Answer:
        """DecideCase."""
        return await self.ending.decide(self.asked("DecideCase", request_id, name), name)

    async def hand_off(self, name: str, request_id: str = "hand-off-1") -> tuple[Answer, bool]:
        """HandOff."""
        return await self.ending.hand_off(self.asked("HandOff", request_id, name), name)

    async def cancel(self, name: str, request_id: str = "cancel-1", wait: float = 10) -> CaseView:
        """Cancel."""
        asked = self.asked("Cancel", request_id, name)
        return await self.ending.cancel(asked, name, "not wanted any more", wait)

    def asked(self, method: str, request_id: str, name: str, **said: object) -> Request:
        """A request about a case that is named."""
        return Request.of(TENANT, "tester", request_id, method, {"name": name, **said})

    async def begun(self, request: case_service_pb2.ProcessOrderRequest) -> CaseView:
        """ProcessOrder for a caller who waits for no platform: the case once the platform's first answer is recorded."""
        answer = await self.process(request, wait=0)
        await self.quiet()
        return await self.case(answer.view.case.name)

    async def case(self, name: str) -> CaseView:
        """The case as our records have it."""
        view = await self.store.read(lambda c: view_by_name(c, TENANT, name))
        assert view is not None
        return view

    async def reconciled(self, seconds: float = 0) -> int:
        """One look of the reconciler, some time later."""
        self.clock.passes(seconds)
        return await self.reconciler.once()

    async def quiet(self) -> None:
        """Waits until all that goes on in the background has ended."""
        await self.tasks.finish(10)


def outcomes(answer: Answer) -> dict[str, str]:
    """What each question was answered."""
    return {question: outcome_of(body) for question, body in answer.decisions.items()}


def outcome_of(body: str) -> str:
    """The outcome of a decision as it is kept."""
    outcome: str = json.loads(body)["outcome"]
    return outcome


def states(view: CaseView) -> list[AttemptState]:
    """What became of each attempt, oldest first."""
    return [attempt.state for attempt in view.attempts]


@contextmanager
def opened(empty: Path, folder: Path, clock: Clock) -> Iterator[Store]:
    """A store of its own for a test; `empty` is one whose schema is there already."""
    copyfile(empty, folder / "origingate.db")
    store = Store.open(f"sqlite:///{folder}/origingate.db", clock, MASTER)
    try:
        yield store
    finally:
        store.close()


async def turns(count: int = 20) -> None:
    """Lets other tasks run."""
    for _ in range(count):
        await asyncio.sleep(0)
