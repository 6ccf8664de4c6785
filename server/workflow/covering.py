"""Orders that are to stand under a certificate that is there: whether it covers them, and what they draw on its ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from engine.certificate import CertificateStatus, Difference, differences, normalise_e_cert_id
from engine.coverage import (
    Coverage,
    Covers,
    Draw,
    Falls,
    coverage,
    is_blanket,
    own_coverage,
    own_draws,
)
from engine.declaration import Content
from server.errors import CertificateNotFound
from server.store import Store, Transaction, cases, certificates, ledger
from server.store.ledger_records import NewGood, NewLedger
from server.store.records import CaseRecord, CertificateRecord, DeclarationRecord
from server.wire.texts import Texts, facts_of
from server.workflow.casework import CaseView, content_of_case
from server.workflow.certificate_facts import Statuses, certificate_facts
from server.workflow.deciding import Deciding, Facts
from server.workflow.intake import Intake, Use


@dataclass(frozen=True, slots=True)
class Weighed:
    """What is known of an order under a certificate: the certificate's facts, and what is drawn if it is covered.

    `opens` are the facts that the certificate's ledger is opened with, where a version without ledgers adopted it.
    """

    facts: Mapping[str, object]
    certificate: CertificateRecord
    draws: tuple[Draw, ...] | None = None
    opens: Facts | None = None


class Covering:
    """Weighs orders against certificates of our records."""

    def __init__(self, store: Store, deciding: Deciding, statuses: Statuses) -> None:
        self._store = store
        self._deciding = deciding
        self._statuses = statuses

    async def use(self, tenant: str, said: Facts) -> Use:
        """The certificate that a request names. Raises CertificateNotFound where our records have none of that id."""
        e_cert_id, platform = normalise_e_cert_id(said["e_cert_id"]), said.get("platform")
        named = {each["line_id"]: each["good_id"] for each in said.get("goods", ())}
        found = await self._store.read(lambda c: use_of(c, tenant, e_cert_id, platform, named))
        if found is None:
            raise CertificateNotFound(e_cert_id, platform or "")
        return found

    async def weigh(self, intake: Intake) -> Weighed:
        """Whether the certificate that the order names is in force, free for it, and covers it, as things stand now."""
        use = intake.use
        assert use is not None
        fresh = await self._statuses.fresh(use.certificate)
        if fresh is None:
            return Weighed({}, use.certificate)
        issued_on = self._deciding.day_of(fresh.issued_at)
        seen = await self._store.read(lambda c: examined(c, use, intake.facts))
        told = examined_facts(fresh, issued_on, seen, intake.content)
        draws = seen.found.draws if seen.covers and isinstance(seen.found, Covers) else None
        return Weighed(told, fresh, draws if fresh.status is CertificateStatus.ACTIVE else None, seen.opens)


@dataclass(frozen=True, slots=True)
class Examined:
    """What our records say of an order under a certificate.

    `was` is what the certificate certifies; `used_by` the case of another order that one for a single shipment was issued
    for, None where it is not known whether it is another. `found` is set for a blanket one; `covers` where it would cover
    the order of another case, which is not bound by being the same.
    """

    was: Content | None
    used_by: tuple[str, ...] | None
    found: Coverage | None = None
    covers: bool = False
    opens: Facts | None = None


def examined(connection: Connection, use: Use, facts: Facts) -> Examined:
    """An order, by its facts, against the certificate that it names."""
    certificate, declared = use.certificate, use.declared
    case = cases.find(connection, certificate.tenant, certificate.case_name)
    ids = (facts.get("site", {}).get("site_id"), facts.get("order", {}).get("order_id"))
    was, certified = content_of_case(connection, certificate), declared_facts(declared)
    if case is not None and ids == (case.site_id, case.order_id):
        own = own_coverage(certified["declaration"], certified["order"])
        return Examined(was, (), own if is_blanket(certified["declaration"]) else None)
    if not is_blanket(certified["declaration"]):
        return Examined(was, (certificate.case_name,) if all(ids) else None)
    there = ledger.balances(connection, certificate)
    had = ledger.opening_balances(new_ledger(certified)) if there is None else there
    found = coverage(certified["declaration"], facts.get("order", {}), had, use.named)
    return Examined(was, (), found, True, certified if there is None else None)


def examined_facts(
    fresh: CertificateRecord, issued_on: date, seen: Examined, content: Content | None
) -> dict[str, object]:
    """The facts of a certificate for an order that names it; how they differ is not known without a declaration."""
    lacks = () if seen.found is None else uncovered(seen.found)
    if seen.covers:
        return certificate_facts(fresh, issued_on, (), lacks, seen.used_by)
    if seen.was is None or content is None:
        told = certificate_facts(fresh, issued_on, (), lacks, seen.used_by)
        return {name: said for name, said in told.items() if name != "differences"}
    return certificate_facts(fresh, issued_on, differences(seen.was, content), lacks, seen.used_by)


def draw(tx: Transaction, case: CaseRecord, weighed: Weighed) -> None:
    """Draws for the case's declaration. Raises CaseChanged where somebody else drew what is needed meanwhile."""
    assert weighed.draws is not None
    if weighed.opens is not None:
        open_for(tx, weighed.certificate, weighed.opens)
    ledger.draw(tx, weighed.certificate, case, weighed.draws)


