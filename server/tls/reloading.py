"""Credentials of a server that follow their files: connections that stand go on, new ones get what the files say now."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import grpc

from server.tls.pair import TlsFiles, TlsPair, TlsUnusable, read_pair
from server.watched import LOOK_EVERY, Watched, unheard


def nobody(until: datetime) -> None:
    """Nobody watches it."""


class Certificates:
    """Certificate and key, read again when their files change. Raises TlsUnusable where they cannot be used at first.

    `lasts` is told until when the certificate is in force, at first and when there is another.
    """

    def __init__(
        self,
        files: TlsFiles,
        clock: Callable[[], datetime],
        heard: Callable[[str, bool], None] = unheard,
        lasts: Callable[[datetime], None] = nobody,
    ) -> None:
        self._files = files
        self._watched = Watched("TLS", files.paths, lambda: read_pair(files, clock), TlsUnusable, heard)
        self._current = _configuration(self._watched.current)
        self._watched.on_change(self._changed)
        self._lasts = lasts
        lasts(self._watched.current.until)

    def credentials(self) -> grpc.ServerCredentials:
        """Credentials for one port: each finds out by itself that there are others now."""
        given = self._current

        def fetch() -> grpc.ServerCertificateConfiguration | None:
            """What gRPC asks for, on a thread of its own, before every handshake: None goes on with what it has."""
            nonlocal given
            current = self._current
            if current is given:
                return None
            given = current
            return current

        make: Any = grpc.dynamic_ssl_server_credentials  # its stubs do not know that nothing may be fetched
        made: grpc.ServerCredentials = make(given, fetch, self._files.client_ca is not None)
        return made

    async def run(self, every: float = LOOK_EVERY) -> None:
        """Looks for changes until it is cancelled."""
        await self._watched.run(every)

    def look(self) -> None:
        """Looks for changes now."""
        self._watched.look()

    def _changed(self, pair: TlsPair) -> None:
        self._current = _configuration(pair)
        self._lasts(pair.until)


def _configuration(pair: TlsPair) -> grpc.ServerCertificateConfiguration:
    return grpc.ssl_server_certificate_configuration([(pair.key, pair.certificate)], pair.client_ca)
