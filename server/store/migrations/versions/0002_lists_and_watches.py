"""Indexes for lists of cases and for watches. Nothing but indexes: an older version goes on beside it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TRANSITION = sa.text("kind = 'transition'")


def upgrade() -> None:
    """Make the indexes; on a large database that takes some seconds for each million rows."""
    op.create_index("ix_cases_state_created", "cases", ["tenant", "state", "created_at", "name"])
    op.create_index("ix_cases_state_updated", "cases", ["tenant", "state", "updated_at", "name"])
    op.create_index("ix_cases_site_created", "cases", ["tenant", "site_id", "state", "created_at", "name"])
    op.create_index("ix_cases_site_updated", "cases", ["tenant", "site_id", "state", "updated_at", "name"])
    op.create_index("ix_cases_order", "cases", ["tenant", "order_id"])
    op.create_index(
        "ix_log_transitions",
        "log",
        ["tenant", "position"],
        sqlite_where=TRANSITION,
        postgresql_where=TRANSITION,
    )
