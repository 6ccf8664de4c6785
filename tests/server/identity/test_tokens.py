"""Callers that bring tokens of an issuer whose keys come over HTTP, and change."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from server.auth import Principal
from server.errors import IdentityUnavailable, Unauthenticated
from server.identity.tokens import BELIEVED, Tokens, fetching
from server.platforms.keys import KEYS_AGE, UNKNOWN_KEY_EVERY
from server.platforms.transport import Transport

from .issuing import Login, claims, login, new_key, trusted, written
from .people import now


class Desk:
    """An issuer, who knows it, and a clock that stands."""

    def __init__(self, issuer: Login, transport: Transport) -> None:
        self.issuer = issuer
        self.seconds = 0.0
        known = (trusted(keys=issuer.address), trusted(issuer="https://other.example", keys=issuer.address))
        self.tokens = Tokens(known, fetching(transport), self.moment, lambda: self.seconds)

    def moment(self):  # type: ignore[no-untyped-def]
        return now() + timedelta(seconds=self.seconds)

    async def caller(self, **said: object) -> Principal:
        """The caller of a token signed by the issuer's newest key."""
        return await self.tokens.caller(written(self.issuer.keys[-1], claims(**said)))


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """A desk with an issuer behind it."""
    async with login() as issuer:
        transport = await Transport.open()
        yield Desk(issuer, transport)
        await transport.close()


async def test_keys_are_asked_for_once(desk: Desk) -> None:
    """The issuer's keys are fetched for the first token, and serve the next ones."""
    assert ["acme", "brasa"] == [(await desk.caller(tenant=name)).tenant for name in ("acme", "brasa")]
    assert 1 == desk.issuer.asked


async def test_rotation(desk: Desk) -> None:
    """A token under a key that the issuer has added since is taken: its keys are looked for again."""
    await desk.caller()
    desk.seconds = UNKNOWN_KEY_EVERY
    desk.issuer.keys.append(new_key(kid="key-2"))
    assert "acme" == (await desk.caller(exp=(now().timestamp() + 3600))).tenant
    assert 2 == desk.issuer.asked


async def test_made_up_keys(desk: Desk) -> None:
    """Tokens under keys that nobody has do not keep the issuer busy."""
    await desk.caller()
    for number in range(5):
        with pytest.raises(Unauthenticated, match="does not publish"):
            await desk.tokens.caller(written(new_key(kid=f"none-{number}"), claims()))
    assert 2 == desk.issuer.asked


async def test_withdrawn(desk: Desk) -> None:
    """A key that the issuer withdraws proves nothing any more once its keys are fetched again."""
    token = written(desk.issuer.keys[0], claims(exp=now().timestamp() + 2 * KEYS_AGE))
    await desk.tokens.caller(token)
    desk.issuer.keys = [new_key(kid="key-2")]
    desk.seconds = KEYS_AGE + BELIEVED
    with pytest.raises(Unauthenticated, match="does not publish"):
        await desk.tokens.caller(token)


async def test_ends_while_believed(desk: Desk) -> None:
    """A token that was believed a moment ago is refused once it has ended."""
    token = written(desk.issuer.keys[0], claims(exp=now().timestamp() + 5))
    await desk.tokens.caller(token)
    desk.seconds = 40.0
    with pytest.raises(Unauthenticated, match="the token has ended"):
        await desk.tokens.caller(token)


async def test_issuer_out_of_reach(desk: Desk) -> None:
    """Where the issuer's keys cannot be had, the caller is not refused but told to come again."""
    desk.issuer.status = 503
    with pytest.raises(IdentityUnavailable):
        await desk.caller()
    desk.issuer.status, desk.seconds = 200, 1.0
    assert "acme" == (await desk.caller()).tenant


async def test_unknown_issuer(desk: Desk) -> None:
    """A token of an issuer that nobody trusts is refused, and nobody is asked for its keys."""
    with pytest.raises(Unauthenticated, match="issuer is not known"):
        await desk.caller(iss="https://evil.example")
    assert 0 == desk.issuer.asked


async def test_issuer_for_itself_only(desk: Desk) -> None:
    """A token is proved by the keys of the issuer that it names, each of which is asked by itself."""
    assert "acme" == (await desk.caller(iss="https://other.example")).tenant
    assert 1 == desk.issuer.asked
