"""The identities file: whose tokens are believed, and who is named by which certificate."""

import re
from collections.abc import Iterable
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, PlainValidator, ValidationError

from engine.rulebook.problems import Problem, Problems, show
from engine.rulebook.text.files import TextFile
from engine.rulebook.text.nodes import Node, plain
from engine.rulebook.text.yaml_text import read_yaml
from server.auth import Role
from server.identity.certified import NAMES
from server.identity.issuer import CertifiedCaller, Claim, Identities, Issuer
from server.platforms.manifest import is_loopback
from server.platforms.manifest_file.forms import Skew, fault, read_duration
from server.platforms.manifest_file.parts import Part
from server.platforms.manifest_file.places import key_span, note
from server.rulebooks import as_shown

LARGEST: Final = 1024 * 1024
TENANT: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_LONGEST: Final = 500


class IdentitiesFileInvalid(Exception):
    """The identities file cannot be used; the text shows every problem."""


def _text(value: str) -> str:
    if not 0 < len(value) <= _LONGEST or not value.isprintable():
        raise fault("bad-text", f"this is no text of 1 to {_LONGEST} characters", "write it in one line")
    return value


def _tenant(value: str) -> str:
    if not TENANT.fullmatch(value):
        raise fault("bad-name", f"`{value}` is no tenant's name", "use small letters, digits and `-`")
    return value


def _address(value: str) -> str:
    example = "write it like https://login.example/keys"
    try:
        parts = urlsplit(value)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise fault("bad-address", "it is no address", example) from None
    if not host or port == 0 or not value.isascii() or not value.isprintable() or " " in value:
        raise fault("bad-address", "it is no address", example)
    if parts.username is not None or parts.fragment:
        raise fault("bad-address", "it holds credentials or a fragment", "leave them out")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        raise fault("bad-address", "keys would come over an open way", "write https")
    return value


def _several(value: object) -> tuple[str, ...]:
    """One text, or a list of them."""
    items = value if isinstance(value, list) else [value]
    if not items or not all(isinstance(item, str) for item in items):
        raise fault("wrong-kind", "this is neither a text nor a list of texts", "write one of the two")
    return tuple(_text(str(item)) for item in items)


def _name_in_certificate(value: str) -> str:
    kind, _, name = value.partition(":")
    if kind not in NAMES or not name or not name.isascii() or not name.isprintable():
        raise fault(
            "bad-san", f"`{value}` is no subject alternative name",
            "write dns:, uri:, email: or ip: and the name, as in dns:orders.acme.example",
        )  # fmt: skip
    if kind == "ip":
        try:
            ip_address(name)
        except ValueError:
            raise fault("bad-san", f"`{name}` is no IP address", "write one, as in ip:192.0.2.7") from None
    return value


Text = Annotated[str, AfterValidator(_text)]
Tenant = Annotated[str, AfterValidator(_tenant)]
Address = Annotated[str, AfterValidator(_address)]
Several = Annotated[Claim, PlainValidator(_several)]
San = Annotated[str, AfterValidator(_name_in_certificate)]


class _Token(Part):
    issuer: Text
    audience: Several
    keys: Address
    algorithms: tuple[Literal["RS256", "PS256", "ES256", "Ed25519", "EdDSA"], ...]
    tenant: Tenant | None = None
    tenant_claim: Several | None = None
    roles: tuple[Role, ...] | None = None
    roles_claim: Several | None = None
    role_names: dict[str, Role] = Field(default_factory=dict)
    sites_claim: Several | None = None
    name_claim: Several = ("sub",)
    skew: Skew = read_duration("30 s")


class _Certificate(Part):
    san: San
    name: Text
    tenant: Tenant
    roles: tuple[Role, ...]
    sites: tuple[Text, ...] | None = None


class _File(Part):
    tokens: tuple[_Token, ...] = ()
    certificates: tuple[_Certificate, ...] = ()


def load_identities(path: Path) -> Identities:
    """Reads an identities file. Raises IdentitiesFileInvalid with every problem that it has, each with its place."""
    shown = as_shown(path)
    try:
        if path.stat().st_size > LARGEST:
            raise IdentitiesFileInvalid(
                f"{shown}: is larger than {LARGEST} bytes. Name the file of identities."
            )
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise IdentitiesFileInvalid(f"{shown}: is not UTF-8. Save it as UTF-8.") from error
    except OSError as error:
        raise IdentitiesFileInvalid(
            f"{shown}: cannot be read ({error.strerror}). Give an existing file to --identities."
        ) from error
    problems = Problems()
    root = read_yaml(TextFile(shown, text), problems)
    if root is None:
        raise _refused(problems.sorted(), text)
    try:
        content = _File.model_validate(plain(root))
    except ValidationError as error:
        note(error, _File, root, "an identities file", problems)
        raise _refused(problems.sorted(), text) from None
    _contradictions(content, root, problems)
    if problems.fatal:
        raise _refused(problems.sorted(), text)
    return Identities(
        tuple(_issuer(entry) for entry in content.tokens),
        tuple(_certified(entry) for entry in content.certificates),
    )


def _contradictions(content: _File, root: Node, problems: Problems) -> None:
    """What pydantic cannot see: keys that exclude each other, and entries that stand twice."""
    for number, token in enumerate(content.tokens):
        at = ("tokens", number)
        for name in ("tenant", "roles"):
            if (getattr(token, name) is None) == (getattr(token, f"{name}_claim") is None):
                what = f"it needs one of `{name}` and `{name}_claim`"
                mend = f"write `{name}` where all its tokens have the same, else `{name}_claim`"
                problems.add(key_span(root, (*at, "issuer")), "unclear", what, mend)
        if token.role_names and token.roles_claim is None:
            problems.add(
                key_span(root, (*at, "role_names")), "unused", "there is no `roles_claim` whose words it could name",
                "write `roles_claim`, or delete it",
            )  # fmt: skip
        for name in ("algorithms", "roles"):
            if getattr(token, name) == ():
                problems.add(
                    key_span(root, (*at, name)), "empty-value", f"`{name}` is empty", "write one at least"
                )
    for number, certificate in enumerate(content.certificates):
        if not certificate.roles:
            place = key_span(root, ("certificates", number, "roles"))
            problems.add(place, "empty-value", "`roles` is empty", "write one at least")
    for part, key, values in (
        ("tokens", "issuer", [token.issuer for token in content.tokens]),
        ("certificates", "san", [certificate.san for certificate in content.certificates]),
    ):
        for number, value in enumerate(values):
            if value in values[:number]:
                place = key_span(root, (part, number, key))
                problems.add(place, "twice", f"`{value}` stands here a second time", "keep one of the two")


def _issuer(entry: _Token) -> Issuer:
    return Issuer(
        issuer=entry.issuer,
        audiences=entry.audience,
        keys=entry.keys,
        algorithms=tuple(entry.algorithms),
        tenant=entry.tenant,
        tenant_claim=entry.tenant_claim,
        roles=frozenset(entry.roles or ()),
        roles_claim=entry.roles_claim,
        role_names=entry.role_names,
        sites_claim=entry.sites_claim,
        name_claim=entry.name_claim,
        skew=entry.skew,
    )


def _certified(entry: _Certificate) -> CertifiedCaller:
    kind, _, value = entry.san.partition(":")
    sites = None if entry.sites is None else frozenset(entry.sites)
    return CertifiedCaller(kind, value, entry.tenant, entry.name, frozenset(entry.roles), sites)


def _refused(problems: Iterable[Problem], text: str) -> IdentitiesFileInvalid:
    return IdentitiesFileInvalid("\n".join(show(problem, text) for problem in problems))
