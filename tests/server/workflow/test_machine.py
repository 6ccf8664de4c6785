"""Whatever happens, in whatever order: requests, faults, crashes, time. Laws hold after every step.

At most one active certificate a declaration version; no e-Cert ID is answered that does not verify; nothing is submitted
again while an earlier submission may have been received, and nothing but the content of its digest; nothing is in force at
the platform for a case that says so; what a case says of its certificate is so in our records; an order that was cancelled
is not certified; and every case that waits has something due, or stands in the work list. At the end, when the platform
answers again and time has passed, nothing is under way, and nothing is in force but what our records hold.
"""

import asyncio
import os
import tempfile
from collections.abc import Awaitable
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from engine.case import OPEN_ATTEMPT, UNDER_WAY, WINDING_DOWN, CaseState
from engine.certificate import CertificateStatus, ECertId
from engine.declaration import digest
from engine.platform import (
    Expected,
    NotFound,
    NotSent,
    Outcome,
    Pending,
    Rejected,
    Rejection,
    Retryable,
    Review,
    Unknown,
    VoidAnswer,
)
from engine.rulebook import Rulebook
from server.errors import OriginGateError, RequestIdReused
from server.store import certificates, voids
from server.workflow.answering import Answer
from server.workflow.claiming import Claimed
from tests.server.platforms.fake import FakePlatform
from tests.server.workflow.house import (
    Change,
    Clock,
    House,
    as_it_is,
    more_of_it,
    opened,
    order,
    to_canada,
    turns,
    without_declaration,
)
from tests.server.workflow.receiving import Receiving

T = TypeVar("T")

CHANGES = [as_it_is, as_it_is, as_it_is, more_of_it, to_canada, without_declaration]
REQUESTS = st.builds(
    order,
    request_id=st.sampled_from([f"request-{number}" for number in range(8)]),
    change=st.sampled_from(CHANGES),
)
FAULTS = ["", "", "loses reply", "spoils proof", "keys unknown"]
ANSWERS = st.sampled_from(
    [
        Pending(timedelta(seconds=2)),
        Review("an officer looks at it"),
        Rejected((Rejection("X-1", "", "no"),)),
        Retryable("too many requests", None),
        NotSent("no connection"),
        Unknown("the connection was lost"),
    ]
)

STEPS = ["certify", "decide", "hand off", "supersede", "cancel", "retry", "adopt", "mark void", "look up"]
BEGINNINGS = ["answered", "never there", "cannot be asked"]
VOIDS = st.sampled_from([None, None, NotFound(), Unknown("the connection was lost")])

# `ORIGINGATE_MACHINE_EXAMPLES=2000` looks for an hour rather than for seconds.
EXAMPLES = int(os.environ.get("ORIGINGATE_MACHINE_EXAMPLES", "20"))


