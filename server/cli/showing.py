"""How commands show who they are: an API key with every call, a certificate for the connection."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

if TYPE_CHECKING:
    from origingate.client import Client

KEY_VARIABLE: Final = "ORIGINGATE_API_KEY"
_LARGEST: Final = 64 * 1024

_OPTIONS: Final[dict[str, tuple[Any, object]]] = {
    "api_key_file": (
        Annotated[
            Path | None,
            typer.Option(
                "--api-key-file",
                metavar="FILE",
                help=f"File of the API key or token to show, if it is not in {KEY_VARIABLE}.",
            ),
        ],
        None,
    ),
    "tls": (Annotated[bool, typer.Option("--tls", help="Speak TLS.")], False),
    "tls_ca": (
        Annotated[
            Path | None,
            typer.Option("--tls-ca", metavar="FILE", help="Speak TLS, and trust these authorities (PEM)."),
        ],
        None,
    ),
    "cert": (
        Annotated[
            Path | None,
            typer.Option("--cert", metavar="FILE", help="Certificate to show (PEM); needs --cert-key."),
        ],
        None,
    ),
    "cert_key": (
        Annotated[
            Path | None, typer.Option("--cert-key", metavar="FILE", help="The certificate's key (PEM).")
        ],
        None,
    ),
}


class NotToBeShown(Exception):
    """What is to be shown cannot be, or must not be; the text says why and how to mend it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a command shows. The way is open where `tls` is False."""

    key: str = field(default="", repr=False)
    tls: bool = False
    trust: bytes | None = None
    certificate: bytes | None = None
    certificate_key: bytes | None = field(default=None, repr=False)


NOTHING: Final = Shown()
_SHOWN: ContextVar[Shown] = ContextVar("shown", default=NOTHING)


def showing(command: Callable[..., None]) -> Callable[..., None]:
    """The command with options that say what it shows to the server."""
    signature = inspect.signature(command, eval_str=True)

    @wraps(command)
    def shows(**words: Any) -> None:
        from server.cli.connection import fail

        given = {name: words.pop(name) for name in _OPTIONS}
        try:
            _SHOWN.set(_read(**given))
        except NotToBeShown as error:
            raise fail(str(error), code=2) from error
        command(**words)

    further = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, (annotation, default) in _OPTIONS.items()
    ]
    every: Any = shows
    every.__signature__ = signature.replace(parameters=[*signature.parameters.values(), *further])
    return shows


@contextmanager
def opened(address: str) -> Iterator[Client]:
    """A client of the server that shows what the command was told to show. Raises NotToBeShown."""
    from origingate.client import Client, Settings

    shown = _SHOWN.get()
    if not shown.tls and shown.key and not _is_here(address):
        raise NotToBeShown(
            f"The key would be sent to {address} in the open. Give --tls or --tls-ca,"
            " or call from the machine of the server."
        )
    # A person waits: a call that finds no server says so at once, and is not made again.
    settings = Settings(
        plaintext=not shown.tls, authorities=shown.trust, certificate=shown.certificate,
        certificate_key=shown.certificate_key, api_key=shown.key, attempts=1,
    )  # fmt: skip
    with Client(address, settings) as client:
        yield client


def _is_here(address: str) -> bool:
    from server.platforms.manifest import is_loopback

    host = address.rpartition(":")[0].removeprefix("[").removesuffix("]")
    return address.startswith("unix:") or is_loopback(host)


def _read(
    api_key_file: Path | None, tls: bool, tls_ca: Path | None, cert: Path | None, cert_key: Path | None
) -> Shown:
    if (cert is None) != (cert_key is None):
        raise NotToBeShown("A certificate is shown with its key: give both --cert and --cert-key.")
    key = os.environ.get(KEY_VARIABLE, "") if api_key_file is None else _bytes(api_key_file).decode("latin-1")
    key = key.strip()
    if api_key_file is not None and not key:
        raise NotToBeShown(f"{api_key_file}: it is empty. Keep the key alone in it.")
    if not key.isascii() or not key.isprintable() or " " in key:
        where = KEY_VARIABLE if api_key_file is None else str(api_key_file)
        raise NotToBeShown(f"{where}: it holds no key in one line. Keep the key alone in it.")
    return Shown(
        key,
        tls or tls_ca is not None or cert is not None,
        None if tls_ca is None else _bytes(tls_ca),
        None if cert is None else _bytes(cert),
        None if cert_key is None else _bytes(cert_key),
    )


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST)
    except OSError as error:
        raise NotToBeShown(f"{path}: cannot be read ({error.strerror}).") from error
