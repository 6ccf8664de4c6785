"""The tables as they are after the last migration. Every key of a tenant's data begins with the tenant."""

from server.store.schema.case_tables import attempts, cases, certificates, declarations, voids
from server.store.schema.decision_tables import decisions, latest_decisions, requests
from server.store.schema.ledger_tables import debits, ledger_goods, ledgers
from server.store.schema.log_tables import log, log_head, log_heads, log_keys, log_tiles
from server.store.schema.naming import metadata
from server.store.schema.rulebook_tables import (
    activations,
    rulebook_proposals,
    rulebook_servings,
    rulebook_signatures,
    rulebook_trials,
    rulebooks,
)
from server.store.schema.site_tables import refused_orders, site_changes
from server.store.schema.tenant_tables import api_keys, daily_calls, data_keys, tenant_limits, tenants
from server.store.schema.webhook_tables import dead_letters, webhook_cursors

__all__ = [
    "REVISIONS",
    "activations",
    "api_keys",
    "attempts",
    "cases",
    "certificates",
    "daily_calls",
    "data_keys",
    "dead_letters",
    "debits",
    "decisions",
    "declarations",
    "latest_decisions",
    "ledger_goods",
    "ledgers",
    "log",
    "log_head",
    "log_heads",
    "log_keys",
    "log_tiles",
    "metadata",
    "refused_orders",
    "requests",
    "rulebook_proposals",
    "rulebook_servings",
    "rulebook_signatures",
    "rulebook_trials",
    "rulebooks",
    "site_changes",
    "tenant_limits",
    "tenants",
    "voids",
    "webhook_cursors",
]

# Migrations that this version knows, oldest first: a check of the schema needs no migration tool.
REVISIONS = tuple(f"{number:04}" for number in range(1, 15))
