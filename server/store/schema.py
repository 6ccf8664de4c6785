"""The tables as they are after the last migration. Every key of a tenant's data begins with the tenant."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
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

from engine.case import OPEN_ATTEMPT, AttemptState, CaseState
from engine.certificate import CertificateStatus
from engine.platform import Binding
from engine.void import VoidState
from server.store.columns import Instant, words
from server.store.ledger_schema import debits as debits
from server.store.ledger_schema import ledger_goods as ledger_goods
from server.store.ledger_schema import ledgers as ledgers
from server.store.metadata import metadata as metadata

# Migrations that this version knows, oldest first: a check of the schema needs no migration tool.
REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010")

_OPEN = text("state IN ({})".format(", ".join(f"'{state}'" for state in sorted(OPEN_ATTEMPT))))
_ACTIVE = text("status = 'ACTIVE'")
_DUE = text("due_at IS NOT NULL")
_TRANSITION = text("kind = 'transition'")
_NOT_ERASED = text("erased_at IS NULL")

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
