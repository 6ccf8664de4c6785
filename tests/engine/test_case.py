"""The table of a case's life: what may happen in which state, and what it needs."""

import pytest
from origingate.v1 import case_pb2

from engine.case import (
    ATTEMPT_TABLE,
    NEEDS,
    OPEN_ATTEMPT,
    TABLE,
    TERMINAL,
    AttemptState,
    CaseState,
    Event,
    Holdings,
    Refusal,
    advance,
    before,
)

NOTHING = Holdings()
OPEN = Holdings(open_attempt=True)
ACTIVE = Holdings(active_certificate=True)
BOTH = Holdings(open_attempt=True, active_certificate=True)

LIVE = [state for state in CaseState if state not in TERMINAL]


@pytest.mark.parametrize(
    ("state", "event", "holdings", "after"),
    [
        (None, Event.INQUIRE, NOTHING, CaseState.INQUIRY),
        (None, Event.PLACE, NOTHING, CaseState.ORDERED),
        (CaseState.INQUIRY, Event.INQUIRE, NOTHING, CaseState.INQUIRY),
        (CaseState.INQUIRY, Event.PLACE, NOTHING, CaseState.ORDERED),
        (CaseState.ORDERED, Event.PLACE, NOTHING, CaseState.ORDERED),
        (CaseState.ORDERED, Event.DECLARE, NOTHING, CaseState.DECLARED),
        (CaseState.DECLARED, Event.DECLARE, NOTHING, CaseState.DECLARED),
        (CaseState.DECLARED, Event.SUBMIT, OPEN, CaseState.VERIFYING),
        (CaseState.VERIFYING, Event.ADOPT, ACTIVE, CaseState.CERTIFIED),
        (CaseState.VERIFYING, Event.REJECT, NOTHING, CaseState.REJECTED),
        (CaseState.VERIFYING, Event.REFER, OPEN, CaseState.IN_REVIEW),
        (CaseState.VERIFYING, Event.LOSE, OPEN, CaseState.RECONCILING),
        (CaseState.VERIFYING, Event.SUBMIT, OPEN, CaseState.VERIFYING),
        (CaseState.VERIFYING, Event.CLEAR, NOTHING, CaseState.DECLARED),
        (CaseState.VERIFYING, Event.ESCALATE, OPEN, CaseState.MANUAL),
        (CaseState.IN_REVIEW, Event.ADOPT, ACTIVE, CaseState.CERTIFIED),
        (CaseState.IN_REVIEW, Event.REJECT, NOTHING, CaseState.REJECTED),
        (CaseState.IN_REVIEW, Event.SUBMIT, OPEN, CaseState.VERIFYING),
        (CaseState.IN_REVIEW, Event.ESCALATE, OPEN, CaseState.MANUAL),
        (CaseState.RECONCILING, Event.ADOPT, ACTIVE, CaseState.CERTIFIED),
        (CaseState.RECONCILING, Event.REJECT, NOTHING, CaseState.REJECTED),
        (CaseState.RECONCILING, Event.REFER, OPEN, CaseState.IN_REVIEW),
        (CaseState.RECONCILING, Event.SUBMIT, OPEN, CaseState.VERIFYING),
        (CaseState.RECONCILING, Event.ESCALATE, OPEN, CaseState.MANUAL),
        (CaseState.MANUAL, Event.ADOPT, ACTIVE, CaseState.CERTIFIED),
        (CaseState.MANUAL, Event.SUBMIT, OPEN, CaseState.VERIFYING),
        (CaseState.MANUAL, Event.CLEAR, NOTHING, CaseState.DECLARED),
        (CaseState.CERTIFIED, Event.HAND_OFF, ACTIVE, CaseState.HANDED_OFF),
        (CaseState.CERTIFIED, Event.SUPERSEDE, ACTIVE, CaseState.SUPERSEDING),
        (CaseState.CERTIFIED, Event.REVOKE, NOTHING, CaseState.REVOKED),
        (CaseState.CERTIFIED, Event.REVOKE, ACTIVE, CaseState.REVOKED),
        (CaseState.CERTIFIED, Event.EXPIRE, NOTHING, CaseState.EXPIRED),
        (CaseState.DECLARED, Event.COVER, ACTIVE, CaseState.CERTIFIED),
        (CaseState.CERTIFIED, Event.WARN, ACTIVE, CaseState.CERTIFIED),
        (CaseState.HANDED_OFF, Event.WARN, ACTIVE, CaseState.HANDED_OFF),
        (CaseState.HANDED_OFF, Event.SUPERSEDE, ACTIVE, CaseState.SUPERSEDING),
        (CaseState.HANDED_OFF, Event.REVOKE, NOTHING, CaseState.REVOKED),
        (CaseState.HANDED_OFF, Event.EXPIRE, NOTHING, CaseState.EXPIRED),
        (CaseState.REJECTED, Event.DECLARE, NOTHING, CaseState.DECLARED),
        (CaseState.SUPERSEDING, Event.CLEAR, NOTHING, CaseState.DECLARED),
        (CaseState.SUPERSEDING, Event.ESCALATE, ACTIVE, CaseState.MANUAL),
        (CaseState.CANCELLING, Event.CLEAR, NOTHING, CaseState.CANCELLED),
        (CaseState.CANCELLING, Event.ESCALATE, ACTIVE, CaseState.MANUAL),
    ],
)
def test_transition(state: CaseState | None, event: Event, holdings: Holdings, after: CaseState) -> None:
    """Each step of a case's life leads where the design says."""
    assert after == advance(state, event, holdings)


