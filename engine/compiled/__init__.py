"""Questions compiled into Python functions: what `decide` serves from; the tree walk says what they mean."""

from engine.compiled.ask import Form, answering, weighing, weighing_alone
from engine.compiled.verdict import Found, Verdict

__all__ = ["Form", "Found", "Verdict", "answering", "weighing", "weighing_alone"]
