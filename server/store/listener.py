"""Hears on PostgreSQL that another process wrote to the log. It only wakes: what was written is read as ever."""

import selectors
import socket
import threading
from collections.abc import Callable
from typing import Any, Final

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from server.store.growth import CHANNEL

RECONNECT_SECONDS: Final = 1.0


class Listener:
    """A thread with a connection of its own that calls `told` whenever the log may have grown.

    Where the connection is lost it makes another; what came meanwhile is told then.
    """

    def __init__(self, engine: Engine, told: Callable[[], None]) -> None:
        self._engine = engine
        self._told = told
        self._stop, self._stopped = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name="store-listener", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._stop.send(b".")
        self._thread.join()
        self._stop.close()
        self._stopped.close()

    def _run(self) -> None:
        while True:
            try:
                self._listen()
            except (SQLAlchemyError, psycopg.Error, OSError):
                with selectors.DefaultSelector() as selector:
                    selector.register(self._stopped, selectors.EVENT_READ)
                    if selector.select(RECONNECT_SECONDS):
                        return
            else:
                return

    def _listen(self) -> None:
        """Returns when it is to stop. Raises where the connection is lost."""
        with self._engine.connect() as connection, selectors.DefaultSelector() as selector:
            connection.exec_driver_sql(f"LISTEN {CHANNEL}")
            driver: Any = connection.connection.driver_connection
            selector.register(driver.fileno(), selectors.EVENT_READ, driver)
            selector.register(self._stopped, selectors.EVENT_READ)
            while True:
                self._told()
                ready = selector.select()
                if any(key.data is None for key, _ in ready):
                    return
                for _ in driver.notifies(timeout=0):
                    pass
