"""How a promise ends that is not seen to hold."""


class Broken(Exception):
    """A promise does not hold: what it promises, and what was seen."""

    def __init__(self, expected: str, seen: str) -> None:
        super().__init__(f"expected {expected}; seen: {seen}")
        self.expected = expected
        self.seen = seen


class CannotBeTried(Exception):
    """Whether a promise holds cannot be seen from here; the text says why."""
