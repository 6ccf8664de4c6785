"""What people call has places that no tenant's people take all of."""

import pytest

from server.auth import Role
from server.errors import LimitExceeded
from server.limits.bounds import PEOPLE_AT_ONCE, PEOPLE_OF_A_TENANT, ServerBounds, TenantBounds
from server.limits.limiting import Limiting

EXPORT = "/origingate.v1.EvidenceService/ExportEvidence"


async def bounds_of(tenant: str) -> TenantBounds:
    """A call and a stream at once of each tenant."""
    return TenantBounds(1, 1)


async def spend(tenant: str, count: int, a_day: int) -> None:
    """Nothing has a quota here."""


async def test_people_of_a_tenant() -> None:
    """A tenant's auditors take 16 of the 64 streams at most: the next is refused by the tenant's bound, and others come."""
    assert (16, 64) == (PEOPLE_OF_A_TENANT, PEOPLE_AT_ONCE)
    limiting = Limiting({EXPORT: Role.AUDITOR}, ServerBounds(1, 1, 1), bounds_of, spend)
    taken = [limiting.place(EXPORT, True) for _ in range(PEOPLE_OF_A_TENANT)]
    for place in taken:
        await place.of("acme", 1)
    with limiting.place(EXPORT, True) as late, pytest.raises(LimitExceeded) as refused:
        await late.of("acme", 1)
    assert "TENANT_STREAMS_AT_ONCE" == refused.value.bound
    with limiting.place(EXPORT, True) as other:
        await other.of("globex", 1)
    with taken[0]:
        pass
    with limiting.place(EXPORT, True) as again:
        await again.of("acme", 1)
