"""An order system with one order: it says one thing after the other, each until it is answered, whatever server serves."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

import grpc
from origingate.v1 import (
    case_pb2,
    case_service_pb2,
    operator_service_pb2,
    operator_service_pb2_grpc,
    screening_service_pb2,
)

from tests.system.blanket import blanket, under
from tests.system.crash.books import Books, Held
from tests.system.crash.platform import Platform
from tests.system.processes import Server, order

PATIENT: Final = 20.0
# Little more than what a server keeps to answer in: such a caller is told that the case is being verified.
IMPATIENT: Final = 0.3
PAUSE: Final = 0.05
# What a caller hears of a server that dies, is dead, or is slow.
AWAY: Final = (
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.CANCELLED,
)
REASON: Final = "a crash run"


class TooLong(Exception):
    """The order was not brought to its end in time; says how it stands."""


class Place(Protocol):
    """Where a teller tells: the server that serves now, and what is behind it."""

    books: Books
    platform: Platform

    @property
    def server(self) -> Server:
        """The one that serves now, or did a moment ago."""

    @property
    def over(self) -> bool:
        """Whether it has lasted too long."""

    def meet(self, then: Callable[[], None] | None = None) -> None:
        """Waits for all tellers of the run; `then` is done once, when all are here."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was said, and the first answer that came."""

    method: str
    request: Any
    answer: Any


