"""The bounds that keep every expression small, quick and finite. Docs and tests read them from here."""

from typing import Final

MAX_TEXT: Final = 16_384
"""Code points of one expression's text."""

MAX_DEPTH: Final = 100
"""Levels of the tree, with the bodies of the definitions it uses."""

MAX_SIZE: Final = 20_000
"""Nodes of the tree, with the bodies of the definitions it uses."""

MAX_COST: Final = 500_000
"""Nodes visited in one evaluation; comprehensions, texts and lists that grow are charged to it."""

MAX_PATTERN: Final = 1_000
"""Code points of a regular expression."""

MAX_DIGITS: Final = 1_000
"""Digits of a decimal, before and after its point together."""

INT_MIN: Final = -(2**63)
INT_MAX: Final = 2**63 - 1
