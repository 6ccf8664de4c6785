"""What holds of service and sandbox after every step of a run, and what has become of everything at its end."""

from functools import partial

from engine.case import OPEN_ATTEMPT, UNDER_WAY, WINDING_DOWN, CaseState
from engine.certificate import CertificateStatus, ECertId
from engine.declaration import digest
from engine.platform import Expected
from server.platforms import ProofRules, verify_proof
from server.platforms.sandbox_manifest import SANDBOX_ISSUER
from server.store import certificates, voids
from server.store.records import CertificateRecord
from server.workflow.answering import Answer
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
    expected = Expected(stage.clock.now, ECertId(answer.e_cert_id), digest=wanted)
    verdict = verify_proof(record.proof, stage.published(), expected, RULES)
    assert verdict.good, verdict


async def after_each_step(stage: Stage, names: set[str], cancelled: set[str]) -> None:
    """The laws that hold at any moment."""
    assert [] == stage.books.sent_again, "nothing is submitted while an earlier submission may turn up"
    assert [] == stage.books.mixed_up, "what is submitted is what its digest says"
    assert await stage.arrived() <= stage.books.submits, "the transport sends nothing a second time"
    standing = await in_force(stage)
    listed = await on_the_list(stage)
    for name in sorted(names):
        view = await stage.house.case(name)
        state = view.case.state
        assert 1 >= sum(one.state in OPEN_ATTEMPT for one in view.attempts)
        active = [
            one.declaration_version
            for one in await held(stage, name)
            if one.status == CertificateStatus.ACTIVE
        ]
        assert len(set(active)) == len(active), "at most one active certificate a declaration version"
        if state in (CaseState.CERTIFIED, CaseState.HANDED_OFF):
            assert [view.case.declaration_version] == active
        elif state not in (*WINDING_DOWN, CaseState.MANUAL):
            assert [] == active
        ours = {one.reference for one in view.attempts} - stage.books.given_up
        if state in (CaseState.DECLARED, CaseState.CANCELLED):
            assert ours.isdisjoint(standing.values()), "nothing stands of a case that says so"
        if name in cancelled:
            assert state in (CaseState.CANCELLING, CaseState.CANCELLED, CaseState.MANUAL)
        if name not in listed and state in UNDER_WAY | {CaseState.IN_REVIEW}:
            planned = await stage.house.store.read(partial(voids.open_of_case, tenant=TENANT, case_name=name))
            due = [one.due_at for one in view.attempts if one.state in OPEN_ATTEMPT]
            assert any([*due, *(void.due_at for void in planned)]), "nothing is forgotten"


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
