"""Attempts as they are planned: our reference, and the generation that is part of it; and what is planned after another."""

from collections.abc import Iterable
from datetime import datetime

from engine.platform import Platform, reference
from server.store import Transaction, attempts
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
    replaces: str | None = None,
) -> NewAttempt:
    """An attempt to be planned, with our reference for it; `replaces` is the e-Cert ID in whose place it is to certify."""
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
        replaces=replaces,
    )


def next_generation(tried: Iterable[AttemptRecord], version: int, name: str) -> int:
    """The generation of the next attempt of a declaration's version at the platform of that name."""
    there = (one.generation for one in tried if (one.declaration_version, one.platform) == (version, name))
    return max(there, default=0) + 1


def elsewhere(
    ended: AttemptRecord, platform: Platform, tried: Iterable[AttemptRecord], deadline: datetime
) -> NewAttempt:
    """The attempt at another platform in the place of one that ended."""
    return new_attempt(
        ended.tenant,
        ended.case_name,
        ended.declaration_version,
        platform.name,
        platform.manifest_digest,
        ended.digest,
        deadline,
        generation=next_generation(tried, ended.declaration_version, platform.name),
    )


def plan_next(tx: Transaction, ended: AttemptRecord, deadline: datetime) -> AttemptRecord:
    """Plans the next generation of an attempt that ended, for whoever takes it."""
    again = new_attempt(
        ended.tenant,
        ended.case_name,
        ended.declaration_version,
        ended.platform,
        ended.manifest_digest,
        ended.digest,
        deadline,
        generation=ended.generation + 1,
        replaces=ended.replaces,
    )
    return attempts.plan(tx, again, lease=None)
