"""The identities file."""

from datetime import timedelta
from pathlib import Path

import pytest

from server.auth import Role
from server.identity.file import IdentitiesFileInvalid, load_identities
from server.identity.issuer import CertifiedCaller, Identities, Issuer

TOKEN = """tokens:
  - issuer: https://login.example/shops
    audience: origin-gate
    keys: https://login.example/keys
    algorithms: [RS256]
    tenant_claim: tenant
    roles_claim: [realm_access, roles]
    role_names: {og-orders: ORDER_SYSTEM}
"""
CERTIFICATE = """certificates:
  - san: dns:orders.acme.example
    name: orders
    tenant: acme
    roles: [ORDER_SYSTEM]
"""


def loaded(folder: Path, text: str) -> Identities:
    """What a file of this text says."""
    path = folder / "identities.yaml"
    path.write_text(text, "utf-8")
    return load_identities(path)


def refusal(folder: Path, text: str) -> str:
    """What is wrong with it."""
    with pytest.raises(IdentitiesFileInvalid) as refused:
        loaded(folder, text)
    return str(refused.value)


def test_token(tmp_path: Path) -> None:
    """An issuer with its claims; what is left out has its usual value."""
    expected = Issuer(
        "https://login.example/shops", ("origin-gate",), "https://login.example/keys", ("RS256",),
        None, ("tenant",), frozenset(), ("realm_access", "roles"), {"og-orders": Role.ORDER_SYSTEM},
        None, ("sub",), timedelta(seconds=30),
    )  # fmt: skip
    assert Identities((expected,)) == loaded(tmp_path, TOKEN)


def test_certificate(tmp_path: Path) -> None:
    """A certificate's name and who it is."""
    expected = CertifiedCaller(
        "dns", "orders.acme.example", "acme", "orders", frozenset({Role.ORDER_SYSTEM}), None
    )
    assert Identities((), (expected,)) == loaded(tmp_path, CERTIFICATE)


@pytest.mark.parametrize(
    ("was", "is_", "said"),
    [
        ("issuer:", "isuer:", "2:5: `tokens` has no `isuer` [unknown-key]"),
        ("tenant_claim: tenant", "tenant: Acme!", "6:13: `Acme!` is no tenant's name [bad-name]"),
        ("    tenant_claim: tenant\n", "", "it needs one of `tenant` and `tenant_claim` [unclear]"),
        ("[RS256]", "[HS256]", "5:18: `algorithms` cannot be `HS256` [unknown-word]"),
        ("[RS256]", "[none]", "5:18: `algorithms` cannot be `none` [unknown-word]"),
        ("[RS256]", "[]", "`algorithms` is empty [empty-value]"),
        ("https://login.example/keys", "http://login.example/keys", "keys would come over an open way"),
        ("https://login.example/keys", "https://me:secret@login.example/keys", "it holds credentials"),
        ("ORDER_SYSTEM", "ORDERS", "`og-orders` cannot be `ORDERS` [unknown-word]"),
        ("    roles_claim: [realm_access, roles]\n", "    roles: [AUDITOR]\n", "there is no `roles_claim`"),
        ("    audience: origin-gate\n", "", "`tokens` lacks `audience` [missing-key]"),
    ],
    ids=range(11),
)
def test_problems_of_tokens(tmp_path: Path, was: str, is_: str, said: str) -> None:
    """A mistake is shown with its place and how to mend it."""
    assert was in TOKEN
    told = refusal(tmp_path, TOKEN.replace(was, is_))
    assert said in told
    assert "mend: " in told


@pytest.mark.parametrize(
    ("was", "is_", "said"),
    [
        ("dns:orders.acme.example", "orders.acme.example", "is no subject alternative name [bad-san]"),
        ("dns:orders.acme.example", "ip:nowhere", "`nowhere` is no IP address [bad-san]"),
        ("[ORDER_SYSTEM]", "[]", "`roles` is empty [empty-value]"),
        ("    name: orders\n", "", "lacks `name` [missing-key]"),
    ],
    ids=range(4),
)
def test_problems_of_certificates(tmp_path: Path, was: str, is_: str, said: str) -> None:
    """So is one in a certificate's entry."""
    assert said in refusal(tmp_path, CERTIFICATE.replace(was, is_))


def test_twice(tmp_path: Path) -> None:
    """An issuer or a name that stands twice would say two things."""
    entries = [TOKEN + TOKEN.partition("\n")[2], CERTIFICATE + CERTIFICATE.partition("\n")[2]]
    told = refusal(tmp_path, "".join(entries))
    assert 2 == told.count("stands here a second time [twice]")


def test_every_problem(tmp_path: Path) -> None:
    """All mistakes are told at once, in the file's order."""
    told = refusal(tmp_path, TOKEN.replace("RS256", "HS256") + CERTIFICATE.replace("dns:", "dn:"))
    assert told.index("HS256") < told.index("dn:orders")


@pytest.mark.parametrize("text", ["tokens: [", "- a\n", "\tx: 1\n", "tokens: 7\n"])
def test_no_such_file(tmp_path: Path, text: str) -> None:
    """What is no YAML, or none of this form, is refused with its place."""
    assert "identities.yaml:1:" in refusal(tmp_path, text)


def test_absent(tmp_path: Path) -> None:
    """A file that is not there is named."""
    with pytest.raises(IdentitiesFileInvalid, match="cannot be read"):
        load_identities(tmp_path / "none.yaml")
