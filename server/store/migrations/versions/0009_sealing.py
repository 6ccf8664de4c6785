"""Data keys, under which personal values are sealed, and when a case was erased.

What is there stays in plain: sealing it needs a master key, and the log vouches for it as it is. Each case, and each day of
screenings, gets its row, so that it can be held and erased like any other; its key is made when something is next sealed.
An earlier version cannot read what this one writes: it is stopped before this one starts.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NOT_ERASED = sa.text("erased_at IS NULL")


def upgrade() -> None:
    """Make the table and the column, and a row for each case and each day of screenings."""
    op.add_column("cases", sa.Column("erased_at", MOMENT, nullable=True))
    op.create_table(
        "data_keys",
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("key_id", sa.Text, nullable=True),
        sa.Column("wrapped", sa.Text, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("plain", sa.Boolean, nullable=False),
        sa.Column("held_because", sa.Text, nullable=True),
        sa.Column("held_by", sa.Text, nullable=True),
        sa.Column("held_at", MOMENT, nullable=True),
        sa.Column("erased_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("tenant", "subject", name="pk_data_keys"),
        sa.UniqueConstraint("tenant", "key_id", name="uq_data_keys_tenant_key_id"),
    )
    op.create_index(
        "ix_data_keys_created",
        "data_keys",
        ["created_at", "tenant", "subject"],
        sqlite_where=NOT_ERASED,
        postgresql_where=NOT_ERASED,
    )
    day = (
        "to_char(decided_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')"
        if op.get_context().dialect.name == "postgresql"
        else "substr(decided_at, 1, 10)"
    )
    op.execute(
        "INSERT INTO data_keys (tenant, subject, created_at, plain) SELECT tenant, name, created_at, true FROM cases"
    )
    op.execute(
        "INSERT INTO data_keys (tenant, subject, created_at, plain)"  # noqa: S608 - `day` is one of two texts above
        f" SELECT tenant, 'screenings/' || {day}, min(decided_at), true"
        f" FROM decisions WHERE case_name IS NULL GROUP BY tenant, {day}"
    )
