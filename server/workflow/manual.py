"""Why a case waits for a person, and what the person can do."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection

from engine.case import OPEN_ATTEMPT, AttemptState, CaseState
from engine.certificate import CertificateStatus
from engine.void import VoidState
from server.store import voids
from server.store.records import AttemptRecord, VoidRecord
from server.workflow.casework import CaseView
from server.workflow.clearing import unwanted
from server.workflow.replacing import is_replacing

# The platform surely has nothing of an attempt that ended so: another one may begin.
NOTHING_CAME: Final = frozenset({AttemptState.MISCONFIGURED, AttemptState.RETRYABLE, AttemptState.NOT_SENT})


class Step(StrEnum):
    """What an operator can do with a case. The names are those of the contract."""

    ADOPT = "ADOPT"
    MARK_VOID = "MARK_VOID"
    RETRY = "RETRY"


@dataclass(frozen=True, slots=True)
class Manual:
    """A case in an operator's hands: what is open at platforms, and whether it was being wound down."""

    view: CaseView
    stuck: tuple[VoidRecord, ...]
    unwanted: bool
    replacing: AttemptRecord | None = None
    """The attempt that is to replace its certificate, or has, as far as is known."""

    @property
    def attempt(self) -> AttemptRecord | None:
        """The attempt that has to be settled: the open one, else the last of the declaration that the case has.

        Of what is superseded it is the last of all: the declaration that has come in its place was not submitted yet.
        """
        ours = [
            one
            for one in self.view.attempts
            if self.unwanted
            or one.state in OPEN_ATTEMPT
            or one.declaration_version == self.view.case.declaration_version
        ]
        return max(
            ours,
            key=lambda one: (
                one.state in OPEN_ATTEMPT,
                one.planned_at,
                one.declaration_version,
                one.generation,
            ),
            default=None,
        )

    @property
    def open_attempt(self) -> AttemptRecord | None:
        """The attempt that has not ended."""
        attempt = self.attempt
        return attempt if attempt is not None and attempt.state in OPEN_ATTEMPT else None

    @property
    def waits(self) -> bool:
        """Whether it waits for a person at all."""
        return self.view.case.state is CaseState.MANUAL or bool(self.stuck)

    @property
    def because(self) -> str:
        """Why it waits, for people."""
        if self.stuck:
            return f"The certificate {self.stuck[0].e_cert_id} is not voided: {self.stuck[0].because}."
        attempt = self.attempt
        return attempt.because if attempt is not None else "Nothing is known of an attempt."

    @property
    def platform(self) -> str:
        """The platform that has to be asked; empty where none ever was."""
        if self.stuck:
            return self.stuck[0].platform
        return self.attempt.platform if self.attempt is not None else ""

    @property
    def e_cert_id(self) -> str:
        """The certificate that stands, or may stand; empty where none is known."""
        if self.stuck:
            return self.stuck[0].e_cert_id
        held = self.view.certificate
        return held.e_cert_id if held is not None and held.status == CertificateStatus.ACTIVE else ""

    def steps(self, can_look_up: bool) -> tuple[Step, ...]:
        """What can be done, in the order in which to try it; `can_look_up`: whether the platform finds our reference."""
        if not self.waits:
            return ()
        attempt = self.attempt
        manual = self.view.case.state is CaseState.MANUAL
        again = bool(self.stuck) or (
            attempt is not None
            and (
                can_look_up
                if attempt.state in OPEN_ATTEMPT
                else manual and attempt.state in NOTHING_CAME and not self.unwanted
            )
        )
        # What is to be replaced hinders no certificate of the new declaration.
        hinders = "" if self.replacing is not None else self.e_cert_id
        wanted = self.replacing is not None or not self.unwanted
        adopt = manual and attempt is not None and wanted and not hinders
        return (
            *((Step.RETRY,) if again else ()),
            *((Step.ADOPT,) if adopt else ()),
            Step.MARK_VOID,
        )


def manual(connection: Connection, view: CaseView) -> Manual:
    """The case as an operator has it in hand."""
    case = view.case
    stuck = tuple(
        void
        for void in voids.open_of_case(connection, case.tenant, case.name)
        if void.state is VoidState.STUCK
    )
    replacing = [
        one
        for one in view.attempts
        if one.state in OPEN_ATTEMPT | {AttemptState.UNPROVED} and is_replacing(connection, case, one)
    ]
    return Manual(view, stuck, unwanted(connection, case), replacing[-1] if replacing else None)
