"""Our reference at a platform."""

import pytest

from engine.platform import reference


def test_reference_is_stable():
    """The same submission has the same reference for ever: it is how a lost one is found again."""
    assert "og-6690954f31d5bd6256f9ff14a33e9a3cd95d26a4" == reference("dev", "cases/0123", 1, "sandbox", 0)


@pytest.mark.parametrize(
    "other",
    [
        ("t2", "cases/0123", 1, "sandbox", 0),
        ("dev", "cases/0124", 1, "sandbox", 0),
        ("dev", "cases/0123", 2, "sandbox", 0),
        ("dev", "cases/0123", 1, "other", 0),
        ("dev", "cases/0123", 1, "sandbox", 1),
        ("dev1", "cases/0123", 1, "sandbox", 0),
    ],
)
def test_reference_names_one_submission(other):
    """Another tenant, declaration, version, platform or generation is another reference."""
    assert reference("dev", "cases/0123", 1, "sandbox", 0) != reference(*other)
