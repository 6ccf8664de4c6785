"""The authenticator that the settings ask for, with everything that it needs running."""

import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path

from server.auth import Authenticator, LoopbackAuthenticator, NobodyIsAsked
from server.background import running
from server.identity.certified import Certified
from server.identity.file import IdentitiesFileInvalid, load_identities
from server.identity.fresh import Fresh
from server.identity.identified import Identified, Proofs
from server.identity.keys import REVOKED_WITHIN, ApiKeys
from server.identity.tokens import Fetch, Tokens, fetching
from server.platforms.transport import Transport
from server.settings import Settings
from server.starting import CannotStart
from server.store import Store, tenants
from server.watched import Watched, unheard


async def authenticating(
    settings: Settings,
    store: Store,
    clock: Callable[[], datetime],
    stack: AsyncExitStack,
    heard: Callable[[str, bool], None] = unheard,
) -> Authenticator:
    """Who is asked who it is, and how. What that needs runs until the stack ends. Raises CannotStart.

    `heard` is told where the file of identities was read again, and whether it is used.
    """
    if not settings.identified:
        return NobodyIsAsked() if settings.no_identity_on_any_address else LoopbackAuthenticator()

    async def is_there(tenant: str) -> bool | None:
        return await store.read(lambda c: tenants.exists(c, tenant)) or None

    known_tenants = Fresh(is_there, REVOKED_WITHIN, time.monotonic)
    keys = ApiKeys(store, clock, time.monotonic)
    if settings.identities is None:
        nothing = Proofs(None, None)
        return Identified(keys, lambda: nothing, known_tenants)
    transport = await Transport.open()
    stack.push_async_callback(transport.close)
    load = _loading(settings.identities, fetching(transport), clock, settings.tls_client_ca is not None)
    try:
        watched = Watched("identities", [settings.identities], load, IdentitiesFileInvalid, heard)
    except IdentitiesFileInvalid as error:
        raise CannotStart(str(error), exit_code=2) from error
    await running(watched.run(), "identities", stack)
    return Identified(keys, lambda: watched.current, known_tenants)


def _loading(
    path: Path, fetch: Fetch, clock: Callable[[], datetime], asks_for_certificates: bool
) -> Callable[[], Proofs]:
    def load() -> Proofs:
        said = load_identities(path)
        if said.certified and not asks_for_certificates:
            raise IdentitiesFileInvalid(
                f"{path}: it names callers by their certificates, and nobody is asked for one."
                " Give --tls-client-ca, or delete `certificates`."
            )
        return Proofs(
            Tokens(said.issuers, fetch, clock, time.monotonic) if said.issuers else None,
            Certified(said.certified, clock) if said.certified else None,
        )

    return load
