"""Cursors of webhook endpoints, and dead letters. Nothing but tables: an older version goes on beside it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
DUE = sa.text("due_at IS NOT NULL")


def upgrade() -> None:
    """Make both tables, empty: an endpoint's cursor is made when a server first knows of it."""
    op.create_table(
        "webhook_cursors",
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("endpoint", sa.Text, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("read_to", sa.BigInteger, nullable=False),
        sa.Column("open_positions", sa.Text, nullable=False),
        sa.Column("fence", sa.BigInteger, nullable=False),
        sa.Column("lease_owner", sa.Text, nullable=True),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("faults", sa.Integer, nullable=False),
        sa.Column("failing_since", MOMENT, nullable=True),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("because", sa.Text, nullable=False),
        sa.Column("delivered_at", MOMENT, nullable=True),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "endpoint", name="pk_webhook_cursors"),
    )
    op.create_table(
        "dead_letters",
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("endpoint", sa.Text, nullable=False),
        sa.Column("position", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("case_name", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("because", sa.Text, nullable=False),
        sa.Column("dead_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant", "endpoint"],
            ["webhook_cursors.tenant", "webhook_cursors.endpoint"],
            name="fk_dead_letters_webhook_cursors",
        ),
        sa.PrimaryKeyConstraint("tenant", "endpoint", "position", name="pk_dead_letters"),
    )
    op.create_index(
        "ix_dead_letters_due",
        "dead_letters",
        ["tenant", "endpoint", "due_at"],
        sqlite_where=DUE,
        postgresql_where=DUE,
    )
