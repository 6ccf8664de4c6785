"""The process that holds durable-rules: `python -m server.second_opinion_worker`, JSON lines in and out.

    {"define": [[NAME, RULESET], ...]}     ->  {"defined": COUNT}
    {"judge": NAME, "facts": [FACT, ...]}  ->  {"fired": [[RULE, ...], ...]}
    anything that cannot be done           ->  {"failed": WHY}

It is made to be thrown away: durable-rules can crash its process, hang, and leaks what it has loaded. Each
ruleset has one session, primed by one firing before anything else is put to it; facts are asserted, what fires
is noted, and they are retracted.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any, TextIO

SESSION = "s"
PRIMING = {"prime": 1, "id": "p", "sid": SESSION}


class Session:
    """One ruleset and its only session."""

    def __init__(self, engine: Any, name: str, ruleset: str) -> None:
        self.engine = engine
        self.handle = engine.create_ruleset(name, ruleset)
        self.state: Any = None
        if self.fired(PRIMING) != ["prime"]:
            raise RuntimeError(f"the ruleset {name} is not primed")

    def fired(self, fact: dict[str, object]) -> list[str]:
        """The rules that fire for a fact, each once."""
        text = json.dumps({"prime": 0, "id": "f", "sid": SESSION, **fact})
        self.engine.assert_fact(self.handle, text)
        names = list(dict.fromkeys(self._firings()))
        self.engine.retract_fact(self.handle, text)
        return names

    def _firings(self) -> Iterator[str]:
        if self.state is None:
            begun = self.engine.start_action(self.handle)
            self.state = begun[2] if begun else None
        else:
            begun = self.engine.start_action_for_state(self.handle, self.state)
        firing = begun[1] if begun else None
        while firing:
            yield firing.split('"', 2)[1]  # {"r0": {"m": {the whole fact}}}: reading it all is slow
            firing = self.engine.complete_and_start_action(self.handle, self.state)


def answer(engine: Any, sessions: dict[str, Session], asked: dict[str, Any]) -> dict[str, object]:
    """Does what is asked."""
    if "define" in asked:
        sessions.update((name, Session(engine, name, ruleset)) for name, ruleset in asked["define"])
        return {"defined": len(sessions)}
    session = sessions[asked["judge"]]
    return {"fired": [session.fired(fact) for fact in asked["facts"]]}


def serve(engine: Any, asked: TextIO, answered: TextIO) -> None:
    """Answers line by line until the input ends."""
    sessions: dict[str, Session] = {}
    for line in asked:
        try:
            said = answer(engine, sessions, json.loads(line))
        except Exception as error:
            said = {"failed": f"{type(error).__name__}: {error}"}
        answered.write(json.dumps(said, separators=(",", ":")) + "\n")
        answered.flush()


def main() -> None:
    """Keeps standard output for answers: whatever else is printed goes to standard error."""
    answered = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    engine = import_module("durable_rules_engine")  # it has no types

    serve(engine, sys.stdin, answered)


if __name__ == "__main__":
    main()
