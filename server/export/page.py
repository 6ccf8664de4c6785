"""index.html: the case for people who were never here. It needs nothing but itself, runs nothing, and prints well."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from engine.checkpoint import read_checkpoint
from server.export.html import (
    Html,
    columns,
    definitions,
    document,
    joined,
    link,
    paragraph,
    section,
    shown,
    table,
)
from server.export.reading import Kept
from server.export.told import Declared, Told
from server.store.covered import moment_text

# 19 CFR 182.12 and Annex 5-A of the agreement: the elements of a certification, and where the certified content has them.
_ELEMENTS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("1 Importer, exporter or producer certifies", ("certifier_role",)),
    ("2 Certifier", ("certifier",)),
    ("3 Exporter", ("exporter",)),
    ("4 Producer", ("producer",)),
    ("5 Importer", ("importer",)),
    ("6, 7 Goods, with classification and origin criterion", ("goods",)),
    ("6 Invoice", ("invoice_number",)),
    ("8 Blanket period", ("coverage", "blanket_period", "goods_identical")),
    ("9 Signature, date, statement", ("signed", "certified_on", "statement")),
)
_NAMED: Final = {name for _, names in _ELEMENTS for name in names}


def index_page(told: Told) -> str:
    """The page. Where things stand in the zip it says by links, which hold once the zip is unpacked."""
    case = told.whole.case.columns
    title = f"Order {case['order_id']} of {case['site_id']}"
    parts = [
        _about(told),
        _certification(told),
        _order(told),
        _certificates(told),
        _decisions(told),
        _reasons(told),
        _history(told),
        _rules(told),
        _beside(told),
        _proof(told),
    ]
    return document(title, joined(parts))


def _about(told: Told) -> Html:
    whole, case = told.whole, told.whole.case.columns
    head = read_checkpoint(whole.head).head
    body = definitions(
        {
            "Case": case["name"],
            "Tenant": case["tenant"],
            "Site, order": f"{case['site_id']}, {case['order_id']}",
            "State": case["state"],
            "Opened, last changed": f"{case['created_at']}, {case['updated_at']}",
            "As of": f"{moment_text(head.at)}, entry {head.size} of the log {head.origin}",
        }
    )
    if whole.erased_at is not None:
        body += paragraph(
            f"This case was erased on {moment_text(whole.erased_at)}: what was said of the order is gone for good, and the"
            " key that opened it. What is left are ids, states, outcomes and moments, and texts that nobody can read any"
            " more; they show that nothing of the log was changed. The history below says who erased it, and why.",
            "note",
        )
    if whole.data_key is not None:
        body += paragraph(
            "This file holds all that was said of the order, in plain, and with data-key.json the key of this case, which"
            " opens whatever is sealed of this case, also what is added to it later, and nothing else. Keep it as"
            " you keep the order itself. Erasing the case does not reach this file.",
            "note",
        )
    return section("The case", body)


def _certification(told: Told) -> Html:
    if not told.declared:
        return section("The certification of origin", paragraph("None was declared."))
    last = told.declared[-1]
    body = paragraph(
        f"Version {last.version} of {len(told.declared)}, declared {last.declared_at}, as it is"
        f" certified: its digest {last.digest or 'is erased'} is what a certificate names."
    )
    body += paragraph(link(f"{each.folder}/row.json", f"version {each.version}") for each in told.declared)
    return section("The certification of origin", body + _elements(last))


def _elements(declared: Declared) -> Html:
    content = declared.content
    if content is None:
        return paragraph("What it said was erased.")
    said: Mapping[str, Any] = content.get("declaration", {})
    rows = [
        (title, shown({name: said.get(name, _NOT_GIVEN) for name in names} if len(names) > 1
                      else said.get(names[0], _NOT_GIVEN)))
        for title, names in _ELEMENTS
    ]  # fmt: skip
    rest = {name: value for name, value in said.items() if name not in _NAMED}
    if rest:
        rows.append(("Besides", shown(rest)))
    return table(("element (19 CFR 182.12)", "what is certified"), rows) + section(
        "Lines of the order that it is for", shown(content.get("order", {})), level=3
    )


_NOT_GIVEN: Final = "not given"


def _order(told: Told) -> Html:
    if told.facts is None:
        return Html("")
    order = columns(told.facts).get("order")
    note = paragraph(
        "As the last decision knew it. What was known at each stage is facts.json beside each decision."
    )
    return section("The order", note + shown(order)) if order else Html("")


def _certificates(told: Told) -> Html:
    body = Html("")
    for folder, row in told.certificates:
        body += _certificate(folder, row, str(told.whole.name))
    return section("Certificates", body or paragraph("None was issued."))


def _certificate(folder: str, row: Kept, case: str) -> Html:
    said = row.columns
    told = definitions(
        {
            "e-Cert ID": said["e_cert_id"],
            "Platform": said["platform"],
            "Status": f"{said['status']}, as the platform told it {said['status_at']}",
            "Issued, adopted": f"{said['issued_at']}, {said['adopted_at']}",
            "For": f"version {said['declaration_version']} of the declaration of {said['case_name']}",
            "Bound by": said["binding"],
            "Declaration digest": row.said.get("declaration_digest", "sealed with another case, or erased"),
        }
    )
    if said["sandbox"]:
        told += paragraph("It was issued by a sandbox: it proves nothing to any authority.", "note")
    if said["case_name"] != case:
        told += paragraph(
            "It was issued for another case and covers this order. It is sealed under that case's key, which this file does"
            " not hold; that the text is the platform's is shown by the platform's signature.",
            "note",
        )
    files = [link(f"{folder}/row.json", "record")]
    if "proof" in row.said:
        files.append(link(f"{folder}/proof.txt", "the platform's signed proof"))
    if said["key"]:
        files.append(link(f"{folder}/key.json", "the platform's public key"))
    return told + paragraph(iter(files))


def _decisions(told: Told) -> Html:
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


def _reasons(told: Told) -> Html:
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


def _history(told: Told) -> Html:
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


def _rules(told: Told) -> Html:
    rows = [
        (name, digest, joined((link(f"{folder}/files/{file}", file) for file in files), ", "))
        for folder, digest, name, files in told.rulebooks
    ]
    return section("Rules by which it was decided", table(("rulebook", "digest", "texts"), rows))


def _beside(told: Told) -> Html:
    files = [link("case.json", "the case as it stands")]
    files += [
        link(f"records/{name}.json", f"{name.replace('_', ' ')} ({len(rows)})")
        for name, rows in told.whole.beside.items()
        if rows
    ]
    note = paragraph(
        "These show where things stood when this file was made, and the server's own work: tries at platforms, requests,"
        " what the order drew on a blanket certificate. The log does not vouch for them, but each change of the case is"
        " an entry of it."
    )
    return section("Besides", note + paragraph(iter(files)))


def _proof(told: Told) -> Html:
    body = paragraph(
        "manifest.txt has the SHA-256 of every other file (sha256sum --check manifest.txt). That says only that nothing was"
        " damaged. That it is what was recorded then, the log proves: each file below declarations, decisions,"
        " certificates and rules is the plain text of a column of the record beside it, row.json; the record hashes to"
        " what an entry below log says; the entry stands under log/head.txt by its inclusion proof (RFC 9162); and the"
        " head is signed with the log's Ed25519 key."
    )
    body += paragraph(
        "Take that key from whoever you trust to have kept it, not from this file: the keys below log are what the database"
        " says of itself. explanation.json, this page and what stands under Besides are made from the rest, and"
        " nothing vouches for them. A proof cannot tell what was left out; but the changes of the case are numbered."
    )
    body += paragraph(
        "origingate log verify FILE.zip --key PUBLIC.pem verifies all of this. So does a program of a page, which needs"
        " nothing of Origin Gate; docs/auditing.md of the project shows it."
    )
    return section("How to verify it", body)
