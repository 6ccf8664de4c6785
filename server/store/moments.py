"""Moments counted from now: by the database's clock on PostgreSQL, by the caller's moment on SQLite.

Several processes with clocks of their own share a PostgreSQL database; an SQLite file has one process.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Interval, bindparam, func

from server.store.columns import Instant


def moment(dialect: str, parameter: str) -> ColumnElement[datetime]:
    """The moment that a parameter of this name stands for; `after` gives its value."""
    if dialect == "postgresql":
        return func.statement_timestamp(type_=Instant) + bindparam(parameter, type_=Interval)
    return bindparam(parameter, type_=Instant)


def after(dialect: str, now: datetime, length: timedelta = timedelta()) -> timedelta | datetime:
    """The value of a `moment` parameter: some time after now."""
    return length if dialect == "postgresql" else now + length
