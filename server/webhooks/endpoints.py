"""The endpoints that are told what happens to cases, as an operator's file names them."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.case import CaseState
from server.platforms.manifest import is_loopback
from server.platforms.transport import Limits
from server.webhooks.places import Fault, Placed, read_yaml
from server.webhooks.signing import Secret, SecretUnusable, read_secrets

HOW_TO_MAKE_ONE = (
    'write "whsec_" and the base64 of 32 random bytes, as `head -c 32 /dev/urandom | base64` gives them'
)


class EndpointsFileInvalid(Exception):
    """The endpoints file cannot be used; the text says where, why and how to mend it."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Whom to tell what, and with how much patience. Empty `site_ids` and `states` stand for any."""

    tenant: str
    name: str
    url: str
    secrets: tuple[Secret, ...]
    site_ids: frozenset[str]
    states: frozenset[str]
    from_beginning: bool
    limits: Limits
    at_once: int
    tries: int
    give_up_after: timedelta
    longest_pause: timedelta


class _Endpoint(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    endpoint: str = Field(pattern="^[a-z0-9][a-z0-9-]{0,62}$")
    tenant: str = Field(min_length=1, max_length=100)
    url: str = Field(min_length=1, max_length=2000)
    secret_env: str | None = Field(None, min_length=1)
    secret_file: str | None = Field(None, min_length=1)
    site_ids: tuple[str, ...] = ()
    states: tuple[CaseState, ...] = ()
    begin: Literal["now", "beginning"] = "now"
    connect_timeout: float = Field(3.0, gt=0, le=60)
    timeout: float = Field(10.0, gt=0, le=60)
    at_once: int = Field(4, ge=1, le=32)
    tries: int = Field(12, ge=1, le=1000)
    give_up_after: float = Field(259200.0, gt=0, le=2592000)
    longest_pause: float = Field(300.0, gt=0, le=86400)


class _EndpointsFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    webhooks: tuple[_Endpoint, ...]


def load_endpoints(path: Path, environment: Mapping[str, str] = os.environ) -> tuple[Endpoint, ...]:
    """Reads an endpoints file. A `secret_file` that is no absolute path stands beside it.

    Raises EndpointsFileInvalid with every mistake that it has.
    """
    try:
        placed = read_yaml(path.read_text("utf-8"))
    except OSError as error:
        raise EndpointsFileInvalid(
            f"{path}: cannot be read ({error.strerror}). Give an existing file to --webhooks."
        ) from error
    except (yaml.YAMLError, ValueError, TypeError) as error:
        # A day that does not exist is a ValueError, a list for a key a TypeError.
        raise EndpointsFileInvalid(f"{path}: is not YAML: {error}") from error
    except RecursionError as error:
        raise EndpointsFileInvalid(f"{path}: is nested too deep. Write it as a list of endpoints.") from error
    if twice := list(placed.twice()):
        raise _refused(path, placed, twice)
    try:
        content = _EndpointsFile.model_validate(placed.data)
    except ValidationError as error:
        faults = [Fault(fault["loc"], fault["msg"], _mend(fault["type"])) for fault in error.errors()]
        raise _refused(path, placed, faults) from error
    faults = list(_namesakes(content.webhooks))
    endpoints = []
    for number, entry in enumerate(content.webhooks):
        at = ("webhooks", number)
        faults += [Fault((*at, fault.path[0]), fault.what, fault.mend) for fault in _address_faults(entry)]
        try:
            endpoints.append(_made(entry, _secrets(entry, path.parent, environment)))
        except _SecretMissing as missing:
            faults.append(Fault((*at, missing.key), missing.what, missing.mend))
    if faults:
        raise _refused(path, placed, faults)
    return tuple(endpoints)


class _SecretMissing(Exception):
    def __init__(self, key: str, what: str, mend: str) -> None:
        super().__init__(what)
        self.key, self.what, self.mend = key, what, mend


def _made(entry: _Endpoint, secrets: tuple[Secret, ...]) -> Endpoint:
    return Endpoint(
        tenant=entry.tenant,
        name=entry.endpoint,
        url=entry.url,
        secrets=secrets,
        site_ids=frozenset(entry.site_ids),
        states=frozenset(entry.states),
        from_beginning=entry.begin == "beginning",
        limits=Limits(min(entry.connect_timeout, entry.timeout), entry.timeout),
        at_once=entry.at_once,
        tries=entry.tries,
        give_up_after=timedelta(seconds=entry.give_up_after),
        longest_pause=timedelta(seconds=entry.longest_pause),
    )


def _secrets(entry: _Endpoint, folder: Path, environment: Mapping[str, str]) -> tuple[Secret, ...]:
    match entry.secret_env, entry.secret_file:
        case str(name), None:
            key, text = "secret_env", environment.get(name)
            if text is None:
                raise _SecretMissing(
                    key, f"the environment has no {name}", f"set it before the start: {HOW_TO_MAKE_ONE}"
                )
        case None, str(name):
            key = "secret_file"
            try:
                text = (folder / name).read_text("utf-8")
            except OSError as error:
                raise _SecretMissing(
                    key, f"{name} cannot be read ({error.strerror})", f"make the file: {HOW_TO_MAKE_ONE}"
                ) from error
            except ValueError as error:
                raise _SecretMissing(key, f"{name} is no text", HOW_TO_MAKE_ONE) from error
        case _:
            raise _SecretMissing(
                "endpoint", "it needs one of secret_env and secret_file", "say where its secret is kept"
            )
    try:
        return read_secrets(text)
    except SecretUnusable as error:
        raise _SecretMissing(key, f"the secret of {name} cannot be used: {error}", HOW_TO_MAKE_ONE) from error


def _address_faults(entry: _Endpoint) -> Iterator[Fault]:
    example = "write it like https://orders.example/hooks/origin-gate"
    try:
        parts = urlsplit(entry.url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        yield Fault(("url",), "it is no address", example)
        return
    plain = entry.url.isascii() and entry.url.isprintable() and " " not in entry.url
    if not host or port == 0 or parts.scheme not in ("http", "https") or not plain:
        yield Fault(("url",), "it is no address", example)
    elif parts.username is not None or parts.fragment:
        yield Fault(
            ("url",), "it holds credentials or a fragment", "leave them out: the signature says who calls"
        )
    elif parts.scheme == "http" and not is_loopback(host):
        yield Fault(("url",), "it is not encrypted, and not on this machine", "write https")


def _namesakes(entries: Iterable[_Endpoint]) -> Iterator[Fault]:
    counted = Counter[tuple[str, str]]()
    for number, entry in enumerate(entries):
        counted[entry.tenant, entry.endpoint] += 1
        if counted[entry.tenant, entry.endpoint] == 2:
            what = f"the tenant {entry.tenant!r} has two endpoints {entry.endpoint!r}"
            yield Fault(
                ("webhooks", number, "endpoint"), what, "name each once: its place in the log goes by it"
            )


def _refused(path: Path, placed: Placed, faults: Iterable[Fault]) -> EndpointsFileInvalid:
    lines = [
        (placed.place(fault.path), ".".join(map(str, fault.path)) or "the file", fault) for fault in faults
    ]
    lines.sort(key=lambda line: line[:2])
    return EndpointsFileInvalid(
        "\n".join(
            f"{path}:{line}:{column}: {name}: {fault.what}. mend: {fault.mend}"
            for (line, column), name, fault in lines
        )
    )


def _mend(kind: str) -> str:
    match kind:
        case "missing":
            return "write it"
        case "extra_forbidden":
            return "take it out, or compare its spelling"
        case "string_pattern_mismatch":
            return "use small letters, digits and dashes"
    return "write another value"
