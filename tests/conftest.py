"""What holds for every test."""

from collections.abc import Iterator

import pytest
import structlog

# Rule tests below are what tests are about, and no tests of this project: those stand in rules/.
collect_ignore_glob = ["*_test.yaml"]


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """A test that starts the command in its own process sets up logs for that test alone."""
    yield
    structlog.reset_defaults()
