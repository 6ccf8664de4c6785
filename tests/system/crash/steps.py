"""Names for all that a server commits and sends; `tests/system/test_crash_points.py` holds that nothing goes without one."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from tests.system.processes import PROJECT

# The calls of Store.write in each function, in the order in which they stand there.
COMMITS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "server/activation/activating.py Activating._often": ("activate by hand",),
        "server/activation/first.py first_deciding": ("keep rulebook",),
        "server/activation/following.py Following._forget": ("serve no more",),
        "server/activation/following.py Following._say": ("say what is served",),
        "server/activation/watching.py Watching._accepted": ("activate",),
        "server/activation/watching.py Watching._handled": ("take trial",),
        "server/activation/watching.py Watching._try": ("end trial",),
        "server/activation/watching.py Watching._put_off": ("put trial off",),
        "server/app.py _sign": ("begin key",),
        "server/limits/quotas.py Quotas._take": ("take quota",),
        "server/limits/quotas.py Quotas.give_back": ("give quota back",),
        "server/webhooks/holding.py Holding.cursor": ("open cursor",),
        "server/webhooks/holding.py Holding.record": ("record cursor",),
        "server/webhooks/holding.py Holding.release": ("release cursor",),
        "server/webhooks/holding.py Holding.take": ("take cursor",),
        "server/workflow/attempting.py Attempting._settle": ("outcome",),
        "server/workflow/attempting.py Attempting.look_up": ("promise broken", "plan again"),
        "server/workflow/attempting.py Attempting._send": ("begin sending", "plan again late"),
        "server/workflow/attempting.py Attempting.set_aside": ("not looked up",),
        "server/workflow/certificate_facts.py Statuses.asked": ("record status",),
        "server/workflow/ending.py Ending.cancel": ("cancel",),
        "server/workflow/ending.py Ending.decide": ("decide",),
        "server/workflow/ending.py Ending.hand_off": ("hand off",),
        "server/workflow/erasing.py Erasing.erase": ("erase",),
        "server/workflow/erasing.py Erasing.erase_screenings": ("erase screenings",),
        "server/workflow/erasing.py Erasing.hold": ("hold",),
        "server/workflow/erasing.py Erasing.release": ("release",),
        "server/workflow/ledger_ends.py LedgerEnds._warn": ("warn",),
        "server/workflow/ledger_ends.py LedgerEnds.once": ("tell covered",),
        "server/workflow/noticing.py Noticing.noticed": ("wake",),
        "server/workflow/operating.py Operating.adopt": ("adopt",),
        "server/workflow/operating.py Operating.mark_void": ("mark void",),
        "server/workflow/operating.py Operating.retry": ("retry",),
        "server/workflow/processing.py Processing._begin": ("order",),
        "server/workflow/processing.py Processing.compare": ("compare",),
        "server/workflow/reconciler.py Reconciler._attempts": ("take over",),
        "server/workflow/refusals.py Refusals.write": ("count refused",),
        "server/workflow/registering.py Registering._write": ("change site",),
        "server/workflow/retention.py Retention.once": ("erase what is past",),
        "server/workflow/screening.py Screening.keep": ("screen",),
        "server/workflow/stages.py Stages._certify": ("certify",),
        "server/workflow/stages.py Stages._next_version": ("declare",),
        "server/workflow/stages.py Stages._place": ("place",),
        "server/workflow/stages.py Stages._supersede": ("supersede",),
        "server/workflow/stages.py Stages.open_inquiry": ("inquire",),
        "server/workflow/sweeping.py Sweeping.sweep": ("late certificate", "sweep later", "sweep again"),
        "server/workflow/sweeping.py Sweeping.without_platform": ("sweep put off",),
        "server/workflow/voiding.py Voiding._again": ("void again",),
        "server/workflow/voiding.py Voiding._over": ("void confirmed",),
        "server/workflow/voiding.py Voiding._stuck": ("void stuck",),
        "server/workflow/voiding.py Voiding.once": ("take voids",),
    }
)
# The schema's, which Store.upgrade commits by itself.
UPGRADE: Final = "upgrade"
# Commits that pass no point, and why.
NOT_REACHED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "activate": "the stories change no rule files; what is committed is one row and its entry, or nothing",
        "activate by hand": "as `activate`",
        "change site": "the stories change no site; what is committed is one row, its entry and its request, or nothing",
        "count refused": "it counts what is no evidence, of registered sites, and the stories register none",
        "end trial": "as `activate`; a trial whose end is lost is made again",
        "put trial off": "as `activate`",
        "serve no more": "it is no evidence, and forgotten by itself within an hour",
        "say what is served": "it is no evidence, and said again every few seconds",
        "take trial": "as `activate`; another process takes a trial over",
        "not looked up": "the sandbox finds our references; what is committed is an outcome as any other",
        "sweep put off": "the servers have all platforms; what is committed is when to look again",
        "erase screenings": "a day of screenings is of no order; what is committed is an erasure as any other",
        "wake": "the platform of the runs does not call; what is committed is when to look again",
        "take quota": "no tenant has a quota here; tests/system/test_limits.py kills a server that took some",
        "give quota back": "no tenant has a quota here; it is given back when all else is done",
        "erase what is past": "nothing is a year old here; what is committed is an erasure as any other",
    }
)

# Sends by the platform's operation; a look-up of the sweep has a name of its own, and so has a webhook.
SENDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "submit": "submit",
        "replace": "replace",
        "lookup": "look up",
        "status": "status",
        "void": "void",
        "keys": "keys",
    }
)
SWEEP: Final = "sweep"
DELIVER: Final = "deliver"
# Sends that pass no point, and why.
NOT_SENT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "health": "no server asks for it",
        "lookup_by_id": "the sandbox finds our references; what is sent is a look-up as any other",
    }
)


class Site(NamedTuple):
    """A call of Store.write."""

    file: str
    first: int
    last: int
    function: str

    @property
    def key(self) -> str:
        """The function that it stands in, as COMMITS has it."""
        return f"{self.file} {self.function}"


def sites() -> Iterator[Site]:
    """Every call of Store.write in the server, as its code stands."""
    for path in sorted((PROJECT / "server").rglob("*.py")):
        if path.is_relative_to(PROJECT / "server" / "store"):
            continue
        for function, call in _calls(ast.parse(path.read_text("utf-8")), ""):
            if _writes(call):
                yield Site(
                    str(path.relative_to(PROJECT)), call.lineno, call.end_lineno or call.lineno, function
                )


@cache
def commits() -> Mapping[str, Mapping[int, str]]:
    """The commit's name for each file and line."""
    found: dict[str, list[Site]] = {}
    for site in sites():
        found.setdefault(site.key, []).append(site)
    names: dict[str, dict[int, str]] = {}
    for key, calls in found.items():
        for site, name in zip(calls, COMMITS[key], strict=True):
            lines = names.setdefault(str(PROJECT / site.file), {})
            lines.update(dict.fromkeys(range(site.first, site.last + 1), name))
    return names


def commit_at(file: str, line: int) -> str:
    """The name of what is written from a line of the server's code. Raises LookupError where it has none."""
    return commits()[str(Path(file))][line]


def _calls(node: ast.AST, within: str) -> Iterator[tuple[str, ast.Call]]:
    """The calls below a node, each with the outermost function that it stands in."""
    for child in ast.iter_child_nodes(node):
        place = within
        if isinstance(child, ast.ClassDef):
            place = f"{child.name}."
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) and (not place or place[-1] == "."):
            place += child.name
        if isinstance(child, ast.Call):
            yield place, child
        yield from _calls(child, place)


def _writes(call: ast.Call) -> bool:
    function = call.func
    if not isinstance(function, ast.Attribute) or function.attr != "write":
        return False
    owner = function.value
    named = (
        owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
    )
    return named.lstrip("_") == "store"
