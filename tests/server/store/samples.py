"""Short ways to what the tests are about: each writes what a case needs to stand where its name says."""

from datetime import UTC, date, datetime, timedelta

from engine.case import AttemptState, Event
from engine.certificate import CertificateStatus
from engine.platform import Binding
from engine.site import Connection, SiteStep
from server.store import (
    AttemptRecord,
    CaseRecord,
    CertificateRecord,
    NewAttempt,
    NewCertificate,
    NewDecision,
    NewDeclaration,
    Store,
    Transaction,
    attempts,
    cases,
    certificates,
    rulebooks,
)
from server.store.attempts import Lease
from server.store.sealing import MasterKey, MasterKeys
from server.store.sites import SiteChangeRecord

TENANT = "acme"
# What personal values are sealed under in tests.
MASTER = MasterKeys([MasterKey(b"a master key of the store's test")])
RULEBOOK = "sha256:" + "a" * 64
START = datetime(2026, 7, 1, 12, 0, 0, 123456, tzinfo=UTC)
LEASE = Lease("worker-1", timedelta(seconds=30))
SEND_NEEDS = timedelta(seconds=12)


class Clock:
    """Tells a moment one second later each time it is asked."""

    def __init__(self) -> None:
        self.moment = START

    def __call__(self) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment


def case_name(number: int = 1) -> str:
    return f"cases/{number:032x}"


def place(tx: Transaction, number: int = 1, tenant: str = TENANT) -> tuple[CaseRecord, bool]:
    return cases.create(
        tx,
        tenant=tenant,
        name=case_name(number),
        site_id="shop",
        order_id=f"order-{number}",
        site='{"siteId":"shop"}',
        order='{"destination":"US"}',
        event=Event.PLACE,
        actor="orders",
        reason="the order came",
    )


def declaration(order: str = '{"destination":"US"}') -> NewDeclaration:
    return NewDeclaration(
        digest="sha256:" + "d" * 64,
        content='{"schema":1}',
        site='{"siteId":"shop"}',
        order=order,
        declaration='{"language":"es"}',
        on_day=date(2026, 7, 1),
        rulebook_digest=RULEBOOK,
    )


def declare(tx: Transaction, case: CaseRecord, event: Event = Event.DECLARE) -> CaseRecord:
    rulebooks.keep(tx, RULEBOOK, "usmca", '{"rules/usmca/rulebook.yaml":"..."}')
    return cases.declare(tx, case, event, declaration(), actor="orders", reason="the declaration came")


def attempt(case: CaseRecord, generation: int = 1, platform: str = "sandbox", number: int = 1) -> NewAttempt:
    return NewAttempt(
        tenant=case.tenant,
        reference=f"{platform}-{number}-{case.declaration_version}-{generation}",
        case_name=case.name,
        declaration_version=case.declaration_version,
        platform=platform,
        generation=generation,
        digest="sha256:" + "d" * 64,
        manifest_digest="sha256:" + "e" * 64,
        deadline_at=START + timedelta(days=10_000),
    )


def certificate(case: CaseRecord, e_cert_id: str = "SBX-1", platform: str = "sandbox") -> NewCertificate:
    return NewCertificate(
        tenant=case.tenant,
        platform=platform,
        e_cert_id=e_cert_id,
        case_name=case.name,
        declaration_version=case.declaration_version,
        reference="sandbox-1-1-1",
        status=CertificateStatus.ACTIVE,
        status_at=START,
        issued_at=START,
        binding=Binding.DIGEST,
        declaration_digest="sha256:" + "d" * 64,
        proof="header.claims.signature",
        sandbox=True,
    )


def decision(decision_id: str, question: str = "scope", case: CaseRecord | None = None) -> NewDecision:
    return NewDecision(
        tenant=TENANT,
        decision_id=decision_id,
        question=question,
        outcome="IN_SCOPE",
        body='{"outcome":"IN_SCOPE"}',
        rulebook_digest=RULEBOOK,
        facts_digest="sha256:" + "f" * 64,
        facts='{"order":{}}',
        case_name=case.name if case else None,
        declaration_version=case.declaration_version if case else None,
        request_id="request-1",
    )


def submit(
    tx: Transaction, case: CaseRecord, number: int = 1, lease: Lease | None = LEASE
) -> tuple[CaseRecord, AttemptRecord]:
    planned = attempts.plan(tx, attempt(case, number=number), lease)
    return cases.transition(tx, case, Event.SUBMIT, actor="server", reason="planned"), planned


async def placed(store: Store, number: int = 1, tenant: str = TENANT) -> CaseRecord:
    return (await store.write(lambda tx: place(tx, number, tenant)))[0]


async def declared(store: Store, number: int = 1) -> CaseRecord:
    return await store.write(lambda tx: declare(tx, place(tx, number)[0]))


async def verifying(
    store: Store, number: int = 1, lease: Lease | None = LEASE
) -> tuple[CaseRecord, AttemptRecord]:
    return await store.write(lambda tx: submit(tx, declare(tx, place(tx, number)[0]), number, lease))


async def certified(store: Store, number: int = 1) -> tuple[CaseRecord, CertificateRecord]:
    case, planned = await verifying(store, number)

    def issue(tx: Transaction) -> tuple[CaseRecord, CertificateRecord]:
        attempts.begin_sending(tx, planned.hold, SEND_NEEDS)
        attempts.record_outcome(tx, planned.hold, AttemptState.ISSUED, because="issued")
        adopted, _ = certificates.adopt(tx, certificate(case, f"SBX-{number}"))
        return cases.transition(tx, case, Event.ADOPT, actor="server", reason="proof holds"), adopted

    return await store.write(issue)


def site_change(site_id: str = "shop", tenant: str = TENANT) -> SiteChangeRecord:
    """A site that was connected by a run; number and moment are the store's to say."""
    return SiteChangeRecord(
        tenant, site_id, 0, SiteStep.CONNECT, "operator", "a new platform", "request-1", START, "The shop",
        "B2B_INDEPENDENT", (Connection("sandbox", "sha256:" + "e" * 64, "sha256:" + "c" * 64, START),), None,
        "sandbox", "sha256:" + "c" * 64,
    )  # fmt: skip