@pytest.mark.parametrize("event", [Event.REVOKE, Event.EXPIRE])
def test_standing_certificate(event: Event) -> None:
    """The end of a certificate is the case's only where it is the one of its declaration; an earlier one may stand still."""
    standing = Holdings(active_certificate=True, standing_certificate=True)
    assert isinstance(advance(CaseState.CERTIFIED, event, standing), Refusal)
    assert not isinstance(advance(CaseState.CERTIFIED, event, ACTIVE), Refusal)


def test_table_is_full() -> None:
    """Every state has its row, and every event its needs."""
    assert {None, *CaseState} == set(TABLE)
    assert set(Event) == set(NEEDS)


@pytest.mark.parametrize("state", LIVE)
def test_cancel(state: CaseState) -> None:
    """A case that is not at its end can be cancelled, whatever platforms hold."""
    assert CaseState.CANCELLING == advance(state, Event.CANCEL, BOTH)


@pytest.mark.parametrize("state", sorted(TERMINAL))
@pytest.mark.parametrize("event", list(Event))
def test_terminal(state: CaseState, event: Event) -> None:
    """Nothing happens to a case at its end."""
    assert isinstance(advance(state, event, NOTHING), Refusal)


@pytest.mark.parametrize("state", [CaseState.CERTIFIED, CaseState.HANDED_OFF])
@pytest.mark.parametrize("event", [Event.PLACE, Event.DECLARE, Event.SUBMIT])
def test_under_a_certificate(state: CaseState, event: Event) -> None:
    """Under a certificate an order is changed by superseding only."""
    assert isinstance(advance(state, event, ACTIVE), Refusal)


@pytest.mark.parametrize("state", [CaseState.VERIFYING, CaseState.IN_REVIEW, CaseState.RECONCILING])
def test_supersede_waits(state: CaseState) -> None:
    """Superseding while a platform's answer is open waits in SUPERSEDING until nothing stands there."""
    assert CaseState.SUPERSEDING == advance(state, Event.SUPERSEDE, OPEN)
    refusal = advance(CaseState.SUPERSEDING, Event.CLEAR, OPEN)
    assert isinstance(refusal, Refusal)
    assert "CLEAR of a case that is SUPERSEDING needs that every attempt has ended" == refusal.because


def test_cancel_waits_for_the_void() -> None:
    """A case is not cancelled while a certificate of it is active."""
    refusal = advance(CaseState.CANCELLING, Event.CLEAR, BOTH)
    assert isinstance(refusal, Refusal)
    assert refusal.because.endswith("needs that every attempt has ended and that no certificate is active")


def test_adopt_needs_a_certificate() -> None:
    """A case is certified only with an active certificate."""
    refusal = advance(CaseState.VERIFYING, Event.ADOPT, NOTHING)
    assert isinstance(refusal, Refusal)
    assert "ADOPT of a case that is VERIFYING needs an active certificate" == refusal.because


def test_refusal_says_what_can_happen() -> None:
    """A refusal names the events that could happen instead."""
    refusal = advance(CaseState.REJECTED, Event.SUBMIT, OPEN)
    assert isinstance(refusal, Refusal)
    assert "SUBMIT cannot happen to a case that is REJECTED; what can: DECLARE, CANCEL" == refusal.because


def test_refusal_without_a_case() -> None:
    """A case begins with an inquiry or an order, nothing else."""
    refusal = advance(None, Event.DECLARE, NOTHING)
    assert isinstance(refusal, Refusal)
    assert "DECLARE cannot happen to a case that does not exist; what can: INQUIRE, PLACE" == refusal.because


def test_attempt_ends_once() -> None:
    """An attempt that ended stays as it ended."""
    assert {frozenset()} == {ATTEMPT_TABLE[state] for state in AttemptState if state not in OPEN_ATTEMPT}


def test_attempt_that_was_not_sent_has_no_answer() -> None:
    """A planned attempt has no platform's answer: it is sent first, or ends unsent or unknown."""
    assert {
        AttemptState.SENDING,
        AttemptState.NOT_SENT,
        AttemptState.MISCONFIGURED,
        AttemptState.UNKNOWN,
    } == ATTEMPT_TABLE[AttemptState.PLANNED]


def test_lost_attempt_is_looked_up() -> None:
    """What a look-up finds settles an attempt whose outcome is unknown; it can not turn out unsent."""
    settled = ATTEMPT_TABLE[AttemptState.UNKNOWN]
    assert AttemptState.ISSUED in settled
    assert AttemptState.RETRYABLE in settled
    assert AttemptState.NOT_SENT not in settled
    assert AttemptState.SENDING not in settled


def test_nothing_is_sent_twice() -> None:
    """Sending begins from PLANNED only."""
    assert {AttemptState.PLANNED} == before(AttemptState.SENDING)


def test_contract_has_the_same_case_states() -> None:
    """The contract's case states are the table's, name by name."""
    contract = {name.removeprefix("CASE_STATE_") for name, _ in case_pb2.CaseState.items()}
    assert {"UNSPECIFIED", *CaseState} == contract


def test_contract_has_the_same_attempt_states() -> None:
    """The contract's attempt states are the table's, name by name."""
    contract = {name.removeprefix("ATTEMPT_STATE_") for name, _ in case_pb2.AttemptState.items()}
    assert {"UNSPECIFIED", *AttemptState} == contract
