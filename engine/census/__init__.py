"""The census: over how many orders, of what value, a question gives which outcome, and what is open for want of which fact.

A pure function of rows and a rulebook. The counts of parts add up to those of the whole, in whatever way it is divided.
"""

from engine.census.counting import Counting
from engine.census.counts import Asked, Census, Mixed, Share, Unread
from engine.census.form import CONSTANT, Cells, Form, Part, Row

__all__ = [
    "CONSTANT",
    "Asked",
    "Cells",
    "Census",
    "Counting",
    "Form",
    "Mixed",
    "Part",
    "Row",
    "Share",
    "Unread",
]
