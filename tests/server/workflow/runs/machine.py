"""A run: orders, faults, crashes and restarts in any order; laws after every step, and an end in which all is settled."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Awaitable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from engine.case import UNDER_WAY, CaseState
from engine.platform import ProofKind
from engine.rulebook import Rulebook
from server.errors import OriginGateError
from server.platforms.notices import Notice
from server.workflow.claiming import Claimed
from tests.server.workflow.house import Change, Clock, as_it_is, more_of_it, opened, order, turns
from tests.server.workflow.runs import laws
from tests.server.workflow.runs.stage import Stage

T = TypeVar("T")
# Where there is a disk in memory, thousands of commits wait for no other.
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None

# What befalls a submission. Seconds of `latency` and `slow_drip` are real ones, others are of the run's clock: within
# the times that the platform promises, and beyond them.
OF_SUBMITS: list[dict[str, Any]] = [
    {"fault": "latency", "seconds": 0.001},
    {"fault": "latency", "seconds": 0.02},
    {"fault": "latency", "seconds": 0.4},
    {"fault": "slow_drip", "seconds": 0.05},
    {"fault": "slow_drip", "seconds": 0.5},
    {"fault": "drop_reply"},
    {"fault": "half_reply"},
    {"fault": "unreadable_reply"},
    {"fault": "error_after_commit"},
    {"fault": "error_before_commit"},
    {"fault": "too_many", "seconds": 1},
    {"fault": "too_many", "seconds": 60, "times": 3},
    {"fault": "down", "times": 2},
    {"fault": "wrong_signature"},
    {"fault": "wrong_digest"},
    {"fault": "late_revocation", "seconds": 30},
    {"fault": "lag", "seconds": 3},
    {"fault": "lag", "seconds": 60},
    {"fault": "duplicate_without_content"},
    {"fault": "second_issue", "times": 3},
    {"fault": "pending", "polls": 2},
    {"fault": "review"},
    {"fault": "reject"},
]
OF_ALL: list[dict[str, Any]] = [
    {"fault": fault, "operation": operation, "seconds": 1 if fault == "too_many" else 0, "times": 2}
    for fault in ("drop_reply", "half_reply", "error_after_commit", "too_many", "down")
    for operation in ("lookup", "status", "void", "keys")
]
# Several together: what is lost may also be wrong, or late. What replaces a certificate meets the same.
FAULTS = st.lists(st.sampled_from(OF_SUBMITS), min_size=1, max_size=2).map(
    lambda faults: [
        fault | {"operation": operation} for operation in ("submit", "replace") for fault in faults
    ]
)
SECONDS = st.sampled_from([1.0, 6.0, 20.0, 400.0])
WAITS = st.lists(SECONDS, max_size=3)
LATER = st.lists(st.sampled_from(OF_ALL), max_size=2)
STEPS = ["certify", "decide", "hand off", "supersede", "supersede", "cancel", "retry"]
CHANGES = st.sampled_from([as_it_is, as_it_is, more_of_it])
ORDERS = [f"AN-{number}" for number in range(1001, 1006)]


class Run(RuleBasedStateMachine):
    """Service and sandbox, in any history."""

    rulebook: ClassVar[Rulebook]
    empty: ClassVar[Path]
    by_fields: ClassVar[ProofKind | None] = None
    runs: ClassVar[int] = 0
    seen: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.things = ExitStack()
        self.loop = asyncio.new_event_loop()
        self.clock = Clock()
        folder = Path(self.things.enter_context(tempfile.TemporaryDirectory(dir=MEMORY)))
        store = self.things.enter_context(opened(self.empty, folder, self.clock))
        self.stage = Stage(store, self.rulebook, self.clock, folder, self.by_fields)
        self.cases: set[str] = set()
        self.cancelled: set[str] = set()
        self.steps = 0
        self.history: list[str] = []
        self.do(self.stage.begins())

    def do(self, work: Awaitable[T]) -> T:
        """What the work brings. What fails says what was done before: on a busy machine it may not fail a second time."""
        try:
            return self.loop.run_until_complete(work)
        except Exception as error:
            error.add_note("\n".join(self.history))
            raise

    def did(self, step: str, **said: object) -> None:
        """Notes a step for who has to understand a failure."""
        self.history.append(f"{step} {said}")

    @initialize(faults=FAULTS, waits=WAITS, later=LATER)
    def begin(self, faults: list[dict[str, Any]], waits: list[float], later: list[dict[str, Any]]) -> None:
        """The first order."""
        self.do(self._order_comes(ORDERS[0], as_it_is, faults, quiet=True))
        self._reconciled(waits, later)

    @rule(order_id=st.sampled_from(ORDERS), change=CHANGES, faults=FAULTS, waits=WAITS, later=LATER)
    def order_comes(
        self,
        order_id: str,
        change: Change,
        faults: list[dict[str, Any]],
        waits: list[float],
        later: list[dict[str, Any]],
    ) -> None:
        """An order comes, or comes again, perhaps with another content; its submission meets faults, its look-ups others."""
        self.do(self._order_comes(order_id, change, faults, quiet=True))
        self._reconciled(waits, later)

    def _reconciled(self, waits: list[float], later: list[dict[str, Any]]) -> None:
        for seconds in waits:
            self.time_passes(seconds, later, True)

    async def _order_comes(
        self, order_id: str, change: Change, faults: list[dict[str, Any]], *, quiet: bool
    ) -> None:
        self.did("order comes", order_id=order_id, change=change.__name__, faults=faults)
        await self.stage.fails(*faults)
        self._saw(faults)
        self.steps += 1
        request = order(f"order-{self.steps:05}", change=change)
        request.order.order_id = order_id
        answer = await self.stage.house.process(request, wait=0)
        self.cases.add(answer.view.case.name)
        if quiet:
            await self.stage.house.quiet()
            # The same again, as a caller asks for what has become of it.
            answer = await self.stage.house.process(request, wait=0)
        await laws.answer_verifies(self.stage, self.stage.house.intake(request), answer)

    @rule(step=st.sampled_from(STEPS), faults=FAULTS, later=LATER, change=CHANGES, dies=st.booleans())
    def step(
        self,
        step: str,
        faults: list[dict[str, Any]],
        later: list[dict[str, Any]],
        change: Change,
        dies: bool,
    ) -> None:
        """A step with each case, which goes on or is refused in words; what it began may be cut off by a crash."""

        self.did(step, faults=faults, later=later, change=change.__name__, dies=dies)

        async def steps() -> None:
            await self.stage.fails(*faults, *later)
            self._saw(faults + later)
            for name in sorted(self.cases):
                with suppress(OriginGateError):
                    await self._step(step, name, change)
            if dies:
                await self.stage.server_dies()
                # What is under way to the platform takes real time: it has arrived before hours pass by the run's clock.
                await asyncio.sleep(_slowness(faults))
            else:
                await self.stage.house.quiet()

        self.do(steps())

    async def _step(self, step: str, name: str, change: Change) -> None:
        self.steps += 1
        house, request_id = self.stage.house, f"step-{self.steps:05}"
        match step:
            case "certify":
                await house.certify(name, request_id, wait=0)
            case "decide":
                await house.decide(name, request_id)
            case "hand off":
                await house.hand_off(name, request_id)
            case "cancel":
                await house.cancel(name, request_id, wait=0)
                self.cancelled.add(name)
            case "supersede":
                asked = order(request_id, change=change)
                asked.order.order_id = (await house.case(name)).case.order_id
                await house.declare(name, asked, with_order=True, supersede=True, wait=0)
            case _:
                await house.operating.retry(house.asked("RetryCase", request_id, name), name, "again")

    @rule(order_id=st.sampled_from(ORDERS), faults=FAULTS, turned=st.sampled_from([0, 3, 10, 40]))
    def dies_while_sending(self, order_id: str, faults: list[dict[str, Any]], turned: int) -> None:
        """The server dies with a submission under way: before it left, before it arrived, or before it was answered."""

        self.did("dies while sending", turned=turned)

        async def steps() -> None:
            slow = {"fault": "latency", "seconds": 0.03, "operation": "submit"}
            await self._order_comes(order_id, as_it_is, [*faults, slow], quiet=False)
            await turns(turned)
            await self.stage.server_dies()
            await asyncio.sleep(_slowness([*faults, slow]))

        self.do(steps())

    @rule()
    def server_dies(self) -> None:
        """The server dies while nothing is under way."""
        self.did("server dies")
        self.do(self.stage.server_dies())

    @rule()
    def sandbox_restarts(self) -> None:
        """The platform goes away and comes back."""
        self.did("sandbox restarts")
        self.do(self.stage.sandbox_restarts())

    @rule(seconds=SECONDS, later=LATER, again=st.booleans())
    def time_passes(self, seconds: float, later: list[dict[str, Any]], again: bool) -> None:
        """Time passes, and the reconciler looks once or twice."""
        self.did("time passes", seconds=seconds, later=later, again=again)

        async def steps() -> None:
            await self.stage.fails(*later)
            self._saw(later)
            await self.stage.house.reconciled(seconds)
            if again:
                await self.stage.house.reconciled()

        self.do(steps())

    @rule(place=st.integers(0, 3))
    def platform_revokes(self, place: int) -> None:
        """The platform itself takes a certificate out of force."""
        self.did("platform revokes", place=place)

        async def steps() -> None:
            standing = sorted(await laws.in_force(self.stage))
            if standing:
                await self.stage.call("POST", "/revoke", e_cert_id=standing[place % len(standing)])

        self.do(steps())

    @rule(codes=st.sampled_from([[], [{"code": "X-1"}]]))
    def platform_decides(self, codes: list[dict[str, str]]) -> None:
        """A person at the platform decides what is in review."""
        self.did("platform decides", codes=codes)

        async def steps() -> None:
            for entry in await self.stage.entries():
                if entry["state"] == "review":
                    await self.stage.call("POST", "/review", reference=entry["reference"], codes=codes)

        self.do(steps())

    @rule(place=st.integers(0, 5), of=st.sampled_from(["reference", "e_cert_id"]), later=LATER)
    def platform_calls(self, place: int, of: str, later: list[dict[str, Any]]) -> None:
        """The platform calls about a submission or a certificate, whatever became of it; the server looks at once."""
        self.did("platform calls", place=place, of=of, later=later)

        async def steps() -> None:
            await self.stage.fails(*later)
            named = sorted(entry[of] for entry in await self.stage.entries() if of in entry)
            if named:
                about = {of: named[place % len(named)]}
                notice = Notice(about.get("reference", ""), "", about.get("e_cert_id", ""), b"")
                await self.stage.house.noticing.noticed(self.stage.adapter.name, notice)
            await self.stage.house.reconciled()

        self.do(steps())

    @rule(replaces=st.booleans())
    def server_is_told(self, replaces: bool) -> None:
        """The server starts again with another manifest: the platform replaces certificates in one step, or does not."""
        self.did("server is told", replaces=replaces)
        self.stage.replaces = replaces
        self.do(self.stage.server_dies())

    @rule()
    def keys_rotate(self) -> None:
        """The platform signs with another key from now on."""
        self.did("keys rotate")
        self.do(self.stage.call("POST", "/keys/rotate"))

    @invariant()
    def laws_hold(self) -> None:
        """The laws of every moment."""
        self.do(laws.after_each_step(self.stage, self.cases, self.cancelled))

    def teardown(self) -> None:
        try:
            self.do(self._comes_to_an_end())
            type(self).runs += 1
            self.seen.update(self.stage.books.answers)
        finally:
            self.do(self.stage.ends())
            self.things.close()
            self.loop.close()

    async def _comes_to_an_end(self) -> None:
        """Nothing fails any more, the platform decides everything, and its window passes; then persons do their part."""
        await self.stage.house.quiet()
        await self.stage.fails()
        for seconds in (*(20.0,) * 8, *(3600.0,) * 6):
            for entry in await self.stage.entries():
                if entry["state"] == "review":
                    await self.stage.call("POST", "/review", reference=entry["reference"])
            await self.stage.house.reconciled(seconds)
        await laws.after_each_step(self.stage, self.cases, self.cancelled)
        for name in self.cases:
            view = await self.stage.house.case(name)
            assert view.case.state not in UNDER_WAY | {CaseState.IN_REVIEW}, view.attempts
        await laws.adopted_or_voided(self.stage, self.cases)
        for _ in range(3):
            for name in sorted(await laws.on_the_list(self.stage)):
                await self._person_settles(name)
            await self.stage.house.reconciled(20.0)
        assert set() == await laws.on_the_list(self.stage)
        await laws.adopted_or_voided(self.stage, self.cases)

    async def _person_settles(self, name: str) -> None:
        """A person tries again, adopts what there is, or has all of it voided at the platform."""
        house = self.stage.house
        self.seen["settled by a person"] += 1
        with suppress(OriginGateError):
            await self._step("retry", name, as_it_is)
            await house.quiet()
            await house.reconciled(20.0)
        if name not in await laws.on_the_list(self.stage):
            return
        references = {attempt.reference for attempt in (await house.case(name)).attempts}
        for e_cert_id, reference in (await laws.in_force(self.stage)).items():
            if reference not in references:
                continue
            self.steps += 1
            asked = house.asked("AdoptCertificate", f"step-{self.steps:05}", name)
            with suppress(OriginGateError):
                await house.operating.adopt(asked, name, Claimed(e_cert_id, ""), "found")
                return
            await self.stage.call("POST", f"/v1/certificates/{e_cert_id}/void", because="unproved")
        self.steps += 1
        asked = house.asked("MarkVoid", f"step-{self.steps:05}", name)
        await house.operating.mark_void(asked, name, "voided at the platform")

    def _saw(self, faults: list[dict[str, Any]]) -> None:
        self.seen.update(f"set {fault['fault']} of {fault['operation']}" for fault in faults)


def _slowness(faults: list[dict[str, Any]]) -> float:
    """How long, in real seconds, a submission is under way at most that meets these faults."""
    sent = [fault for fault in faults if fault["operation"] == "submit"]
    slow = [float(fault["seconds"]) for fault in sent if fault["fault"] in ("latency", "slow_drip")]
    return sum(slow) + 0.01 if slow else 0.0
