"""`origingate sandbox`: a platform to try things with."""

from pathlib import Path
from typing import Annotated

import typer

from server.cli.durations import read_duration


def sandbox(
    listen: Annotated[
        str, typer.Option(metavar="HOST:PORT", help="Loopback address; port 0 takes a free one.")
    ] = "127.0.0.1:8471",
    state: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Keep keys and certificates there; memory otherwise.")
    ] = None,
    faults: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What goes wrong from the start (YAML).")
    ] = None,
    life: Annotated[
        str, typer.Option(metavar="TIME", help="How long certificates live, as 90s, 15m, 12h or 30d.")
    ] = "365d",
    void_window: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", help="For how long after issue they can be voided.", show_default="always"
        ),
    ] = None,
    by_fields: Annotated[
        bool, typer.Option("--by-fields", help="Certificates say what they certify field by field.")
    ] = False,
) -> None:
    """Run a sandbox verification platform: a real HTTP server with signed certificates that certify nothing.

    Exit code 0: stopped by a signal; 1: it cannot start; 2: an option or the file of faults is wrong.
    """
    lives = read_duration(life, "--life")
    window = None if void_window is None else read_duration(void_window, "--void-window")

    from server.sandbox import run_sandbox

    run_sandbox(listen, state, faults=faults, life=lives, void_window=window, by_fields=by_fields)
