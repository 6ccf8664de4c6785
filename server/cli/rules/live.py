"""`origingate rules status`, `activations`, `activate`, `approve`: the rulebook of a running server."""

from __future__ import annotations

import json as json_text
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.case_steps import ask
from server.cli.connection import AsJson, Timeout, To
from server.cli.database import reading
from server.cli.durations import moment_text
from server.cli.pages import pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from origingate.v1 import rulebook_service_pb2

SERVICE = "RulebookService"
MOST_FAULTS = 20

Digest = Annotated[
    str, typer.Argument(metavar="DIGEST", help="Digest of the rulebook: sha256: and 64 hex digits.")
]


def status(to: To = "127.0.0.1:50051", timeout: Timeout = 5.0, json: AsJson = False) -> None:
    """Show what a server serves, what became of the rule files that are offered to it, and what all processes serve.

    Exit code 1 where its rulebook is stale, or the files are refused.
    """
    from origingate.v1 import rulebook_service_pb2

    from server.cli.answers import as_json

    request = rulebook_service_pb2.GetRulebookStatusRequest()
    answer = ask(SERVICE, "GetRulebookStatus", request, timeout, to)
    typer.echo(as_json(answer) if json else "\n".join(_status(answer)))
    if answer.stale or answer.offer == rulebook_service_pb2.OFFER_STATE_REFUSED:
        raise typer.Exit(1)


def activations(
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 50,
    to: To = "127.0.0.1:50051",
    timeout: Timeout = 5.0,
    database: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Read them from this database, without a server."),
    ] = None,
    json: AsJson = False,
) -> None:
    """List which rulebook was active from when on, the newest first; with --json one a line."""
    found = _from_database(database, limit) if database else _from_server(limit, to, timeout)
    if json:
        for one in found:
            typer.echo(json_text.dumps(one, ensure_ascii=False))
        return
    from rich.table import Table

    from server.cli.screen import console

    table = Table()
    for head in ("", "active from", "rulebook", "by", "approved by", "because"):
        table.add_column(head, overflow="fold")
    for one in found:
        table.add_row(*map(str, one.values()))
    console().print(table)


def activate(
    digest: Digest,
    reason: Annotated[str, typer.Option(help="Why, for the record.")],
    to: To = "127.0.0.1:50051",
    timeout: Timeout = 20.0,
    json: AsJson = False,
) -> None:
    """Make an accepted rulebook the active one, for all processes; or have it wait for a second person's approval."""
    from origingate.v1 import rulebook_service_pb2

    from server.cli.answers import as_json

    request = rulebook_service_pb2.ActivateRulebookRequest(rulebook_digest=digest, reason=reason)
    answer = ask(SERVICE, "ActivateRulebook", request, timeout, to)
    if json:
        typer.echo(as_json(answer))
    elif answer.WhichOneof("answer") == "activation":
        typer.echo(_activated(answer.activation))
    else:
        typer.echo(
            f"{digest} waits for approval. Somebody else approves it with: origingate rules approve {digest}"
        )


def approve(
    digest: Digest, to: To = "127.0.0.1:50051", timeout: Timeout = 20.0, json: AsJson = False
) -> None:
    """Approve the rulebook that waits: whoever wanted it activated cannot."""
    from origingate.v1 import rulebook_service_pb2

    from server.cli.answers import as_json

    request = rulebook_service_pb2.ApproveRulebookRequest(rulebook_digest=digest)
    answer = ask(SERVICE, "ApproveRulebook", request, timeout, to)
    typer.echo(as_json(answer) if json else _activated(answer.activation))


def _activated(made: rulebook_service_pb2.Activation) -> str:
    return f"{made.rulebook_digest} is active: activation {made.number}"


def _status(answer: rulebook_service_pb2.GetRulebookStatusResponse) -> Iterator[str]:
    from origingate.v1 import rulebook_service_pb2

    active = answer.active
    yield f"serves   {answer.rulebook_digest} since {answer.served_since.ToJsonString()}"
    yield f"active   {active.rulebook_digest}: activation {active.number}, by {active.activated_by}"
    if answer.behind:
        yield f"behind   {answer.behind}"
    offer = rulebook_service_pb2.OfferState.Name(answer.offer).removeprefix("OFFER_STATE_")
    yield f"files    {offer}" + (f": {answer.note}" if answer.note else "")
    if answer.HasField("trial"):
        trial = answer.trial
        opinion = rulebook_service_pb2.SecondOpinion.Name(trial.second_opinion).removeprefix(
            "SECOND_OPINION_"
        )
        yield (
            f"trial    {trial.passed} tests passed, {trial.failed} failed, {trial.skipped} skipped;"
            f" second opinion {opinion} on {trial.compared} cases"
        )
    if answer.HasField("waiting"):
        waiting = answer.waiting
        yield f"waiting  {waiting.rulebook_digest}, proposed by {waiting.proposed_by}: {waiting.because}"
    if answer.stale:
        yield f"STALE    since {answer.wrong_since.ToJsonString()}"
    for process in answer.processes:
        yield f"process  {process.process} serves {process.rulebook_digest}"
    for fault in answer.trial.faults[:MOST_FAULTS]:
        yield f"\n{fault.text}"
    if (more := answer.trial.total_faults - MOST_FAULTS) > 0:
        yield f"\nand {more} more"


def _from_database(address: str, limit: int) -> list[dict[str, object]]:
    from server.store import activations
    from server.store.revision import check_revision

    with reading(address) as connection:
        check_revision(connection)
        found = activations.listed(connection, limit)
    return [
        {
            "number": one.number,
            "activated_at": moment_text(one.activated_at),
            "rulebook_digest": one.rulebook_digest,
            "activated_by": one.activated_by,
            "approved_by": one.approved_by or "",
            "because": one.because,
        }
        for one in found
    ]


def _from_server(limit: int, to: str, timeout: float) -> list[dict[str, object]]:
    from origingate.v1 import rulebook_service_pb2

    request = rulebook_service_pb2.ListActivationsRequest()
    found = pages(SERVICE, "ListActivations", request, "activations", limit, timeout, to)
    return [
        {
            "number": one.number,
            "activated_at": one.activated_at.ToJsonString(),
            "rulebook_digest": one.rulebook_digest,
            "activated_by": one.activated_by,
            "approved_by": one.approved_by,
            "because": one.because,
        }
        for page in found
        for one in page
    ]
