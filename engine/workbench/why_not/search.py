"""Sets of changes, the smallest first, until some make the answer as wanted.

From the facts as they are the search goes from one set of changes to larger ones, always by a fact that stands in the
way (see `obstacles`). A fact that was changed and still stands in the way gets another value; that is no further
change. A set that helps is cut down to the part that is needed: **minimal** means that the answer is not as wanted with
any proper part of the set. A set that changes the same facts as another one that helps, and more, is left out: it
is no smaller way.

What is complete: of all sets of values that the candidates of the clauses give, none with fewer facts is passed over. A
value that no clause speaks of is not tried, except where an example stands for all such values.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import combinations

from engine.facts import Facts
from engine.rulebook.model import Question
from engine.workbench.why_not.candidates import candidates
from engine.workbench.why_not.changing import as_numbered_before, changed, steps_key
from engine.workbench.why_not.model import Changes
from engine.workbench.why_not.obstacles import obstacles
from engine.workbench.why_not.standing import Setting, Stand

_MOST_AGAIN = 4
"""How often a fact that was changed may get another value on the way to one set."""

Key = tuple[tuple[str, str], ...]


def key_of(changes: Changes) -> Key:
    """Changes as something to compare and sort by."""
    return tuple(sorted((path, repr(changes[path])) for path in changes))


@dataclass(slots=True)
class Found:
    """What a search found: minimal sets, and the set whose answer came nearest. `cut` says that it hit its bound."""

    sets: list[Changes] = field(default_factory=list)
    nearest: Changes | None = None
    tries: int = 0
    cut: bool = False


class Search:
    """Looks for changes to the facts that make a question's answer one of `wanted`, and no other one possible."""

    def __init__(
        self,
        setting: Setting,
        question: Question,
        facts: Facts,
        wanted: frozenset[str],
        most_changes: int,
        most_sets: int,
        most_tries: int,
    ) -> None:
        self._setting, self._question, self._facts, self._wanted = setting, question, facts, wanted
        self._most_changes, self._most_sets, self._most_tries = most_changes, most_sets, most_tries
        self._rank = {outcome: place for place, outcome in enumerate(question.outcomes)}
        self._known: dict[Key, tuple[str, ...]] = {}
        self.found = Found()
        self._best: tuple[int, int] | None = None

    def helps(self, changes: Changes) -> bool:
        """Whether every outcome that is possible with the changes is a wanted one."""
        return self._wanted.issuperset(self._possible(changes))

    def _possible(self, changes: Changes) -> tuple[str, ...]:
        key = key_of(changes)
        if key not in self._known:
            facts = changed(self._facts, changes)
            self._known[key] = self._setting.ask(self._question.name, facts).possible
            self.found.tries += 1
        return self._known[key]

    def run(self, told: Callable[[int], None] = lambda tries: None) -> Found:
        """Searches; `told` hears now and then how many sets were tried."""
        waiting: list[deque[tuple[Changes, int]]] = [deque() for _ in range(self._most_changes + 1)]
        waiting[0].append(({}, 0))
        seen: set[Key] = {()}
        for size, level in enumerate(waiting):
            while level:
                changes, again = level.popleft()
                if self._superfluous(changes):
                    continue
                for larger, other_value in self._larger(changes):
                    key = key_of(larger)
                    if key in seen or again + other_value > _MOST_AGAIN or self._superfluous(larger):
                        continue
                    seen.add(key)
                    if self.helps(larger):
                        self._keep(larger)
                    else:
                        self._note(larger)
                        waiting[max(len(larger), size)].append((larger, again + other_value))
                    if self.found.tries >= self._most_tries:
                        self.found.cut = True
                        return self.found
                told(self.found.tries)
            if len({frozenset(one) for one in self.found.sets}) >= self._most_sets:
                break
        return self.found

    def _larger(self, changes: Changes) -> Iterator[tuple[Changes, bool]]:
        """The changes with one more, or with another value for one of them, and whether it is the latter."""
        stand = Stand(self._setting, changed(self._facts, changes))
        for spot in obstacles(stand, self._question.name, self._wanted):
            path = as_numbered_before(spot.path, changes)
            if path not in changes and len(changes) >= self._most_changes:
                continue
            beside = {
                one: value for one, value in changes.items() if not one.startswith((f"{path}.", f"{path}["))
            }
            for value in candidates(stand, spot):
                yield {**beside, path: value}, path in changes

    def _superfluous(self, changes: Changes) -> bool:
        """Whether a set that helps changes the same facts or some of them only."""
        return any(changes.keys() > one.keys() for one in self.found.sets)

    def _keep(self, changes: Changes) -> None:
        minimal = self.needed(changes)
        if all(key_of(minimal) != key_of(one) for one in self.found.sets):
            self.found.sets = [one for one in self.found.sets if not one.keys() > minimal.keys()]
            self.found.sets.append(minimal)

    def needed(self, changes: Changes) -> Changes:
        """The smallest part of the changes that helps."""
        paths = sorted(changes, key=steps_key)
        for size in range(1, len(paths)):
            for some in combinations(paths, size):
                part = {path: changes[path] for path in some}
                if self.helps(part):
                    return part
        return changes

    def _note(self, changes: Changes) -> None:
        """Remembers the set whose strongest possible outcome is the weakest; of two the one that went further."""
        possible = self._possible(changes)
        nearness = (-self._rank[possible[0]], -len(changes))
        if self._best is None or nearness < self._best:
            self._best, self.found.nearest = nearness, changes
