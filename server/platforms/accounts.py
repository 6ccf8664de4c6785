"""Accounts: a tenant's secrets at a platform. The file says where each is kept, and never holds one."""

import os
import re
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, Field, ValidationError

from engine.rulebook.problems import Problem, Problems, show
from engine.rulebook.text.files import TextFile
from engine.rulebook.text.nodes import Mapping as MappingNode
from engine.rulebook.text.nodes import Node, Scalar, Sequence, plain
from engine.rulebook.text.yaml_text import read_yaml
from server.platforms.auth.kinds import SECRETS
from server.platforms.manifest_file.forms import Name, fault
from server.platforms.manifest_file.parts import Part
from server.platforms.manifest_file.places import key_span, note
from server.platforms.secret import Secret
from server.rulebooks import as_shown

LARGEST: Final = 1024 * 1024
_LARGEST_SECRET: Final = 64 * 1024
_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,199}")
# What TLS reads from a file itself.
_FILES: Final = ("certificate", "private_key")


class AccountsFileInvalid(Exception):
    """The accounts file cannot be used; the text shows every problem, and no secret."""


@dataclass(frozen=True, slots=True)
class Account:
    """A tenant's account at a platform. `tls` is whom it trusts, and who it is to the platform; None as usual.

    `trust` is the file of those whom it trusts, where it trusts nobody else.
    """

    tenant: str
    platform: str
    secrets: Mapping[str, Secret] = field(default_factory=dict, repr=False)
    tls: ssl.SSLContext | None = field(default=None, repr=False)
    trust: Path | None = None


@dataclass(frozen=True, slots=True)
class Accounts:
    """All accounts, by tenant and platform. `file` is where they stand, for messages."""

    file: str = "no accounts file"
    by_name: Mapping[tuple[str, str], Account] = field(default_factory=dict)

    def of(self, tenant: str, platform: str) -> Account:
        """The tenant's account at the platform; one without secrets where it has none."""
        return self.by_name.get((tenant, platform)) or Account(tenant, platform)


def _variable(name: str) -> str:
    if not _VARIABLE.fullmatch(name):
        raise fault(
            "bad-name", "this is no name of an environment variable", "write the name alone, without `$`"
        )
    return name


class _Where(Part):
    env: Annotated[str, AfterValidator(_variable)] | None = None
    file: Annotated[str, Field(min_length=1, max_length=1000)] | None = None


class _Secrets(Part):
    api_key: _Where | None = None
    username: _Where | None = None
    password: _Where | None = None
    client_id: _Where | None = None
    client_secret: _Where | None = None
    hmac_key: _Where | None = None
    hmac_key_id: _Where | None = None
    certificate: _Where | None = None
    private_key: _Where | None = None
    notice_key: _Where | None = None


class _Account(Part):
    tenant: Annotated[str, Field(min_length=1, max_length=100)]
    platform: Name
    trust: Annotated[str, Field(min_length=1, max_length=1000)] | None = None
    secrets: _Secrets = _Secrets()


class _File(Part):
    accounts: tuple[_Account, ...]


def load_accounts(path: Path, environment: Mapping[str, str] = os.environ) -> Accounts:
    """Reads an accounts file; files that it names relatively stand beside it. Raises AccountsFileInvalid."""
    shown = as_shown(path)
    try:
        text = path.read_text("utf-8") if path.stat().st_size <= LARGEST else ""
    except UnicodeDecodeError as error:
        raise AccountsFileInvalid(f"{shown}: is not UTF-8. Save it as UTF-8.") from error
    except OSError as error:
        raise AccountsFileInvalid(
            f"{shown}: cannot be read ({error.strerror}). Give an existing file to --accounts."
        ) from error
    problems = Problems()
    root = read_yaml(TextFile(shown, text), problems)
    if root is None:
        # A line that is no YAML may hold a secret: it is not shown.
        raise _refused(problems.sorted(), "")
    try:
        content = _File.model_validate(plain(root))
    except ValidationError as error:
        note(error, _File, root, "an accounts file", problems)
        raise _refused(problems.sorted(), _masked(text, root)) from None
    reader = _Reader(path.parent, environment, root, problems)
    accounts = [reader.account(number, entry) for number, entry in enumerate(content.accounts)]
    if problems.fatal:
        raise _refused(problems.sorted(), _masked(text, root))
    return Accounts(shown, {(account.tenant, account.platform): account for account in accounts})


def _refused(problems: Iterable[Problem], text: str) -> AccountsFileInvalid:
    return AccountsFileInvalid("\n".join(show(problem, text) for problem in problems))


def _masked(text: str, root: Node) -> str:
    """The text without any value but those that are known to be no secret."""
    letters = list(text)
    _mask(root, letters)
    return "".join(letters)


