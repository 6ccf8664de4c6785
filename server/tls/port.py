"""Takes the port that is served on."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import datetime

import grpc.aio

from server.running import running
from server.settings import Settings
from server.starting import CannotStart
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
) -> str:
    """Binds the server: its address, with the port that it is. TLS follows its files until the stack ends.

    `heard` is told where they were read again, and whether they are used; `lasts` until when the certificate is in force.

    Raises CannotStart.
    """
    certificates = _certificates(settings, clock, heard, lasts)
    listen = settings.listen
    try:
        if certificates is None:
            port = server.add_insecure_port(listen)
        else:
            port = server.add_secure_port(listen, certificates.credentials())
    except RuntimeError as error:
        raise CannotStart(
            f"{listen} cannot be served on: the port is taken or the address is not this machine's."
            " Give another with --listen; port 0 takes a free one.",
            exit_code=1,
        ) from error
    if certificates is not None:
        await running(certificates.run(), "certificates", stack)
    return f"{listen.rpartition(':')[0]}:{port}"


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
