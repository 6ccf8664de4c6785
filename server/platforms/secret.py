"""Secrets: whoever shows one by mistake shows nothing."""

from typing import NoReturn


class Secret:
    """A text that is shown only by `reveal`."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself: for what goes to the platform, and for nothing else."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(...)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not written anywhere")
