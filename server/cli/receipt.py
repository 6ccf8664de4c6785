"""`origingate receipt`: proofs that decisions stand in the log."""

from __future__ import annotations

import json as json_text
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from server.cli.connection import AsJson, Timeout, To, Unanswered, call, channel_to, fail

if TYPE_CHECKING:
    from engine.receipt import Proved

app = typer.Typer(help="Receipts: proofs that decisions stand in the log.", no_args_is_help=True)

_SHOWN: Final = (
    "decision", "question", "outcome", "facts_digest", "rulebook_digest", "declaration_digest", "e_cert_id",
)  # fmt: skip


@app.command()
def get(
    name: Annotated[
        str, typer.Argument(help="Id of a decision, or name of a case: its latest decision on the question.")
    ],
    question: Annotated[str, typer.Option(help="Of a case: the question.")] = "prereview",
    to: To = "127.0.0.1:50051",
    timeout: Timeout = 5.0,
) -> None:
    """Get a decision's receipt from a server, as JSON to be kept in a file."""
    from google.protobuf import json_format
    from origingate.v1 import evidence_service_pb2, evidence_service_pb2_grpc

    request = evidence_service_pb2.GetReceiptRequest(name=name, question=question)
    with channel_to(to) as channel:
        stub = evidence_service_pb2_grpc.EvidenceServiceStub(channel)
        try:
            answer = call(stub.GetReceipt, request, timeout, to)
        except Unanswered as error:
            raise fail(str(error)) from error
    typer.echo(json_format.MessageToJson(answer.receipt, ensure_ascii=False))


@app.command()
def verify(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Receipts as proto JSON, one in each file.")
    ],
    key: Annotated[
        list[Path],
        typer.Option(
            "--key", metavar="PUBLIC.pem", help="The log's public key; may be given more than once."
        ),
    ],
    json: AsJson = False,
) -> None:
    """Verify receipts without the server: that each decision stands in the log whose key is given, and what it says.

    Exit code 0: all hold; 1: one does not; 2: wrong use.
    """
    from engine.receipt import ReceiptDoesNotHold, read_receipt
    from engine.signed_head import signed_by
    from server.key_files import KeyUnusable
    from server.log_keys import log_public_keys

    try:
        keys = log_public_keys(key)
    except KeyUnusable as error:
        raise fail(str(error), code=2) from error
    holds, told = True, []
    for file in files:
        try:
            proved = read_receipt(file.read_text("utf-8"))
            if signed_by(proved.checkpoint, keys) is None:
                raise ReceiptDoesNotHold("its head is signed by none of the keys that are given")
        except (OSError, UnicodeDecodeError) as error:
            raise fail(
                f"{file}: cannot be read ({getattr(error, 'strerror', None) or error}).", code=2
            ) from error
        except ReceiptDoesNotHold as error:
            holds = False
            told.append({"file": str(file), "holds": False, "because": str(error)})
            if not json:
                typer.echo(f"{file}: does not hold: {error}")
        else:
            told.append({"file": str(file), "holds": True, **_as_json(proved)})
            if not json:
                typer.echo(_as_text(file, proved))
    if json:
        typer.echo(json_text.dumps(told, indent=2, ensure_ascii=False))
    if not holds:
        raise typer.Exit(1)


def _as_json(proved: Proved) -> dict[str, object]:
    head = proved.checkpoint.head
    return {
        "origin": head.origin,
        "position": proved.position,
        "size": head.size,
        "signed_at": head.at.isoformat(),
        "recorded_at": proved.said.get("at"),
        "tenant": proved.said.get("tenant"),
        "subject": proved.said.get("subject"),
        "covers": proved.said.get("covers"),
        "event": dict(proved.event),
    }


def _as_text(file: Path, proved: Proved) -> str:
    head = proved.checkpoint.head
    lines = [
        f"{file}: holds. Entry {proved.position} of {head.size} in {head.origin}, recorded {proved.said.get('at')}",
        f"  {'subject':18} {proved.said.get('subject')}",
    ]
    lines += [f"  {name:18} {proved.event[name]}" for name in _SHOWN if name in proved.event]
    return "\n".join(lines)