def open_for(tx: Transaction, certificate: CertificateRecord, facts: Facts) -> None:
    """Opens the ledger of a certificate that is a blanket one; `facts` are those of the order that it was issued for."""
    if is_blanket(facts["declaration"]):
        ledger.open_ledger(tx, certificate, new_ledger(facts))


def new_ledger(facts: Facts) -> NewLedger:
    """What the ledger of a blanket certificate begins with."""
    declaration = facts["declaration"]
    period = declaration.get("blanket_period") or {}
    goods = tuple(
        NewGood(good["good_id"], good.get("quantity"), good.get("unit"))
        for good in declaration.get("goods") or ()
    )
    own = own_draws(declaration, facts["order"])
    return NewLedger(period.get("first_day"), period.get("last_day"), goods, own)


def held_facts(
    view: CaseView, fresh: CertificateRecord, issued_on: date, differing: tuple[Difference, ...] = ()
) -> dict[str, object]:
    """The facts of the certificate that a case stands under. One of another case covers it: the case draws on its ledger."""
    declared = view.declaration if fresh.case_name == view.case.name else None
    lacks = () if declared is None else own_uncovered(declared_facts(declared))
    return certificate_facts(fresh, issued_on, differing, lacks)


def declared_facts(declared: DeclarationRecord) -> Facts:
    """The facts that a version of a declaration came with."""
    return facts_of(Texts(declared.site, declared.order, declared.declaration))


def uncovered(found: Coverage) -> tuple[str, ...] | None:
    """What is not covered, as a fact; None where it is not known."""
    match found:
        case Covers():
            return ()
        case Falls(gaps=gaps):
            return tuple(map(str, gaps))
        case _:
            return None


def own_uncovered(facts: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The same of the order that the certificate was issued for, by the facts that it came with."""
    if not is_blanket(facts["declaration"]):
        return ()
    return uncovered(own_coverage(facts["declaration"], facts["order"]))


def use_of(
    connection: Connection,
    tenant: str,
    e_cert_id: str,
    platform: str | None = None,
    named: Mapping[str, str] = MappingProxyType({}),
) -> Use | None:
    """The use of a certificate of our records; None where they have none of that id."""
    certificate = certificates.find(connection, tenant, e_cert_id, platform or None)
    if certificate is None:
        return None
    declared = cases.find_declaration(
        connection, tenant, certificate.case_name, certificate.declaration_version
    )
    return None if declared is None else Use(certificate, declared, named)
