"""Statements of the hot path: compiled once, and run on the driver's own cursor.

SQLAlchemy says what a statement is in each dialect, and how values go in and out; what it does besides at each run takes
longer than the database itself, and nothing of it is needed here. A statement is kept by its identity: make it once, at
import or by a cached function. Values that stand for lists cannot be given.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import SelectBase, UpdateBase
from sqlalchemy.types import TypeEngine

from server.store.columns import Instant

R = TypeVar("R")

Statement = SelectBase | UpdateBase
Values = Mapping[str, Any]
Convert = Callable[[Any], Any]


def first(connection: Connection, statement: Statement, kind: Callable[..., R], values: Values) -> R | None:
    """The first row as a record, where there is one."""
    rows, _ = _run(connection, statement, values)
    return kind(*rows[0]) if rows else None


def every(connection: Connection, statement: Statement, kind: Callable[..., R], values: Values) -> list[R]:
    """All rows as records, in the statement's order."""
    rows, _ = _run(connection, statement, values)
    return [kind(*row) for row in rows]


def write(connection: Connection, statement: Statement, values: Values) -> int:
    """Runs a statement that changes something; how many rows it changed."""
    _, count = _run(connection, statement, values)
    return count


def write_all(connection: Connection, statement: Statement, rows: Sequence[Values]) -> None:
    """Runs a statement for each of the rows, which have the same columns."""
    if not rows:
        return
    prepared = _prepared(statement, connection.dialect, tuple(rows[0]))
    given = [prepared.given(row) for row in rows]
    with _cursor(connection, prepared.text) as cursor:
        cursor.executemany(prepared.text, given)


def _run(connection: Connection, statement: Statement, values: Values) -> tuple[list[Any], int]:
    prepared = _prepared(statement, connection.dialect, tuple(values))
    given = prepared.given(values)
    with _cursor(connection, prepared.text) as cursor:
        cursor.execute(prepared.text, given)
        rows = cursor.fetchall() if cursor.description is not None else []
        return prepared.taken(rows), cursor.rowcount


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A statement in a dialect. `binds` are the parameters: name in the text, name among the values, conversion."""

    text: str
    positional: bool
    binds: tuple[tuple[str, str, Convert | None], ...]
    fixed: Values
    columns: tuple[tuple[int, Convert], ...]

    def given(self, values: Values) -> Any:
        """Values as the driver takes them. Raises StatementError for one that its column cannot hold."""
        values = {**self.fixed, **values}
        try:
            if self.positional:
                return [values[name] if to is None else to(values[name]) for _, name, to in self.binds]
            return {own: values[name] if to is None else to(values[name]) for own, name, to in self.binds}
        except (LookupError, TypeError, ValueError) as error:
            raise StatementError(str(error), self.text, None, error, hide_parameters=True) from error

    def taken(self, rows: list[Any]) -> list[Any]:
        """Rows as the driver gave them, with values as records have them."""
        if not self.columns:
            return rows
        made = []
        for row in rows:
            values = list(row)
            for number, of in self.columns:
                values[number] = of(values[number])
            made.append(values)
        return made


@lru_cache(maxsize=512)
def _prepared(statement: Statement, dialect: Dialect, names: tuple[str, ...]) -> _Prepared:
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    assert isinstance(compiled, SQLCompiler)
    assert not compiled.post_compile_params, "a list of values would be expanded at each run"
    own = compiled.positiontup if compiled.positiontup is not None else list(compiled.binds)
    binds = tuple(
        (name, compiled.binds[name].key, _conversion(compiled.binds[name].type, dialect)) for name in own
    )
    fixed = {bind.key: bind.effective_value for bind in compiled.binds.values() if not bind.required}
    results = [
        column.type.dialect_impl(dialect).result_processor(dialect, None)
        for column in statement.exported_columns
    ]
    columns = tuple((number, of) for number, of in enumerate(results) if of is not None)
    return _Prepared(compiled.string, compiled.positiontup is not None, binds, fixed, columns)


def _conversion(of: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    convert = of.dialect_impl(dialect).bind_processor(dialect)
    # A transaction says its one moment many times over.
    return lru_cache(maxsize=256)(convert) if convert is not None and isinstance(of, Instant) else convert


@contextmanager
def _cursor(connection: Connection, text: str) -> Iterator[Any]:
    """A cursor of the driver. What it raises is raised as SQLAlchemy raises it, and a lost connection is given up."""
    dialect = connection.dialect
    assert dialect.loaded_dbapi is not None
    cursor = connection.connection.cursor()
    try:
        yield cursor
    except dialect.loaded_dbapi.Error as error:
        lost = dialect.is_disconnect(error, connection.connection.dbapi_connection, cursor)
        if lost:
            connection.invalidate(error)
        raise DBAPIError.instance(
            text, None, error, dialect.loaded_dbapi.Error, hide_parameters=True, connection_invalidated=lost
        ) from error
    finally:
        cursor.close()
