"""Proofs over processes: each has the rulebook, and answers for a question or for some invariants."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from server.cli.connection import fail

if TYPE_CHECKING:
    from engine.rulebook import Rulebook
    from engine.workbench.prove.prove import Bounds
    from engine.workbench.prove.report import Example, Proof, Report

HOW_TO_INSTALL: Final = "Proofs need z3, a solver. Install it with: pip install 'origin-gate[prove]'"


@dataclass(frozen=True, slots=True)
class Task:
    """A question whose rules, or some invariants that are to be proved."""

    question: str
    invariants: tuple[str, ...] = ()


def needs_solver() -> None:
    """Ends the command, with how to install it, where the solver is not there."""
    from engine.workbench.prove.logic import installed

    if not installed():
        raise fail(HOW_TO_INSTALL, code=2)


def tasks(rulebook: "Rulebook", questions: tuple[str, ...], all_invariants: bool) -> list[Task]:
    """What is to be proved: questions with most rules first, invariants that ask the same questions together."""
    order = sorted(questions, key=lambda name: -len(rulebook.questions[name].rules))
    together: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for invariant in rulebook.invariants.values():
        if all_invariants or set(invariant.questions) & set(questions):
            together[invariant.questions].append(invariant.name)
    return [*map(Task, order), *(Task("", tuple(names)) for names in together.values())]


def prove_all(
    files: dict[str, str], rulebook: "Rulebook", work: list[Task], bounds: "Bounds", processes: int
) -> Iterator["Report"]:
    """The report of each task, in order."""
    from server.parallel import spread

    _begin(files, bounds, rulebook)
    yield from spread(_prove, work, min(processes, len(work)), _begin, (files, bounds))


def prove_alike(
    old: dict[str, str], new: dict[str, str], questions: list[str], bounds: "Bounds", processes: int
) -> Iterator["Report"]:
    """For each question, whether both rulebooks answer it alike for all facts, or an order that tells them apart."""
    from server.parallel import spread

    yield from spread(_compare, questions, min(processes, len(questions)), _begin_pair, (old, new, bounds))


_BOOK: "list[tuple[Rulebook, Bounds]]" = []
"""The rulebook of this process."""


def _begin(files: dict[str, str], bounds: "Bounds", rulebook: "Rulebook | None" = None) -> None:
    from engine.rulebook import Rulebook, load

    loaded = rulebook if rulebook is not None else load(files)
    assert isinstance(loaded, Rulebook)
    _BOOK[:] = [(loaded, bounds)]


def _prove(task: Task) -> "Report":
    from engine.workbench.prove.prove import prove_invariants, prove_rules

    rulebook, bounds = _BOOK[0]
    if task.question:
        return prove_rules(rulebook, task.question, bounds)
    return prove_invariants(rulebook, task.invariants, bounds)


_PAIR: "list[tuple[Rulebook, Rulebook, Bounds]]" = []
"""The rulebooks of this process, where two are compared."""


def _begin_pair(old: dict[str, str], new: dict[str, str], bounds: "Bounds") -> None:
    from engine.rulebook import Rulebook, load

    books = [load(files) for files in (old, new)]
    before, after = (book for book in books if isinstance(book, Rulebook))
    _PAIR[:] = [(before, after, bounds)]


def _compare(question: str) -> "Report":
    from engine.workbench.prove.differ import differs

    before, after, bounds = _PAIR[0]
    return differs(before, after, question, bounds)


def as_form(example: "Example") -> dict[str, object]:
    """An order as JSON has it: the day, the facts as rule tests give them, and the answers to it."""
    from engine.workbench.given_text import given_text

    return {"on": example.on.isoformat(), "given": given_text(example.facts), "shows": example.shows}


def order_lines(example: "Example") -> list[str]:
    """An order as facts that `decide --given` takes, under a comment with the day and the answers."""
    from engine.workbench.given_text import given_text

    return [f"# on {example.on}: {example.shows}", *given_text(example.facts).splitlines()]


def bounds_text(elements: int, enforce: "frozenset[str]") -> str:
    """How far was searched, as it is said with every answer."""
    standings = " and ".join(sorted(enforce))
    return f"all facts, all days, lists of up to {elements} elements; {standings} rules count"


def proof_lines(proof: "Proof") -> list[str]:
    """What was proved of two rulebooks, question by question, with an order where they differ."""
    lines = [f"{name}: only one of the rulebooks has this question" for name in proof.alone]
    for report in proof.reports:
        for found in report.found:
            if found.example is not None:
                lines += [f"{report.question}: {found.message}", *order_lines(found.example), ""]
        lines += [f"{report.question}: not settled: {one.what}: {one.why}" for one in report.unsettled]
        if report.proved:
            lines.append(f"{report.question}: both answer alike")
    if proof.same:
        lines.append(f"Alike, for they say the same: {', '.join(proof.same)}.")
    return [*lines, f"Searched: {bounds_text(proof.elements, proof.enforce)}."]


def proof_form(proof: "Proof") -> dict[str, object]:
    """The same as JSON has it."""
    return {
        "alike": [*proof.same, *(report.question for report in proof.reports if report.proved)],
        "alone": list(proof.alone),
        "differ": [
            {"question": report.question, "example": as_form(found.example) if found.example else None}
            for report in proof.reports
            for found in report.found
        ],
        "unsettled": [
            {"what": one.what, "why": one.why} for report in proof.reports for one in report.unsettled
        ],
        "elements": proof.elements,
        "enforce": sorted(proof.enforce),
    }
