"""The second opinion: durable-rules in a process of its own, which can be thrown away at any time."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from importlib.util import find_spec
from threading import Timer
from types import TracebackType
from typing import TypeVar

from engine.decide import UnknownQuestionError, decide
from engine.facts import Facts
from engine.rulebook import Rulebook
from engine.rulebook.standing import DEFAULT_ENFORCE, Standing
from engine.workbench.durable import Case, Opinion, Translation, opinions, translate
from engine.workbench.durable.agreement import Agreement, Disagreement, differences
from engine.workbench.durable.columns import Cells

TIME_LIMIT = 20.0
"""Seconds for one exchange with the process; then it is replaced."""

LIFETIME = 500_000
"""Flat facts that one process judges before it is replaced."""

_Item = TypeVar("_Item")

_AT_ONCE = 500
_CASES_AT_ONCE = 200


class SecondOpinionAbsent(Exception):
    """There is no second opinion here; the text says why."""


class SecondOpinionFailed(Exception):
    """The process failed twice over the same question; the text says how."""


class _Lost(Exception):
    """The process is gone, or hangs."""


def why_absent() -> str:
    """Why there is no second opinion in this Python; empty where there is one."""
    if sys.version_info >= (3, 13):
        return (
            "durable-rules does not run on Python 3.13 or later; use Python 3.11 or 3.12 for a second opinion"
        )
    if find_spec("durable_rules_engine") is None:
        return (
            "durable-rules is not installed; install origin-gate with its dependencies for a second opinion"
        )
    return ""


class SecondOpinion:
    """Answers on one rulebook by durable-rules. Use it with `with`; it is for one thread at a time.

    The process is started when first asked, and replaced when it crashes, hangs or has judged much. Raises
    SecondOpinionAbsent where durable-rules does not run.
    """

    def __init__(self, rulebook: Rulebook, time_limit: float = TIME_LIMIT, lifetime: int = LIFETIME) -> None:
        if why := why_absent():
            raise SecondOpinionAbsent(why)
        self.translation: Translation = translate(rulebook)
        self.replaced = 0
        self._time_limit = time_limit
        self._lifetime = lifetime
        self._judged = 0
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> SecondOpinion:
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
        """The number of the process that holds durable-rules, while there is one."""
        return self._process.pid if self._process is not None else None

    def opinions(self, cases: Iterable[Case]) -> Iterator[tuple[Case, Opinion]]:
        """The opinion on each case, in order. Raises SecondOpinionFailed."""
        for some in _parts(list(cases), _CASES_AT_ONCE):
            yield from zip(some, opinions(self.translation, some, self), strict=True)

    def compare(self, cases: Iterable[Case]) -> Agreement:
        """Puts every case to both evaluators. Raises SecondOpinionFailed."""
        compared = 0
        found: list[Disagreement] = []
        for case, opinion in self.opinions(cases):
            decision = decide(self.translation.rulebook, case.question, case.facts, case.on, case.enforce)
            compared += 1
            if differs := differences(decision, opinion):
                found.append(Disagreement(case, differs))
        return Agreement(compared, tuple(found), self.translation.share)

    def fired(self, ruleset: str, facts: Sequence[Cells]) -> list[frozenset[str]]:
        """The rules of a ruleset that fire for each of the flat facts. Raises SecondOpinionFailed."""
        return [names for some in _parts(facts, _AT_ONCE) for names in self._judge(ruleset, some)]

    def _judge(self, ruleset: str, facts: Sequence[Cells]) -> list[frozenset[str]]:
        for last in (False, True):
            if self._judged + len(facts) > self._lifetime:
                self._replace()
            try:
                self._started()
                said = self._exchange({"judge": ruleset, "facts": facts})
                self._judged += len(facts)
                return _read(said, len(facts))
            except _Lost as lost:
                self._replace()
                if last:
                    raise SecondOpinionFailed(
                        f"durable-rules {lost} over the ruleset {ruleset}, twice"
                    ) from lost
        raise AssertionError

    def _started(self) -> None:
        if self._process is not None:
            return
        self._process = subprocess.Popen(  # noqa: S603 - our own module, no words of others
            [sys.executable, "-m", f"{__name__}_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        self._exchange({"define": list(self.translation.rulesets.items())})

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
            line = process.stdout.readline()
        except OSError as error:
            raise _Lost("ended") from error
        finally:
            watch.cancel()
        try:
            said = json.loads(line)
        except ValueError as error:
            raise _Lost("ended or took too long") from error
        if not isinstance(said, dict) or "failed" in said:
            raise _Lost(f"failed ({said})")
        return said


def decide_durable(
    rulebook: Rulebook,
    question: str,
    facts: Facts,
    on: date,
    enforce: Iterable[str] = DEFAULT_ENFORCE,
) -> Opinion:
    """Answers one question by durable-rules. Raises SecondOpinionAbsent, SecondOpinionFailed, and
    UnknownQuestionError and ValueError as `decide` does."""
    standings = tuple(Standing(standing) for standing in enforce)
    if question not in rulebook.questions:
        raise UnknownQuestionError(f"the rulebook `{rulebook.name}` has no question `{question}`")
    with SecondOpinion(rulebook) as second:
        [(_, opinion)] = second.opinions([Case("", question, facts, on, standings)])
    return opinion


def _read(said: dict[str, object], count: int) -> list[frozenset[str]]:
    fired = said.get("fired")
    if not isinstance(fired, list) or len(fired) != count:
        raise _Lost("gave an answer that cannot be read")
    return [frozenset(names) for names in fired]


def _parts(items: Sequence[_Item], size: int) -> Iterator[Sequence[_Item]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
