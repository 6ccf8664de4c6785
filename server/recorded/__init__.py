"""Recorded orders and decisions, read in batches and answered again by two rulebooks in several processes."""
