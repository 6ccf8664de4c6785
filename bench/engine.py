"""Decisions in process: a scope of four conditions and a pre-review of twelve, in microseconds a decision.

The facts are full, one finding stands against the order and one for it. "Ours" gives outcome, findings and
missing facts; texts, standing and digests come on top in `decide`, which has a row of its own.
"""

import gc
from collections.abc import Mapping
from functools import partial
from time import thread_time
from typing import Any

from bench import engine_cases, handwritten, other_engines
from bench.rounds import microseconds
from bench.table import show
from engine.compiled import Verdict, answering
from engine.compiled.ask import forget
from engine.decide import decide
from engine.explanation import explain
from engine.expression import evaluate
from engine.rulebook import Rulebook

DAY = engine_cases.DAY
OURS = "ours"


def measure() -> dict[str, float]:
    """Prints the tables, and gives the ratios by name."""
    base = engine_cases.rulebook()
    messages = engine_cases.messages()
    facts = engine_cases.facts(messages)
    fewer = engine_cases.without_three(facts)
    ask = answering(base, "prereview", DAY)
    straight = answering(base, "prereview", DAY, form=engine_cases.FORM)
    _hold_alike(ask(facts), straight(messages), facts)
    times = microseconds(
        {
            "ours": partial(ask, facts),
            "by hand, natural Python": partial(handwritten.prereview, facts),
            "ours, three facts missing": partial(ask, fewer),
            "ours, straight from the messages": partial(straight, messages),
            "ours, messages made into dicts first": lambda: ask(engine_cases.facts(messages)),
            "ours, what fired walked again": lambda: _walked(ask(facts), facts),
            "decide, with texts, standing, digests": lambda: decide(base, "prereview", facts, DAY),
            "explain, every rule in words": lambda: explain(base, "prereview", facts, DAY),
            **{name: way for engine in other_engines.ALL for name, way in engine(facts).items()},
        }
    )
    show(["one decision", "µs", "times ours"], [
        [name, f"{time:.2f}", f"{time / times[OURS]:.1f}"] for name, time in times.items()
    ])  # fmt: skip
    ours = times[OURS]
    return {
        "engine.vs_cel_dict": times.get("CEL in Rust, a dict each", 0) / ours,
        "engine.vs_cel_prepared": times.get("CEL in Rust, prepared context", 0) / ours,
        "engine.vs_handwritten": ours / times["by hand, natural Python"],
        "engine.proto_vs_dict": times["ours, straight from the messages"] / ours,
        "engine.missing3_vs_full": times["ours, three facts missing"] / ours,
        "engine.keyed1000_vs_10": _keyed(base, facts),
        "engine.explained_vs_full": times["ours, what fired walked again"] / ours,
        "engine.compile_ms_a_rule": _compile_ms(base, facts, fewer),
    }


def _hold_alike(ours: Verdict, straight: Verdict, facts: Mapping[str, Any]) -> None:
    """What is not the same answer is not worth comparing."""
    outcome, findings = handwritten.prereview(facts)
    names = [found.counted.rule.name for found in ours.found]
    assert (ours.outcome, names) == (outcome, [name for name, _, _ in findings])
    assert (ours.outcome, names) == (straight.outcome, [found.counted.rule.name for found in straight.found])


def _walked(verdict: Verdict, facts: Mapping[str, Any]) -> list[tuple[str, object]]:
    """Every rule that fired: its text, and its tree walked again for what it compared."""
    rules = (found.counted.rule for found in verdict.found)
    return [(rule.because.fill(facts), evaluate(rule.when, facts)) for rule in rules]


def _keyed(base: Rulebook, facts: Mapping[str, Any]) -> float:
    """A thousand rules that begin with an equality on one fact, against ten."""
    asks = {count: answering(engine_cases.keyed(base, count), "prereview", DAY) for count in (10, 1000)}
    times = microseconds({f"{count} rules on one fact": partial(ask, facts) for count, ask in asks.items()})
    show(["keyed rules", "µs"], [[name, f"{time:.2f}"] for name, time in times.items()])
    return times["1000 rules on one fact"] / times["10 rules on one fact"]


def _compile_ms(base: Rulebook, facts: Mapping[str, Any], fewer: Mapping[str, Any]) -> float:
    """From a loaded rulebook to both functions of both questions, for each rule."""
    taken = []
    for _ in range(25):
        forget()
        gc.collect()
        began = thread_time()
        ask = answering(base, "prereview", DAY)
        ask(facts)
        ask(fewer)
        answering(base, "scope", DAY)({})
        taken.append(thread_time() - began)
    rules = sum(len(question.rules) for question in base.questions.values())
    return 1000 * sorted(taken)[len(taken) // 2] / rules
