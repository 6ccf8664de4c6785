"""What the page tells of decisions: each in a line, why the latest are so, what happened, and by which rules."""

from collections.abc import Iterator, Mapping
from typing import Any

from server.export.html import Html, joined, link, paragraph, section, table
from server.export.told import Told
from server.store.covered import moment_text


def decisions(told: Told) -> Html:
    """Every decision in a line."""
    rows = [
        (
            link(f"{each.folder}/row.json", each.folder.removeprefix("decisions/")),
            each.decided_at,
            each.outcome,
            each.on,
            each.standing,
            each.version,
            "" if each.of_case else "answered to a request, not taken into the case",
        )
        for each in told.decided
    ]
    heads = ("decision", "decided", "outcome", "for the day", "standing", "version", "")
    return section("Decisions", table(heads, rows))


def reasons(told: Told) -> Html:
    """The latest decision on each question, with its findings and what each rule compared."""
    body = Html("")
    for question, (decided, explanation) in sorted(told.latest.items()):
        said = decided.body
        if said is None:
            continue
        inner = paragraph(f"Standing: {str(said['standing']).removeprefix('STANDING_').lower()}.")
        if said.get("missing"):
            inner += paragraph("Not known: " + ", ".join(said["missing"]))
        findings = [*said.get("findings", ()), *([said["otherwise"]] if "otherwise" in said else [])]
        inner += table(
            ("finding", "gives", "because and remedy", "sources"),
            [
                (
                    f"{each['rule']} {each.get('place', '')}" if "rule" in each else "otherwise",
                    each["outcome"],
                    " ".join((each["because"], each.get("remedy", ""))).strip(),
                    "; ".join(
                        f"{one['title']} {one.get('at', '')}".strip() for one in each.get("citations", ())
                    ),
                )
                for each in findings
            ],
        )
        inner += _compared(explanation or {})
        inner += paragraph(link(f"{decided.folder}/explanation.json", "every rule, with what it compared"))
        body += section(f"{question}: {decided.columns['outcome']}", inner, level=3)
    return section("Why", body) if body else Html("")


def _compared(explanation: Mapping[str, Any]) -> Html:
    if "unexplained" in explanation:
        return paragraph(f"Not explained: {explanation['unexplained']}.")
    rows = [
        (f"{rule['rule']} {place['place']}".strip(), "; ".join(clause["says"] for clause in place["clauses"]))
        for rule in explanation.get("rules", ())
        if rule["state"] in ("fired", "unknown")
        for place in rule.get("places", ())
        if place["state"] == rule["state"]
    ]
    return table(("rule", "what it compared"), rows) if rows else Html("")


def history(told: Told) -> Html:
    """What the log says of the case, entry by entry."""
    rows = [
        (link(each.path, moment_text(each.at)), each.kind, "; ".join(_words(each.event)))
        for each in sorted(told.happened, key=lambda each: each.path)
    ]
    return section("History, as the log has it", table(("recorded", "entry", "what it says"), rows))


def _words(event: Mapping[str, Any]) -> Iterator[str]:
    """What an event says, without the digests that stand in the entry."""
    for name, value in event.items():
        if value not in (None, "") and not name.endswith("digest"):
            yield f"{name.replace('_', ' ')}: {value}"


def rules(told: Told) -> Html:
    """The rulebooks by which something was decided."""
    rows = [
        (name, digest, joined((link(f"{folder}/files/{file}", file) for file in files), ", "))
        for folder, digest, name, files in told.rulebooks
    ]
    return section("Rules by which it was decided", table(("rulebook", "digest", "texts"), rows))
