"""Voids of certificates, and until when an attempt that came to nothing is still looked up.

A new table, and a column that an earlier version leaves empty: it goes on beside this one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
DUE = sa.text("due_at IS NOT NULL")
OPEN = sa.text("state IN ('PLANNED', 'STUCK')")


def upgrade() -> None:
    """Make the table and the column."""
    op.add_column("attempts", sa.Column("sweep_until", MOMENT, nullable=True))
    op.create_table(
        "voids",
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("e_cert_id", sa.Text, nullable=False),
        sa.Column("case_name", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("because", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("planned_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("fence", sa.Integer, nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant", "case_name"], ["cases.tenant", "cases.name"], name="fk_voids_cases"
        ),
        sa.PrimaryKeyConstraint("tenant", "platform", "e_cert_id", name="pk_voids"),
    )
    op.create_index("ix_voids_case", "voids", ["tenant", "case_name"])
    op.create_index("ix_voids_due", "voids", ["due_at"], sqlite_where=DUE, postgresql_where=DUE)
