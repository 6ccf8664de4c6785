"""Why a question was answered so: what each rule compared, and what it needs. Made on demand only."""

from engine.explanation.model import Clause, Compared, Explanation, Gated, Place, RuleExplained, State
from engine.explanation.question import explain

__all__ = [
    "Clause",
    "Compared",
    "Explanation",
    "Gated",
    "Place",
    "RuleExplained",
    "State",
    "explain",
]
