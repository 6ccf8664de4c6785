"""The form of API keys."""

import re

import pytest

from server.identity.api_key import digest_of, id_of, new_key


def test_form() -> None:
    """A key begins with og_, and tells its id but not its secret where it is shown by mistake."""
    key = new_key()
    assert re.fullmatch(r"og_[0-9a-f]{16}_[A-Za-z0-9]{43}", key.text)
    assert key.key_id == id_of(key.text)
    assert key.text not in repr(key)


def test_never_twice() -> None:
    """No two keys are the same, nor are their ids."""
    made = [new_key() for _ in range(100)]
    assert (100, 100) == (len({key.text for key in made}), len({key.key_id for key in made}))


def test_digest() -> None:
    """What is kept is 32 bytes that another secret under the same id does not have."""
    key = new_key()
    other = key.text[:-1] + ("a" if key.text[-1] != "a" else "b")
    assert (32, True) == (len(key.digest), key.digest != digest_of(other))


@pytest.mark.parametrize(
    "text",
    ["", "og_", "og_" + "0" * 60, "og_" + "0" * 16 + "_" + "x" * 42, "gh_" + "0" * 16 + "_" + "x" * 43,
     "og_" + "0" * 16 + "_" + "é" * 43],
)  # fmt: skip
def test_no_key(text: str) -> None:
    """What does not have the form of a key has no id."""
    assert id_of(text) is None
