"""The contract as bytes: what one language writes, every other reads as the same."""
