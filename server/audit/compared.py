"""A database against heads that were kept outside, at a glance: before it is served, not instead of an audit."""

from collections.abc import Iterable

from sqlalchemy import Connection

from server.audit.trusted import Outside
from server.store.log import size
from server.store.signing import log_origin
from server.store.tree import Tree


def contradiction(connection: Connection, outside: Iterable[Outside]) -> str | None:
    """Why a database is not the one over which heads that were kept outside were signed; None where it is.

    Their signatures are not looked at: whoever keeps them trusts them.
    """
    tree, entries, origin = Tree(connection), size(connection), log_origin(connection)
    for each in outside:
        head = each.checkpoint.head
        if head.origin != origin:
            return f"the head in {each.file} is of the log {head.origin}, and the database's is {origin}"
        if head.size > entries:
            return (
                f"the database is behind the head in {each.file}: that was signed over {head.size} entries, and"
                f" {entries} are there"
            )
        try:
            same = tree.root(head.size) == head.root
        except LookupError:
            same = False
        if not same:
            return f"the database's first {head.size} entries are not those over which the head in {each.file} was signed"
    return None
