"""The ledgers of blanket certificates, and what orders drew from them."""

from sqlalchemy import (
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

from engine.certificate import CertificateStatus
from engine.debit import DebitState
from server.store.columns import Instant, words
from server.store.schema.naming import metadata

_HELD = text("state = 'HELD'")
_UNWARNED = text("warned_at IS NULL")

# What blanket certificates are for. Quantities are decimals as text: both databases keep them exactly alike.
ledgers = Table(
    "ledgers",
    metadata,
    Column("tenant", Text, nullable=False),
    Column("platform", Text, nullable=False),
    Column("e_cert_id", Text, nullable=False),
    Column("case_name", Text, nullable=False),
    Column("first_day", Date),
    Column("last_day", Date),
    Column("opened_at", Instant, nullable=False),
    Column("warned_at", Instant),
    # The status, no longer in force, of which every case under the certificate was told.
    Column("told_as", words(CertificateStatus)),
    PrimaryKeyConstraint("tenant", "platform", "e_cert_id"),
    ForeignKeyConstraint(
        ["tenant", "platform", "e_cert_id"],
        ["certificates.tenant", "certificates.platform", "certificates.e_cert_id"],
    ),
    Index("ix_ledgers_unwarned", "last_day", sqlite_where=_UNWARNED, postgresql_where=_UNWARNED),
)

# One row for each good. `quantity` is what the certification states, if anything; `drawn` is null where it is not known.
ledger_goods = Table(
    "ledger_goods",
    metadata,
    Column("tenant", Text, nullable=False),
    Column("platform", Text, nullable=False),
    Column("e_cert_id", Text, nullable=False),
    Column("good_id", Text, nullable=False),
    Column("quantity", Text),
    Column("unit", Text),
    Column("drawn", Text),
    PrimaryKeyConstraint("tenant", "platform", "e_cert_id", "good_id"),
    ForeignKeyConstraint(
        ["tenant", "platform", "e_cert_id"],
        ["ledgers.tenant", "ledgers.platform", "ledgers.e_cert_id"],
    ),
)

# What each line of a case drew. They are never removed: what a case gives back is marked.
debits = Table(
    "debits",
    metadata,
    Column("tenant", Text, nullable=False),
    Column("case_name", Text, nullable=False),
    Column("declaration_version", Integer, nullable=False),
    Column("line_id", Text, nullable=False),
    Column("good_id", Text, nullable=False),
    Column("platform", Text, nullable=False),
    Column("e_cert_id", Text, nullable=False),
    Column("quantity", Text),
    Column("unit", Text),
    Column("state", words(DebitState), nullable=False),
    Column("debited_at", Instant, nullable=False),
    Column("returned_at", Instant),
    PrimaryKeyConstraint("tenant", "case_name", "declaration_version", "line_id", "good_id"),
    ForeignKeyConstraint(
        ["tenant", "platform", "e_cert_id", "good_id"],
        [
            "ledger_goods.tenant",
            "ledger_goods.platform",
            "ledger_goods.e_cert_id",
            "ledger_goods.good_id",
        ],
    ),
    ForeignKeyConstraint(
        ["tenant", "case_name", "declaration_version"],
        ["declarations.tenant", "declarations.case_name", "declarations.version"],
    ),
    Index(
        "ix_debits_held",
        "tenant",
        "e_cert_id",
        "platform",
        "case_name",
        sqlite_where=_HELD,
        postgresql_where=_HELD,
    ),
)
