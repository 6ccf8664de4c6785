"""How commands open a database that a server may be serving, and say so where they cannot."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.connection import fail

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from server.store import Store, Transaction
    from server.store.database import Database
    from server.store.sealing import MasterKeys

Address = Annotated[
    str,
    typer.Option(
        "--database",
        metavar="URL",
        envvar="ORIGINGATE_DATABASE",
        help="Address of the database, as `serve` takes it.",
    ),
]
HERE = "sqlite:///origingate.db"


def master_keys_at(address: str) -> "MasterKeys | None":
    """The master keys that the environment names, or those beside an SQLite file; None where there are none."""
    from server.key_files import KeyUnusable
    from server.master_keys import SETTING, keys_at_hand

    try:
        return keys_at_hand(address, os.environ.get(SETTING))
    except KeyUnusable as error:
        raise fail(str(error), code=2) from error


@contextmanager
def store_at(address: str) -> Iterator["Store"]:
    """The store, for this process alone where it is a file. Ends the command where it cannot be opened."""
    from server.store import Store

    with _failing():
        store = Store.open(address, lambda: datetime.now(UTC), master_keys_at(address))
        try:
            yield store
        finally:
            store.close()


@contextmanager
def reading(address: str) -> Iterator["Connection"]:
    """A view of one moment, also while a server serves. Ends the command where it cannot be had."""
    with _opened(address) as opened, opened.reading.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(address: str) -> Iterator["Transaction"]:
    """A transaction beside a server that serves, for what adds nothing to the log. Ends the command where it cannot be."""
    from server.store import Transaction

    with _opened(address) as opened, opened.writing.begin() as connection:
        yield Transaction(connection, datetime.now(UTC))


@contextmanager
def _opened(address: str) -> Iterator["Database"]:
    from server.store.database import open_database
    from server.store.failures import translated
    from server.store.sealing import Keyring

    with _failing():
        opened = open_database(address, 1, Keyring(master_keys_at(address)))
        if opened.file is not None and not opened.file.is_file():
            raise fail(f"{opened.file}: no such database. Name it with --database.", code=2)
        try:
            with translated():
                yield opened
        finally:
            opened.dispose()


@contextmanager
def _failing() -> Iterator[None]:
    from server.store.errors import StoreAddressInvalid, StoreError

    try:
        yield
    except StoreError as error:
        raise fail(f"{error}.", code=2 if isinstance(error, StoreAddressInvalid) else 1) from error