def _mask(node: Node, letters: list[str]) -> None:
    if isinstance(node, MappingNode):
        for key, value in node.entries:
            if not (isinstance(value, Scalar) and _may_be_shown(key.text, value.text)):
                _mask(value, letters)
    elif isinstance(node, Sequence):
        for item in node.items:
            _mask(item, letters)
    else:
        for at in range(node.start, min(node.end, len(letters))):
            letters[at] = letters[at] if letters[at] in "\r\n" else "*"


def _may_be_shown(key: str, text: str) -> bool:
    return key in ("tenant", "platform", "trust", "file") or (
        key == "env" and bool(_VARIABLE.fullmatch(text))
    )


class _Reader:
    def __init__(self, folder: Path, environment: Mapping[str, str], root: Node, problems: Problems) -> None:
        self._folder = folder
        self._environment = environment
        self._root = root
        self._problems = problems
        self._seen: set[tuple[str, str]] = set()

    def account(self, number: int, entry: _Account) -> Account:
        at = ("accounts", number)
        if (entry.tenant, entry.platform) in self._seen:
            what = f"the tenant {entry.tenant} has an account at {entry.platform} already"
            self._add((*at, "platform"), "second-account", what, "keep one of the two")
        self._seen.add((entry.tenant, entry.platform))
        given = {name: where for name in SECRETS if (where := getattr(entry.secrets, name)) is not None}
        read = {name: self._secret((*at, "secrets", name), name, where) for name, where in given.items()}
        secrets = {name: secret for name, secret in read.items() if secret is not None}
        trust = None if entry.trust is None else self._folder / entry.trust
        return Account(entry.tenant, entry.platform, secrets, self._tls(at, entry, secrets), trust)

    def _secret(self, at: tuple[str | int, ...], name: str, where: _Where) -> Secret | None:
        text: str | None = None
        if (where.env is None) == (where.file is None):
            self._add(
                at,
                "where-unclear",
                f"`{name}` is in a file or in the environment",
                "write one of env and file",
            )
        elif where.env is not None and name in _FILES:
            self._add(at, "where-unclear", f"`{name}` is read from a file", "write {file: PATH}")
        elif where.env is not None:
            text = self._environment.get(where.env)
            if text is None:
                self._add(
                    at, "secret-missing", f"the environment has no {where.env}", "set it before the start"
                )
        elif where.file is not None:
            text = self._file(at, where.file)
        if text is None:
            return None
        text = text if name in _FILES else text.strip("\r\n")
        if name not in _FILES and (not text or not text.isprintable() or not text.isascii()):
            message = f"what is kept for `{name}` is no line of visible ASCII characters"
            self._add(
                at, "secret-unusable", message, "keep the secret alone there, without quotes and blank lines"
            )
            return None
        return Secret(str(self._folder / (where.file or "")) if name in _FILES else text)

    def _file(self, at: tuple[str | int, ...], name: str) -> str | None:
        path = self._folder / name
        try:
            if path.stat().st_size > _LARGEST_SECRET:
                self._add(
                    at,
                    "secret-unusable",
                    f"{name} is too large to be a secret",
                    "name the file of the secret",
                )
                return None
            return path.read_text("utf-8")
        except OSError as error:
            self._add(
                at,
                "secret-missing",
                f"{name} cannot be read ({error.strerror})",
                "make the file, readable for the server",
            )
        except UnicodeDecodeError:
            self._add(at, "secret-unusable", f"{name} is no text", "keep the secret as a line of text")
        return None

    def _tls(
        self, at: tuple[str | int, ...], entry: _Account, secrets: Mapping[str, Secret]
    ) -> ssl.SSLContext | None:
        pair = [secrets.get(name) for name in _FILES]
        if entry.trust is None and pair == [None, None]:
            return None
        try:
            trust = None if entry.trust is None else str(self._folder / entry.trust)
            context = ssl.create_default_context(cafile=trust)
        except (OSError, ssl.SSLError):
            message = f"{entry.trust} holds no certificates to trust"
            self._add((*at, "trust"), "trust-unusable", message, "name a file of certificates in PEM")
            return None
        certificate, key = pair
        if certificate is not None and key is not None:
            try:
                # Without a password it is never asked for one on the terminal.
                context.load_cert_chain(certificate.reveal(), key.reveal(), password=str)
            except (OSError, ssl.SSLError, ValueError):
                message = "certificate and private key are no pair in PEM, or the key has a password"
                self._add(
                    (*at, "secrets", "certificate"),
                    "secret-unusable",
                    message,
                    "name a pair, the key without password",
                )
        return context

    def _add(self, at: tuple[str | int, ...], code: str, message: str, mend: str) -> None:
        self._problems.add(key_span(self._root, at), code, message, mend)
