"""The life of one order as a table: state and event give the next state, or the event is refused.

The table has no memory. Cancelling or superseding while something stands at a platform, or may stand, is a state of its
own: the case waits in CANCELLING or SUPERSEDING until nothing stands at any platform any more (CLEAR). Where the platform
replaces a certificate in one step, SUPERSEDING also ends with the new one (ADOPT).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class CaseState(StrEnum):
    """Where a case stands. The names are those of the contract."""

    INQUIRY = "INQUIRY"  # an inquiry is known, with the facts that there are so far
    ORDERED = "ORDERED"  # an order is placed; its origin is not declared yet
    DECLARED = "DECLARED"  # its origin is declared; no certificate is asked for yet, or none is needed
    VERIFYING = "VERIFYING"  # a platform is being asked
    CERTIFIED = "CERTIFIED"  # a certificate is adopted: its proof and its binding hold
    HANDED_OFF = "HANDED_OFF"  # the order is handed off to the pre-review, with its certificate
    REJECTED = "REJECTED"  # the platform rejected the declaration; a new version may be declared
    IN_REVIEW = "IN_REVIEW"  # a person at the platform has it
    RECONCILING = "RECONCILING"  # it is unknown what the platform did; only a look-up decides
    MANUAL = "MANUAL"  # only an operator can decide
    SUPERSEDING = "SUPERSEDING"  # a new declaration waits until the last certificate is voided or replaced
    REVOKED = "REVOKED"  # the platform revoked the certificate; another declaration may supersede it
    EXPIRED = "EXPIRED"  # the certificate's life ended; another declaration may supersede it
    CANCELLING = "CANCELLING"  # the order is not wanted any more; something may still stand at a platform
    CANCELLED = "CANCELLED"  # cancelled, and nothing stands at any platform


class Event(StrEnum):
    """What can happen to a case."""

    INQUIRE = "INQUIRE"  # an inquiry came, or came again with other facts
    PLACE = "PLACE"  # an order came, or came again with other facts
    DECLARE = "DECLARE"  # a version of the origin declaration came
    SUBMIT = "SUBMIT"  # an attempt at a platform is planned
    ADOPT = "ADOPT"  # a certificate's proof and binding hold
    REJECT = "REJECT"  # the platform rejected the declaration
    REFER = "REFER"  # a person at the platform has it
    LOSE = "LOSE"  # it is unknown what the platform did
    ESCALATE = "ESCALATE"  # only an operator can decide
    HAND_OFF = "HAND_OFF"  # handed off to the pre-review
    SUPERSEDE = "SUPERSEDE"  # a new version of the declaration is to replace what a platform has or may have
    CLEAR = "CLEAR"  # it is certain that nothing stands at any platform: voided and confirmed, or never there
    REVOKE = "REVOKE"  # the platform revoked the certificate
    EXPIRE = "EXPIRE"  # the certificate's life ended
    CANCEL = "CANCEL"  # the order is not wanted any more
    COVER = "COVER"  # a blanket certificate that is there covers the order, which drew on its ledger
    WARN = "WARN"  # the period of the blanket certificate that was issued for it ends soon


class Need(StrEnum):
    """What must hold at the end of the transaction's other steps before an event may happen."""

    OPEN_ATTEMPT = "an attempt that has not ended"
    NO_OPEN_ATTEMPT = "that every attempt has ended"
    ACTIVE_CERTIFICATE = "an active certificate"
    NO_ACTIVE_CERTIFICATE = "that no certificate is active"
    NO_STANDING_CERTIFICATE = "that no certificate of its declaration is active"


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a case has at platforms: an attempt that has not ended, an active certificate of its own or that covers it.

    `standing_certificate`: one of the declaration that the case has now. One of an earlier declaration may be active beside
    it, or after it, until its void is confirmed.
    """

    open_attempt: bool = False
    active_certificate: bool = False
    standing_certificate: bool = False

    def lacks(self, needs: frozenset[Need]) -> tuple[Need, ...]:
        """Those of the needs that do not hold, in the order of their definition."""
        holds = {
            Need.OPEN_ATTEMPT: self.open_attempt,
            Need.NO_OPEN_ATTEMPT: not self.open_attempt,
            Need.ACTIVE_CERTIFICATE: self.active_certificate,
            Need.NO_ACTIVE_CERTIFICATE: not self.active_certificate,
            Need.NO_STANDING_CERTIFICATE: not self.standing_certificate,
        }
        return tuple(need for need in Need if need in needs and not holds[need])


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an event cannot happen in a state, for people."""

    state: CaseState | None
    event: Event
    because: str


# No event leads out of these.
TERMINAL = frozenset({CaseState.CANCELLED})

