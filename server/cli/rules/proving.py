"""Proofs over processes: each has the rulebook, and answers for a question or for some invariants."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import typer

from server.cli.connection import fail

if TYPE_CHECKING:
    from engine.rulebook import Rulebook
    from engine.workbench.prove.prove import Bounds
    from engine.workbench.prove.report import Example, Report

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


def as_form(example: "Example") -> dict[str, object]:
    """An order as JSON has it: the day, the facts as rule tests give them, and the answers to it."""
    from engine.workbench.given_text import given_text

    return {"on": example.on.isoformat(), "given": given_text(example.facts), "shows": example.shows}


def show_order(example: "Example") -> None:
    """Prints an order as facts that `decide --given` takes."""
    from engine.workbench.given_text import given_text

    typer.echo(f"# on {example.on}: {example.shows}")
    typer.echo(given_text(example.facts).rstrip("\n"))


def bounds_text(elements: int, enforce: "frozenset[str]") -> str:
    """How far was searched, as it is said with every answer."""
    standings = " and ".join(sorted(enforce))
    return (
        f"for all facts, on all days, with lists of up to {elements} elements, where {standings} rules count"
    )
