"""How far webhook endpoints were told, and what they did not take."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

from server.store.columns import Instant
from server.store.schema.naming import metadata

_DUE = text("due_at IS NOT NULL")

# Up to where in the log each webhook endpoint was told, and which process tells it now.
webhook_cursors = Table(
    "webhook_cursors",
    metadata,
    Column("tenant", Text, nullable=False),
    Column("endpoint", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("read_to", BigInteger, nullable=False),
    Column("open_positions", Text, nullable=False),
    Column("fence", BigInteger, nullable=False),
    Column("lease_owner", Text),
    Column("lease_until", Instant),
    Column("tries", Integer, nullable=False),
    Column("faults", Integer, nullable=False),
    Column("failing_since", Instant),
    Column("due_at", Instant),
    Column("because", Text, nullable=False),
    Column("delivered_at", Instant),
    Column("updated_at", Instant, nullable=False),
    PrimaryKeyConstraint("tenant", "endpoint"),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("tenant", Text, nullable=False),
    Column("endpoint", Text, nullable=False),
    Column("position", BigInteger, autoincrement=False, nullable=False),
    Column("case_name", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("because", Text, nullable=False),
    Column("dead_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("settled_at", Instant),
    PrimaryKeyConstraint("tenant", "endpoint", "position"),
    ForeignKeyConstraint(["tenant", "endpoint"], ["webhook_cursors.tenant", "webhook_cursors.endpoint"]),
    Index("ix_dead_letters_due", "tenant", "endpoint", "due_at", sqlite_where=_DUE, postgresql_where=_DUE),
)
