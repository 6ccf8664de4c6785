"""Tenants, their API keys and limits, and the keys that their personal values are sealed under."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from server.store.columns import Instant
from server.store.schema.naming import metadata

_NOT_ERASED = text("erased_at IS NULL")

# Whose data there can be. A caller that proves to be of another tenant is not known.
tenants = Table(
    "tenants",
    metadata,
    Column("tenant", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    PrimaryKeyConstraint("tenant"),
)

# Of a key only the digest is kept. Who shows one is found by its id, whatever the tenant.
api_keys = Table(
    "api_keys",
    metadata,
    Column("tenant", Text, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("name", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("sites", Text),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("revoked_at", Instant),
    PrimaryKeyConstraint("tenant", "key_id"),
    ForeignKeyConstraint(["tenant"], ["tenants.tenant"]),
    Index("ix_api_keys_key_id", "key_id"),
)

# What an operator said of a tenant's limits. Where a column is empty, the servers' settings count.
tenant_limits = Table(
    "tenant_limits",
    metadata,
    Column("tenant", Text, nullable=False),
    Column("calls_at_once", Integer),
    Column("streams_at_once", Integer),
    Column("rate", Float),
    Column("burst", Float),
    Column("calls_a_day", Integer),
    PrimaryKeyConstraint("tenant"),
    ForeignKeyConstraint(["tenant"], ["tenants.tenant"]),
)

# How many calls of a day, one of UTC, servers took to let through. Days stay, as a record of use.
daily_calls = Table(
    "daily_calls",
    metadata,
    Column("tenant", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("taken", BigInteger, nullable=False),
    PrimaryKeyConstraint("tenant", "day"),
)

# The keys that personal values are sealed under: one for each case, one for the screenings of each day.
data_keys = Table(
    "data_keys",
    metadata,
    Column("tenant", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("key_id", Text),
    Column("wrapped", Text),
    Column("created_at", Instant, nullable=False),
    # Whether records of before sealing, which stand in plain, belong to it.
    Column("plain", Boolean, nullable=False),
    Column("held_because", Text),
    Column("held_by", Text),
    Column("held_at", Instant),
    Column("erased_at", Instant),
    PrimaryKeyConstraint("tenant", "subject"),
    UniqueConstraint("tenant", "key_id"),
    # What retention looks through, the oldest first.
    Index(
        "ix_data_keys_created",
        "created_at",
        "tenant",
        "subject",
        sqlite_where=_NOT_ERASED,
        postgresql_where=_NOT_ERASED,
    ),
)
