"""Cases and the versions of their declarations. Every transition goes to the log, with actor and reason."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import Connection, Update, and_, bindparam, exists, insert, or_, select, update

from engine.case import NEEDS, OPEN_ATTEMPT, TABLE, Event, Holdings, Need, Refusal, advance
from engine.certificate import CertificateStatus
from engine.debit import DebitState
from server.store import log
from server.store.covered import DECLARATIONS, Covered, covered
from server.store.errors import CaseChanged, TransitionRefused
from server.store.prepared import every, first, write
from server.store.records import CaseRecord, DeclarationRecord, NewDeclaration
from server.store.rows import among, columns_of, insert_new, keyed, keys, rows_of
from server.store.schema import attempts, cases, certificates, debits, declarations
from server.store.sealing import begin_key, end_key, opened, sealed_row
from server.store.transaction import Transaction

_ROWS = rows_of(cases, CaseRecord)
_BY_NAME = _ROWS.where(keyed(cases, "tenant", "name"))
# Writers only wait for each other: what merely refers to the case goes on.
_TAKEN = _BY_NAME.with_for_update(key_share=True)
_BY_ORDER = _ROWS.where(keyed(cases, "tenant", "site_id", "order_id"))
# A moment later it could be moved; SQLite has one writer, and knows no such lock.
_VERSION = (
    select(cases.c.version)
    .where(keyed(cases, "tenant", "name"), cases.c.erased_at.is_(None))
    .with_for_update()
)
_ADD_DECLARATION = insert(declarations)
_DECLARATION = rows_of(declarations, DeclarationRecord).where(
    keyed(declarations, "tenant", "case_name", "version")
)
_PRESENT_DECLARATION = (
    rows_of(declarations, DeclarationRecord)
    .join(
        cases,
        and_(
            cases.c.tenant == declarations.c.tenant,
            cases.c.name == declarations.c.case_name,
            cases.c.declaration_version == declarations.c.version,
        ),
    )
    .where(keyed(declarations, "tenant", "case_name"))
)
_OPEN_ATTEMPT = exists().where(
    attempts.c.tenant == bindparam("key_tenant"),
    attempts.c.case_name == bindparam("key_name"),
    among(attempts.c.state, OPEN_ATTEMPT),
)
_OWN_CERTIFICATE = exists().where(
    certificates.c.tenant == bindparam("key_tenant"),
    certificates.c.case_name == bindparam("key_name"),
    among(certificates.c.status, (CertificateStatus.ACTIVE,)),
)
_COVERING_CERTIFICATE = exists().where(
    debits.c.tenant == bindparam("key_tenant"),
    debits.c.case_name == bindparam("key_name"),
    among(debits.c.state, (DebitState.HELD,)),
    certificates.c.tenant == debits.c.tenant,
    certificates.c.platform == debits.c.platform,
    certificates.c.e_cert_id == debits.c.e_cert_id,
    among(certificates.c.status, (CertificateStatus.ACTIVE,)),
)
_ACTIVE_CERTIFICATE = or_(_OWN_CERTIFICATE, _COVERING_CERTIFICATE)
_now = cases.alias()
_OF_ITS_DECLARATION = certificates.c.declaration_version == (
    select(_now.c.declaration_version)
    .where(_now.c.tenant == bindparam("key_tenant"), _now.c.name == bindparam("key_name"))
    .scalar_subquery()
)
_STANDING_CERTIFICATE = or_(_OWN_CERTIFICATE.where(_OF_ITS_DECLARATION), _COVERING_CERTIFICATE)
_HOLDINGS = select(_OPEN_ATTEMPT, _ACTIVE_CERTIFICATE, _STANDING_CERTIFICATE)
_HOLDS = {
    Need.OPEN_ATTEMPT: _OPEN_ATTEMPT,
    Need.NO_OPEN_ATTEMPT: ~_OPEN_ATTEMPT,
    Need.ACTIVE_CERTIFICATE: _ACTIVE_CERTIFICATE,
    Need.NO_ACTIVE_CERTIFICATE: ~_ACTIVE_CERTIFICATE,
    Need.NO_STANDING_CERTIFICATE: ~_STANDING_CERTIFICATE,
}


def find(connection: Connection, tenant: str, name: str) -> CaseRecord | None:
    """The case of this name."""
    return first(connection, _BY_NAME, _case(connection), keys(tenant=tenant, name=name))


def take(tx: Transaction, tenant: str, name: str) -> CaseRecord | None:
    """The case of this name, which nobody else moves until the transaction ends.

    For what must be recorded however the case stands. Take the case before anything of it, as everybody does: two who
    wait for each other would both be stopped.
    """
    return first(tx.connection, _TAKEN, _case(tx.connection), keys(tenant=tenant, name=name))


def find_by_order(connection: Connection, tenant: str, site_id: str, order_id: str) -> CaseRecord | None:
    """The case of a site's order."""
    key = keys(tenant=tenant, site_id=site_id, order_id=order_id)
    return first(connection, _BY_ORDER, _case(connection), key)


