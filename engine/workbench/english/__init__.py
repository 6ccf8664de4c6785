"""Conditions in plain English. Pure: a condition and the dictionary in, sentences out."""

from engine.workbench.english.conditions import Writer, sentence
from engine.workbench.english.said import Said, inline, lines

__all__ = ["Said", "Writer", "inline", "lines", "sentence"]
