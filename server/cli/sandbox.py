"""`origingate sandbox`: a platform to try things with."""

from pathlib import Path
from typing import Annotated

import typer


def sandbox(
    listen: Annotated[
        str, typer.Option(metavar="HOST:PORT", help="Loopback address; port 0 takes a free one.")
    ] = "127.0.0.1:8471",
    state: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Keep keys and certificates there; memory otherwise.")
    ] = None,
) -> None:
    """Run a sandbox verification platform: a real HTTP server with signed certificates that certify nothing."""
    from server.sandbox import run_sandbox

    run_sandbox(listen, state)
