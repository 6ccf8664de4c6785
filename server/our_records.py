"""What our own records add to the facts of a caller: the site's kind and integration, and codes that do not exist.

These facts are ours. A caller cannot assert them, and what our records lack stays unknown.
"""

from collections.abc import Mapping
from typing import Any, Final, Protocol

from server.errors import SiteContradictsRecord
from server.nomenclature import unlisted
from server.sites import SiteRecord

Facts = Mapping[str, Any]

_NOBODY: Final[tuple[str, ...]] = ()


class KnownSites(Protocol):
    """Finds the sites of our records."""

    def find(self, tenant: str, site_id: str) -> SiteRecord | None:
        """The tenant's site of that id, or None where we have no record of it."""
        ...


class OurRecords:
    """The records that every decision sees."""

    def __init__(self, sites: KnownSites) -> None:
        self._sites = sites

    def added_to(self, facts: Facts, tenant: str) -> Facts:
        """The facts with those of our records.

        The caller may leave the kind of site to our records, but not contradict them: SiteContradictsRecord.
        """
        record = self._site(facts, tenant)
        stated = (facts.get("site") or {}).get("kind", "")
        if record is not None and record.kind is not None and stated not in ("", record.kind):
            raise SiteContradictsRecord(record.site_id, stated or "none", record.kind)
        return self.added_again(facts, tenant)

    def added_again(self, facts: Facts, tenant: str) -> Facts:
        """The same for facts that were taken in before: where the record was corrected since, the record counts."""
        added = dict(facts)
        record = self._site(facts, tenant)
        if record is not None:
            known = {"kind": record.kind, "integration": record.integration}
            added["site"] = {
                **facts["site"],
                **{name: said for name, said in known.items() if said is not None},
            }
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
