"""Coverage: which rules and clauses of a rulebook its rule tests have seen on both sides."""
