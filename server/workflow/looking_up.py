"""How what became of an attempt is asked: by the platform's own id where it gave one, else by our reference."""

from engine.platform import LookupAnswer, Platform, Reference
from server.store.records import AttemptRecord


def can_look_up(platform: Platform, attempt: AttemptRecord) -> bool:
    """Whether the platform can be asked what became of it."""
    return platform.capabilities.lookup_by_reference or bool(_by_id(platform, attempt))


async def looked_up(platform: Platform, attempt: AttemptRecord) -> LookupAnswer:
    """What the platform says; to be asked only where it can be."""
    by_id = _by_id(platform, attempt)
    reference = Reference(attempt.reference)
    return await (platform.lookup(reference, by_id) if by_id else platform.lookup(reference))


def _by_id(platform: Platform, attempt: AttemptRecord) -> str:
    return (attempt.platform_id or "") if platform.capabilities.lookup_by_platform_id else ""
