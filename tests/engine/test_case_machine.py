"""Laws of a case's life, held over random lives: what happens at platforms and the table together."""

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engine.case import (
    ATTEMPT_TABLE,
    OPEN_ATTEMPT,
    TABLE,
    TERMINAL,
    AttemptState,
    CaseState,
    Event,
    Holdings,
    advance,
)
from tests.examples import examples

AT_A_PLATFORM = {CaseState.VERIFYING, CaseState.IN_REVIEW, CaseState.RECONCILING}
ISSUED = {AttemptState.ISSUED, AttemptState.DUPLICATE}


class Life(RuleBasedStateMachine):
    """A case, its attempts and its certificate; any event may be tried at any time."""

    state: CaseState
    attempts: list[AttemptState]
    certificate: bool

    @initialize(event=st.sampled_from([Event.INQUIRE, Event.PLACE]))
    def begins(self, event: Event) -> None:
        after = advance(None, event, Holdings())
        assert isinstance(after, CaseState)
        self.state, self.attempts, self.certificate = after, [], False

    @property
    def holdings(self) -> Holdings:
        open_attempt = any(attempt in OPEN_ATTEMPT for attempt in self.attempts)
        return Holdings(open_attempt, self.certificate, standing_certificate=self.certificate)

    def happens(self, event: Event) -> bool:
        after = advance(self.state, event, self.holdings)
        if isinstance(after, CaseState):
            self.state = after
            return True
        return False

    @rule(event=st.sampled_from([event for event in Event if event is not Event.SUBMIT]))
    def is_told(self, event: Event) -> None:
        self.happens(event)

    @precondition(lambda self: not self.holdings.open_attempt)
    @rule()
    def is_submitted(self) -> None:
        self.attempts.append(AttemptState.PLANNED)
        if not self.happens(Event.SUBMIT):
            self.attempts.pop()

    @precondition(lambda self: self.holdings.open_attempt)
    @rule(data=st.data())
    def attempt_moves(self, data: st.DataObject) -> None:
        self.attempts[-1] = data.draw(st.sampled_from(sorted(ATTEMPT_TABLE[self.attempts[-1]])))
        if self.attempts[-1] in ISSUED and self.state in AT_A_PLATFORM:
            self.certificate = True
            assert self.happens(Event.ADOPT)

    @precondition(lambda self: not self.certificate)
    @rule()
    def is_covered(self) -> None:
        self.certificate = True
        if not self.happens(Event.COVER):
            self.certificate = False

    @precondition(lambda self: self.certificate)
    @rule(event=st.sampled_from([Event.REVOKE, Event.EXPIRE, Event.CLEAR]))
    def certificate_ends(self, event: Event) -> None:
        self.certificate = False
        if not self.happens(event):
            self.certificate = True

    @invariant()
    def certified_means_a_certificate_and_nothing_open(self) -> None:
        if self.state in {CaseState.CERTIFIED, CaseState.HANDED_OFF}:
            assert (False, True) == (self.holdings.open_attempt, self.holdings.standing_certificate)

    @invariant()
    def nothing_is_left_at_the_end(self) -> None:
        if self.state in TERMINAL:
            assert Holdings() == self.holdings

    @invariant()
    def a_new_declaration_finds_nothing_at_platforms(self) -> None:
        if self.state in {CaseState.INQUIRY, CaseState.ORDERED, CaseState.DECLARED, CaseState.REJECTED}:
            assert Holdings() == self.holdings

    @invariant()
    def one_attempt_at_most_is_open(self) -> None:
        assert sum(attempt in OPEN_ATTEMPT for attempt in self.attempts) <= 1

    @invariant()
    def cancelling_is_always_open_until_the_end(self) -> None:
        assert (self.state in TERMINAL) != (Event.CANCEL in TABLE[self.state])


Life.TestCase.settings = settings(max_examples=examples(60), stateful_step_count=40, deadline=None)
TestLife = Life.TestCase


def test_every_state_can_be_reached() -> None:
    """No state of the table is out of reach."""
    reached: set[CaseState | None] = {None}
    for _ in CaseState:
        reached |= {after for state in reached for after in TABLE[state].values()}
    assert {None, *CaseState} == reached


def test_every_life_can_end() -> None:
    """From every state some events lead to an end."""
    ending: set[CaseState | None] = set(TERMINAL)
    for _ in CaseState:
        ending |= {state for state, row in TABLE.items() if ending & set(row.values())}
    assert {None, *CaseState} == ending
