"""What is known of a site's integration, by evidence."""

from datetime import UTC, datetime, timedelta

from engine.site import Connection, Integration, integration_of

RAN = datetime(2026, 7, 1, 12, tzinfo=UTC)
AGE = timedelta(days=90)
ONE = Connection("sandbox", "sha256:m", "sha256:r", RAN)
OTHER = Connection("harbour", "sha256:m", "sha256:s", RAN - timedelta(days=1))


def test_never_connected() -> None:
    """A site that no run has connected is not connected."""
    assert Integration("NONE", "no conformance run has connected it to a platform") == integration_of(
        (), False, {}, RAN, AGE
    )


def test_run() -> None:
    """The newest run shows a connection, up to its age and not a moment longer."""
    assert Integration("CONNECTED", "sandbox kept every promise in a run on 2026-07-01") == integration_of(
        (OTHER, ONE), False, {}, RAN + AGE, AGE
    )
    assert integration_of((ONE,), False, {}, RAN + AGE + timedelta(microseconds=1), AGE).state is None


def test_answers() -> None:
    """An answer for one of its orders shows it longer; one of a platform that it is not connected to shows nothing."""
    later = RAN + timedelta(days=100)
    assert Integration("CONNECTED", "sandbox answered for an order of it on 2026-10-09") == integration_of(
        (ONE,), False, {"sandbox": later}, later + AGE, AGE
    )
    assert integration_of((ONE,), False, {"harbour": later}, later, AGE).state is None


def test_too_long_ago() -> None:
    """What was shown too long ago is not known any more, and it is said what helps."""
    found = integration_of((ONE,), False, {}, RAN + timedelta(days=200), AGE)
    assert (
        Integration(
            None,
            "sandbox kept every promise in a run on 2026-07-01, and nothing has shown it for 90 days: connect it again",
        )
        == found
    )


def test_suspended() -> None:
    """A suspended site counts as not connected, whatever was shown."""
    assert Integration("NONE", "suspended") == integration_of((ONE,), True, {}, RAN, AGE)
