"""index.html: the case for people who were never here. It needs nothing but itself, runs nothing, and prints well."""

from engine.checkpoint import read_checkpoint
from server.export.html import Html, definitions, document, joined, link, paragraph, section
from server.export.page_decisions import decisions, history, reasons, rules
from server.export.page_order import certificates, certification, order
from server.export.told import Told
from server.store.covered import moment_text


def index_page(told: Told) -> str:
    """The page. Where things stand in the zip it says by links, which hold once the zip is unpacked."""
    case = told.whole.case.columns
    title = f"Order {case['order_id']} of {case['site_id']}"
    parts = [
        _about(told),
        certification(told),
        order(told),
        certificates(told),
        decisions(told),
        reasons(told),
        history(told),
        rules(told),
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
