"""The day on the calendar of whoever runs a command: by it a skipped test is skipped no more, and a rule has expired."""

from datetime import date


def today() -> date:
    """The civil day where the command runs."""
    return date.today()  # noqa: DTZ011 - the author's own calendar, not that of the rulebook's zone
