"""Lengths of time on the command line."""

from datetime import timedelta

import pytest
import typer

from server.cli.durations import read_duration
from tests.system.processes import origingate


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("90s", timedelta(seconds=90)),
        ("15m", timedelta(minutes=15)),
        ("12h", timedelta(hours=12)),
        ("36525d", timedelta(days=36525)),
    ],
)
def test_length(text, length):
    """A number and one letter: seconds, minutes, hours or days."""
    assert length == read_duration(text, "--life")


@pytest.mark.parametrize("text", ["", "0s", "1", "-1d", "1.5h", "1w", "٣d", "36526d", "1d "])
def test_no_length(text):
    """What is no length of time is refused with how to write it."""
    with pytest.raises(typer.BadParameter, match="write it like 90s, 15m, 12h or 30d"):
        read_duration(text, "--life")


@pytest.mark.parametrize("option", ["--life", "--void-window"])
def test_wrong_use(option):
    """A wrong length is wrong use, and names its option."""
    ended = origingate("sandbox", option, "soon")
    assert (2, True) == (ended.returncode, option in ended.stderr)
