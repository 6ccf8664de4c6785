"""What the page tells of the order: what is certified, what was sold, and the certificates."""

from collections.abc import Mapping
from typing import Any, Final

from server.export.html import Html, columns, definitions, link, paragraph, section, shown, table
from server.export.reading import Kept
from server.export.told import Declared, Told

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


_NOT_GIVEN: Final = "not given"


def certification(told: Told) -> Html:
    """The declaration that the case has, by the elements of a certification."""
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


def order(told: Told) -> Html:
    """The order as the last decision knew it."""
    if told.facts is None:
        return Html("")
    order = columns(told.facts).get("order")
    note = paragraph(
        "As the last decision knew it. What was known at each stage is facts.json beside each decision."
    )
    return section("The order", note + shown(order)) if order else Html("")


def certificates(told: Told) -> Html:
    """Every certificate of the case, and those of other cases that cover it."""
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
