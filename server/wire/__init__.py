"""The border between the contract's messages and the engine's facts and decisions."""
