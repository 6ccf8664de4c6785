"""`origingate case export`: a case as one file, from a server or from a database that nobody serves any more."""

from __future__ import annotations

import json as json_text
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer

from server.cli.connection import AsJson, To, channel_to, fail, in_words
from server.cli.erasing import OneName, OrderId, SiteId, named


def export(
    name: OneName = None,
    order: OrderId = None,
    site: SiteId = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="Where the zip goes, by default case-ORDER.zip; none is written over.",
        ),
    ] = None,
    database: Annotated[
        str | None,
        typer.Option(
            "--database",
            metavar="URL",
            help="Read this database instead of asking a server; it may be served.",
        ),
    ] = None,
    to: To = "127.0.0.1:50051",
    timeout: Annotated[
        float, typer.Option("--timeout", min=0.1, help="Seconds to wait for all of it.")
    ] = 300.0,
    json: AsJson = False,
) -> None:
    """Export a case as one zip: all that is kept of it, the proof of it, and a page for people, index.html.

    It holds what was said of the order in plain, and the case's key: only you can read the file that is written.
    """
    if (name is None) == (order is None):
        raise fail("Name one case, or give --order.", code=2)
    if database is None:
        found = named(name, order, site, to, timeout)
        written = _written(out, order or found, _from_server(found, to, timeout))
    else:
        with _from_database(database, name, order, site) as (found, chunks):
            written = _written(out, order or found, chunks)
    file, octets, digest = written
    if json:
        told = {"file": str(file), "case": found, "octets": octets, "sha256": digest}
        typer.echo(json_text.dumps(told, indent=2, ensure_ascii=False))
        return
    typer.echo(f"{file}: {found}, {octets:,} octets, sha256:{digest}")
    typer.echo("Unpack it and open index.html; verify it with `origingate log verify`.")


def _from_server(name: str, to: str, timeout: float) -> Iterator[bytes]:
    from origingate.client import CallFailed
    from origingate.v1 import evidence_service_pb2, evidence_service_pb2_grpc

    request = evidence_service_pb2.ExportEvidenceRequest(name=name)
    with channel_to(to) as channel:
        stub = evidence_service_pb2_grpc.EvidenceServiceStub(channel)
        try:
            for answer in stub.ExportEvidence(request, timeout=timeout):
                yield answer.chunk
        except CallFailed as error:
            raise fail(in_words(error, to)) from error


@contextmanager
def _from_database(
    address: str, name: str | None, order: str | None, site: str | None
) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The case that is meant, and the chunks of its export."""
    from sqlalchemy import select

    from server.cli.database import reading
    from server.errors import OriginGateError
    from server.export import export_case
    from server.store.revision import check_revision
    from server.store.schema import cases

    with reading(address) as connection:
        check_revision(connection)
        query = select(cases.c.tenant, cases.c.name).limit(2)
        query = query.where(cases.c.name == name if name is not None else cases.c.order_id == order)
        found = connection.execute(query if site is None else query.where(cases.c.site_id == site)).all()
        if not found:
            raise fail(
                f"There is no case of the order {order}." if name is None else f"There is no case {name}."
            )
        if len(found) > 1:
            raise fail(
                f"Several cases have an order {order}; name the site with --site, or the case.", code=2
            )
        tenant, case = found[0]
        try:
            yield case, export_case(lambda query: query(connection), tenant, case)
        except OriginGateError as error:
            raise fail(str(error)) from error


def _written(out: Path | None, about: str, chunks: Iterable[bytes]) -> tuple[Path, int, str]:
    """Writes a file that only its owner can read; nothing is left of one that is not whole."""
    file = out or Path(
        f"case-{''.join(each if each.isalnum() or each in '-_.' else '_' for each in about.removeprefix('cases/'))}.zip"
    )
    try:
        target = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise fail(f"{file}: there already; name another file with --out.", code=2) from error
    except OSError as error:
        raise fail(f"{file}: cannot be written ({error.strerror}).", code=2) from error
    octets, digest = 0, sha256()
    try:
        with os.fdopen(target, "wb") as writing:
            for chunk in chunks:
                writing.write(chunk)
                octets += len(chunk)
                digest.update(chunk)
    except BaseException as error:
        file.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise fail(f"{file}: cannot be written ({error.strerror}).") from error
        raise
    return file, octets, digest.hexdigest()
