"""durable-rules in a process of its own, which can be thrown away at any time."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from importlib.util import find_spec
from threading import Timer
from types import TracebackType

from engine.workbench.durable import Cells

TIME_LIMIT = 20.0
"""Seconds for one exchange with the process; then it is replaced."""

LIFETIME = 500_000
"""Flat facts that one process judges before it is replaced."""

WORKER = "server.second_opinion_worker"

_AT_ONCE = 500


class SecondOpinionAbsent(Exception):
    """There is no second opinion here; the text says why."""


class SecondOpinionFailed(Exception):
    """The process failed twice over the same question; the text says how."""


class _Lost(Exception):
    """The process is gone, or hangs."""


def why_absent(version: tuple[int, ...] = sys.version_info[:2], module: str = "durable_rules_engine") -> str:
    """Why there is no second opinion in this Python; empty where there is one."""
    if version >= (3, 13):
        return "durable-rules does not run on Python 3.13 or later; use Python 3.11 or 3.12"
    if find_spec(module) is None:
        return "durable-rules is not installed; install origin-gate with its dependencies"
    return ""


class RuleNetwork:
    """Some rulesets in a process. Use it with `with`; it is for one thread at a time.

    The process is started when first asked, and replaced when it crashes, hangs, or has judged much: `replaced`
    counts how often. Raises SecondOpinionAbsent where durable-rules does not run.
    """

    def __init__(
        self, rulesets: Mapping[str, str], time_limit: float = TIME_LIMIT, lifetime: int = LIFETIME
    ) -> None:
        if why := why_absent():
            raise SecondOpinionAbsent(why)
        self.replaced = 0
        self._rulesets = dict(rulesets)
        self._time_limit = time_limit
        self._lifetime = lifetime
        self._judged = 0
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> RuleNetwork:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the process, if there is one."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
        process.wait()

    @property
    def process_id(self) -> int | None:
        """The number of the process, while there is one."""
        return self._process.pid if self._process is not None else None

    def fired(self, ruleset: str, facts: Sequence[Cells]) -> list[frozenset[str]]:
        """The rules of a ruleset that fire for each of the flat facts. Raises SecondOpinionFailed."""
        return [names for some in _parts(facts) for names in self._judge(ruleset, some)]

    def _judge(self, ruleset: str, facts: Sequence[Cells]) -> list[frozenset[str]]:
        if self._judged and self._judged + len(facts) > self._lifetime:
            self._replace()
        try:
            return self._asked(ruleset, facts)
        except _Lost:
            self._replace()
        try:
            return self._asked(ruleset, facts)
        except _Lost as lost:
            self._replace()
            raise SecondOpinionFailed(f"durable-rules {lost} over the ruleset {ruleset}, twice") from lost

    def _asked(self, ruleset: str, facts: Sequence[Cells]) -> list[frozenset[str]]:
        self._started()
        fired = self._exchange({"judge": ruleset, "facts": facts}).get("fired")
        if not isinstance(fired, list) or len(fired) != len(facts):
            raise _Lost("gave an answer that cannot be read")
        self._judged += len(facts)
        return [frozenset(names) for names in fired]

    def _started(self) -> None:
        if self._process is not None:
            return
        self._process = subprocess.Popen(  # noqa: S603 - our own module, with nobody's words
            [sys.executable, "-m", WORKER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        self._exchange({"define": list(self._rulesets.items())})

    def _replace(self) -> None:
        self.close()
        self._judged = 0
        self.replaced += 1

    def _exchange(self, asked: Mapping[str, object]) -> dict[str, object]:
        """One line there and one back; a process that takes too long is killed, which ends the wait."""
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise _Lost("is not running")
        watch = Timer(self._time_limit, process.kill)
        watch.start()
        try:
            process.stdin.write(json.dumps(asked, separators=(",", ":")) + "\n")
            process.stdin.flush()
            said = json.loads(process.stdout.readline())
        except (OSError, ValueError) as error:
            raise _Lost("crashed or took too long") from error
        finally:
            watch.cancel()
        if not isinstance(said, dict) or "failed" in said:
            raise _Lost(f"failed ({said})")
        return said


def _parts(facts: Sequence[Cells]) -> Iterator[Sequence[Cells]]:
    for start in range(0, len(facts), _AT_ONCE):
        yield facts[start : start + _AT_ONCE]
