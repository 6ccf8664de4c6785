"""Cases, the versions of their declarations, attempts at platforms, certificates, and voids."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from engine.case import OPEN_ATTEMPT, AttemptState, CaseState
from engine.certificate import CertificateStatus
from engine.platform import Binding
from engine.void import VoidState
from server.store.columns import Instant, words
from server.store.schema.naming import metadata

_OPEN = text("state IN ({})".format(", ".join(f"'{state}'" for state in sorted(OPEN_ATTEMPT))))
_ACTIVE = text("status = 'ACTIVE'")
_DUE = text("due_at IS NOT NULL")

cases = Table(
    "cases",
    metadata,
    Column("tenant", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("site_id", Text, nullable=False),
    Column("order_id", Text, nullable=False),
    Column("state", words(CaseState), nullable=False),
    Column("version", Integer, nullable=False),
    Column("declaration_version", Integer, nullable=False),
    Column("site", Text, nullable=False),
    Column("order", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("erased_at", Instant),
    PrimaryKeyConstraint("tenant", "name"),
    UniqueConstraint("tenant", "site_id", "order_id"),
    # A list of cases is a range for each of its states, already in the list's order.
    Index("ix_cases_state_created", "tenant", "state", "created_at", "name"),
    Index("ix_cases_state_updated", "tenant", "state", "updated_at", "name"),
    Index("ix_cases_site_created", "tenant", "site_id", "state", "created_at", "name"),
    Index("ix_cases_site_updated", "tenant", "site_id", "state", "updated_at", "name"),
    Index("ix_cases_order", "tenant", "order_id"),
)

declarations = Table(
    "declarations",
    metadata,
    Column("tenant", Text, nullable=False),
    Column("case_name", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("site", Text, nullable=False),
    Column("order", Text, nullable=False),
    Column("declaration", Text, nullable=False),
    Column("on_day", Date, nullable=False),
    Column("rulebook_digest", Text, nullable=False),
    Column("declared_at", Instant, nullable=False),
    PrimaryKeyConstraint("tenant", "case_name", "version"),
    ForeignKeyConstraint(["tenant", "case_name"], ["cases.tenant", "cases.name"]),
    ForeignKeyConstraint(["rulebook_digest"], ["rulebooks.digest"]),
)

attempts = Table(
    "attempts",
    metadata,
    Column("tenant", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("case_name", Text, nullable=False),
    Column("declaration_version", Integer, nullable=False),
    Column("platform", Text, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("manifest_digest", Text, nullable=False),
    Column("state", words(AttemptState), nullable=False),
    Column("because", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("planned_at", Instant, nullable=False),
    Column("deadline_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("ended_at", Instant),
    Column("fence", Integer, nullable=False),
    Column("lease_owner", Text),
    Column("lease_until", Instant),
    Column("send_lease_until", Instant),
    Column("due_at", Instant),
    Column("sweep_until", Instant),
    Column("platform_id", Text),
    Column("replaces", Text),
    PrimaryKeyConstraint("tenant", "reference"),
    ForeignKeyConstraint(
        ["tenant", "case_name", "declaration_version"],
        ["declarations.tenant", "declarations.case_name", "declarations.version"],
    ),
    Index("ix_attempts_case", "tenant", "case_name"),
    # Never a second submit while the outcome of the first is open.
    Index("uq_attempts_open", "tenant", "case_name", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    Index("ix_attempts_due", "due_at", sqlite_where=_DUE, postgresql_where=_DUE),
)

certificates = Table(
    "certificates",
    metadata,
    Column("tenant", Text, nullable=False),
    Column("platform", Text, nullable=False),
    Column("e_cert_id", Text, nullable=False),
    Column("case_name", Text, nullable=False),
    Column("declaration_version", Integer, nullable=False),
    Column("reference", Text, nullable=False),
    Column("status", words(CertificateStatus), nullable=False),
    Column("status_at", Instant, nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("binding", words(Binding), nullable=False),
    Column("declaration_digest", Text, nullable=False),
    Column("proof", Text, nullable=False),
    Column("sandbox", Boolean, nullable=False),
    Column("adopted_at", Instant, nullable=False),
    Column("key", Text),
    Column("compared", Text),
    PrimaryKeyConstraint("tenant", "platform", "e_cert_id"),
    ForeignKeyConstraint(
        ["tenant", "case_name", "declaration_version"],
        ["declarations.tenant", "declarations.case_name", "declarations.version"],
    ),
    Index("ix_certificates_e_cert_id", "tenant", "e_cert_id"),
    Index("ix_certificates_case", "tenant", "case_name"),
    Index(
        "uq_certificates_active",
        "tenant",
        "case_name",
        "declaration_version",
        unique=True,
        sqlite_where=_ACTIVE,
        postgresql_where=_ACTIVE,
    ),
)

voids = Table(
    "voids",
    metadata,
    Column("tenant", Text, nullable=False),
    Column("platform", Text, nullable=False),
    Column("e_cert_id", Text, nullable=False),
    Column("case_name", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", words(VoidState), nullable=False),
    Column("because", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("planned_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("fence", Integer, nullable=False),
    Column("due_at", Instant),
    PrimaryKeyConstraint("tenant", "platform", "e_cert_id"),
    ForeignKeyConstraint(["tenant", "case_name"], ["cases.tenant", "cases.name"]),
    Index("ix_voids_case", "tenant", "case_name"),
    Index("ix_voids_due", "due_at", sqlite_where=_DUE, postgresql_where=_DUE),
)
