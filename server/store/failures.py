"""Turns what the database's driver raises into errors of the store."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError, StatementError

from server.store.errors import StoreRefused, StoreUnavailable


@contextmanager
def translated() -> Iterator[None]:
    """Raise an error of the store in place of one of the database or its driver."""
    try:
        yield
    except (DataError, IntegrityError) as error:
        raise StoreRefused("the database refused a value: a rule of its schema forbids it") from error
    except DBAPIError as error:
        raise StoreUnavailable("the database cannot be used just now; try again") from error
    except StatementError as error:
        raise StoreRefused("a value is not of the kind that its column holds") from error
    except SQLAlchemyError as error:
        raise StoreUnavailable("the database cannot be used just now; try again") from error


def said(error: SQLAlchemyError) -> str:
    """What the database itself said, in one line, for operators: it may name hosts and users."""
    words = str(error.orig) if isinstance(error, StatementError) and error.orig else str(error)
    return words.strip().partition("\n")[0] or "it gave no reason"
