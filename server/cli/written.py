"""Files that a command writes because it was asked to."""

from pathlib import Path

from server.cli.connection import fail


def write_file(path: Path, text: str) -> None:
    """Writes the text as UTF-8. Ends the command with 2 where it cannot be written."""
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise fail(f"{path}: cannot be written ({error.strerror}).", code=2) from error
