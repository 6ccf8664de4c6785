"""The key that verified a certificate's proof. A column that an earlier version leaves empty: it goes on beside this one."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column."""
    op.add_column("certificates", sa.Column("key", sa.Text, nullable=True))
