"""What holds of service and sandbox after every step of a run, and what has become of everything at its end."""

from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from engine.case import OPEN_ATTEMPT, UNDER_WAY, WINDING_DOWN, CaseState
from engine.certificate import CertificateStatus, ECertId
from engine.declaration import digest
from engine.platform import Binding, Expected
from server.platforms import ProofRules, verify_proof
from server.platforms.sandbox_manifest import SANDBOX_ISSUER
from server.store import certificates, voids, work_list
from server.store.records import CertificateRecord, VoidRecord
from server.workflow.answering import Answer
from server.workflow.casework import CaseView, named
from server.workflow.intake import Intake
from tests.server.workflow.house import TENANT
from tests.server.workflow.runs.stage import Stage

RULES = ProofRules(SANDBOX_ISSUER, sandbox_allowed=True)


async def held(stage: Stage, name: str) -> list[CertificateRecord]:
    """The certificates that our records hold of a case."""
    return await stage.house.store.read(partial(certificates.of_case, tenant=TENANT, case_name=name))


async def in_force(stage: Stage) -> dict[str, str]:
    """What is in force at the platform: our reference by e-Cert ID."""
    return {
        entry["e_cert_id"]: entry["reference"]
        for entry in await stage.entries()
        if entry.get("status") == "active"
    }


async def answer_verifies(stage: Stage, intake: Intake, answer: Answer) -> None:
    """An e-Cert ID that is answered was issued for that content, and its proof holds under the platform's keys."""
    if answer.e_cert_id is None:
        return
    record = answer.view.certificate
    assert record is not None
    wanted = digest(intake.content) if intake.content is not None else record.declaration_digest
    issued = [entry for entry in await stage.entries() if entry.get("e_cert_id") == answer.e_cert_id]
    assert [wanted] == [entry["digest"] for entry in issued]
    expected = Expected(
        stage.clock.now, ECertId(answer.e_cert_id), digest=wanted, content=answer.view.content
    )
    if record.binding is Binding.DIGEST:
        verdict = verify_proof(record.proof, stage.published(), expected, RULES)
    else:
        verdict = stage.adapter.verify_proof(record.proof, stage.published(), expected)
    assert verdict.good, verdict


@dataclass(frozen=True, slots=True)
class Seen:
    """A case as our records have it at one moment."""

    view: CaseView
    certificates: list[CertificateRecord]
    voids: list[VoidRecord]
    listed: bool

    @property
    def active(self) -> list[int]:
        """The declaration versions whose certificates are active."""
        return [
            one.declaration_version for one in self.certificates if one.status == CertificateStatus.ACTIVE
        ]

    @property
    def active_but_for_voids(self) -> list[int]:
        """The same without what is being voided: what was superseded, and not surely replaced."""
        voided = {void.e_cert_id for void in self.voids}
        active = [one for one in self.certificates if one.status == CertificateStatus.ACTIVE]
        return [one.declaration_version for one in active if one.e_cert_id not in voided]


async def seen(stage: Stage, names: set[str]) -> list[Seen]:
    """All cases, read at one moment."""

    def look(connection: Connection) -> list[Seen]:
        listed = {case.name for case in work_list.page(connection, TENANT, None, 100)}
        return [
            Seen(
                named(connection, TENANT, name),
                certificates.of_case(connection, TENANT, name),
                voids.open_of_case(connection, TENANT, name),
                name in listed,
            )
            for name in sorted(names)
        ]

    return await stage.house.store.read(look)


async def after_each_step(stage: Stage, names: set[str], cancelled: set[str]) -> None:
    """The laws that hold at any moment in which nothing goes on in the background."""
    await stage.house.quiet()
    assert [] == stage.books.sent_again, "nothing is submitted while an earlier submission may turn up"
    assert [] == stage.books.mixed_up, "what is submitted is what its digest says"
    assert await stage.arrived() <= stage.books.submits, "the transport sends nothing a second time"
    standing = await in_force(stage)
    for one in await seen(stage, names):
        _case_is_in_order(one, set(standing.values()) - stage.books.given_up)
        if one.view.case.name in cancelled:
            assert one.view.case.state in (CaseState.CANCELLING, CaseState.CANCELLED, CaseState.MANUAL)


def _case_is_in_order(one: Seen, standing: set[str]) -> None:
    """`standing` are the references of what is in force at the platform, but for what was given up."""
    case, state = one.view.case, one.view.case.state
    open_attempts = [attempt for attempt in one.view.attempts if attempt.state in OPEN_ATTEMPT]
    assert 1 >= len(open_attempts)
    assert len(set(one.active)) == len(one.active), "at most one active certificate a declaration version"
    if state in (CaseState.CERTIFIED, CaseState.HANDED_OFF):
        assert [case.declaration_version] == one.active_but_for_voids
    elif state not in (*WINDING_DOWN, CaseState.MANUAL):
        assert [] == one.active_but_for_voids
    if state in (CaseState.DECLARED, CaseState.CANCELLED):
        ours = {attempt.reference for attempt in one.view.attempts}
        assert ours.isdisjoint(standing), "nothing stands of a case that says so"
    if not one.listed and state in UNDER_WAY | {CaseState.IN_REVIEW}:
        assert any(what.due_at for what in (*open_attempts, *one.voids)), ("nothing is forgotten", one)


async def on_the_list(stage: Stage) -> set[str]:
    """The cases that wait for a person."""
    return {one.view.case.name for one, _ in await stage.house.operating.waiting(TENANT, None, 100)}


async def adopted_or_voided(stage: Stage, names: set[str]) -> None:
    """Everything that the platform issued is adopted or out of force, but for what a person is told of."""
    listed = await on_the_list(stage)
    ours = {
        record.e_cert_id
        for name in names
        for record in await held(stage, name)
        if record.status == CertificateStatus.ACTIVE
    }
    told = {one.reference for name in listed for one in (await stage.house.case(name)).attempts}
    for e_cert_id, reference in (await in_force(stage)).items():
        assert e_cert_id in ours or reference in told, f"{e_cert_id} is neither adopted nor voided"
