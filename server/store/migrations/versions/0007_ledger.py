"""The ledgers of blanket certificates. New tables only: an earlier version goes on beside this one."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
HELD = sa.text("state = 'HELD'")
UNWARNED = sa.text("warned_at IS NULL")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "ledgers",
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("e_cert_id", sa.Text, nullable=False),
        sa.Column("case_name", sa.Text, nullable=False),
        sa.Column("first_day", sa.Date, nullable=True),
        sa.Column("last_day", sa.Date, nullable=True),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("warned_at", MOMENT, nullable=True),
        sa.Column("told_as", sa.String(24), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant", "platform", "e_cert_id"],
            ["certificates.tenant", "certificates.platform", "certificates.e_cert_id"],
            name="fk_ledgers_certificates",
        ),
        sa.PrimaryKeyConstraint("tenant", "platform", "e_cert_id", name="pk_ledgers"),
    )
    op.create_index(
        "ix_ledgers_unwarned", "ledgers", ["last_day"], sqlite_where=UNWARNED, postgresql_where=UNWARNED
    )
    op.create_table(
        "ledger_goods",
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("e_cert_id", sa.Text, nullable=False),
        sa.Column("good_id", sa.Text, nullable=False),
        sa.Column("quantity", sa.Text, nullable=True),
        sa.Column("unit", sa.Text, nullable=True),
        sa.Column("drawn", sa.Text, nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant", "platform", "e_cert_id"],
            ["ledgers.tenant", "ledgers.platform", "ledgers.e_cert_id"],
            name="fk_ledger_goods_ledgers",
        ),
        sa.PrimaryKeyConstraint("tenant", "platform", "e_cert_id", "good_id", name="pk_ledger_goods"),
    )
    op.create_table(
        "debits",
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("case_name", sa.Text, nullable=False),
        sa.Column("declaration_version", sa.Integer, nullable=False),
        sa.Column("line_id", sa.Text, nullable=False),
        sa.Column("good_id", sa.Text, nullable=False),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("e_cert_id", sa.Text, nullable=False),
        sa.Column("quantity", sa.Text, nullable=True),
        sa.Column("unit", sa.Text, nullable=True),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("debited_at", MOMENT, nullable=False),
        sa.Column("returned_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant", "platform", "e_cert_id", "good_id"],
            [
                "ledger_goods.tenant",
                "ledger_goods.platform",
                "ledger_goods.e_cert_id",
                "ledger_goods.good_id",
            ],
            name="fk_debits_ledger_goods",
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "case_name", "declaration_version"],
            ["declarations.tenant", "declarations.case_name", "declarations.version"],
            name="fk_debits_declarations",
        ),
        sa.PrimaryKeyConstraint(
            "tenant", "case_name", "declaration_version", "line_id", "good_id", name="pk_debits"
        ),
    )
    op.create_index(
        "ix_debits_held",
        "debits",
        ["tenant", "e_cert_id", "platform", "case_name"],
        sqlite_where=HELD,
        postgresql_where=HELD,
    )
