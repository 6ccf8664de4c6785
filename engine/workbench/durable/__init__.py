"""An independent translation of rulebooks to durable-rules, and the answers that come of it."""

from engine.workbench.durable.agreement import Agreement, Disagreement, differences
from engine.workbench.durable.columns import Cells
from engine.workbench.durable.opinion import Case, Network, Opinion, opinions
from engine.workbench.durable.translate import Share, Translation, translate

__all__ = [
    "Agreement",
    "Case",
    "Cells",
    "Disagreement",
    "Network",
    "Opinion",
    "Share",
    "Translation",
    "differences",
    "opinions",
    "translate",
]
