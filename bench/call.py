"""Where the time of a CheckScope goes: its steps in process, and what gRPC and the border take around them.

Steps are timed in turns in one process. The whole and a bare echo, which is what gRPC takes, are the processor's time of
servers under the load of 16 connections. What is left is the border (identity, limits, deadlines, turns of the loop), and
that a step takes longer there than in a row: threads of gRPC have the processor, and its caches, some seven times a call.
"""

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from origingate.v1 import screening_service_pb2 as messages

from bench.orders import scope_request
from bench.rounds import microseconds
from bench.running import awaited, process, serving
from bench.server import SERVICE, Target, answers, in_turns
from bench.table import show
from engine.decide import decide
from engine.readable import readable
from engine.written_facts import Written
from server.rulebooks import load_folder
from server.shipped import shipped_rules
from server.wire.decisions import decision_to_proto
from server.wire.plan import plan_of
from server.wire.reading import Reading
from server.wire.requests import read
from server.workflow.book import Book

_QUESTION: Final = "scope"


def measure() -> dict[str, float]:
    """Prints what each step takes, and its share of the call."""
    steps = microseconds(_steps())
    around = _around()
    of_call = around["the whole call"]
    inside = {
        "the contract's rules of form": steps["read"] - steps["plan"],
        "the message read as facts": steps["plan"],
        "the digest of the facts": steps["digest"],
        "deciding, with findings and standing": steps["decide"] - steps["digest"],
        "the answer as a message": steps["answer"],
    }
    rows = {
        "gRPC, as a bare echo takes it": around["bare echo"],
        **inside,
        "what is left": of_call - around["bare echo"] - sum(inside.values()),
        "the whole call": of_call,
    }
    show(
        ["of a CheckScope, not committed", "µs", "share"],
        [[name, f"{taken:.0f}", f"{taken / of_call:.0%}"] for name, taken in rows.items()],
    )
    return {"call.decided_share": sum(inside.values()) / of_call}


def _steps() -> dict[str, Callable[[], object]]:
    """Each step of a call by itself, as the server takes it."""
    book = Book(load_folder(shipped_rules() / "usmca"), lambda: datetime.now(UTC))
    request = scope_request()
    facts, on = read(request).facts, book.today()
    decision = book.decide(_QUESTION, facts)
    can_read = readable(book.rulebook, book.rulebook.questions[_QUESTION]).projection
    laid = Written().laid_out(book.rulebook.facts, facts)
    return {
        "plan": lambda: plan_of(request.DESCRIPTOR)(request, None, Reading()),
        "read": partial(read, request),
        "digest": lambda: Written().digest(laid, can_read),
        "decide": partial(decide, book.rulebook, _QUESTION, facts, on),
        "answer": lambda: messages.CheckScopeResponse(scope=decision_to_proto(decision, False)),
    }


def _around() -> dict[str, float]:
    """Microseconds of the processor for a call of our server, and of a bare echo that returns as much."""
    request = scope_request()
    with tempfile.TemporaryDirectory() as place, ExitStack() as stack:
        folder = Path(place)
        ours = Target(*stack.enter_context(serving(folder, False)))
        for name, answer in zip(("one", "many"), answers(ours.address, request), strict=True):
            (folder / name).write_bytes(answer.SerializeToString())
        echo = stack.enter_context(process("bench.echo", str(folder)))
        targets = {"bare echo": Target(awaited(folder / "echo"), echo.pid), "the whole call": ours}
        rounds = in_turns(targets, f"{SERVICE}/CheckScope", request.SerializeToString())
    return {
        name: 1e6 / sorted(each[name]["a_processor_second"] for each in rounds)[len(rounds) // 2]
        for name in targets
    }