class Teller:
    """Tells one order. Every call is repeated under its request_id until it is answered."""

    def __init__(self, place: Place, name: str, impatient: bool = False) -> None:
        self.name = name
        self.place = place
        self.asked: list[Said] = []
        self._impatient = impatient
        self._full = order(order_id=name)
        self._case = ""

    @property
    def held(self) -> Held:
        """The order's case as it stands in the books."""
        [held] = self.place.books.held(self.name)
        return held

    def process(self, part: str = "a", declared: bool = True, quantity: str | None = None) -> Any:
        """The order in one call."""
        said = self._changed(quantity)
        request = case_service_pb2.ProcessOrderRequest(
            request_id=self._id(part), site=said.site, order=said.order
        )
        if declared:
            request.declaration.CopyFrom(said.declaration)
        return self._say("ProcessOrder", request)

    def process_blanket(self, part: str = "a") -> Any:
        """An order that gets a blanket certificate."""
        return self._say("ProcessOrder", blanket(self.name, self._id(part), goods=self.name))

    def under(self, e_cert_id: str, part: str) -> Any:
        """Another order, to stand under that certificate: the case as it is answered."""
        request = under(e_cert_id, f"{self.name}-{part}", self._id(part), goods=self.name)
        return self.call("ProcessOrder", request).case

    def ledger(self, e_cert_id: str) -> Any:
        """The ledger of a certificate in force, as operators see it; None where there is none."""
        listed = self.call("ListLedgers", operator_service_pb2.ListLedgersRequest(page_size=500))
        return next((one for one in listed.ledgers if one.e_cert_id == e_cert_id), None)

    def inquire(self, part: str) -> Any:
        """Little of the order, as an inquiry."""
        request = case_service_pb2.OpenInquiryRequest(request_id=self._id(part), site=self._full.site)
        request.order.order_id = self.name
        return self._say("OpenInquiry", request)

    def place_order(self, part: str) -> Any:
        """The order without its declaration."""
        return self._say(
            "PlaceOrder",
            case_service_pb2.PlaceOrderRequest(
                request_id=self._id(part), site=self._full.site, order=self._full.order
            ),
        )

    def declare(self, part: str, quantity: str | None = None) -> Any:
        """Its declaration; with a quantity another one, which takes the place of what is certified."""
        said = self._changed(quantity)
        request = case_service_pb2.DeclareRequest(
            request_id=self._id(part), name=self._case, declaration=said.declaration, order=said.order,
            supersede=quantity is not None,
        )  # fmt: skip
        return self._say("Declare", request)

    def certify(self, part: str) -> Any:
        """Asks for a certificate."""
        return self._of_case("Certify", case_service_pb2.CertifyRequest, part)

    def decide(self, part: str) -> Any:
        """Has the case decided again."""
        return self._of_case("DecideCase", case_service_pb2.DecideCaseRequest, part)

    def hand_off(self, part: str) -> Any:
        """Hands it off."""
        return self._of_case("HandOff", case_service_pb2.HandOffRequest, part)

    def cancel(self, part: str) -> Any:
        """Cancels it."""
        return self._of_case("Cancel", case_service_pb2.CancelRequest, part, reason=REASON)

    def adopt(self, part: str, e_cert_id: str, proof: str) -> Any:
        """An operator adopts a certificate."""
        kind = operator_service_pb2.AdoptCertificateRequest
        return self._of_case("AdoptCertificate", kind, part, reason=REASON, e_cert_id=e_cert_id, proof=proof)

    def mark_void(self, part: str) -> Any:
        """An operator says that nothing stands."""
        return self._of_case("MarkVoid", operator_service_pb2.MarkVoidRequest, part, reason=REASON)

    def retry(self, part: str) -> Any:
        """An operator has it tried again."""
        return self._of_case("RetryCase", operator_service_pb2.RetryCaseRequest, part, reason=REASON)

    def hold(self, part: str) -> Any:
        """An operator holds it."""
        return self._of_case("HoldCase", operator_service_pb2.HoldCaseRequest, part, reason=REASON)

    def release(self, part: str) -> Any:
        """An operator releases it."""
        return self._of_case("ReleaseCase", operator_service_pb2.ReleaseCaseRequest, part, reason=REASON)

    def erase(self, part: str) -> Any:
        """An operator erases it."""
        request = operator_service_pb2.EraseCaseRequest(
            request_id=self._id(part), name=self._case, reason=REASON, before_retention=True
        )
        return self._say("EraseCase", request)

    @property
    def is_erased(self) -> bool:
        """Whether what was said of it is erased."""
        return any(said.method == "EraseCase" for said in self.asked)

    def waits_for_a_person(self) -> bool:
        """Whether the case stands in the work list."""
        listed = self.call("ListManualCases", operator_service_pb2.ListManualCasesRequest())
        return self._case in [one.case.name for one in listed.cases]

    def screen(self) -> Any:
        """Only a question."""
        request = screening_service_pb2.CheckScopeRequest(site=self._full.site, order=self._full.order)
        return self.call("CheckScope", request)

    def until(self, *states: str, name: str = "") -> None:
        """Waits until the case, or another that is named, is in one of the states."""
        while True:
            case = self.call("GetCase", case_service_pb2.GetCaseRequest(name=name or self._case)).case
            if case_pb2.CaseState.Name(case.state).removeprefix("CASE_STATE_") in states:
                return
            self.pause()

    def pause(self) -> None:
        """A moment. Raises TooLong where there were too many."""
        if self.place.over:
            raise TooLong(f"{self.name}: {self.place.books.held(self.name)}, answered {len(self.asked)}")
        time.sleep(PAUSE)

    def call(self, method: str, request: Any) -> Any:
        """The first answer that comes; the call is repeated until then."""
        patience = IMPATIENT if self._impatient else PATIENT
        while True:
            try:
                return stub(self.place.server, method)(request, timeout=patience)
            except grpc.RpcError as error:
                if error.code() not in AWAY:
                    raise
            patience = PATIENT
            self.pause()

    def _say(self, method: str, request: Any) -> Any:
        answer = self.call(method, request)
        self._impatient = False
        self._case = answer.case.name
        self.asked.append(Said(method, request, answer))
        return answer

    def _of_case(self, method: str, kind: Any, part: str, **more: str) -> Any:
        return self._say(method, kind(request_id=self._id(part), name=self._case, **more))

    def _id(self, part: str) -> str:
        return f"{self.name}-{part}"

    def _changed(self, quantity: str | None) -> Any:
        said = order(order_id=self.name)
        if quantity is not None:
            said.order.lines.items[1].quantity.value = quantity
        return said


def stub(server: Server, method: str) -> Any:
    """A method of any of the server's services."""
    services = (server.cases, server.screening, operator_service_pb2_grpc.OperatorServiceStub(server.channel))
    return next(getattr(each, method) for each in services if hasattr(each, method))


class Meeting:
    """All tellers of a run at one place; who fails lets nobody wait."""

    def __init__(self, count: int) -> None:
        self._then: Callable[[], None] | None = None
        self._barrier = threading.Barrier(count, self._all_here)

    def meet(self, then: Callable[[], None] | None = None) -> None:
        """Waits for all; each brings the same to be done."""
        self._then = then
        self._barrier.wait(120)

    def end(self) -> None:
        """Nobody waits any more."""
        self._barrier.abort()

    def _all_here(self) -> None:
        if self._then is not None:
            self._then()