# What was declared, or the whole order, is not wanted any more: what stands at a platform is voided.
WINDING_DOWN = frozenset({CaseState.SUPERSEDING, CaseState.CANCELLING})

# Work goes on by itself in these: whoever waits need do nothing.
UNDER_WAY = frozenset({CaseState.VERIFYING, CaseState.RECONCILING} | WINDING_DOWN)

NEEDS: Mapping[Event, frozenset[Need]] = MappingProxyType(
    {
        Event.INQUIRE: frozenset(),
        Event.PLACE: frozenset({Need.NO_OPEN_ATTEMPT, Need.NO_ACTIVE_CERTIFICATE}),
        Event.DECLARE: frozenset({Need.NO_OPEN_ATTEMPT, Need.NO_ACTIVE_CERTIFICATE}),
        Event.SUBMIT: frozenset({Need.OPEN_ATTEMPT, Need.NO_ACTIVE_CERTIFICATE}),
        Event.ADOPT: frozenset({Need.NO_OPEN_ATTEMPT, Need.ACTIVE_CERTIFICATE}),
        Event.REJECT: frozenset({Need.NO_OPEN_ATTEMPT, Need.NO_ACTIVE_CERTIFICATE}),
        Event.REFER: frozenset({Need.OPEN_ATTEMPT}),
        Event.LOSE: frozenset({Need.OPEN_ATTEMPT}),
        Event.ESCALATE: frozenset(),
        Event.HAND_OFF: frozenset({Need.ACTIVE_CERTIFICATE}),
        Event.SUPERSEDE: frozenset(),
        Event.CLEAR: frozenset({Need.NO_OPEN_ATTEMPT, Need.NO_ACTIVE_CERTIFICATE}),
        Event.REVOKE: frozenset({Need.NO_STANDING_CERTIFICATE}),
        Event.EXPIRE: frozenset({Need.NO_STANDING_CERTIFICATE}),
        Event.CANCEL: frozenset(),
        Event.COVER: frozenset({Need.NO_OPEN_ATTEMPT, Need.ACTIVE_CERTIFICATE}),
        Event.WARN: frozenset({Need.ACTIVE_CERTIFICATE}),
    }
)

_FIRST = {Event.INQUIRE: CaseState.INQUIRY, Event.PLACE: CaseState.ORDERED}

# What may happen in any state in which a platform has, or may have, the declaration.
_AT_A_PLATFORM = {
    Event.ADOPT: CaseState.CERTIFIED,
    Event.REJECT: CaseState.REJECTED,
    Event.SUBMIT: CaseState.VERIFYING,
    Event.ESCALATE: CaseState.MANUAL,
    Event.CLEAR: CaseState.DECLARED,
    Event.SUPERSEDE: CaseState.SUPERSEDING,
    Event.CANCEL: CaseState.CANCELLING,
}

_UNDER_A_CERTIFICATE = {
    Event.SUPERSEDE: CaseState.SUPERSEDING,
    Event.REVOKE: CaseState.REVOKED,
    Event.EXPIRE: CaseState.EXPIRED,
    Event.CANCEL: CaseState.CANCELLING,
}

# A new declaration may be certified after all, and the order may be given up.
_AFTER_A_CERTIFICATE = {
    Event.SUPERSEDE: CaseState.SUPERSEDING,
    Event.CANCEL: CaseState.CANCELLING,
}

