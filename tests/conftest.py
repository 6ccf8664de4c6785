"""What holds for every test."""

import signal
from collections.abc import Iterator

import pytest
import structlog

# Rule tests below are what tests are about, and no tests of this project: those stand in rules/.
collect_ignore_glob = ["*_test.yaml"]


def pytest_configure() -> None:
    """Takes interrupts again where a shell in the background had them ignored: what tests start would ignore them too."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """A test that starts the command in its own process sets up logs for that test alone."""
    yield
    structlog.reset_defaults()
