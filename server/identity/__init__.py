"""Who calls: API keys from the database, tokens of known issuers, certificates of clients."""
