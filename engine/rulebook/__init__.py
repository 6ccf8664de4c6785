"""Rule files to problems or an immutable rulebook."""

from engine.rulebook.load import load
from engine.rulebook.model import Citation, Question, Rule, Rulebook, Source
from engine.rulebook.problems import Problem, show
from engine.rulebook.standing import ALL_STANDINGS, DEFAULT_ENFORCE, Standing, weakest

__all__ = [
    "ALL_STANDINGS",
    "DEFAULT_ENFORCE",
    "Citation",
    "Problem",
    "Question",
    "Rule",
    "Rulebook",
    "Source",
    "Standing",
    "load",
    "show",
    "weakest",
]
