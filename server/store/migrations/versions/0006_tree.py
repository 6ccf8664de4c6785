"""The tree over the log: its frontier, the nodes that proofs start from, signed heads, and the keys that sign them.

New tables, and columns that an earlier version leaves as they are: it goes on beside this one, and what it adds to the log
is taken into the tree by the next server of this version that writes.
"""

import secrets

import sqlalchemy as sa
from alembic import op

from engine.merkle import Frontier, Node, grown

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
AT_ONCE = 10_000


def upgrade() -> None:
    """Make the tables and columns, and build the tree over the entries that are there: some seconds for each million."""
    op.add_column(
        "log_head", sa.Column("tree_size", sa.BigInteger, nullable=False, server_default=sa.text("0"))
    )
    op.add_column("log_head", sa.Column("frontier", sa.LargeBinary, nullable=True))
    op.add_column("log_head", sa.Column("origin", sa.Text, nullable=True))
    op.add_column("log_head", sa.Column("head", sa.Text, nullable=True))
    op.add_column("log_head", sa.Column("kept_at", MOMENT, nullable=True))
    tiles = op.create_table(
        "log_tiles",
        sa.Column("level", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("level", "number", name="pk_log_tiles"),
    )
    op.create_table(
        "log_heads",
        sa.Column("size", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("head", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("size", "at", name="pk_log_heads"),
    )
    op.create_table(
        "log_keys",
        sa.Column("public_key", sa.Text, nullable=False),
        sa.Column("from_size", sa.BigInteger, nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("public_key", name="pk_log_keys"),
    )
    connection = op.get_bind()
    frontier = _tree(connection, tiles)
    connection.execute(
        sa.text("UPDATE log_head SET tree_size = :size, frontier = :frontier, origin = :origin"),
        {
            "size": frontier.size,
            "frontier": frontier.octets,
            "origin": f"origingate/{secrets.token_hex(8)}",
        },
    )


def _tree(connection: sa.Connection, tiles: sa.Table) -> Frontier:
    """The tree over the entries, page by page: its frontier. Nodes of every eighth height are written."""
    page = sa.text("SELECT leaf FROM log WHERE position >= :start ORDER BY position LIMIT :most")
    frontier = Frontier()
    while True:
        leaves = connection.scalars(page, {"start": frontier.size, "most": AT_ONCE}).all()
        if not leaves:
            return frontier
        nodes: dict[Node, bytes] = {}
        frontier = grown(frontier, map(bytes, leaves), nodes)
        rows = [
            {"level": height // 8, "number": number, "hash": node}
            for (height, number), node in nodes.items()
            if height and height % 8 == 0
        ]
        if rows:
            connection.execute(sa.insert(tiles), rows)
