"""Attempts as they are planned: our reference, and the generation that is part of it."""

from collections.abc import Iterable
from datetime import datetime

from engine.platform import reference
from server.store.records import AttemptRecord, NewAttempt


def new_attempt(
    tenant: str,
    case_name: str,
    version: int,
    platform: str,
    manifest_digest: str,
    digest: str,
    deadline: datetime,
    generation: int = 1,
) -> NewAttempt:
    """An attempt to be planned, with our reference for it."""
    return NewAttempt(
        tenant=tenant,
        reference=reference(tenant, case_name, version, platform, generation),
        case_name=case_name,
        declaration_version=version,
        platform=platform,
        generation=generation,
        digest=digest,
        manifest_digest=manifest_digest,
        deadline_at=deadline,
    )


def next_generation(tried: Iterable[AttemptRecord], version: int, name: str) -> int:
    """The generation of the next attempt of a declaration's version at the platform of that name."""
    there = (one.generation for one in tried if (one.declaration_version, one.platform) == (version, name))
    return max(there, default=0) + 1
