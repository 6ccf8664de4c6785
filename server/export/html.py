"""HTML by hand: a handful of elements, and nothing that is not escaped."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any, Final

_STYLE: Final = """
:root { color-scheme: light dark; }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2rem; border-bottom: 1px solid; } h3 { font-size: 1rem; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; }
th, td { border: 1px solid #8888; padding: .25rem .5rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: .2rem 0; }
dt { opacity: .75; } dd { margin: 0; overflow-wrap: anywhere; } ol { margin: .2rem 0; padding-left: 1.5rem; }
.note { border-left: 4px solid #c60; padding-left: .75rem; }
@media print {
  body { font-size: 10pt; margin: 0; max-width: none; } a { color: inherit; text-decoration: none; }
  tr, dl { break-inside: avoid; } h2, h3 { break-after: avoid; } thead { display: table-header-group; }
}
"""


class Html(str):
    """Text that is HTML already; any other text is escaped where it is put into some."""

    __slots__ = ()

    def __add__(self, other: str) -> "Html":
        return Html(str.__add__(self, html(other)))


def html(value: object) -> Html:
    """A value as HTML: escaped unless it is HTML already."""
    return value if isinstance(value, Html) else Html(escape(str(value)))


def joined(parts: Iterable[object], between: str = "") -> Html:
    """The parts one after the other, each escaped unless it is HTML."""
    return Html(between.join(map(html, parts)))


def element(name: str, content: object, **attributes: str) -> Html:
    """An element."""
    given = "".join(f' {key.rstrip("_")}="{escape(value)}"' for key, value in attributes.items())
    return Html(f"<{name}{given}>{html(content)}</{name}>")


def document(title: str, body: Html) -> str:
    """The whole page."""
    head = Html('<meta charset="utf-8">\n') + element("title", title) + element("style", Html(_STYLE))
    content = element("h1", title) + body
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n{element("head", head)}\n{element("body", content)}\n</html>\n'
    )


def section(title: str, body: Html, level: int = 2) -> Html:
    """A heading and what stands under it."""
    return element("section", Html("\n") + element(f"h{level}", title) + "\n" + body + "\n") + "\n"


def paragraph(content: object, class_: str = "") -> Html:
    """A paragraph; of several things, one after the other."""
    if isinstance(content, Iterator):
        content = joined(content, " · ")
    return element("p", content, **({"class_": class_} if class_ else {})) + "\n"


def link(path: str, text: str) -> Html:
    """A link to another file of the zip."""
    return element("a", text, href=path)


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Html:
    """A table."""
    head = element("tr", joined(element("th", each) for each in heads))
    body = joined((element("tr", joined(element("td", each) for each in row)) for row in rows), "\n")
    return element("table", element("thead", head) + element("tbody", body)) + "\n"


def definitions(said: Mapping[str, object]) -> Html:
    """Names and what they stand for."""
    each = (element("dt", name) + element("dd", value) for name, value in said.items())
    return element("dl", joined(each, "\n")) + "\n"


def shown(value: Any) -> Html:
    """Any value of JSON: objects as names and values, lists numbered, amounts with their currency."""
    match value:
        case None:
            return html("none")
        case bool():
            return html("yes" if value else "no")
        case {"amount": amount, "currency": currency, **rest} if not rest:
            return html(f"{amount} {currency}")
        case Mapping():
            return definitions({_title(name): shown(below) for name, below in value.items()})
        case list():
            return element("ol", joined(element("li", shown(each)) for each in value))
        case _:
            return html(value)


def columns(facts: str) -> dict[str, Any]:
    """Facts as they are kept, each with its type before it, as values that `shown` shows."""
    return {name: _untyped(form) for name, form in json.loads(facts).items()}


def _untyped(form: list[Any]) -> Any:
    match form:
        case ["none"]:
            return None
        case ["record", members]:
            return {name: _untyped(below) for name, below in members.items()}
        case ["list", items]:
            return [_untyped(each) for each in items]
        case [_, value]:
            return value
        case _:
            return json.dumps(form, ensure_ascii=False)


def _title(name: str) -> str:
    return name.replace("_", " ")
