"""An independent translation of rulebooks to durable-rules, and the answers that come of it."""

from engine.workbench.durable.opinion import Case, Network, Opinion, opinions
from engine.workbench.durable.translate import Share, Translation, translate

__all__ = ["Case", "Network", "Opinion", "Share", "Translation", "opinions", "translate"]
