"""The sites of our records: which web shops we know, and whether their order systems are connected.

These facts are ours. A caller cannot assert them; what a record leaves out is unknown.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError


class SitesFileInvalid(Exception):
    """The sites file cannot be used; the text says where and why."""


@dataclass(frozen=True, slots=True)
class SiteRecord:
    """One site. `None` means that nobody has told us."""

    tenant: str
    site_id: str
    kind: str | None
    integration: str | None
    platforms: tuple[str, ...]


class _Site(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    site: str = Field(min_length=1, max_length=100)
    tenant: str | None = Field(None, min_length=1, max_length=100)
    kind: Literal["B2B_INDEPENDENT", "MARKETPLACE", "B2C", "OTHER"] | None = None
    integration: Literal["CONNECTED", "NONE"] | None = None
    platforms: tuple[str, ...] = ()


class _SitesFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    tenant: str | None = Field(None, min_length=1, max_length=100)
    sites: tuple[_Site, ...]


class Sites:
    """All sites of our records, by tenant and id."""

    def __init__(self, records: Mapping[tuple[str, str], SiteRecord]) -> None:
        self._records = records

    def ids(self, tenant: str) -> tuple[str, ...]:
        """The tenant's sites by their ids, sorted."""
        return tuple(sorted(site_id for owner, site_id in self._records if owner == tenant))

    def find(self, tenant: str, site_id: str) -> SiteRecord | None:
        """The tenant's site of that id, or None where we have no record of it."""
        return self._records.get((tenant, site_id))


def load_sites(path: Path) -> Sites:
    """Reads a sites file (YAML: `tenant`, and `sites` with site, kind, integration, platforms).

    A site may have a `tenant` of its own; then the file's is for the others, and may be left out where there are none.

    Raises SitesFileInvalid with every mistake that it has.
    """
    try:
        content = _SitesFile.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except OSError as error:
        raise SitesFileInvalid(
            f"{path}: cannot be read ({error.strerror}). Give an existing file to --sites."
        ) from error
    except ValidationError as error:
        faults = "\n".join(
            f"{path}: {'.'.join(str(part) for part in fault['loc']) or 'the file'}: {fault['msg']}"
            for fault in error.errors()
        )
        raise SitesFileInvalid(faults) from error
    except (yaml.YAMLError, ValueError) as error:
        # A day that does not exist is a ValueError, and so is what is not UTF-8.
        raise SitesFileInvalid(f"{path}: is not YAML: {error}") from error
    except RecursionError as error:
        raise SitesFileInvalid(f"{path}: is nested too deep. Write it as a list of sites.") from error
    if stray := [entry.site for entry in content.sites if not (entry.tenant or content.tenant)]:
        raise SitesFileInvalid(
            "\n".join(
                f"{path}: the site {site!r} has no tenant; write `tenant` for it, or once for the whole file."
                for site in stray
            )
        )
    records = [
        SiteRecord(
            entry.tenant or content.tenant or "", entry.site, entry.kind, entry.integration, entry.platforms
        )
        for entry in content.sites
    ]
    counted = Counter((record.tenant, record.site_id) for record in records)
    if twice := [site for (_, site), count in counted.items() if count > 1]:
        faults = "\n".join(
            f"{path}: the site {site!r} stands more than once; keep one of them." for site in twice
        )
        raise SitesFileInvalid(faults)
    return Sites({(record.tenant, record.site_id): record for record in records})
