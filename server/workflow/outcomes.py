"""What each outcome of an attempt means for the records: the attempt's state, the case's event, and when to look again."""

import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Final

from engine.case import TABLE, WINDING_DOWN, AttemptState, CaseState, Event
from engine.platform import (
    LookupAnswer,
    Misconfigured,
    NotSent,
    Pending,
    Rejected,
    Retryable,
    Review,
    Unknown,
)
from server.store.records import AttemptRecord
from server.workflow.proving import Proved, Unproved

REVIEW_POLL: Final = timedelta(minutes=5)
# States in which the platform has said that it has the submission.
PROMISED: Final = frozenset({AttemptState.PENDING, AttemptState.REVIEW})
# However soon a platform wants to be asked again.
LEAST_POLL: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Unlookable:
    """What became of it cannot be found out by us, and why; `state` is how much the platform has said of it before."""

    because: str
    state: AttemptState


@dataclass(frozen=True, slots=True)
class Promised:
    """The platform has said that it has the submission, or has issued what could not be examined yet, and why."""

    because: str


Settled = (
    Proved
    | Unproved
    | Unlookable
    | Promised
    | Rejected
    | Review
    | Pending
    | Retryable
    | NotSent
    | Unknown
    | Misconfigured
)


@dataclass(frozen=True, slots=True)
class Entry:
    """An outcome as it is recorded. `due_in` is set where the reconciler is to look again."""

    state: AttemptState
    because: str
    detail: str = ""
    due_in: timedelta | None = None
    platform_id: str = ""


def entry(outcome: Settled, look_again: timedelta) -> Entry:
    """The record of an outcome; `look_again` is when an unknown one is looked up."""
    match outcome:
        case Proved():
            return Entry(
                AttemptState.ISSUED, f"The certificate {outcome.e_cert_id} is proved and bound to the order."
            )
        case Unproved():
            return Entry(AttemptState.UNPROVED, outcome.because)
        case Unlookable():
            return Entry(outcome.state, outcome.because)
        case Promised():
            due_in = max(look_again, LEAST_POLL)
            return Entry(AttemptState.PENDING, outcome.because, due_in=due_in)
        case Rejected():
            said = "; ".join(
                f"{f'line {code.line_id}: ' if code.line_id else ''}{code.text or code.code}"
                for code in outcome.codes
            )
            detail = json.dumps([asdict(code) for code in outcome.codes], ensure_ascii=False)
            return Entry(AttemptState.REJECTED, f"The platform rejected the declaration: {said}", detail)
        case Review():
            return Entry(
                AttemptState.REVIEW,
                outcome.because,
                due_in=REVIEW_POLL,
                platform_id=outcome.platform_id,
            )
        case Pending():
            due_in = max(outcome.poll_after, LEAST_POLL)
            because = "The platform has not decided yet."
            return Entry(AttemptState.PENDING, because, due_in=due_in, platform_id=outcome.platform_id)
        case Retryable():
            return Entry(AttemptState.RETRYABLE, outcome.because)
        case NotSent():
            return Entry(AttemptState.NOT_SENT, outcome.because)
        case Unknown():
            return Entry(AttemptState.UNKNOWN, outcome.because, due_in=look_again)
        case Misconfigured():
            return Entry(AttemptState.MISCONFIGURED, outcome.because)


def event(outcome: Settled, state: CaseState, *, replaces: bool = False) -> Event | None:
    """What the outcome does to a case in this state; None where the case stays as it is.

    `replaces`: it is that of the attempt by which the declaration is superseded in one step.
    """
    happens = _wound_down(outcome) if state in WINDING_DOWN else _happens(outcome, state)
    if replaces:
        happens = _replaced(outcome)
    # A case that a person has in hand only moves on by what decides it.
    return happens if happens in TABLE[state] else None


def _happens(outcome: Settled, state: CaseState) -> Event | None:
    match outcome:
        case Proved():
            return Event.ADOPT
        case Unproved() | Unlookable() | Misconfigured():
            return Event.ESCALATE
        case Rejected():
            return Event.REJECT
        case Review():
            return None if state is CaseState.IN_REVIEW else Event.REFER
        case Pending() | Promised():
            return None
        case Unknown():
            return Event.LOSE if state is CaseState.VERIFYING else None
        case Retryable() | NotSent():
            return Event.CLEAR


def _wound_down(outcome: Settled) -> Event | None:
    """Of a case that is not wanted any more: a certificate that turns up has to be voided before it is clear."""
    match outcome:
        case Unproved() | Unlookable() | Misconfigured():
            return Event.ESCALATE
        case Rejected() | Retryable() | NotSent():
            return Event.CLEAR
        case Proved() | Review() | Pending() | Promised() | Unknown():
            return None


def _replaced(outcome: Settled) -> Event | None:
    """Of a case whose certificate is to be replaced: what replaces nothing leaves it to be voided, without an event."""
    match outcome:
        case Proved():
            return Event.ADOPT
        case Unproved() | Unlookable():
            return Event.ESCALATE
        case _:
            return None


def still_promised(attempt: AttemptRecord, outcome: Settled) -> Settled:
    """A platform that took a submission still has it where a look-up tells nothing: that is not forgotten."""
    if not isinstance(outcome, Unknown) or attempt.state not in PROMISED:
        return outcome
    return Review(attempt.because) if attempt.state is AttemptState.REVIEW else Promised(attempt.because)


def unlookable(attempt: AttemptRecord, because: str) -> Unlookable:
    """An attempt that we cannot look up; what a platform took it still has, and what it said of that stays in words."""
    if attempt.state not in PROMISED:
        return Unlookable(because, AttemptState.UNKNOWN)
    said = attempt.because
    return Unlookable(said if because in said else f"{said.rstrip('.')}; {because}", attempt.state)


def learnt(answer: LookupAnswer) -> LookupAnswer:
    """What a look-up tells; where the platform could not be asked it tells nothing, and the attempt stays unknown."""
    match answer:
        case Retryable(because=because) | NotSent(because=because) | Misconfigured(because=because):
            return Unknown(f"the look-up failed: {because}")
        case _:
            return answer
