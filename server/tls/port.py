"""Takes the port that is served on."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import datetime

import grpc.aio

from server.background import running
from server.settings import Settings
from server.starting import FREE_PORT, FREE_PORTS, CannotStart, taken
from server.tls.pair import TlsFiles, TlsUnusable
from server.tls.reloading import Certificates, nobody
from server.watched import unheard


async def bound(
    server: grpc.aio.Server,
    settings: Settings,
    clock: Callable[[], datetime],
    stack: AsyncExitStack,
    heard: Callable[[str, bool], None] = unheard,
    lasts: Callable[[datetime], None] = nobody,
    number: int = 0,
) -> tuple[str, tuple[str, ...]]:
    """Binds the server: its address, with the port that it is, and that of the process of this number, if it has one.

    TLS follows its files until the stack ends; `heard` is told where they were read again, and whether they are used,
    and `lasts` until when the certificate is in force. Raises CannotStart.
    """
    certificates = _certificates(settings, clock, heard, lasts)

    def bind(listen: str, mend: str) -> str:
        try:
            if certificates is None:
                port = server.add_insecure_port(listen)
            else:
                port = server.add_secure_port(listen, certificates.credentials())
        except RuntimeError as error:
            raise CannotStart(taken(listen, mend), exit_code=1) from error
        return f"{listen.rpartition(':')[0]}:{port}"

    address = bind(settings.listen, FREE_PORT)
    own = tuple(bind(each, FREE_PORTS) for each in settings.worker_addresses[number : number + 1])
    if certificates is not None:
        await running(certificates.run(), "certificates", stack)
    return address, own


def _certificates(
    settings: Settings,
    clock: Callable[[], datetime],
    heard: Callable[[str, bool], None],
    lasts: Callable[[datetime], None],
) -> Certificates | None:
    if settings.tls_cert is None or settings.tls_key is None:
        return None
    try:
        files = TlsFiles(settings.tls_cert, settings.tls_key, settings.tls_client_ca)
        return Certificates(files, clock, heard, lasts)
    except TlsUnusable as error:
        raise CannotStart(str(error), exit_code=2) from error