def create(
    tx: Transaction,
    *,
    tenant: str,
    name: str,
    site_id: str,
    order_id: str,
    site: str,
    order: str,
    event: Event,
    actor: str,
    reason: str,
) -> tuple[CaseRecord, bool]:
    """Open a case by its first event. Where the order has a case: that case as it stands, and False."""
    state = advance(None, event, Holdings())
    if isinstance(state, Refusal):
        raise TransitionRefused(state.because)
    new = CaseRecord(
        tenant, name, site_id, order_id, state, 1, 0, site, order, created_at=tx.now, updated_at=tx.now
    )
    begun = begin_key(tx.connection, tenant, name, tx.now)
    if not insert_new(tx.connection, cases, sealed_row(tx.connection, cases, name, columns_of(new))):
        if begun:
            end_key(tx.connection, tenant, name)
        there = find_by_order(tx.connection, tenant, site_id, order_id)
        if there is None:
            raise CaseChanged(f"{name} is another order's case already; take another name")
        return there, False
    _tell(tx, None, new, event, actor, reason)
    return new, True


def transition(
    tx: Transaction,
    case: CaseRecord,
    event: Event,
    *,
    actor: str,
    reason: str,
    site: str | None = None,
    order: str | None = None,
) -> CaseRecord:
    """Move a case on; `site` and `order`, where given, become what was last accepted.

    It comes after the steps that it rests on: attempts planned or ended, certificates adopted or voided.
    Raises TransitionRefused where the event cannot happen now, CaseChanged where somebody else moved the case
    meanwhile.
    """
    said: dict[str, Any] = {"site": site, "order": order}
    return _move(tx, case, event, actor, reason, **{name: text for name, text in said.items() if text})


def declare(
    tx: Transaction, case: CaseRecord, event: Event, new: NewDeclaration, *, actor: str, reason: str
) -> CaseRecord:
    """Add the next version of a case's declaration, by the event DECLARE or SUPERSEDE."""
    version = case.declaration_version + 1
    row = {
        **columns_of(new),
        "tenant": case.tenant,
        "case_name": case.name,
        "version": version,
        "declared_at": tx.now,
    }
    row = sealed_row(tx.connection, declarations, case.name, row)
    vouched = covered(DECLARATIONS, row)
    moved = _move(
        tx,
        case,
        event,
        actor,
        reason,
        covers=vouched,
        site=new.site,
        order=new.order,
        declaration_version=version,
    )
    write(tx.connection, _ADD_DECLARATION, row)
    return moved


def find_declaration(
    connection: Connection, tenant: str, case_name: str, version: int
) -> DeclarationRecord | None:
    """A version of a case's declaration."""
    key = keys(tenant=tenant, case_name=case_name, version=version)
    return first(connection, _DECLARATION, opened(connection, declarations, DeclarationRecord), key)


def find_present_declaration(connection: Connection, tenant: str, case_name: str) -> DeclarationRecord | None:
    """The declaration that the case has now."""
    key = keys(tenant=tenant, case_name=case_name)
    return first(connection, _PRESENT_DECLARATION, opened(connection, declarations, DeclarationRecord), key)


def hold(tx: Transaction, case: CaseRecord) -> None:
    """Let nobody else move the case until the transaction ends. Raises CaseChanged where it was moved already."""
    key = keys(tenant=case.tenant, name=case.name)
    if first(tx.connection, _VERSION, int, key) != case.version:
        raise CaseChanged(f"{case.name} was changed meanwhile; read it again")


def holdings(connection: Connection, tenant: str, case_name: str) -> Holdings:
    """What the case has at platforms."""
    [held] = every(connection, _HOLDINGS, Holdings, keys(tenant=tenant, name=case_name))
    return held


def _case(connection: Connection) -> Callable[..., CaseRecord]:
    return opened(connection, cases, CaseRecord)


def _move(
    tx: Transaction,
    case: CaseRecord,
    event: Event,
    actor: str,
    reason: str,
    /,
    covers: Covered | None = None,
    **changes: Any,
) -> CaseRecord:
    changes = {
        **changes,
        "state": TABLE[case.state].get(event),
        "version": case.version + 1,
        "updated_at": tx.now,
    }
    key = keys(tenant=case.tenant, name=case.name, version=case.version)
    row = sealed_row(tx.connection, cases, case.name, changes, columns_of(case))
    if changes["state"] is None or not write(tx.connection, _move_if(NEEDS[event]), key | row):
        raise _unmoved(tx, case, event)
    moved = replace(case, **changes)
    _tell(tx, case, moved, event, actor, reason, covers)
    return moved


def _unmoved(tx: Transaction, case: CaseRecord, event: Event) -> CaseChanged | TransitionRefused:
    """Why the case could not be moved."""
    now = find(tx.connection, case.tenant, case.name)
    after = advance(case.state, event, holdings(tx.connection, case.tenant, case.name))
    if now is None or now.version != case.version or not isinstance(after, Refusal):
        # What was refused was to happen to a case that is no more as it was read.
        return CaseChanged(f"{case.name} was changed meanwhile; read it again")
    return TransitionRefused(f"{case.name}: {after.because}")


@cache
def _move_if(needs: frozenset[Need]) -> Update:
    """Moves a case of the version that was read, where it has at platforms what the event needs."""
    holds = [_HOLDS[need] for need in sorted(needs)]
    return update(cases).where(keyed(cases, "tenant", "name", "version"), cases.c.erased_at.is_(None), *holds)


def _tell(
    tx: Transaction,
    was: CaseRecord | None,
    now: CaseRecord,
    event: Event,
    actor: str,
    reason: str,
    covers: Covered | None = None,
) -> None:
    log.append(
        tx,
        now.tenant,
        "transition",
        now.name,
        {
            "event": event,
            "from": was.state if was else None,
            "to": now.state,
            "version": now.version,
            "declaration_version": now.declaration_version,
            "actor": actor,
            "reason": reason,
        },
        covers,
    )
