"""What a site still lacks to take part in the mandate: one record for whoever measures it and whoever shows it."""

from engine.readiness.assessment import Area, Assessment, Item, ItemState

__all__ = ["Area", "Assessment", "Item", "ItemState"]
