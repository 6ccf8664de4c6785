"""Who may call."""

import pytest

from server.auth import (
    DEVELOPER,
    LoopbackAuthenticator,
    NobodyIsAsked,
    Principal,
    Role,
    is_local,
    require_role,
)
from server.errors import RoleMissing, Unauthenticated


@pytest.mark.parametrize(
    "peer",
    [
        "ipv4:127.0.0.1:50051",
        "ipv4:127.9.9.9:1",
        "ipv6:[::1]:50051",
        "ipv6:%5B::1%5D:50051",
        "ipv6:%5B::ffff:127.0.0.1%5D:50051",
        "unix:",
        "unix:/run/og.sock",
        "unix-abstract:og",
    ],
)
def test_local(peer: str):
    """Loopback addresses and Unix sockets are this machine."""
    assert is_local(peer)


@pytest.mark.parametrize(
    "peer",
    [
        "ipv4:10.0.0.1:50051",
        "ipv4:127.0.0.1.evil.example:1",
        "ipv6:%5B2001:db8::1%5D:50051",
        "ipv6:%5B::ffff:10.0.0.1%5D:50051",
        "ipv6:%5Bfe80::1%25eth0%5D:1",
        "vsock:1:1",
        "unknown",
        "",
    ],
)
def test_not_local(peer: str):
    """Whatever is not certainly this machine is not."""
    assert not is_local(peer)


async def test_developer():
    """On its own machine a caller is the developer, of the tenant `dev`, in every role."""
    principal = await LoopbackAuthenticator().authenticate("ipv4:127.0.0.1:50051", {}, dict)
    assert Principal("dev", "developer", frozenset(Role)) == principal


async def test_stranger():
    """A caller from elsewhere is refused, and told why."""
    with pytest.raises(Unauthenticated, match=r"serves its own machine only\. Call it from there"):
        await LoopbackAuthenticator().authenticate("ipv4:10.0.0.1:50051", {}, dict)


async def test_nobody_is_asked():
    """Where nobody is asked, a caller from anywhere is the developer."""
    assert DEVELOPER == await NobodyIsAsked().authenticate("ipv4:10.0.0.1:50051", {}, dict)


def test_role():
    """A caller that has the role may call."""
    require_role(DEVELOPER, "/s/M", Role.AUDITOR)


@pytest.mark.parametrize("needed", [Role.OPERATOR, None])
def test_role_missing(needed: Role | None):
    """A caller without the role may not, and nobody may call a method that names none."""
    with pytest.raises(RoleMissing):
        require_role(Principal("t", "n", frozenset({Role.AUDITOR})), "/s/M", needed)
