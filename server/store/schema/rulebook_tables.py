"""Rulebooks, which of them was active when, and what became of those that were offered."""

from sqlalchemy import Column, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, Table, Text

from server.store.columns import Instant
from server.store.schema.naming import metadata

# Rule texts are the server's, not a tenant's.
rulebooks = Table(
    "rulebooks",
    metadata,
    Column("digest", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("files", Text, nullable=False),
    Column("stored_at", Instant, nullable=False),
    PrimaryKeyConstraint("digest"),
)

# The files of signed rulebooks, so that each server can see for itself who signed what it is to serve.
rulebook_signatures = Table(
    "rulebook_signatures",
    metadata,
    Column("rulebook_digest", Text, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("signed", Text, nullable=False),
    Column("stored_at", Instant, nullable=False),
    PrimaryKeyConstraint("rulebook_digest", "key_id"),
    ForeignKeyConstraint(["rulebook_digest"], ["rulebooks.digest"]),
)

# Numbers are dense, from 1. Each is in force from its moment until the next one is.
activations = Table(
    "activations",
    metadata,
    Column("number", Integer, autoincrement=False, nullable=False),
    Column("rulebook_digest", Text, nullable=False),
    Column("activated_at", Instant, nullable=False),
    Column("activated_by", Text, nullable=False),
    Column("approved_by", Text),
    Column("because", Text, nullable=False),
    PrimaryKeyConstraint("number"),
    ForeignKeyConstraint(["rulebook_digest"], ["rulebooks.digest"]),
)

# Rulebooks that somebody wants activated and that wait, or waited, for the word of a second person.
rulebook_proposals = Table(
    "rulebook_proposals",
    metadata,
    Column("number", Integer, autoincrement=False, nullable=False),
    Column("rulebook_digest", Text, nullable=False),
    Column("proposed_at", Instant, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("settled_at", Instant),
    Column("settled_as", Text),
    Column("settled_by", Text),
    PrimaryKeyConstraint("number"),
    ForeignKeyConstraint(["rulebook_digest"], ["rulebooks.digest"]),
)

# What became of rule files that were offered, by a stamp over their bytes: one process tries them for all.
rulebook_trials = Table(
    "rulebook_trials",
    metadata,
    Column("stamp", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("lease_until", Instant, nullable=False),
    Column("began_at", Instant, nullable=False),
    Column("ended_at", Instant),
    # Set where they were accepted.
    Column("rulebook_digest", Text),
    Column("report", Text),
    PrimaryKeyConstraint("stamp"),
)

# Which rulebook each process serves, as it says itself now and then.
rulebook_servings = Table(
    "rulebook_servings",
    metadata,
    Column("owner", Text, nullable=False),
    Column("rulebook_digest", Text, nullable=False),
    Column("activation", Integer, nullable=False),
    Column("since", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    PrimaryKeyConstraint("owner"),
)
