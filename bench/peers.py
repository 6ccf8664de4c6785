"""Our decisions beside Cerbos's: each server on one core in turns, load by h2load from the other, ratios within one run."""

import statistics
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import grpc
from origingate.v1 import screening_service_pb2, screening_service_pb2_grpc

from bench import cerbos, h2load
from bench.engine_cases import messages
from bench.orders import scope_request
from bench.running import processor_seconds, serving
from bench.server import SERVICE
from bench.table import show

ROUNDS, SECONDS = 3, 5
OURS, THEIRS = 100, 50
RULES = Path(__file__).resolve().parent / "engine_rules"
FIGURES = {
    "a_second": "decisions/s",
    "p50_ms": "p50 ms a call",
    "p99_ms": "p99 ms a call",
    "us": "processor us a decision",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a server is asked again and again, and how many decisions a call gives."""

    address: str
    pid: int
    method: str
    body: bytes
    decisions: int = 1

    def round(self) -> dict[str, float]:
        """One round of load."""
        before = processor_seconds(self.pid)
        figures = h2load.loaded(self.address, self.method, self.body, SECONDS)
        used = processor_seconds(self.pid) - before
        figures["a_second"] *= self.decisions
        figures["us"] = 1e6 * used / (figures["calls"] * (SECONDS + 1) / SECONDS * self.decisions)
        return figures


def measure() -> dict[str, float]:
    """Loads the servers in turns, prints the table, returns the ratios."""
    scope = scope_request()
    batch = screening_service_pb2.BatchCheckScopeRequest(items=[scope] * OURS)
    given = messages()
    prereview = screening_service_pb2.DecidePreReviewRequest(**given)
    with tempfile.TemporaryDirectory() as place, ExitStack() as stack:
        folder = Path(place)
        for name in ("shipped", "measured"):
            (folder / name).mkdir()
        plain = stack.enter_context(serving(folder / "shipped", False))
        logged = stack.enter_context(serving(folder / "shipped", True))
        measured = stack.enter_context(serving(folder / "measured", False, "--rulebook", str(RULES)))
        peer = stack.enter_context(cerbos.serving())
        _hold_answer(measured[0], prereview)
        one, many = scope.SerializeToString(), batch.SerializeToString()
        asked = {
            "Cerbos, an order a call": Asked(*peer, cerbos.METHOD, cerbos.body(peer[0], 1)),
            f"Cerbos, {THEIRS} a call": Asked(*peer, cerbos.METHOD, cerbos.body(peer[0], THEIRS), THEIRS),
            "CheckScope": Asked(*plain, f"{SERVICE}/CheckScope", one),
            "CheckScope, committed": Asked(*logged, f"{SERVICE}/CheckScope", one),
            "DecidePreReview, the same rules": Asked(*measured, f"{SERVICE}/DecidePreReview", prereview.SerializeToString()),
            f"BatchCheckScope of {OURS}": Asked(*plain, f"{SERVICE}/BatchCheckScope", many, OURS),
            f"BatchCheckScope of {OURS}, committed": Asked(*logged, f"{SERVICE}/BatchCheckScope", many, OURS),
        }  # fmt: skip
        rounds = [{name: each.round() for name, each in asked.items()} for _ in range(ROUNDS)]
    rows = [
        [name, *(f"{statistics.median(each[name][figure] for each in rounds):,.1f}" for figure in FIGURES)]
        for name in asked
    ]
    show([f"16 connections, median of {ROUNDS} rounds", *FIGURES.values()], rows)

    def ratio(figure: str, name: str, base: str) -> float:
        return statistics.median(each[name][figure] / each[base][figure] for each in rounds)

    unary, batches = "Cerbos, an order a call", f"Cerbos, {THEIRS} a call"
    return {
        "server.unary_vs_cerbos": ratio("a_second", "CheckScope", unary),
        "server.unary_logged_vs_cerbos": ratio("a_second", "CheckScope, committed", unary),
        "server.prereview_vs_cerbos": ratio("a_second", "DecidePreReview, the same rules", unary),
        "server.p99_vs_cerbos": ratio("p99_ms", "CheckScope", unary),
        "server.batch_vs_cerbos": ratio("a_second", f"BatchCheckScope of {OURS}", batches),
        "server.batch_logged_vs_cerbos": ratio("a_second", f"BatchCheckScope of {OURS}, committed", batches),
    }


def _hold_answer(address: str, request: screening_service_pb2.DecidePreReviewRequest) -> None:
    """What does not find the same is not worth comparing."""
    with grpc.insecure_channel(address) as channel:
        stub = screening_service_pb2_grpc.ScreeningServiceStub(channel)
        answer: screening_service_pb2.DecidePreReviewResponse = stub.DecidePreReview(request, timeout=10)
    found = [finding.rule for finding in answer.prereview.findings]
    assert found == ["language", "evidence-complete"], found
