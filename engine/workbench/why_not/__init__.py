"""why not: the smallest changes to an order that would make its answer another one."""

from engine.workbench.why_not.model import Change, Offer, WhyNot
from engine.workbench.why_not.offering import NoGoalError, why_not
from engine.workbench.why_not.words import value_in_words

__all__ = ["Change", "NoGoalError", "Offer", "WhyNot", "value_in_words", "why_not"]
