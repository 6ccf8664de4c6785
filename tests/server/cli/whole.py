"""The whole command line, as `--help` lists it."""

from typing import Final

from server.cli import command_line

app: Final = command_line()
