"""Why a question was answered so: what each rule compared, and what it needs. Made on demand only."""

from engine.explanation.model import Clause, Compared, Explanation, Gated, Place, RuleExplained, State
from engine.explanation.question import explain
from engine.explanation.tree import as_tree

__all__ = [
    "Clause",
    "Compared",
    "Explanation",
    "Gated",
    "Place",
    "RuleExplained",
    "State",
    "as_tree",
    "explain",
]
