"""What a start needs whether one process serves or several: the store, the ready file, and how it is told that it failed."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy.engine import make_url

from server.audit.compared import contradiction
from server.audit.trusted import HeadsUnreadable, heads_of
from server.key_files import KeyUnusable
from server.log_keys import LogSigner, log_signer, make_log_key_beside
from server.master_keys import beside, make_master_key, read_master_keys
from server.settings import Settings
from server.store import Store
from server.store import errors as store_errors
from server.store.sealing import MasterKeys

FREE_PORT: Final = "Give another with --listen; port 0 takes a free one."
FREE_PORTS: Final = "Give others with --worker-ports."

log = structlog.get_logger("server")


class CannotStart(Exception):
    """The server cannot start; the text says why and how to mend it. `exit_code` 1: refused; 2: a setting is wrong."""

    def __init__(self, because: str, exit_code: int = 1) -> None:
        super().__init__(because, exit_code)
        self.because = because
        self.exit_code = exit_code

    def __str__(self) -> str:
        return self.because


def taken(listen: str, mend: str) -> str:
    """What is said of an address that cannot be had."""
    return f"{listen} cannot be served on: the port is taken or the address is not this machine's. {mend}"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a started server is to be found."""

    grpc: str
    sandbox: str | None
    metrics: str | None = None
    notices: str | None = None
    # Of each process, where it serves alone.
    workers: tuple[str, ...] = ()


def open_store(settings: Settings, clock: Callable[[], datetime], upgrade: bool) -> Store:
    """The store, with the schema that this version knows: upgraded, or refused. Raises CannotStart.

    Where the master key is not the one that the records are sealed under, it is refused too.
    """
    try:
        store = Store.open(settings.database, clock, partial(master_keys_of, settings))
        try:
            if upgrade:
                store.upgrade()
            else:
                store.check()
            _compared(store, settings)
            store.check_keys()
        except BaseException:
            store.close()
            raise
    except (store_errors.StoreAddressInvalid, store_errors.KeyMissing, KeyUnusable) as error:
        raise CannotStart(str(error), exit_code=2) from error
    except store_errors.StoreError as error:
        raise CannotStart(str(error)) from error
    return store


def _compared(store: Store, settings: Settings) -> None:
    """Raises CannotStart where the database is not the one over which heads that were kept outside were signed."""
    kept = settings.head_file if settings.head_file is not None and settings.head_file.exists() else None
    paths = [path for path in (settings.trusted_head, kept) if path is not None]
    if not paths:
        return
    try:
        wrong = store.look(lambda connection: contradiction(connection, heads_of(paths)))
    except HeadsUnreadable as error:
        raise CannotStart(str(error), exit_code=2) from error
    if wrong is not None:
        raise CannotStart(
            f"The database is not served: {wrong}. Restore a newer backup. Where what is missing is lost for good, find out"
            " with `origingate log verify --head` what it is, keep the heads, and start without them."
        )


def log_signer_of(settings: Settings) -> LogSigner:
    """The key that signs the log: the one that is set, or the one beside an SQLite file, which is made where it is not.

    The file is this process's alone. Raises CannotStart.
    """
    path = settings.log_key
    try:
        if path is None:
            database = make_url(settings.database).database
            assert database, "the settings ask for a key where the database is no file"
            path = Path(f"{database}.log-key.pem")
            if not path.exists():
                make_log_key_beside(path)
                log.info(
                    "made a key that signs the log; keep a copy of both its halves elsewhere", file=str(path)
                )
        return log_signer(path, settings.log_key_before)
    except KeyUnusable as error:
        raise CannotStart(str(error), exit_code=2) from error


def master_keys_of(settings: Settings) -> MasterKeys:
    """The keys that are set, or those beside an SQLite file, which are made where they are not. Raises KeyUnusable.

    To be called while the file is this process's alone.
    """
    path = settings.master_key
    if path is None:
        database = make_url(settings.database).database
        assert database, "the settings ask for a key where the database is no file"
        path = beside(Path(database))
        if not path.exists():
            make_master_key(path, datetime.now(UTC).date())
            log.info(
                "made a master key; without it nobody can read the records: keep a copy elsewhere",
                file=str(path),
            )
    return read_master_keys(path)


def write_ready(path: Path, addresses: Addresses) -> None:
    """Writes the addresses in one step, so that whoever waits for the file never reads half of it."""
    content = {
        "grpc": addresses.grpc,
        "sandbox": addresses.sandbox,
        "metrics": addresses.metrics,
        "notices": addresses.notices,
        "workers": addresses.workers,
        "pid": os.getpid(),
    }
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_text(json.dumps(content), "utf-8")
        draft.replace(path)
    except OSError as error:
        raise CannotStart(
            f"{path}: cannot be written ({error.strerror}). Give --ready-file a path in a folder that exists.",
            exit_code=2,
        ) from error