class Workflow(RuleBasedStateMachine):
    """A server whose process dies and comes back, and a platform that fails."""

    rulebook: ClassVar[Rulebook]
    empty: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.things = ExitStack()
        self.loop = asyncio.new_event_loop()
        self.clock = Clock()
        folder = Path(self.things.enter_context(tempfile.TemporaryDirectory()))
        self.store = self.things.enter_context(opened(self.empty, folder, self.clock))
        self.platform = Receiving(self.clock)
        self.house = House(self.store, self.rulebook, self.clock, (self.platform,))
        self.restarts = 0
        self.steps = 0
        self.cases: set[str] = set()
        self.cancelled: set[str] = set()
        self.unexamined: list[tuple[Any, Answer]] = []

    def run_(self, work: Awaitable[T]) -> T:
        self.platform.now = self.clock.now
        return self.loop.run_until_complete(work)

    @initialize(request=REQUESTS, how=st.sampled_from(BEGINNINGS))
    def begin(self, request: Any, how: str) -> None:
        """The first order: certified, or with a platform that nothing is known from yet, or that a person has to ask."""
        if how == "answered":
            self.process(request, None, "")
        else:
            self.nobody_can_tell(request, how == "cannot be asked", how != "cannot be asked")

    @rule(request=REQUESTS, answer=st.none() | ANSWERS, fault=st.sampled_from(FAULTS))
    def process(self, request: Any, answer: Outcome | None, fault: str) -> None:
        """A request, answered or refused in words; a submission that it leads to is answered so, or fails so."""
        self.platform.scripted.clear()
        if answer is not None:
            self.platform.scripted.append(answer)
        self._fails(fault)
        self._asks(request)
        self.run_(self.house.quiet())
        self._asks(request)

    def _asks(self, request: Any) -> None:
        with suppress(RequestIdReused):
            answer = self.run_(self.house.process(request, wait=0))
            self.cases.add(answer.view.case.name)
            self.unexamined.append((request, answer))

    def _fails(self, fault: str) -> None:
        self.platform.loses_reply = fault == "loses reply"
        self.platform.spoils_proof = fault == "spoils proof"
        self.platform.keys_known = fault != "keys unknown"

    @rule(
        steps=st.lists(st.sampled_from(STEPS), min_size=1, max_size=4),
        change=st.sampled_from([as_it_is, more_of_it]),
        void=VOIDS,
        fault=st.sampled_from(FAULTS),
        wait=st.sampled_from([None, 1.0, 20.0]),
        at_once=st.booleans(),
    )
    def step(
        self,
        steps: list[str],
        change: Change,
        void: VoidAnswer | None,
        fault: str,
        wait: float | None,
        at_once: bool,
    ) -> None:
        """Steps with a case that is there, which goes on or is refused in words; between them time may pass."""
        self.platform.scripted_voids.clear()
        if void is not None:
            self.platform.scripted_voids.append(void)
        for step in steps:
            self._fails(fault)
            for name in sorted(self.cases):
                if step == "mark void" and not self.nothing_is_there():
                    continue
                with suppress(OriginGateError):
                    self.run_(self._step(step, name, change))
            if at_once:
                self.crash()
            else:
                self.run_(self.house.quiet())
            if wait is not None:
                self.time_passes(wait, fault, False)

    async def _step(self, step: str, name: str, change: Change) -> None:
        self.steps += 1
        request_id = f"step-{self.steps:05}"
        match step:
            case "certify":
                await self.house.certify(name, request_id, wait=0)
            case "decide":
                await self.house.decide(name, request_id)
            case "hand off":
                await self.house.hand_off(name, request_id)
            case "cancel":
                await self.house.cancel(name, request_id, wait=0)
                self.cancelled.add(name)
            case "supersede":
                asked = order(request_id, change=change)
                await self.house.declare(name, asked, with_order=True, supersede=True, wait=0)
            case "retry":
                await self.house.operating.retry(
                    self.house.asked("RetryCase", request_id, name), name, "again"
                )
            case "look up":
                # What a person has mended is tried again, and answered.
                self.platform_is_looked_up(True)
                retry = self.house.asked("RetryCase", request_id, name)
                with suppress(OriginGateError):
                    await self.house.operating.retry(retry, name, "mended")
                await self.house.reconciled(1)
            case "adopt":
                # All that there is: only what is in force, and this order's, is adopted.
                for _, issued in list(self.platform._issued.values()):
                    self.steps += 1
                    asked_for = self.house.asked("AdoptCertificate", f"step-{self.steps:05}", name)
                    claimed = Claimed(issued.e_cert_id, issued.proof)
                    with suppress(OriginGateError):
                        await self.house.operating.adopt(asked_for, name, claimed, "found")
            case _:
                asked_for = self.house.asked("MarkVoid", request_id, name)
                await self.house.operating.mark_void(asked_for, name, "asked")

    def nothing_is_there(self) -> bool:
        """Whether the platform has nothing in force, and nothing under way."""
        return not self.platform.unclear and CertificateStatus.ACTIVE not in self.platform.statuses.values()

    @rule()
    def platform_issues_late(self) -> None:
        """What was sent and not answered for good is issued by the platform in its own time."""
        self.platform.issue_late()

    @rule()
    def platform_issues_very_late(self) -> None:
        """What was not found when it should have been is issued all the same."""
        self.platform.issue_very_late()

    @rule(can=st.booleans())
    def platform_is_looked_up(self, can: bool) -> None:
        """The platform can be asked by our reference, or cannot."""
        self.platform.capabilities = replace(self.platform.capabilities, lookup_by_reference=can)

    @rule(status=st.sampled_from([CertificateStatus.REVOKED, CertificateStatus.EXPIRED]))
    def platform_ends_certificate(self, status: CertificateStatus) -> None:
        """The newest certificate is no longer in force."""
        if self.platform.statuses:
            self.platform.statuses[list(self.platform.statuses)[-1]] = status

    @rule(request=REQUESTS, received=st.booleans())
    def crash_while_sending(self, request: Any, received: bool) -> None:
        """The process dies with a submission under way, which the platform has got or not."""
        self._fails("")
        self.platform.awake.clear()
        self._asks(request)
        self.run_(turns())
        self.crash()
        self.platform.awake.set()
        if received:
            self.platform.issue_late()

    @rule()
    def crash(self) -> None:
        """The process dies, and another takes its place."""
        self.restarts += 1
        self.house = self.run_(self.house.restarted(owner=f"owner-{self.restarts}"))

    @rule(
        seconds=st.sampled_from([1.0, 6.0, 20.0, 400.0]),
        fault=st.sampled_from(FAULTS),
        again=st.booleans(),
    )
    def time_passes(self, seconds: float, fault: str, again: bool) -> None:
        """Time passes, and the reconciler looks once or twice: what it plans at the first look it sends at the second."""
        self._fails(fault)
        self.run_(self.house.reconciled(seconds))
        if again:
            self.run_(self.house.reconciled())

    @rule(request=REQUESTS, received=st.booleans(), can=st.booleans())
    def nobody_can_tell(self, request: Any, received: bool, can: bool) -> None:
        """A reply is lost, and by the time at which the platform is asked it knows nothing, or cannot be asked."""
        self.process(request, None if received else Unknown("the connection was lost"), "loses reply")
        self.platform_is_looked_up(can)
        self.time_passes(20.0, "", False)

    @invariant()
    def one_active_certificate(self) -> None:
        """At most one active certificate a declaration version, and at most one open attempt a case."""
        for name in self.cases:
            view = self.run_(self.house.case(name))
            assert 1 >= sum(attempt.state in OPEN_ATTEMPT for attempt in view.attempts)
            held = self.run_(self.store.read(partial(certificates.of_case, tenant="dev", case_name=name)))
            active = [one.declaration_version for one in held if one.status == CertificateStatus.ACTIVE]
            assert len(set(active)) == len(active)

    @invariant()
    def what_is_answered_verifies(self) -> None:
        """Every e-Cert ID that was answered is proved by the platform's own key, for just what was asked about."""
        while self.unexamined:
            request, answer = self.unexamined.pop()
            held, content = answer.view.certificate, self.house.intake(request).content
            if answer.e_cert_id is None:
                continue
            assert held is not None
            keys = self.run_(FakePlatform.keys(self.platform))
            certified = digest(content) if content is not None else held.declaration_digest
            expected = Expected(self.clock.now, ECertId(answer.e_cert_id), digest=certified)
            assert self.platform.verify_proof(held.proof, keys, expected).good

    @invariant()
    def nothing_sent_twice(self) -> None:
        """No reference is submitted twice, and nothing again while it may have been received."""
        assert [] == self.platform.sent_again

    @invariant()
    def nothing_stands(self) -> None:
        """Where a case says that nothing stands at the platform, nothing is in force there."""
        for name in self.cases:
            if self.run_(self.house.case(name)).case.state in (CaseState.DECLARED, CaseState.CANCELLED):
                assert self.platform.in_force() <= self.platform.found_late()

    @invariant()
    def nothing_mixed_up(self) -> None:
        """What is submitted is what its digest says."""
        assert [] == self.platform.mixed_up

    @invariant()
    def what_a_case_says_of_its_certificate(self) -> None:
        """A case that is certified holds an active certificate; one that nothing stands of holds none."""
        for name in self.cases:
            view = self.run_(self.house.case(name))
            held = self.run_(self.store.read(partial(certificates.of_case, tenant="dev", case_name=name)))
            active = [one.declaration_version for one in held if one.status == CertificateStatus.ACTIVE]
            if view.case.state in (CaseState.CERTIFIED, CaseState.HANDED_OFF):
                assert [view.case.declaration_version] == active
            elif view.case.state not in (*WINDING_DOWN, CaseState.MANUAL):
                assert [] == active

    @invariant()
    def cancelled_for_good(self) -> None:
        """An order that was cancelled is being cancelled, is cancelled, or waits for a person."""
        for name in self.cancelled:
            state = self.run_(self.house.case(name)).case.state
            assert state in (CaseState.CANCELLING, CaseState.CANCELLED, CaseState.MANUAL)

    @invariant()
    def nothing_is_forgotten(self) -> None:
        """A case that waits has something due, or somebody is told."""
        listed = {one.view.case.name for one, _ in self.run_(self.house.operating.waiting("dev", None, 100))}
        for name in self.cases - listed:
            view = self.run_(self.house.case(name))
            planned = self.run_(self.store.read(partial(voids.open_of_case, tenant="dev", case_name=name)))
            if view.case.state in UNDER_WAY | {CaseState.IN_REVIEW}:
                tried = [one.due_at for one in view.attempts if one.state in OPEN_ATTEMPT]
                assert any([*tried, *(void.due_at for void in planned)])

    def teardown(self) -> None:
        try:
            self.comes_to_an_end()
        finally:
            self.run_(self.house.tasks.finish(0))
            self._closed()

    def comes_to_an_end(self) -> None:
        """The platform answers all that it is asked, and its window passes."""
        self._fails("")
        self.platform.scripted.clear()
        self.platform.scripted_voids.clear()
        self.platform_is_looked_up(True)
        self.run_(self.house.quiet())
        for seconds in (*(20.0,) * 8, *(3600.0,) * 40):
            self.run_(self.house.reconciled(seconds))
        listed = {one.view.case.name for one, _ in self.run_(self.house.operating.waiting("dev", None, 100))}
        for name in self.cases:
            assert self.run_(self.house.case(name)).case.state not in UNDER_WAY
        if not listed:
            held = [
                one.e_cert_id
                for name in self.cases
                for one in self.run_(
                    self.store.read(partial(certificates.of_case, tenant="dev", case_name=name))
                )
                if one.status == CertificateStatus.ACTIVE
            ]
            assert self.platform.in_force() <= set(held)

    def _closed(self) -> None:
        self.things.close()
        self.loop.close()


def test_workflow(rulebook: Rulebook, empty: Path) -> None:
    """The laws hold in any history."""
    Workflow.rulebook, Workflow.empty = rulebook, empty
    run_state_machine_as_test(
        Workflow,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
