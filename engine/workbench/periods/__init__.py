"""Rules over time: when each is in force, gaps between versions, versions not ended, and what has run out."""
