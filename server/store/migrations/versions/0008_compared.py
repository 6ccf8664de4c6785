"""The fields that bind a certificate, and the platform's id of what is under way.

Columns that an earlier version leaves empty: it goes on beside this one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the columns."""
    op.add_column("certificates", sa.Column("compared", sa.Text, nullable=True))
    op.add_column("attempts", sa.Column("platform_id", sa.Text, nullable=True))
