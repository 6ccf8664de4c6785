"""The watch-list: what of a rulebook is not settled law, what would settle it, and which answers hang on it."""
