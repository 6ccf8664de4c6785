"""The port that is served on, and what secures it."""
