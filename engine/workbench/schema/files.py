"""Which form a file has, by its name and, where it has none, by its keys."""

from __future__ import annotations

from engine.rulebook.text.folder import FACTS_FILE, RULEBOOK_FILE, TEST_SUFFIX
from engine.rulebook.text.nodes import Node, keys_of
from engine.workbench.schema.model import ANYTHING, Form
from engine.workbench.schema.question import QUESTION
from engine.workbench.schema.rulebook import FACTS, RULEBOOK
from engine.workbench.schema.tests import TESTS

_BY_KEY = {"tests": TESTS, "facts": FACTS, "rulebook": RULEBOOK, "question": QUESTION}


def form_of(path: str, root: Node) -> Form:
    """The form of a file; anything where it is no rule file."""
    name = path.rpartition("/")[2]
    if name == RULEBOOK_FILE:
        return RULEBOOK
    if name == FACTS_FILE:
        return FACTS
    if name.endswith(TEST_SUFFIX):
        return TESTS
    keys = keys_of(root)
    return next((form for key, form in _BY_KEY.items() if key in keys), ANYTHING)
