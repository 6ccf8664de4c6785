"""The certificate in whose place an attempt is to certify.

A column that an earlier version does not know: it gives up what is to replace a certificate, and voids that, as it always
did.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column."""
    op.add_column("attempts", sa.Column("replaces", sa.Text, nullable=True))
