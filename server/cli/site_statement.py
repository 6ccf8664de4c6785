"""`origingate site statement` and `site verify`: what a site lacks, signed, for whoever buys from it."""

from __future__ import annotations

import json as json_text
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from server.cli.case_steps import ask
from server.cli.connection import AsJson, To, fail
from server.cli.site_assess import Days
from server.cli.site_steps import SERVICE, SiteId
from server.cli.written import write_file

if TYPE_CHECKING:
    from engine.readiness.statement import Statement


def statement(
    site: SiteId,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where it is written.")],
    days: Days = 30,
    to: To = "127.0.0.1:50051",
    timeout: Annotated[float, typer.Option("--timeout", min=0.1, help="Seconds to wait.")] = 30.0,
) -> None:
    """Write a signed statement of a site's readiness: counts and digests, nothing that an order said."""
    from origingate.v1 import site_service_pb2

    request = site_service_pb2.StateReadinessRequest(site_id=site, days=days)
    answer = ask(SERVICE, "StateReadiness", request, timeout, to)
    write_file(out, answer.statement)


def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A statement, as `site statement` wrote it.")],
    key: Annotated[
        list[Path],
        typer.Option(
            "--key", metavar="PUBLIC.pem", help="The log's public key; may be given more than once."
        ),
    ],
    json: AsJson = False,
) -> None:
    """Verify a statement without the server: that the log whose key is given signed it, and what it says.

    Exit code 0: it holds; 1: it does not, and nothing of it may be believed; 2: wrong use.
    """
    from engine.readiness.statement import StatementUnreadable, read_statement
    from engine.signed_head import note_signed_by
    from server.key_files import KeyUnusable
    from server.log_keys import log_public_keys

    try:
        keys, octets = log_public_keys(key), file.read_bytes()
    except KeyUnusable as error:
        raise fail(str(error), code=2) from error
    except OSError as error:
        raise fail(f"{file}: cannot be read ({error.strerror}).", code=2) from error
    try:
        found = read_statement(octets.decode())
        if note_signed_by(found.origin, found.text, found.signatures, keys) is None:
            raise StatementUnreadable("it is signed by none of the keys that are given")
    except (UnicodeDecodeError, StatementUnreadable) as error:
        because = "it is no UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
        if json:
            typer.echo(json_text.dumps({"file": str(file), "holds": False, "because": because}))
            raise typer.Exit(1) from error
        raise fail(f"{file}: does not hold: {because}.") from error
    typer.echo(_as_json(file, found) if json else "\n".join(_lines(file, found)))


def _as_json(file: Path, found: Statement) -> str:
    said = {"file": str(file), "holds": True, **found.said}
    return json_text.dumps(said, ensure_ascii=False, indent=2)


def _lines(file: Path, found: Statement) -> list[str]:
    said: dict[str, Any] = dict(found.said)
    lacking = [item for item in said["items"] if item["state"] != "MET"]
    return [
        f"{file}: holds. {said['site']} as of {said['until']}, by {found.origin}",
        f"readiness    {said['outcome']} ({said['standing']}), by {said['rulebook_digest']}",
        f"seen         {said['orders']} orders since {said['since']}; {said['source']}",
        f"integration  {said['integration']['state'] or 'not known'}: {said['integration']['because']}",
        *(f"{item['state']:<12} {item['about']}: {item['seen']}" for item in lacking),
    ]
