"""What was done with the sites that are registered. Rows are only added: the newest of a site is the site as it stands."""

from sqlalchemy import Column, Integer, PrimaryKeyConstraint, Table, Text

from engine.site import SiteStep
from server.store.columns import Instant, words
from server.store.schema.naming import metadata

# Numbers are dense for each site, from 1. `platform`, `run_digest` and `report` are of a conformance run.
site_changes = Table(
    "site_changes",
    metadata,
    Column("tenant", Text, nullable=False),
    Column("site_id", Text, nullable=False),
    Column("number", Integer, autoincrement=False, nullable=False),
    Column("step", words(SiteStep), nullable=False),
    Column("actor", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("request_id", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("title", Text, nullable=False),
    Column("kind", Text),
    Column("connections", Text, nullable=False),
    Column("suspended_because", Text),
    Column("platform", Text),
    Column("run_digest", Text),
    Column("report", Text),
    PrimaryKeyConstraint("tenant", "site_id", "number"),
)

# Orders of a registered site that were refused on a day of UTC, by why and by what about: the rest of them is not kept.
refused_orders = Table(
    "refused_orders",
    metadata,
    Column("tenant", Text, nullable=False),
    Column("site_id", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("orders", Integer, nullable=False),
    PrimaryKeyConstraint("tenant", "site_id", "day", "reason", "about"),
)
