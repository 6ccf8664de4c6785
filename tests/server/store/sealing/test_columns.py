"""Every column that holds a text is sealed, or it is said why it may stand in plain."""

from sqlalchemy import Enum, Text

from server.store.schema import metadata
from server.store.sealing import SEALED

# What finds, orders and counts, and says nothing of a person unless an order system puts a person's name into an id.
IDS = {
    "tenant", "name", "site_id", "order_id", "case_name", "decision_id", "request_id", "e_cert_id", "reference", "platform",
    "endpoint", "subject", "platform_id", "replaces", "key_id", "question", "outcome", "method", "kind",
}  # fmt: skip
# Digests of what is no one's data, and texts of rules.
RULES = {"rulebook_digest", "manifest_digest", "rulebooks.digest", "rulebooks.files"}
# Who holds a lease: a process.
PROCESSES = {"lease_owner"}
# Public keys and signed heads; data keys, wrapped.
KEYS = {
    "certificates.key",
    "log_head.origin",
    "log_head.head",
    "log_heads.head",
    "log_keys.public_key",
    "data_keys.wrapped",
}
# Words of ours about endpoints: what HTTP said.
OURS = {"webhook_cursors.because", "webhook_cursors.open_positions", "dead_letters.because"}
# Ids of decisions, as JSON.
LISTS = {"requests.decisions"}
# Digests of events and texts that are sealed in them, word by word.
LOG = {"log.envelope", "log.event"}
# Who may call: a tenant by its title, keys by what they may do. Names of fields that were compared.
CALLERS = {"tenants.title", "api_keys.roles", "api_keys.sites", "certificates.compared"}
# A day of UTC on which a tenant called.
USE = {"daily_calls.day"}
# What goods are drawn of a blanket certificate, and how much of them.
GOODS = {"good_id", "line_id", "quantity", "unit", "drawn"}
# A hold and its reason outlive what was said of the case; whoever writes it is told to leave names out.
HOLDS = {"data_keys.held_because", "data_keys.held_by"}
# Rulebooks are the server's, and what is done with them is for everybody to see: who asked for it, who approved, and why.
RULEBOOKS = {
    f"{table}.{column}"
    for table, columns in {
        "rulebook_signatures": ("signed",),
        "activations": ("activated_by", "approved_by", "because"),
        "rulebook_proposals": ("proposed_by", "because", "settled_as", "settled_by"),
        "rulebook_trials": ("stamp", "owner", "report"),
        "rulebook_servings": ("owner",),
    }.items()
    for column in columns
}
# Sites are the tenant's own, and their reasons are written for auditors; of orders that were refused only counts are kept.
SITES = {
    "site_changes.actor", "site_changes.reason", "site_changes.title", "site_changes.connections",
    "site_changes.suspended_because", "site_changes.run_digest", "site_changes.report",
    "refused_orders.day", "refused_orders.reason", "refused_orders.about",
}  # fmt: skip
PLAIN = (
    SITES | RULEBOOKS | IDS | RULES | PROCESSES | KEYS | OURS | LISTS | LOG | HOLDS | GOODS | CALLERS | USE
)


def texts() -> set[tuple[str, str]]:
    """The columns that hold texts, by their tables."""
    return {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, Text) and not isinstance(column.type, Enum)
    }


def test_every_text_is_sealed_or_may_be_plain() -> None:
    """A column that is new is sealed, or has its place above."""
    sealed = {(table.name, name) for table, names in SEALED.items() for name in names}
    left = {(table, name) for table, name in texts() - sealed if not {name, f"{table}.{name}"} & PLAIN}
    assert set() == left


def test_sealed_columns_are_texts() -> None:
    """What is sealed is there, and no key of its table."""
    for table, names in SEALED.items():
        assert {(table.name, name) for name in names} <= texts()
        assert set() == set(names) & {column.name for column in table.primary_key}
