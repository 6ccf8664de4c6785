"""The facts of rule tests: shared ones, with others over them, without some, and some known to be none."""

from __future__ import annotations

import re

from engine.facts import Facts, read_facts
from engine.rulebook.dictionary import Dictionary
from engine.rulebook.problems import Problems, instead
from engine.rulebook.text.nodes import Mapping, Node, Scalar, Sequence

PATH = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\[[0-9]{1,4}\])*(\.[A-Za-z_][A-Za-z0-9_]*(\[[0-9]{1,4}\])*)*")
_STEP = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|\[[0-9]+\]")

_WRITE = re.compile(r"write `(\w+)`")

Step = str | int


class Given:
    """Facts as written, each with its place, so that a mistake is shown where it is written."""

    def __init__(self) -> None:
        self.tree: dict[str, object] = {}
        self.places: dict[str, Node] = {}
        self.names: dict[str, Scalar] = {}

    def copy(self) -> Given:
        """The same facts, to be changed without changing these."""
        other = Given()
        other.tree = {key: _copied(below) for key, below in self.tree.items()}
        other.places, other.names = dict(self.places), dict(self.names)
        return other

    def add(self, entries: tuple[tuple[Scalar, Node], ...], problems: Problems) -> None:
        """Puts facts over those that are here; keys are names or paths, lists are replaced as a whole."""
        for key, node in entries:
            steps = steps_of(key, problems)
            if steps:
                self._put(self.tree, steps, (), node, key, problems)

    def remove(self, path: Scalar, problems: Problems) -> None:
        """Makes a fact one that is not given."""
        steps = steps_of(path, problems)
        if not steps:
            return
        holder, last = self._above(steps)
        if isinstance(holder, dict) and last in holder:
            del holder[last]
            return
        if isinstance(last, int):
            problems.add(
                path.span,
                "whole-list",
                "one element cannot be taken out of a list",
                "write the whole list anew under `with`",
            )
            return
        problems.add(
            path.span,
            "not-given",
            f"`{path.text}` is not given anyway",
            instead(path.text, _leaves(self.tree, ""), "given are"),
        )

    def none(self, path: Scalar, problems: Problems) -> None:
        """Makes a fact one that is known to be none."""
        steps = steps_of(path, problems)
        if steps:
            self._put(self.tree, steps, (), None, path, problems)

    def typed(self, dictionary: Dictionary, problems: Problems) -> Facts | None:
        """The facts with their types; None where one cannot be what is written, each of them noted."""
        facts, mistakes = read_facts(dictionary, self.tree)
        for mistake in mistakes:
            path = mistake.path
            while path not in self.places and path:
                path = path[: max(path.rfind("."), path.rfind("["), 0)]
            unknown = mistake.code == "unknown-fact" and path in self.names
            if path:
                place = self.names[path] if unknown else self.places[path]
                mend = _in_path(mistake.mend, self.names[path].text, path) if unknown else mistake.mend
                problems.add(place.span, mistake.code, mistake.message, mend)
        return None if mistakes else facts

    def _above(self, steps: tuple[Step, ...]) -> tuple[object, Step]:
        level: object = self.tree
        for step in steps[:-1]:
            level = _get(level, step)
        return level, steps[-1]

    def _put(
        self,
        level: object,
        steps: tuple[Step, ...],
        above: tuple[Step, ...],
        node: Node | None,
        key: Scalar,
        problems: Problems,
    ) -> None:
        """Puts a node at the end of the steps, making the records on the way."""
        step, rest = steps[0], steps[1:]
        here = (*above, step)
        if isinstance(step, int):
            if not isinstance(level, list) or step >= len(level):
                problems.add(
                    key.span,
                    "no-such-element",
                    f"there is no `{_path(here)}` to change",
                    "write the whole list, or a number that it has; the first is [0]",
                )
                return
        elif not isinstance(level, dict):
            problems.add(
                key.span, "no-such-element", f"`{_path(above)}` has no fields", "write the whole of it"
            )
            return
        self.places[_path(here)] = node if node is not None else key
        self.names[_path(here)] = key
        if rest:
            below = _get(level, step)
            if not isinstance(below, dict | list):
                below = [] if isinstance(rest[0], int) else {}
                _set(level, step, below)
            self._put(below, rest, here, node, key, problems)
        elif isinstance(node, Mapping) and isinstance(_get(level, step), dict):
            self._over(_get(level, step), here, node, problems)
        else:
            _set(level, step, self._tree(node, here, problems))

    def _over(self, level: object, above: tuple[Step, ...], node: Mapping, problems: Problems) -> None:
        for key, value in node.entries:
            steps = steps_of(key, problems)
            if steps:
                self._put(level, steps, above, value, key, problems)

    def _tree(self, node: Node | None, above: tuple[Step, ...], problems: Problems) -> object:
        if node is not None:
            self.places[_path(above)] = node
        if isinstance(node, Mapping):
            level: dict[str, object] = {}
            self._over(level, above, node, problems)
            return level
        if isinstance(node, Sequence):
            return [self._tree(item, (*above, number), problems) for number, item in enumerate(node.items)]
        if node is None or node.is_null:
            return None
        if not node.text and not node.style:
            problems.add(
                node.span,
                "empty-value",
                f"nothing is given for `{_path(above)}`",
                "write it, or `null` where it is known to be none, or leave it out",
            )
        return node.text


def steps_of(path: Scalar, problems: Problems) -> tuple[Step, ...]:
    """The steps of a path such as `declaration.goods[0].hs`; none where it is no path."""
    if not PATH.fullmatch(path.text):
        problems.add(
            path.span,
            "bad-path",
            f"`{path.text}` is no path of a fact",
            "write it as `declaration.goods[0].hs`",
        )
        return ()
    return tuple(int(step[1:-1]) if step[0] == "[" else step for step in _STEP.findall(path.text))


def _in_path(mend: str, key: str, wrong: str) -> str:
    """The mend of a name, where it is one of several in a path that is written out: the whole path, mended."""
    name = _WRITE.fullmatch(mend)
    ends = [len(key), *(found.start() for found in reversed(list(re.finditer(r"[.\[]", key))))]
    end = next((end for end in ends if wrong == key[:end] or wrong.endswith(f".{key[:end]}")), None)
    if name is None or end is None:
        return mend
    above, dot, _ = key[:end].rpartition(".")
    return f"write `{above}{dot}{name.group(1)}{key[end:]}`"


def _get(level: object, step: Step) -> object:
    if isinstance(level, dict):
        return level.get(step)
    return level[step] if isinstance(level, list) and isinstance(step, int) and step < len(level) else None


def _set(level: object, step: Step, value: object) -> None:
    if isinstance(level, dict):
        level[step] = value
    elif isinstance(level, list) and isinstance(step, int):
        level[step : step + 1] = [value]


def _path(steps: tuple[Step, ...]) -> str:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return text.removeprefix(".")


def _copied(tree: object) -> object:
    """The same records and lists, to be changed; a quarter of the time that a deep copy takes."""
    if isinstance(tree, dict):
        return {key: _copied(below) for key, below in tree.items()}
    return [_copied(below) for below in tree] if isinstance(tree, list) else tree


def _leaves(tree: object, above: str) -> list[str]:
    if not isinstance(tree, dict):
        return [above]
    return [
        leaf for key, below in tree.items() for leaf in _leaves(below, f"{above}.{key}".removeprefix("."))
    ]
