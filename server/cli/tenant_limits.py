"""`origingate tenant limits`: how much servers take of a tenant."""

from __future__ import annotations

import json as json_text
from dataclasses import replace
from datetime import UTC, datetime
from math import isfinite
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from server.cli.connection import AsJson, fail
from server.cli.database import HERE, Address, reading, writing

if TYPE_CHECKING:
    from server.store.tenant_limits import TenantLimitsRecord

# As the settings' names end, and what people read; whole numbers, but for a rate.
NAMES: Final = {
    "calls_at_once": "calls at once, in one process",
    "streams_at_once": "streams at once, in one process",
    "rate": "calls a second",
    "burst": "calls at once after a pause",
    "calls_a_day": "calls a day",
}
SERVERS: Final = "default"
_MOST: Final = 2_000_000_000


def limits(
    tenant: Annotated[str, typer.Argument(metavar="TENANT", help="Name of the tenant.")],
    calls_at_once: Annotated[
        str | None, typer.Option(metavar="N|default", help="Calls under way at once, in one process.")
    ] = None,
    streams_at_once: Annotated[
        str | None, typer.Option(metavar="N|default", help="Watches and other streams, in one process.")
    ] = None,
    rate: Annotated[
        str | None, typer.Option(metavar="N|default", help="Calls a second, all servers together.")
    ] = None,
    burst: Annotated[
        str | None, typer.Option(metavar="N|default", help="Calls that may come at once after a pause.")
    ] = None,
    calls_a_day: Annotated[
        str | None,
        typer.Option(metavar="N|default", help="Calls in a day of UTC, all servers together; 0 stops it."),
    ] = None,
    database: Address = HERE,
    json: AsJson = False,
) -> None:
    """Show how much servers take of a tenant, or change it.

    Running servers do so within seconds. `default` goes back to what their settings say.
    """
    from server.store import quotas, tenant_limits, tenants
    from server.store.revision import check_revision

    given = {
        "calls_at_once": calls_at_once,
        "streams_at_once": streams_at_once,
        "rate": rate,
        "burst": burst,
        "calls_a_day": calls_a_day,
    }
    said: dict[str, Any] = {name: _read(name, text) for name, text in given.items() if text is not None}
    if said:
        with writing(database) as transaction:
            check_revision(transaction.connection)
            if not tenants.exists(transaction.connection, tenant):
                raise fail(
                    f"There is no tenant {tenant!r}. Make it with `origingate tenant create {tenant}`."
                )
            before = tenant_limits.find(transaction.connection, tenant) or _nothing(tenant)
            tenant_limits.keep(transaction, replace(before, **said))
    today = datetime.now(UTC).date()
    with reading(database) as connection:
        check_revision(connection)
        if not tenants.exists(connection, tenant):
            raise fail(f"There is no tenant {tenant!r}. Make it with `origingate tenant create {tenant}`.")
        kept = tenant_limits.find(connection, tenant) or _nothing(tenant)
        used = quotas.taken(connection, tenant, today)
    if json:
        told = {name: getattr(kept, name) for name in NAMES}
        typer.echo(json_text.dumps({"tenant": tenant, **told, "calls_today": used}, indent=2))
        return
    _show(kept, used)


def _nothing(tenant: str) -> TenantLimitsRecord:
    from server.store.tenant_limits import TenantLimitsRecord

    return TenantLimitsRecord(tenant)


def _read(name: str, text: str) -> float | int | None:
    """The limit; None for what the settings say."""
    if text == SERVERS:
        return None
    option = f"--{name.replace('_', '-')}"
    try:
        number = float(text) if name in ("rate", "burst") else int(text)
    except ValueError:
        raise fail(f"{option}: {text!r} is neither a number nor `{SERVERS}`.", code=2) from None
    least = {"rate": 0.001, "burst": 1}.get(name, 0)
    if not isfinite(number) or not least <= number <= _MOST:
        raise fail(f"{option}: give a number from {least} to {_MOST}, or `{SERVERS}`.", code=2)
    return number


def _show(kept: TenantLimitsRecord, used: int) -> None:
    from rich.table import Table

    from server.cli.screen import console

    table = Table()
    table.add_column("limit")
    table.add_column(kept.tenant)
    for name, meaning in NAMES.items():
        value = getattr(kept, name)
        table.add_row(meaning, "as the servers' settings say" if value is None else f"{value:g}")
    table.add_row("calls today, as far as servers took them to let through", str(used))
    console().print(table)