# State None is "no case yet".
TABLE: Mapping[CaseState | None, Mapping[Event, CaseState]] = MappingProxyType(
    {
        None: _FIRST,
        CaseState.INQUIRY: {**_FIRST, Event.CANCEL: CaseState.CANCELLING},
        CaseState.ORDERED: {
            Event.PLACE: CaseState.ORDERED,
            Event.DECLARE: CaseState.DECLARED,
            Event.CANCEL: CaseState.CANCELLING,
        },
        CaseState.DECLARED: {
            Event.PLACE: CaseState.ORDERED,  # the declaration that is there is not for this order
            Event.DECLARE: CaseState.DECLARED,
            Event.SUBMIT: CaseState.VERIFYING,
            Event.COVER: CaseState.CERTIFIED,
            Event.CANCEL: CaseState.CANCELLING,
        },
        CaseState.VERIFYING: {
            **_AT_A_PLATFORM,
            Event.REFER: CaseState.IN_REVIEW,
            Event.LOSE: CaseState.RECONCILING,
        },
        CaseState.IN_REVIEW: _AT_A_PLATFORM,
        CaseState.RECONCILING: {**_AT_A_PLATFORM, Event.REFER: CaseState.IN_REVIEW},
        CaseState.MANUAL: {
            Event.ADOPT: CaseState.CERTIFIED,
            Event.REJECT: CaseState.REJECTED,
            Event.SUBMIT: CaseState.VERIFYING,
            Event.CLEAR: CaseState.DECLARED,
            Event.CANCEL: CaseState.CANCELLING,
        },
        CaseState.CERTIFIED: {
            **_UNDER_A_CERTIFICATE,
            Event.HAND_OFF: CaseState.HANDED_OFF,
            Event.WARN: CaseState.CERTIFIED,
        },
        CaseState.HANDED_OFF: {**_UNDER_A_CERTIFICATE, Event.WARN: CaseState.HANDED_OFF},
        CaseState.REJECTED: {Event.DECLARE: CaseState.DECLARED, Event.CANCEL: CaseState.CANCELLING},
        CaseState.SUPERSEDING: {
            Event.ADOPT: CaseState.CERTIFIED,  # in one step, in the place of the last one's certificate
            Event.CLEAR: CaseState.DECLARED,
            Event.ESCALATE: CaseState.MANUAL,
            Event.CANCEL: CaseState.CANCELLING,
        },
        CaseState.CANCELLING: {
            Event.CLEAR: CaseState.CANCELLED,
            Event.ESCALATE: CaseState.MANUAL,
            Event.CANCEL: CaseState.CANCELLING,
        },
        CaseState.REVOKED: _AFTER_A_CERTIFICATE,
        CaseState.EXPIRED: _AFTER_A_CERTIFICATE,
        CaseState.CANCELLED: {},
    }
)


def advance(state: CaseState | None, event: Event, holdings: Holdings) -> CaseState | Refusal:
    """The state after the event, or why the event cannot happen. State None: there is no case yet."""
    here = f"a case that is {state}" if state else "a case that does not exist"
    after = TABLE[state].get(event)
    if after is None:
        events = ", ".join(TABLE[state]) or "nothing"
        return Refusal(state, event, f"{event} cannot happen to {here}; what can: {events}")
    lacking = holdings.lacks(NEEDS[event])
    if lacking:
        return Refusal(state, event, f"{event} of {here} needs {' and '.join(lacking)}")
    return after


class AttemptState(StrEnum):
    """Where an attempt at a platform stands, or how it ended. The names are those of the contract."""

    PLANNED = "PLANNED"  # committed here; nothing was sent
    SENDING = "SENDING"  # bytes may have left
    ISSUED = "ISSUED"  # the platform issued a certificate, and it was adopted
    DUPLICATE = "DUPLICATE"  # the platform had issued one for the same content before, and it was adopted
    REJECTED = "REJECTED"  # the platform rejected the declaration
    REVIEW = "REVIEW"  # a person at the platform has it
    PENDING = "PENDING"  # the platform took it, and answers later, or issued what cannot be examined yet
    RETRYABLE = "RETRYABLE"  # the platform surely did not process it; another attempt may begin
    NOT_SENT = "NOT_SENT"  # nothing left
    UNKNOWN = "UNKNOWN"  # it is unknown what the platform did; it is looked up
    MISCONFIGURED = "MISCONFIGURED"  # the platform does not know our account, or our manifest of it is wrong
    UNPROVED = "UNPROVED"  # the answer does not prove itself: bad signature, another content, or forgotten by the platform


# While an attempt is open, the platform has or may have the declaration: no other attempt may begin.
OPEN_ATTEMPT = frozenset(
    {
        AttemptState.PLANNED,
        AttemptState.SENDING,
        AttemptState.REVIEW,
        AttemptState.PENDING,
        AttemptState.UNKNOWN,
    }
)

_ANSWERED = frozenset(AttemptState) - {AttemptState.PLANNED, AttemptState.SENDING}

# What only a sender can find out: that nothing left, or that our own set-up is wrong.
_LOOKED_UP = _ANSWERED - {AttemptState.NOT_SENT, AttemptState.MISCONFIGURED}

ATTEMPT_TABLE: Mapping[AttemptState, frozenset[AttemptState]] = MappingProxyType(
    {
        AttemptState.PLANNED: frozenset(
            {
                AttemptState.SENDING,
                AttemptState.NOT_SENT,
                AttemptState.MISCONFIGURED,
                AttemptState.UNKNOWN,
            }
        ),
        AttemptState.SENDING: _ANSWERED,
        AttemptState.REVIEW: _LOOKED_UP,
        AttemptState.PENDING: _LOOKED_UP,
        AttemptState.UNKNOWN: _LOOKED_UP,
        **{state: frozenset[AttemptState]() for state in _ANSWERED - OPEN_ATTEMPT},
    }
)


def before(state: AttemptState) -> frozenset[AttemptState]:
    """The states from which an attempt may come to this one."""
    return frozenset(was for was, after in ATTEMPT_TABLE.items() if state in after)
