"""`origingate log verify`: whether the log holds, without a server."""

import gzip
import json as json_text
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.connection import AsJson, fail
from server.cli.database import HERE, Address, reading, store_at

if TYPE_CHECKING:
    from server.audit.verify import Audit


def verify(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            help="What to verify instead of a database: a backup of `db backup`, or the zip of `case export`.",
        ),
    ] = None,
    database: Address = HERE,
    head: Annotated[
        list[Path] | None,
        typer.Option(
            "--head",
            metavar="FILE|DIR",
            help="Signed heads that were kept outside: head files or receipts. May be given more than once.",
        ),
    ] = None,
    key: Annotated[
        list[Path] | None,
        typer.Option(
            "--key",
            metavar="PUBLIC.pem",
            help="Trust these public keys only, and those that they vouched for.",
        ),
    ] = None,
    processes: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Processes to use; all cores by default.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Verify every entry of the log, every row that it vouches for, and every head that was signed over it.

    It reads only, and may be run beside a server. Exit code 0: all holds; 1: something does not, and is named; 2: wrong use.
    """
    from zipfile import is_zipfile

    from server.audit.trusted import HeadsUnreadable, heads_of
    from server.audit.unpacked import ExportUnreadable, unpacked
    from server.audit.verify import audit
    from server.cli.screen import watched
    from server.key_files import KeyUnusable
    from server.log_keys import log_public_keys
    from server.parallel import all_cores

    try:
        keys = log_public_keys(key or ())
        outside = heads_of(head or ())
    except (KeyUnusable, HeadsUnreadable) as error:
        raise fail(str(error), code=2) from error
    of_export = file is not None and is_zipfile(file)
    if file is not None and of_export:
        from server.audit.exported import audit_export

        try:
            with unpacked(file) as files:
                found = audit_export(files, keys, outside)
        except ExportUnreadable as error:
            raise fail(str(error), code=2) from error
    else:
        with _database(file, database) as address:
            found = audit(
                address,
                keys,
                outside,
                processes or all_cores(),
                lambda parts, count: watched(parts, "verifying", count),
            )
    if json:
        typer.echo(json_text.dumps(_as_json(found), indent=2))
    elif of_export:
        typer.echo(_of_export(found, bool(keys), len(outside)))
    else:
        typer.echo(_of_database(found, bool(keys)))
    if not found.holds:
        raise typer.Exit(1)


@contextmanager
def _database(file: Path | None, address: str) -> Iterator[str]:
    """The address of the database to verify: the one that is given, or one that holds the backup for as long as it takes."""
    if file is None:
        from server.store.revision import check_revision

        with reading(address) as connection:
            check_revision(connection)
        yield address
        return
    if not file.is_file():
        raise fail(f"{file}: no such file.", code=2)
    with TemporaryDirectory(prefix="origingate-") as folder:
        from server.cli.screen import watched

        restored = f"sqlite:///{folder}/restored.db"
        with store_at(restored) as store:
            store.upgrade()
            with gzip.open(file, "rt", encoding="utf-8") as lines:
                store.restore(watched(lines, "reading"))
        yield restored


def _as_json(found: "Audit") -> dict[str, object]:
    return {
        "holds": found.holds,
        "origin": found.origin,
        "entries": found.tally.entries,
        "rows": found.tally.rows,
        "covered_in_part": found.uncovered,
        "heads": found.heads,
        "outside_heads": found.outside,
        "faults_found": found.tally.found,
        "faults": [
            {
                "kind": fault.kind,
                "table": fault.table,
                "row": fault.row,
                "columns": fault.column,
                "because": fault.because,
            }
            for fault in found.tally.faults
        ],
    }


def _of_database(found: "Audit", trusted: bool) -> str:
    lines = []
    if not trusted:
        lines.append(
            "The keys are those that the database names itself: give those that you trust with --key."
        )
    if not found.outside:
        lines.append(
            "No head from outside was given: a history that was rewritten as a whole, and signed again, cannot be told"
            " from the true one. Give heads or receipts that were kept elsewhere with --head."
        )
    return _as_text(found, lines)


def _of_export(found: "Audit", trusted: bool, outside: int) -> str:
    lines = [
        "Nothing vouches for index.html, case.json, records and explanations: they are compared with the manifest only."
    ]
    if not trusted:
        lines.append("The keys are those that the export names itself: give those that you trust with --key.")
    if outside > found.outside:
        lines.append(
            f"{outside - found.outside} of the heads from outside are of other sizes than the export's: only the database"
            " can be compared with them."
        )
    return _as_text(found, lines)


def _as_text(found: "Audit", notes: list[str]) -> str:
    tally = found.tally
    rows = sum(tally.rows.values())
    lines = [
        f"{found.origin}: {tally.entries:,} entries, {rows:,} rows of evidence, {found.heads:,} signed heads"
    ]
    for table, count in sorted(found.uncovered.items()):
        lines.append(f"{count:,} {table} are of an earlier version: the log vouches for a part of them only")
    lines += [*notes, *map(str, tally.faults)]
    if tally.found > len(tally.faults):
        lines.append(f"... and {tally.found - len(tally.faults):,} more")
    lines.append("It holds." if found.holds else f"It does not hold: {tally.found:,} faults.")
    return "\n".join(lines)
