"""Which rulebook was active when, and what became of those that were offered.

A database that served before has no activation yet: the next start makes the first one, of the rulebook that it is given.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables, empty."""
    op.create_table(
        "rulebook_signatures",
        sa.Column("rulebook_digest", sa.Text, nullable=False),
        sa.Column("key_id", sa.Text, nullable=False),
        sa.Column("signed", sa.Text, nullable=False),
        sa.Column("stored_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("rulebook_digest", "key_id", name="pk_rulebook_signatures"),
        sa.ForeignKeyConstraint(
            ["rulebook_digest"], ["rulebooks.digest"], name="fk_rulebook_signatures_rulebooks"
        ),
    )
    op.create_table(
        "activations",
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("rulebook_digest", sa.Text, nullable=False),
        sa.Column("activated_at", MOMENT, nullable=False),
        sa.Column("activated_by", sa.Text, nullable=False),
        sa.Column("approved_by", sa.Text, nullable=True),
        sa.Column("because", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_activations"),
        sa.ForeignKeyConstraint(["rulebook_digest"], ["rulebooks.digest"], name="fk_activations_rulebooks"),
    )
    op.create_table(
        "rulebook_proposals",
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("rulebook_digest", sa.Text, nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("proposed_by", sa.Text, nullable=False),
        sa.Column("because", sa.Text, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("settled_as", sa.Text, nullable=True),
        sa.Column("settled_by", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_rulebook_proposals"),
        sa.ForeignKeyConstraint(
            ["rulebook_digest"], ["rulebooks.digest"], name="fk_rulebook_proposals_rulebooks"
        ),
    )
    op.create_table(
        "rulebook_trials",
        sa.Column("stamp", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("lease_until", MOMENT, nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("rulebook_digest", sa.Text, nullable=True),
        sa.Column("report", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("stamp", name="pk_rulebook_trials"),
    )
    op.create_table(
        "rulebook_servings",
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("rulebook_digest", sa.Text, nullable=False),
        sa.Column("activation", sa.Integer, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("owner", name="pk_rulebook_servings"),
    )
