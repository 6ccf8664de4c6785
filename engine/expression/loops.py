"""`all`, `exists`, `exists_one`, `map` and `filter` over lists and the keys of maps."""

from collections.abc import Iterable

from engine.expression import tree as t
from engine.expression.kleene import NO_OVERLOAD, all_unknown, any_unknown, as_unknown, failed, settle
from engine.expression.run import Run, with_paths
from engine.expression.values import Bound, Map, OneOf, Tracked, Unknown

Items = list[tuple[object, str | None]]


def loop(run: Run, node: t.Macro) -> object:
    """The value of a macro; while it goes over the elements, its variable brings their paths."""
    value, path = run.placed(node.operand)
    if isinstance(value, Unknown | OneOf):
        return as_unknown(value)
    if isinstance(value, tuple):
        items = with_paths(value, path)
    elif isinstance(value, Map):
        items = [(key, None) for key in value]
    else:
        return failed(NO_OVERLOAD)
    outside = run.locals.get(node.variable)
    try:
        return _over(run, node, items)
    finally:
        run.locals.pop(node.variable, None)
        if outside is not None:
            run.locals[node.variable] = outside


def _over(run: Run, node: t.Macro, items: Items) -> object:
    def each(body: t.Node) -> Iterable[tuple[object, str | None]]:
        for item in items:
            run.locals[node.variable] = Bound(*item)
            yield run.placed(body)

    if node.name in ("all", "exists"):
        return settle((value for value, _ in each(node.body)), node.name == "exists")
    condition = node.condition if node.name == "map" else node.body
    if condition is not None:
        kept = [value for value, _ in each(condition)]
        doubts = [as_unknown(value) for value in kept if not isinstance(value, bool)]
        if doubts:
            return all_unknown(doubts)
        items = [item for item, keep in zip(items, kept, strict=True) if keep]
    if node.name == "exists_one":
        return len(items) == 1
    made = list(each(node.body)) if node.name == "map" else items
    values = [value for value, _ in made]
    return all_unknown(values) if any_unknown(values) else Tracked.of(made)
