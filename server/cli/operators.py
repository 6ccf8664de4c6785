"""`origingate case manual`, `adopt`, `void`, `retry`: cases that only a person can settle."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from server.cli.case_steps import Name, Patience, Reason, RequestId, ask, new_or, show
from server.cli.connection import AsJson, Timeout, To, fail
from server.cli.pages import pages, show_pages


def manual(
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 50,
    to: To = "127.0.0.1:50051",
    timeout: Timeout = 5.0,
    json: AsJson = False,
) -> None:
    """The work list: cases that wait for a person, the longest waiting first; with --json one a line."""
    from origingate.v1 import operator_service_pb2

    from server.cli.answers import manual_table

    request = operator_service_pb2.ListManualCasesRequest()
    found = pages("OperatorService", "ListManualCases", request, "cases", limit, timeout, to)
    show_pages(found, request, limit, json, manual_table, "No case waits for a person.")


def adopt(
    name: Name,
    e_cert_id: Annotated[str, typer.Argument(metavar="E_CERT_ID", help="As the platform wrote it.")],
    reason: Reason,
    proof: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The platform's proof; else the platform is asked for it."),
    ] = None,
    request_id: RequestId = None,
    to: To = "127.0.0.1:50051",
    timeout: Patience = 20.0,
    json: AsJson = False,
) -> None:
    """Adopt the certificate that the platform issued for a case, if its proof holds."""
    from origingate.v1 import operator_service_pb2

    request = operator_service_pb2.AdoptCertificateRequest(
        request_id=new_or(request_id),
        name=name,
        e_cert_id=e_cert_id,
        proof=_proof(proof) if proof is not None else "",
        reason=reason,
    )
    show(ask("OperatorService", "AdoptCertificate", request, timeout, to), json)


def void(
    name: Name,
    reason: Reason,
    request_id: RequestId = None,
    to: To = "127.0.0.1:50051",
    timeout: Patience = 20.0,
    json: AsJson = False,
) -> None:
    """Say that nothing of a case stands at any platform: nothing was issued, or it is voided."""
    from origingate.v1 import operator_service_pb2

    request = operator_service_pb2.MarkVoidRequest(request_id=new_or(request_id), name=name, reason=reason)
    show(ask("OperatorService", "MarkVoid", request, timeout, to), json)


def retry(
    name: Name,
    reason: Reason,
    request_id: RequestId = None,
    to: To = "127.0.0.1:50051",
    timeout: Patience = 20.0,
    json: AsJson = False,
) -> None:
    """Have what stopped tried again: a void, a look-up, or an attempt that surely came to nothing."""
    from origingate.v1 import operator_service_pb2

    request = operator_service_pb2.RetryCaseRequest(request_id=new_or(request_id), name=name, reason=reason)
    show(ask("OperatorService", "RetryCase", request, timeout, to), json)


def _proof(path: Path) -> str:
    try:
        return path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise fail(f"{path}: cannot be read as a proof, a JWS in compact form ({error}).", code=2) from error
