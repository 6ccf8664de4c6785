"""`origingate webhook`: where the endpoints stand, and the work list of what they did not take."""

from __future__ import annotations

import json as json_text
from typing import TYPE_CHECKING, Annotated, Any

import typer

from server.cli.connection import AsJson, fail
from server.cli.database import HERE, Address, reading, writing
from server.cli.durations import moment_text

if TYPE_CHECKING:
    from server.store.cursors import Cursor
    from server.store.dead_letters import DeadLetter

app = typer.Typer(
    help="See where webhook endpoints stand, and deliver again what they did not take.", no_args_is_help=True
)

Endpoint = Annotated[str | None, typer.Option(metavar="NAME", help="Only of this endpoint.")]
Tenant = Annotated[str | None, typer.Option(metavar="NAME", help="Only of this tenant.")]


@app.command("list")
def list_endpoints(database: Address = HERE, json: AsJson = False) -> None:
    """List endpoints: how many events are before each, how many dead letters it has, what it last failed with."""
    from rich.table import Table

    from server.cli.screen import console
    from server.store import cursors, dead_letters
    from server.store.revision import check_revision

    with reading(database) as connection:
        check_revision(connection)
        found = [(cursor, cursors.ahead(connection, cursor)) for cursor in cursors.listed(connection)]
        dead = dead_letters.counted(connection)
    told = [
        _endpoint(cursor, ahead, dead.get((cursor.tenant, cursor.endpoint), 0)) for cursor, ahead in found
    ]
    if json:
        typer.echo(json_text.dumps(told, indent=2))
        return
    table = Table()
    for column in (
        "tenant",
        "endpoint",
        "events ahead",
        "dead letters",
        "last delivered",
        "tries",
        "because",
    ):
        table.add_column(column, overflow="fold")
    for each in told:
        table.add_row(
            each["tenant"], each["endpoint"], str(each["ahead"]), str(each["dead"]), each["delivered_at"] or "-",
            str(each["tries"]), each["because"],
        )  # fmt: skip
    console().print(table)


@app.command()
def dead(
    endpoint: Endpoint = None,
    tenant: Tenant = None,
    settled: Annotated[bool, typer.Option("--settled", help="Also those that were delivered since.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 100,
    database: Address = HERE,
    json: AsJson = False,
) -> None:
    """List dead letters, in the order of their events; with --json one a line, with what was sent."""
    from rich.table import Table

    from server.cli.screen import console, errors
    from server.store import dead_letters
    from server.store.revision import check_revision

    with reading(database) as connection:
        check_revision(connection)
        found = dead_letters.listed(connection, tenant, endpoint, settled=settled, limit=limit + 1)
    if json:
        for letter in found[:limit]:
            typer.echo(json_text.dumps(_letter(letter)))
    else:
        table = Table()
        for column in (
            "tenant",
            "endpoint",
            "position",
            "event",
            "case",
            "dead since",
            "tries",
            "because",
            "now",
        ):
            table.add_column(column, overflow="fold")
        for letter in found[:limit]:
            told = _letter(letter)
            table.add_row(
                letter.tenant, letter.endpoint, str(letter.position), told["message"]["type"], letter.case_name,
                told["dead_at"], str(letter.tries), letter.because, told["state"],
            )  # fmt: skip
        console().print(table)
    if len(found) > limit:
        errors().print(f"There are more than {limit}; give a larger --limit.", highlight=False)


@app.command()
def retry(
    positions: Annotated[
        list[int] | None, typer.Argument(metavar="POSITION...", help="Positions that `dead` lists.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All that wait.")] = False,
    endpoint: Endpoint = None,
    tenant: Tenant = None,
    database: Address = HERE,
    json: AsJson = False,
) -> None:
    """Have dead letters delivered again, by a server that knows the endpoint; 1 where none of them waits."""
    from server.store import dead_letters
    from server.store.revision import check_revision

    if every == bool(positions):
        raise fail("Give the positions of dead letters, or --all.", code=2)
    with writing(database) as transaction:
        check_revision(transaction.connection)
        marked = dead_letters.retry(transaction, tenant, endpoint, positions or ())
    if json:
        told = [{"tenant": each[0], "endpoint": each[1], "position": each[2]} for each in marked]
        typer.echo(json_text.dumps(told, indent=2))
    else:
        typer.echo(f"{len(marked)} dead letter{'' if len(marked) == 1 else 's'} to be delivered again")
    if not marked:
        raise typer.Exit(1)


def _endpoint(cursor: Cursor, ahead: int, dead: int) -> dict[str, Any]:
    return {
        "tenant": cursor.tenant,
        "endpoint": cursor.endpoint,
        "position": cursor.position,
        "ahead": ahead,
        "dead": dead,
        "delivered_at": moment_text(cursor.delivered_at),
        "tries": cursor.tries,
        "failing_since": moment_text(cursor.failing_since),
        "due_at": moment_text(cursor.due_at),
        "because": cursor.because,
        "held_by": cursor.lease_owner,
        "held_until": moment_text(cursor.lease_until),
    }


def _letter(letter: DeadLetter) -> dict[str, Any]:
    state = "delivered" if letter.settled_at else "due" if letter.due_at else "waits"
    return {
        "tenant": letter.tenant,
        "endpoint": letter.endpoint,
        "position": letter.position,
        "case": letter.case_name,
        "state": state,
        "tries": letter.tries,
        "because": letter.because,
        "dead_at": moment_text(letter.dead_at),
        "due_at": moment_text(letter.due_at),
        "settled_at": moment_text(letter.settled_at),
        "message": json_text.loads(letter.body),
    }
