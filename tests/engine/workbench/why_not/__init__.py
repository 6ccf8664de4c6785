"""The smallest changes to an order."""
