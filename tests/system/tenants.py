"""A server that identifies its callers, with two tenants whose sites have the same names."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from server.auth import Role
from server.identity.api_key import new_key
from server.store import Transaction, api_keys, tenants
from server.store.database import open_database
from server.store.upgrade import upgrade
from tests.system.processes import Sandbox, Server

ACME, BRASA = "acme", "brasa"

SITES = """
sites:
  - {site: aceros-shop, tenant: acme, kind: B2B_INDEPENDENT, integration: CONNECTED, platforms: [sandbox]}
  - {site: plaza-market, tenant: acme, kind: B2B_INDEPENDENT, integration: CONNECTED, platforms: [sandbox]}
  - {site: aceros-shop, tenant: brasa, kind: B2B_INDEPENDENT, integration: CONNECTED, platforms: [sandbox]}
"""


@contextmanager
def transaction(address: str) -> Iterator[Transaction]:
    """A transaction beside a server that serves."""
    database = open_database(address, 1)
    with database.writing.begin() as connection:
        yield Transaction(connection, datetime.now(UTC))
    database.dispose()


def prepared(address: str, *names: str) -> None:
    """Gives an empty database its schema, and tenants."""
    database = open_database(address, 1)
    upgrade(database.writing)
    database.dispose()
    with transaction(address) as tx:
        for name in names:
            tenants.create(tx, name)


def key_for(
    address: str,
    tenant: str,
    roles: tuple[Role, ...] = tuple(Role),
    sites: tuple[str, ...] | None = None,
    name: str = "tester",
) -> str:
    """A new key's text."""
    key = new_key()
    with transaction(address) as tx:
        record = api_keys.ApiKeyRecord.of(tenant, key.key_id, key.digest, name, roles, sites, tx.now)
        assert api_keys.add(tx, record)
    return key.text


@contextmanager
def identified(folder: Path) -> Iterator[tuple[Server, str]]:
    """A server with both tenants, and its database's address."""
    address = f"sqlite:///{folder}/og.db"
    prepared(address, ACME, BRASA)
    sites = folder / "tenants.yaml"
    sites.write_text(SITES, "utf-8")
    sandbox = Sandbox(folder)
    try:
        server = Server(
            folder, "--identify", "--sites", str(sites), "--sandbox-url", sandbox.url,
            ORIGINGATE_HEARTBEAT="0.2", ORIGINGATE_WAIT_LIMIT="5",
        )  # fmt: skip
        yield server, address
        assert 0 == server.stop()
    finally:
        sandbox.stop()
