"""Which outcomes are possible when some rules are true and some unknown.

F: outcomes of the rules that are true. U: those of the rules that are unknown. If F is empty, possible is
`otherwise` and U; else the strongest of F and every u in U that is stronger.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def possible_outcomes(
    outcomes: Sequence[str], fired: Iterable[str], unknown: Iterable[str], otherwise: str
) -> tuple[str, ...]:
    """The possible outcomes, strongest first; `outcomes` are the question's, strongest first."""
    rank = {outcome: place for place, outcome in enumerate(outcomes)}
    strongest = min((rank[outcome] for outcome in fired), default=None)
    if strongest is None:
        possible = {otherwise, *unknown}
    else:
        possible = {outcomes[strongest], *(outcome for outcome in unknown if rank[outcome] < strongest)}
    return tuple(sorted(possible, key=rank.__getitem__))


def could_change(
    outcomes: Sequence[str], fired: Iterable[str], unknown: Sequence[str], otherwise: str
) -> tuple[bool, ...]:
    """For each unknown rule's outcome, whether that rule's truth can still change the answer.

    Where a rule is true, only a stronger one can. Where none is, a rule can unless it gives what `otherwise`
    gives anyway and no weaker outcome is open that it would overrule.
    """
    rank = {outcome: place for place, outcome in enumerate(outcomes)}
    strongest = min((rank[outcome] for outcome in fired), default=None)
    if strongest is not None:
        return tuple(rank[outcome] < strongest for outcome in unknown)
    weakest = max((rank[outcome] for outcome in unknown), default=-1)
    return tuple(outcome != otherwise or rank[outcome] < weakest for outcome in unknown)


def favourable_answer(possible: Iterable[str], favourable: frozenset[str] | None) -> str | None:
    """YES where every possible outcome is favourable, NO where none is, else UNKNOWN."""
    if favourable is None:
        return None
    answers = {outcome in favourable for outcome in possible}
    if len(answers) > 1:
        return "UNKNOWN"
    return "YES" if answers == {True} else "NO"
