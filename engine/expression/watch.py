"""The tree evaluated as always, while somebody notes what its parts come to."""

from collections.abc import Callable, Mapping

from engine.expression import tree as t
from engine.expression.evaluate import STEPS
from engine.expression.kleene import failed
from engine.expression.run import Run, TooCostlyError
from engine.expression.values import OneOf, Unknown

Saw = Callable[[t.Node, object], None]


def watch(root: t.Node, env: Mapping[str, object], saw: Saw) -> object:
    """The value of a tree, as `evaluate` has it; `saw` is told each part that was evaluated, and its value.

    What was passed over, because something before it had decided, is not told. A part that is taken several
    times, such as the body of a macro or of a definition, is told each time.
    """
    try:
        value = _Watched(env, saw).value(root)
    except TooCostlyError:
        return failed("too_costly")
    except RecursionError:
        return failed("too_deep")
    return Unknown(value.paths) if isinstance(value, OneOf) else value


class _Watched(Run):
    """A run that tells what it comes by."""

    __slots__ = ("_saw",)

    def __init__(self, env: Mapping[str, object], saw: Saw) -> None:
        super().__init__(env, STEPS)
        self._saw = saw

    def value(self, node: t.Node) -> object:
        value = super().value(node)
        self._saw(node, value)
        return value

    def placed(self, node: t.Node) -> tuple[object, str | None]:
        value, path = super().placed(node)
        if type(node) not in STEPS:  # any other kind was told when its value was taken
            self._saw(node, value)
        return value, path
