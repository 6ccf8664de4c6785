"""Has rule files tried in a process of its own."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from typing import Final

from server.activation.report import Report

TRIAL: Final = "server.activation.trial"
TIME_LIMIT: Final = 300.0
_MOST_SAID: Final = 2000


class TrialFailed(Exception):
    """The trial could not be made; the text says why. It says nothing about the files."""


async def tried(files: Mapping[str, str], doubts: int, today: date) -> Report:
    """What the trial found. Raises TrialFailed. The process ends with whoever waits for it."""
    asked = json.dumps({"files": dict(files), "doubts": doubts, "today": today.isoformat()}).encode()
    # Not by the loop: it would fork, and who forks beside gRPC's threads runs what gRPC has to say about that.
    process = await asyncio.to_thread(_started)
    try:
        said, trouble = await asyncio.to_thread(_asked, process, asked)
    except subprocess.TimeoutExpired as error:
        raise TrialFailed(f"it took longer than {TIME_LIMIT:g} s") from error
    finally:
        # Where nobody waits any more, the thread that talks to it ends with it.
        if process.returncode is None:
            process.kill()
    try:
        return Report.read(said.decode())
    except (ValueError, TypeError, KeyError) as error:
        last = trouble.decode("utf-8", "replace")[-_MOST_SAID:].strip().splitlines()
        because = last[-1] if last else "it said nothing"
        raise TrialFailed(f"its process ended with {process.returncode}: {because}") from error


def _started() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 - our own module, with nobody's words
        [sys.executable, "-m", TRIAL],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _asked(process: "subprocess.Popen[bytes]", asked: bytes) -> tuple[bytes, bytes]:
    """What it says on both its outputs. Raises TimeoutExpired once it is ended."""
    with process:
        try:
            return process.communicate(asked, TIME_LIMIT)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
