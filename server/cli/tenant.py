"""`origingate tenant`: whose data there can be, and the API keys of their order systems and people."""

from __future__ import annotations

import json as json_text
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.connection import AsJson, fail
from server.cli.database import HERE, Address, reading, writing
from server.cli.durations import moment_text
from server.cli.tenant_limits import limits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from server.store.api_keys import ApiKeyRecord

app = typer.Typer(
    help="Make tenants, give out and revoke their API keys, and say how much is taken of them.",
    no_args_is_help=True,
)
key_app = typer.Typer(help="Give out, list and revoke API keys.", no_args_is_help=True)
app.add_typer(key_app, name="key")
app.command("limits")(limits)

Tenant = Annotated[str, typer.Argument(metavar="TENANT", help="Name: small letters, digits and dashes.")]
MOST_NAME = 100


@app.command()
def create(
    tenant: Tenant,
    title: Annotated[str, typer.Option(help="What people call it.")] = "",
    database: Address = HERE,
    json: AsJson = False,
) -> None:
    """Make a tenant. Its sites are those that the sites file gives to it."""
    from server.identity.file import TENANT
    from server.store import tenants
    from server.store.revision import check_revision

    if not TENANT.fullmatch(tenant):
        raise fail(f"{tenant!r} is no tenant's name: use small letters, digits and dashes.", code=2)
    with writing(database) as transaction:
        check_revision(transaction.connection)
        made = tenants.create(transaction, tenant, title)
    if not made:
        raise fail(f"There is a tenant {tenant!r} already.")
    typer.echo(
        json_text.dumps({"tenant": tenant, "title": title}) if json else f"the tenant {tenant} is made"
    )


@app.command("list")
def list_tenants(database: Address = HERE, json: AsJson = False) -> None:
    """List tenants, with how many API keys of each are in use."""
    from server.store import api_keys, tenants
    from server.store.revision import check_revision

    with reading(database) as connection:
        check_revision(connection)
        found, keys = tenants.listed(connection), api_keys.listed(connection)
    now = datetime.now(UTC)
    used = [key.tenant for key in keys if _state(key, now) == "in use"]
    told = [
        {
            "tenant": each.tenant,
            "title": each.title,
            "created_at": moment_text(each.created_at),
            "keys": used.count(each.tenant),
        }
        for each in found
    ]
    _show(told, {"tenant": "tenant", "title": "title", "keys": "keys in use", "created_at": "since"}, json)


@key_app.command("new")
def new(
    tenant: Tenant,
    name: Annotated[str, typer.Option(help="Who gets it; it stands in records as who asked.")],
    role: Annotated[
        list[str],
        typer.Option(
            metavar="ROLE", help="ORDER_SYSTEM, RULE_AUTHOR, OPERATOR or AUDITOR; may be given again."
        ),
    ],
    site: Annotated[
        list[str] | None, typer.Option(metavar="SITE", help="Only for this site; may be given again.")
    ] = None,
    expires: Annotated[
        str | None, typer.Option(metavar="TIME", help="Good for that long only, e.g. 12h or 90d.")
    ] = None,
    database: Address = HERE,
) -> None:
    """Make an API key and print it, alone, this one time: only its digest is kept.

    Running servers take it at once.
    """
    from server.auth import Role
    from server.cli.durations import read_duration
    from server.cli.screen import errors
    from server.identity.api_key import new_key
    from server.store import api_keys, tenants
    from server.store.revision import check_revision

    wrong = [word for word in role if word not in Role.__members__]
    if wrong:
        raise fail(f"There is no role {wrong[0]!r}: give one of {', '.join(Role.__members__)}.", code=2)
    if not 0 < len(name) <= MOST_NAME or not name.isprintable():
        raise fail(f"A key's name has 1 to {MOST_NAME} characters.", code=2)
    life = read_duration(expires, "--expires") if expires is not None else None
    key = new_key()
    with writing(database) as transaction:
        check_revision(transaction.connection)
        if not tenants.exists(transaction.connection, tenant):
            raise fail(f"There is no tenant {tenant!r}. Make it with `origingate tenant create {tenant}`.")
        ends = None if life is None else transaction.now + life
        record = api_keys.ApiKeyRecord.of(
            tenant,
            key.key_id,
            key.digest,
            name,
            set(role),
            set(site) if site else None,
            transaction.now,
            ends,
        )
        api_keys.add(transaction, record)
    errors().print(
        f"The key {key.key_id} for {tenant}, {name}. It is shown this once; keep it where only its owner reads.",
        highlight=False,
        soft_wrap=True,
    )
    typer.echo(key.text)


@key_app.command("list")
def list_keys(
    tenant: Annotated[str | None, typer.Argument(metavar="TENANT", help="Only of this tenant.")] = None,
    database: Address = HERE,
    json: AsJson = False,
) -> None:
    """List API keys: their ids, never the keys themselves, what they are good for, and whether they are in use."""
    from server.store import api_keys
    from server.store.revision import check_revision

    with reading(database) as connection:
        check_revision(connection)
        found = api_keys.listed(connection, tenant)
    now = datetime.now(UTC)
    told = [
        {
            "tenant": key.tenant,
            "key_id": key.key_id,
            "name": key.name,
            "roles": list(key.role_names),
            "sites": None if key.site_ids is None else list(key.site_ids),
            "state": _state(key, now),
            "created_at": moment_text(key.created_at),
            "expires_at": moment_text(key.expires_at),
            "revoked_at": moment_text(key.revoked_at),
        }
        for key in found
    ]
    heads = {"tenant": "tenant", "key_id": "key", "name": "name", "roles": "roles", "sites": "sites",
             "state": "state", "expires_at": "ends"}  # fmt: skip
    _show(told, heads, json)


@key_app.command("revoke")
def revoke(
    key_id: Annotated[str, typer.Argument(metavar="KEY", help="Id of the key, as `list` shows it.")],
    database: Address = HERE,
) -> None:
    """Take a key out of use for ever. Every server refuses it within seconds. Exit code 1 where none is in use."""
    from server.store import api_keys
    from server.store.revision import check_revision

    with writing(database) as transaction:
        check_revision(transaction.connection)
        done = api_keys.revoke(transaction, key_id)
    if not done:
        raise fail(f"No key {key_id!r} is in use. Compare it with `origingate tenant key list`.")
    typer.echo(f"the key {key_id} is revoked")


def _state(key: ApiKeyRecord, now: datetime) -> str:
    if key.revoked_at is not None:
        return "revoked"
    return "ended" if key.expires_at is not None and key.expires_at <= now else "in use"


def _show(told: Sequence[Mapping[str, object]], heads: Mapping[str, str], json: bool) -> None:
    """The rows as JSON, or the columns that have heads as a table."""
    if json:
        typer.echo(json_text.dumps(told, indent=2))
        return
    from rich.table import Table

    from server.cli.screen import console

    table = Table()
    for head in heads.values():
        table.add_column(head, overflow="fold")
    for row in told:
        table.add_row(*(_cell(row[name]) for name in heads))
    console().print(table)


def _cell(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
