"""Registered sites, and how many of their orders were refused. Nothing but tables: an older version goes on beside it.

An older version does not know that a site is registered, and goes by its sites file: register sites once all are upgraded.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables, empty: no site is registered."""
    op.create_table(
        "site_changes",
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("step", sa.String(24), nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("request_id", sa.Text, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=True),
        sa.Column("connections", sa.Text, nullable=False),
        sa.Column("suspended_because", sa.Text, nullable=True),
        sa.Column("platform", sa.Text, nullable=True),
        sa.Column("run_digest", sa.Text, nullable=True),
        sa.Column("report", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("tenant", "site_id", "number", name="pk_site_changes"),
    )
    op.create_table(
        "refused_orders",
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("orders", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "site_id", "day", "reason", "about", name="pk_refused_orders"),
    )
