"""Coverage as a page: the text of the rules, each rule and clause coloured by the sides that tests have shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby

from engine.rulebook.text.files import TextFile
from engine.workbench.coverage.model import STATEMENTS, Coverage, Covered, Kind, Side, Tally, tally

_STYLE = """
:root { color-scheme: light dark; --both: #c9efc9; --one: #ffe7a3; --none: #ffc9c4; --faint: #767676; }
@media (prefers-color-scheme: dark) { :root { --both: #1d4a24; --one: #5c4a08; --none: #6a211c; --faint: #959595; } }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
table { border-collapse: collapse; }
th, td { text-align: left; padding: .2rem 1.2rem .2rem 0; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
tr:last-child { font-weight: 600; }
pre { font: 13px/1.55 ui-monospace, monospace; overflow-x: auto; }
.l { color: var(--faint); display: inline-block; width: 4ch; text-align: right; margin-right: 2ch; text-decoration: none;
  user-select: none; }
:target { outline: 2px solid; }
mark { color: inherit; border-radius: 2px; }
.both { background: var(--both); }
.one { background: var(--one); text-decoration: underline dashed; }
.none { background: var(--none); text-decoration: underline wavy; }
.idle { background: none; text-decoration: underline dotted; }
""".strip()

_LEGEND = """
<p><mark class="both">seen on both sides</mark>, <mark class="one">on one side only</mark>,
<mark class="none">on neither</mark>, <mark class="idle">never given</mark>. Rest the pointer on a rule or clause to see
in how many tests it was what.</p>
""".strip()


def page(coverage: Coverage) -> str:
    """A page of its own: no other file, no script, nothing from elsewhere."""
    files: dict[str, list[Covered]] = {}
    for one in coverage.parts:
        files.setdefault(one.part.span.file.path, []).append(one)
    title = escape(f"Coverage of {coverage.rulebook}")
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title}</title>\n<style>\n{_STYLE}\n</style>\n</head>\n<body>\n<h1>{title}</h1>",
            *_summary(coverage),
            *_list("Rules and clauses that lack a side", (_gap(one) for one in coverage.gaps)),
            *_list(
                "Sources that lack a side",
                (escape(f"{one.citation}: {one.lack}") for one in coverage.citations if one.lacking),
            ),
            *_list("Tests that fail, and show nothing", map(escape, coverage.failed)),
            *_list("Tests that are skipped", map(escape, coverage.skipped)),
            _LEGEND,
            *(part for path in sorted(files) for part in _file(files[path])),
            "</body>\n</html>\n",
        ]
    )


def _summary(coverage: Coverage) -> Iterator[str]:
    yield f"<p>{coverage.tests} tests; sources {_percent(tally(coverage.citations))}.</p>"
    yield '<table>\n<tr><th>question</th><th class="n">rules</th><th class="n">clauses</th></tr>'
    for question in coverage.questions:
        yield _row(question or "shared", coverage.of(Kind.RULE, question), coverage.of(Kind.CLAUSE, question))
    yield _row("together", coverage.of(Kind.RULE), coverage.of(Kind.CLAUSE))
    yield "</table>"


def _row(name: str, *tallies: Tally) -> str:
    cells = "".join(f'<td class="n">{_percent(one)}</td>' for one in tallies)
    return f"<tr><td>{escape(name)}</td>{cells}</tr>"


def _percent(found: Tally) -> str:
    return f"{found.seen} of {found.demanded} ({found.percent} %)" if found.demanded else "-"


def _list(heading: str, items: Iterable[str]) -> Iterator[str]:
    shown = [f"<li>{item}</li>" for item in items]
    if shown:
        yield f"<h2>{heading}</h2>\n<ul>"
        yield from shown
        yield "</ul>"


def _gap(one: Covered) -> str:
    path, line = one.part.span.file.path, one.part.position[0]
    place = f'<a href="#{_anchor(path, line)}">{escape(path)}:{line}</a>'
    return f"{place}: {escape(str(one.part))}: {one.lack}"


def _anchor(path: str, line: int) -> str:
    return escape(f"{path}:{line}".replace(" ", "_"))


def _file(parts: list[Covered]) -> Iterator[str]:
    file = parts[0].part.span.file
    yield f"<h2>{escape(file.path)}</h2>\n<pre>"
    innermost = _innermost(file, parts)
    at = 0
    for number, line in enumerate(file.text.split("\n"), start=1):
        if line or at + 1 < len(file.text):
            anchor = _anchor(file.path, number)
            coloured = _line(file.text, at, at + len(line), innermost)
            yield f'<a class="l" id="{anchor}" href="#{anchor}">{number}</a>{coloured}'
        at += len(line) + 1
    yield "</pre>"


def _innermost(file: TextFile, parts: list[Covered]) -> list[Covered | None]:
    """For each character the smallest part that it belongs to; parts come with what is around them first."""
    found: list[Covered | None] = [None] * (len(file.text) + 1)
    for one in parts:
        start, end = one.part.span.start, min(one.part.span.end, len(file.text))
        found[start:end] = [one] * (end - start)
    return found


def _line(text: str, start: int, end: int, innermost: list[Covered | None]) -> str:
    pieces = groupby(range(start, end), key=lambda at: id(innermost[at]))
    return "".join(_piece(text, list(offsets), innermost) for _, offsets in pieces)


def _piece(text: str, offsets: list[int], innermost: list[Covered | None]) -> str:
    one, piece = innermost[offsets[0]], text[offsets[0] : offsets[-1] + 1]
    if one is None or not piece.strip():
        return escape(piece)
    told = escape(f"{one.lack}: {one.counts}" if one.lack else one.counts)
    return f'<mark class="{_colour(one)}" title="{told}">{escape(piece)}</mark>'


def _colour(one: Covered) -> str:
    if one.part.kind in STATEMENTS:
        return "both" if one.tests[Side.TRUE] else "idle"
    if not one.lacking:
        return "both"
    return "one" if len(one.lacking) < len(one.part.demanded) else "none"
