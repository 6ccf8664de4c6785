"""The fields that bind a certificate. A column that an earlier version leaves empty: it goes on beside this one."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column."""
    op.add_column("certificates", sa.Column("compared", sa.Text, nullable=True))
