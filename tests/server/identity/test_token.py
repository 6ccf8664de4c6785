"""Whether a token holds."""

import base64
import hmac
import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc.jwk import Key

from server.auth import Principal, Role
from server.errors import Unauthenticated
from server.identity.issuer import Issuer
from server.identity.token import Bearer, read, verify
from tests.examples import examples

from .issuing import claims, new_key, public, trusted, written

KEY, OTHER = new_key(), new_key()


def taken(token: str, issuer: Issuer | None = None, *keys: Key) -> Bearer:
    """Whom the token is about."""
    return verify(token, read(token), public(*(keys or (KEY,))), issuer or trusted(), datetime.now(UTC))


def refusal(token: str, issuer: Issuer | None = None, *keys: Key) -> str:
    """Why it is refused."""
    with pytest.raises(Unauthenticated) as refused:
        taken(token, issuer, *keys)
    return str(refused.value).removeprefix("The caller is not known: ").partition(". ")[0]


def test_good() -> None:
    """A token says whom it is about: tenant, roles by their names at the issuer, and its subject."""
    expected = Principal("acme", "token:orders-7", frozenset({Role.ORDER_SYSTEM}))
    assert expected == taken(written(KEY, claims())).principal


def test_rsa() -> None:
    """A token signed by RSA holds where its issuer's algorithm is pinned to that."""
    key = new_key("RSA")
    token = written(key, claims(), "RS256")
    assert "acme" == taken(token, trusted(algorithms=("RS256",)), key).principal.tenant
    assert "the token is not signed by ES256" == refusal(token, None, key)


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"aud": "another"}, "the token is for another audience"),
        ({"aud": "another origin-gate"}, "the token is for another audience"),
        ({"aud": ["another"]}, "the token is for another audience"),
        ({"aud": None}, "the token is for another audience"),
        ({"exp": None}, "the token does not say when it ends"),
        ({"exp": time.time() - 40}, "the token has ended"),
        ({"exp": "soon"}, "the token's `exp` is no moment"),
        ({"exp": 1e300}, "the token's `exp` is no moment"),
        ({"exp": True}, "the token's `exp` is no moment"),
        ({"nbf": time.time() + 3600}, "the token is not in force yet"),
        ({"iat": time.time() + 3600}, "the token is not in force yet"),
        ({"tenant": None}, "the token does not name a tenant"),
        ({"tenant": ["acme"]}, "the token does not name a tenant"),
        ({"sub": None}, "the token does not say whom it is about"),
        ({"iss": "https://evil.example"}, "the token is not of its issuer"),
    ],
    ids=lambda part: (
        part if isinstance(part, str) else next(iter(part))
    ),  # moments differ from process to process
)
def test_claims(changes: dict[str, Any], because: str) -> None:
    """A token whose claims do not hold is refused with what is wrong."""
    assert because == refusal(written(KEY, claims(**changes)))


def test_several_audiences() -> None:
    """A token for several audiences is for us where we are one of them."""
    assert "acme" == taken(written(KEY, claims(aud=["another", "origin-gate"]))).principal.tenant


def test_skew() -> None:
    """A token counts a little beyond its end, as far as clocks may differ."""
    assert "acme" == taken(written(KEY, claims(exp=time.time() - 10))).principal.tenant


def test_other_key() -> None:
    """A signature by another key under the id of a known one does not hold."""
    assert "the token's signature does not hold" == refusal(written(OTHER, claims()))


def test_unknown_key() -> None:
    """A key that the issuer does not publish proves nothing, also where the token brings it along."""
    stranger = new_key(kid="key-2")
    token = written(stranger, claims(), jwk=stranger.as_dict(private=False), jku="https://evil.example/keys")
    assert "the token is signed by a key that its issuer does not publish" == refusal(token)


def encoded(value: object) -> str:
    """A part of a token."""
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def test_secret_made_of_public_key() -> None:
    """A public key used as a shared secret signs nothing: the algorithm is pinned, and not the token's to choose."""
    signed = f"{encoded({'alg': 'HS256', 'kid': 'key-1'})}.{encoded(claims())}"
    signature = hmac.digest(KEY.as_pem(private=False), signed.encode(), "sha256")
    assert "the token is not signed by ES256" == refusal(f"{signed}.{encoded(signature)}")


def test_unsigned() -> None:
    """A token that says that it needs no signature is refused."""
    token = f"{encoded({'alg': 'none', 'kid': 'key-1'})}.{encoded(claims())}."
    assert "the token is not signed by ES256" == refusal(token)


@pytest.mark.parametrize("header", [{"crit": ["x"], "x": 1}, {"typ": "secevent+jwt"}, {"kid": None}], ids=str)
def test_header(header: dict[str, Any]) -> None:
    """Extensions, other kinds of tokens and tokens without a key's id are refused."""
    head = {"alg": "ES256", "kid": "key-1", **header}
    parts = ({name: value for name, value in head.items() if value is not None}, claims(), b"sig")
    with pytest.raises(Unauthenticated):
        read(".".join(map(encoded, parts)))


def test_roles_by_their_own_names() -> None:
    """Without names of its own the claim has the roles' names, as a list or as words with blanks between them."""
    issuer = trusted(roles_claim=("scope",), role_names={})
    expected = frozenset({Role.AUDITOR, Role.OPERATOR})
    assert expected == taken(written(KEY, claims(scope="AUDITOR openid OPERATOR")), issuer).principal.roles


def test_no_role() -> None:
    """A token without a role that we know is known, and may nothing."""
    assert frozenset() == taken(written(KEY, claims(realm={}))).principal.roles


def test_one_tenant() -> None:
    """An issuer of one tenant speaks for that one, whatever its tokens claim."""
    issuer = trusted(tenant="brasa", tenant_claim=None)
    assert "brasa" == taken(written(KEY, claims(tenant="acme")), issuer).principal.tenant


@pytest.mark.parametrize(("said", "sites"), [(["a", "b"], {"a", "b"}), (None, set())], ids=["said", "absent"])
def test_sites(said: list[str] | None, sites: set[str]) -> None:
    """Where sites are claimed, a token is for these; one that leaves the claim out is for none."""
    issuer = trusted(sites_claim=("sites",))
    assert frozenset(sites) == taken(written(KEY, claims(sites=said)), issuer).principal.sites


GOOD = written(KEY, claims(exp=time.time() + 86400))


@settings(max_examples=examples(80), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(at=st.integers(0, len(GOOD) - 1), sign=st.sampled_from("AZaz09-_.=é"))
def test_any_change_is_refused(at: int, sign: str) -> None:
    """Whatever sign of a token is changed, it is refused as a token: nothing else is raised.

    But for the last, whose lowest bits encode nothing.
    """
    changed = GOOD[:at] + sign + GOOD[at + 1 :]
    if changed == GOOD or at == len(GOOD) - 1:
        return
    with pytest.raises(Unauthenticated):
        taken(changed)


@settings(max_examples=examples(80), deadline=None)
@given(text=st.text(max_size=300) | st.binary(max_size=200).map(lambda data: data.decode("latin-1")))
def test_anything_else_is_refused(text: str) -> None:
    """Whatever is no token is refused, and nothing else is raised."""
    with pytest.raises(Unauthenticated):
        taken(text)
