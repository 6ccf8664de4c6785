"""The log, the tree over it, its signed heads and the keys that signed them."""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

from server.store.columns import Instant
from server.store.schema.naming import metadata

_TRANSITION = text("kind = 'transition'")

# One log for the whole server: positions are dense over all tenants.
log = Table(
    "log",
    metadata,
    Column("position", BigInteger, autoincrement=False, nullable=False),
    Column("leaf", LargeBinary(32), nullable=False),
    Column("tenant", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("envelope", Text, nullable=False),
    Column("event", Text, nullable=False),
    PrimaryKeyConstraint("position"),
    Index("ix_log_subject", "tenant", "subject", "position"),
    # What watchers read.
    Index(
        "ix_log_transitions",
        "tenant",
        "position",
        sqlite_where=_TRANSITION,
        postgresql_where=_TRANSITION,
    ),
)

# A single row: how many entries the log has, the tree over them, and the newest signed head. `kept_at` is when a signed
# head was last kept in `log_heads`.
log_head = Table(
    "log_head",
    metadata,
    Column("id", Integer, autoincrement=False, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("tree_size", BigInteger, nullable=False, server_default=text("0")),
    Column("frontier", LargeBinary),
    Column("origin", Text),
    Column("head", Text),
    Column("kept_at", Instant),
    PrimaryKeyConstraint("id"),
)

# Nodes of the tree at every eighth height: level 1 stands over 256 entries, level 2 over 65,536.
log_tiles = Table(
    "log_tiles",
    metadata,
    Column("level", Integer, autoincrement=False, nullable=False),
    Column("number", BigInteger, autoincrement=False, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    PrimaryKeyConstraint("level", "number"),
)

# Signed heads over time, as signed notes.
log_heads = Table(
    "log_heads",
    metadata,
    Column("size", BigInteger, autoincrement=False, nullable=False),
    Column("at", Instant, nullable=False),
    Column("head", Text, nullable=False),
    PrimaryKeyConstraint("size", "at"),
)

# The public keys that signed heads, base64, and from which size on.
log_keys = Table(
    "log_keys",
    metadata,
    Column("public_key", Text, nullable=False),
    Column("from_size", BigInteger, nullable=False),
    Column("added_at", Instant, nullable=False),
    PrimaryKeyConstraint("public_key"),
)
