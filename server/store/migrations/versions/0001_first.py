"""Cases, declarations, attempts, certificates, decisions, requests, rule texts and the log."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("state IN ('PENDING', 'PLANNED', 'REVIEW', 'SENDING', 'UNKNOWN')")
ACTIVE = sa.text("status = 'ACTIVE'")
DUE = sa.text("due_at IS NOT NULL")


def upgrade() -> None:
    """Make every table of the first version, and the head of an empty log."""
    op.create_table(
        "cases",
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("order_id", sa.Text, nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("declaration_version", sa.Integer, nullable=False),
        sa.Column("site", sa.Text, nullable=False),
        sa.Column("order", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "name", name="pk_cases"),
        sa.UniqueConstraint("tenant", "site_id", "order_id", name="uq_cases_tenant_site_id_order_id"),
    )
    op.create_table(
        "log",
        sa.Column("position", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("leaf", sa.LargeBinary(length=32), nullable=False),
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("envelope", sa.Text, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_log"),
    )
    op.create_index("ix_log_subject", "log", ["tenant", "subject", "position"], unique=False)
    op.create_table(
        "log_head",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_log_head"),
    )
    op.create_table(
        "rulebooks",
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("files", sa.Text, nullable=False),
        sa.Column("stored_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_rulebooks"),
    )
    op.create_table(
        "decisions",
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("decision_id", sa.Text, nullable=False),
        sa.Column("case_name", sa.Text, nullable=True),
        sa.Column("declaration_version", sa.Integer, nullable=True),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("rulebook_digest", sa.Text, nullable=False),
        sa.Column("facts_digest", sa.Text, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("request_id", sa.Text, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["rulebook_digest"], ["rulebooks.digest"], name="fk_decisions_rulebooks"),
        sa.ForeignKeyConstraint(
            ["tenant", "case_name"], ["cases.tenant", "cases.name"], name="fk_decisions_cases"
        ),
        sa.PrimaryKeyConstraint("tenant", "decision_id", name="pk_decisions"),
    )
    op.create_table(
        "declarations",
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("case_name", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("site", sa.Text, nullable=False),
        sa.Column("order", sa.Text, nullable=False),
        sa.Column("declaration", sa.Text, nullable=False),
        sa.Column("on_day", sa.Date, nullable=False),
        sa.Column("rulebook_digest", sa.Text, nullable=False),
        sa.Column("declared_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["rulebook_digest"], ["rulebooks.digest"], name="fk_declarations_rulebooks"),
        sa.ForeignKeyConstraint(
            ["tenant", "case_name"], ["cases.tenant", "cases.name"], name="fk_declarations_cases"
        ),
        sa.PrimaryKeyConstraint("tenant", "case_name", "version", name="pk_declarations"),
    )
    op.create_table(
        "requests",
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("request_id", sa.Text, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("body_digest", sa.Text, nullable=False),
        sa.Column("case_name", sa.Text, nullable=True),
        sa.Column("decisions", sa.Text, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "case_name"], ["cases.tenant", "cases.name"], name="fk_requests_cases"
        ),
        sa.PrimaryKeyConstraint("tenant", "request_id", name="pk_requests"),
    )
    op.create_table(
        "attempts",
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("case_name", sa.Text, nullable=False),
        sa.Column("declaration_version", sa.Integer, nullable=False),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("manifest_digest", sa.Text, nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("because", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("planned_at", MOMENT, nullable=False),
        sa.Column("deadline_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("fence", sa.Integer, nullable=False),
        sa.Column("lease_owner", sa.Text, nullable=True),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("send_lease_until", MOMENT, nullable=True),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant", "case_name", "declaration_version"],
            ["declarations.tenant", "declarations.case_name", "declarations.version"],
            name="fk_attempts_declarations",
        ),
        sa.PrimaryKeyConstraint("tenant", "reference", name="pk_attempts"),
    )
    op.create_index("ix_attempts_case", "attempts", ["tenant", "case_name"], unique=False)
    op.create_index(
        "ix_attempts_due", "attempts", ["due_at"], unique=False, sqlite_where=DUE, postgresql_where=DUE
    )
    op.create_index(
        "uq_attempts_open",
        "attempts",
        ["tenant", "case_name"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_table(
        "certificates",
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("e_cert_id", sa.Text, nullable=False),
        sa.Column("case_name", sa.Text, nullable=False),
        sa.Column("declaration_version", sa.Integer, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("status", sa.String(24), nullable=False),
        sa.Column("status_at", MOMENT, nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("binding", sa.String(24), nullable=False),
        sa.Column("declaration_digest", sa.Text, nullable=False),
        sa.Column("proof", sa.Text, nullable=False),
        sa.Column("sandbox", sa.Boolean, nullable=False),
        sa.Column("adopted_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "case_name", "declaration_version"],
            ["declarations.tenant", "declarations.case_name", "declarations.version"],
            name="fk_certificates_declarations",
        ),
        sa.PrimaryKeyConstraint("tenant", "platform", "e_cert_id", name="pk_certificates"),
    )
    op.create_index("ix_certificates_case", "certificates", ["tenant", "case_name"], unique=False)
    op.create_index("ix_certificates_e_cert_id", "certificates", ["tenant", "e_cert_id"], unique=False)
    op.create_index(
        "uq_certificates_active",
        "certificates",
        ["tenant", "case_name", "declaration_version"],
        unique=True,
        sqlite_where=ACTIVE,
        postgresql_where=ACTIVE,
    )
    op.create_table(
        "latest_decisions",
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("case_name", sa.Text, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("decision_id", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "decision_id"],
            ["decisions.tenant", "decisions.decision_id"],
            name="fk_latest_decisions_decisions",
        ),
        sa.PrimaryKeyConstraint("tenant", "case_name", "question", name="pk_latest_decisions"),
    )
    op.execute("INSERT INTO log_head (id, size) VALUES (1, 0)")
