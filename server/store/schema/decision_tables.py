"""Decisions, and the requests that they answer."""

from sqlalchemy import Column, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, Table, Text

from server.store.columns import Instant
from server.store.schema.naming import metadata

decisions = Table(
    "decisions",
    metadata,
    Column("tenant", Text, nullable=False),
    Column("decision_id", Text, nullable=False),
    Column("case_name", Text),
    Column("declaration_version", Integer),
    Column("question", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("rulebook_digest", Text, nullable=False),
    Column("facts_digest", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("request_id", Text),
    Column("decided_at", Instant, nullable=False),
    PrimaryKeyConstraint("tenant", "decision_id"),
    ForeignKeyConstraint(["tenant", "case_name"], ["cases.tenant", "cases.name"]),
    ForeignKeyConstraint(["rulebook_digest"], ["rulebooks.digest"]),
)

# Which decision of a case is the latest, whatever the clocks of several processes say.
latest_decisions = Table(
    "latest_decisions",
    metadata,
    Column("tenant", Text, nullable=False),
    Column("case_name", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("decision_id", Text, nullable=False),
    PrimaryKeyConstraint("tenant", "case_name", "question"),
    ForeignKeyConstraint(["tenant", "decision_id"], ["decisions.tenant", "decisions.decision_id"]),
)

requests = Table(
    "requests",
    metadata,
    Column("tenant", Text, nullable=False),
    Column("request_id", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("body_digest", Text, nullable=False),
    Column("case_name", Text),
    Column("decisions", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    PrimaryKeyConstraint("tenant", "request_id"),
    ForeignKeyConstraint(["tenant", "case_name"], ["cases.tenant", "cases.name"]),
)
