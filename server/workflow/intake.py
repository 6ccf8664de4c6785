"""An order as it comes in: what the caller said, what our records add, and what a certificate would certify."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from engine.certificate import Difference, differences
from engine.coverage import lines_by_good
from engine.declaration import Content, certified_content, digest
from engine.facts import EVERYTHING
from engine.written_facts import Written, facts_digest
from server.errors import RequestInvalid
from server.our_records import Facts, OurRecords
from server.store.records import CertificateRecord, DeclarationRecord
from server.wire.covering import declaration_for_lines
from server.wire.texts import Texts, facts_of, remember
from server.workflow.requesting import Request


@dataclass(frozen=True, slots=True)
class Use:
    """A certificate of our records that an order is to stand under, with the declaration that it certifies.

    `named` are the goods that the caller names for lines, by line.
    """

    certificate: CertificateRecord
    declared: DeclarationRecord
    named: Mapping[str, str]

    @property
    def said(self) -> Facts:
        """What a request says of it, as facts."""
        certificate = self.certificate
        goods = tuple(sorted(self.named.items()))
        return {"use": {"platform": certificate.platform, "e_cert_id": certificate.e_cert_id, "goods": goods}}


@dataclass(frozen=True, slots=True)
class Intake:
    """An order as a request brings it.

    `said` are the caller's facts, and `facts` the same with those of our records added; `body_digest` is over the caller's
    own, so that a repeated request is known again however it was serialised. `content` is None where there is no
    declaration. `written` is what was written of these facts. With `use` the declaration is that of the certificate, for the
    lines of this order, and `said_digest` is over what was said instead.
    """

    tenant: str
    actor: str
    request_id: str
    site_id: str
    order_id: str
    texts: Texts
    said: Facts
    facts: Facts
    body_digest: str
    content: Content | None
    content_digest: str
    platforms: tuple[str, ...]
    written: Written = field(repr=False, compare=False)
    use: Use | None = None
    said_digest: str = ""

    def request(self, method: str) -> Request:
        """The request that it came by."""
        said = self.said_digest or self.body_digest
        return Request(self.tenant, self.actor, self.request_id, method, said)


def content_of(tenant: str, facts: Facts) -> Content | None:
    """What a certificate for these facts would certify; None where there is no declaration."""
    if "declaration" not in facts:
        return None
    return certified_content(
        tenant, facts["site"].get("site_id"), facts.get("order", {}), facts["declaration"]
    )


def take_in(
    tenant: str, actor: str, request_id: str, texts: Texts, facts: Facts, records: OurRecords
) -> Intake:
    """Puts together all that a request says of an order."""
    content = content_of(tenant, facts)
    remember(texts, facts)
    written = Written()
    return Intake(
        tenant=tenant,
        actor=actor,
        request_id=request_id,
        site_id=facts["site"]["site_id"],
        order_id=facts["order"]["order_id"],
        texts=texts,
        said=facts,
        facts=records.added_to(facts, tenant),
        body_digest=written.digest(facts, EVERYTHING),
        content=content,
        content_digest=digest(content) if content is not None else "",
        platforms=records.platforms(facts, tenant),
        written=written,
    )


def take_in_under(
    tenant: str, actor: str, request_id: str, texts: Texts, facts: Facts, records: OurRecords, use: Use
) -> Intake:
    """The same for an order that is to stand under a certificate of our records."""
    declared = use.declared
    certified = facts_of(Texts(declared.site, declared.order, declared.declaration))["declaration"]
    lines = lines_by_good(certified, facts["order"], use.named)
    whole = Texts(texts.site, texts.order, declaration_for_lines(declared.declaration, lines))
    said = {**facts, **use.said}
    taken = take_in(tenant, actor, request_id, whole, facts_of(whole), records)
    return replace(taken, use=use, said_digest=facts_digest(said, EVERYTHING))


def changed_since(was: Content | None, intake: Intake) -> tuple[Difference, ...]:
    """Where the order differs from what was certified.

    A declaration that is no longer given is no difference, nor are lines; lines that are given are compared.
    """
    if was is None:
        return ()
    if intake.content is not None:
        return differences(was, intake.content)
    order = {name: value for name, value in intake.facts["order"].items() if name == "lines"}
    sold = certified_content(intake.tenant, None, order, {})["order"]
    certified = was.get("order")
    if not isinstance(sold, dict) or not isinstance(certified, dict):
        return ()
    return differences(was, {**was, "order": {**certified, **sold}})


def came_with(declared: DeclarationRecord, intake: Intake) -> bool:
    """Whether the declaration came with just these facts, those that no certificate certifies among them."""
    if intake.content is None:
        return False
    kept = Texts(declared.site, declared.order, declared.declaration)
    if kept == intake.texts:
        return True
    try:
        return facts_digest(facts_of(kept), EVERYTHING) == intake.body_digest
    except RequestInvalid:
        # Taken in under an earlier contract, whose form was another.
        return False
