"""What our own records add to the facts of a caller: the site's kind and integration, and codes that do not exist.

These facts are ours. A caller cannot assert them, and what our records lack stays unknown.
"""

from collections.abc import Mapping
from typing import Any, Final

from server.errors import SiteContradictsRecord
from server.nomenclature import unlisted
from server.sites import SiteRecord, Sites

Facts = Mapping[str, Any]

_NOBODY: Final[tuple[str, ...]] = ()


class OurRecords:
    """The records that every decision sees."""

    def __init__(self, sites: Sites) -> None:
        self._sites = sites

    def added_to(self, facts: Facts, tenant: str) -> Facts:
        """The facts with those of our records.

        The caller may leave the kind of site to our records, but not contradict them: SiteContradictsRecord.
        """
        added = dict(facts)
        record = self._site(facts, tenant)
        if record is not None:
            added["site"] = _with_record(facts["site"], record)
        goods = (facts.get("declaration") or {}).get("goods")
        if goods is not None:
            codes = [good["hs"] for good in goods if good.get("hs")]
            added["nomenclature"] = {"unlisted": unlisted(codes)}
        return added

    def platforms(self, facts: Facts, tenant: str) -> tuple[str, ...]:
        """Names of the platforms that the site is connected to, in its order of preference."""
        record = self._site(facts, tenant)
        return _NOBODY if record is None else record.platforms

    def _site(self, facts: Facts, tenant: str) -> SiteRecord | None:
        site_id = (facts.get("site") or {}).get("site_id")
        return self._sites.find(tenant, site_id) if site_id else None


def _with_record(site: Facts, record: SiteRecord) -> Facts:
    known = dict(site)
    if record.kind is not None:
        stated = site.get("kind", record.kind)
        if stated != record.kind:
            raise SiteContradictsRecord(record.site_id, stated or "none", record.kind)
        known["kind"] = record.kind
    if record.integration is not None:
        known["integration"] = record.integration
    return known
