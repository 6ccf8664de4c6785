"""Tenants' limits and calls of each day. Nothing but tables: an older version goes on beside it."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables, empty: nothing is said of anybody, and nobody called."""
    op.create_table(
        "tenant_limits",
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("calls_at_once", sa.Integer, nullable=True),
        sa.Column("streams_at_once", sa.Integer, nullable=True),
        sa.Column("rate", sa.Float, nullable=True),
        sa.Column("burst", sa.Float, nullable=True),
        sa.Column("calls_a_day", sa.Integer, nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name="fk_tenant_limits_tenants"),
        sa.PrimaryKeyConstraint("tenant", name="pk_tenant_limits"),
    )
    op.create_table(
        "daily_calls",
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("taken", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "day", name="pk_daily_calls"),
    )
