"""TLS of a port that is not gRPC's: its context follows its files, so that new connections get what they say now."""

import ssl
from collections.abc import Callable
from datetime import datetime

from server.tls.pair import TlsFiles, TlsPair, TlsUnusable, read_pair
from server.watched import Watched


def following(files: TlsFiles, clock: Callable[[], datetime]) -> tuple[ssl.SSLContext, Watched[TlsPair]]:
    """A server's context, and what loads it again once its files change. Raises TlsUnusable where they cannot be used."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)

    def load() -> TlsPair:
        # Tried before: a context that was given a certificate and another one's key has none any more.
        pair = read_pair(files, clock)
        try:
            context.load_cert_chain(files.certificate, files.key)
        except OSError as error:
            raise TlsUnusable(f"{files.certificate}: cannot be used ({error}). Give a pair.") from error
        return pair

    return context, Watched("TLS of notices", files.paths, load, TlsUnusable)
