"""docs/operations.md has every bound within which platforms are asked, with its value."""

import dataclasses

from server.platforms.guarded import Care
from tests.docs.pages import PROJECT, rows, section


def test_care() -> None:
    """The table under "How platforms are spared" is the code's, in its order."""
    expected = [
        [f"`{field.name}`", str(field.default).lower() if field.default is True else f"{field.default:g}"]
        for field in dataclasses.fields(Care)
    ]
    table = rows(section(PROJECT / "docs" / "operations.md", "How platforms are spared"))
    assert expected == [row[:2] for row in table]
