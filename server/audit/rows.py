"""Rows of evidence against the entries that vouch for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, TypeAlias

from server.audit.entries import Said, parsed
from server.audit.erased import written_over
from server.audit.faults import Kind, Tally
from server.audit.raw import Plain, Raw, Row, names, octets_of, reader
from server.store.covered import EVIDENCE, ROW, Evidence, rest_digest

Key: TypeAlias = tuple[Plain, ...]

EITHER: Final = "envelope/leaf"
_DECLARES: Final = frozenset({"DECLARE", "SUPERSEDE"})
# What an entry of version 1 said by its event of the row that it is about.
_SAID_BY_EVENT: Final = {
    "decisions": ("question", "outcome", "facts_digest", "rulebook_digest"),
    "certificates": ("declaration_version", "declaration_digest", "sandbox"),
    "declarations": (),
}
_BODY: Final = {"decisions": "body", "certificates": "proof"}


@dataclass(frozen=True, slots=True)
class Place:
    """How the rows of a table of evidence are found: by which columns, of which one many values are asked at once."""

    evidence: Evidence
    key: tuple[str, ...]
    by: str
    kind: str
    subject: str
    prefix: str = ""
    """What stands before the key in the subject of a row that belongs to no case."""
    of: str = ""
    """What stands before the column of the subject, where that is no whole subject by itself."""


PLACES: Final = {
    place.evidence.name: place
    for place in (
        Place(
            EVIDENCE["decisions"],
            ("tenant", "decision_id"),
            "decision_id",
            "decision",
            "case_name",
            "decisions/",
        ),
        Place(
            EVIDENCE["declarations"],
            ("tenant", "case_name", "version"),
            "case_name",
            "transition",
            "case_name",
        ),
        Place(
            EVIDENCE["certificates"],
            ("tenant", "platform", "e_cert_id"),
            "e_cert_id",
            "certificate",
            "case_name",
        ),
        Place(EVIDENCE["rulebooks"], ("digest",), "digest", "rulebook", "digest", "rulebooks/"),
        Place(EVIDENCE["activations"], ("number",), "number", "activation", "number", "activations/"),
        Place(
            EVIDENCE["site_changes"],
            ("tenant", "site_id", "number"),
            "site_id",
            "site",
            "site_id",
            of="sites/",
        ),
    )
}


def covered_by(said: Said) -> tuple[str, Key] | None:
    """The table and the key of the row that an entry vouches for; None where it vouches for none, or its event is lost."""
    event = said.event
    if event is None:
        return None
    match said.kind:
        case "decision":
            return "decisions", (said.tenant, event.get("decision"))
        case "certificate":
            return "certificates", (said.tenant, event.get("platform"), event.get("e_cert_id"))
        case "rulebook":
            return "rulebooks", (event.get("rulebook_digest"),)
        case "activation":
            return "activations", (event.get("number"),)
        case "site":
            return "site_changes", (said.tenant, event.get("site_id"), event.get("number"))
        case "transition" if event.get("event") in _DECLARES:
            return "declarations", (said.tenant, said.subject, event.get("declaration_version"))
    return None


class Rows:
    """Compares rows with entries, page by page."""

    def __init__(self, raw: Raw) -> None:
        self._raw = raw
        self._convert = {
            name: [
                (column, to)
                for column in place.evidence.rest
                if (to := reader(place.evidence.table.columns[column])) is not None
            ]
            for name, place in PLACES.items()
        }

    def compare(self, entries: Iterable[Said], tally: Tally) -> dict[int, str]:
        """Compares the rows that some entries vouch for; of doubtful entries, by position, what was changed.

        That is the envelope where the row does not fit it. Where a later entry is about the same row nobody can tell.
        """
        unfit: dict[int, str] = {}
        wanted: dict[str, dict[Key, Said]] = {}
        for said in entries:
            found = covered_by(said)
            if found is None:
                if said.event is None and (table := said.envelope.get("table")) is not None:
                    tally.counted(str(table), said.version)
                continue
            table, key = found
            tally.counted(table, said.version)
            # Of a certificate the last entry counts: it covers the row as it stood then.
            by_key = wanted.setdefault(table, {})
            if (earlier := by_key.get(key)) is not None and earlier.doubtful:
                unfit[earlier.position] = EITHER
            by_key[key] = said
        for table, by_key in wanted.items():
            there = self._fetch(PLACES[table], by_key)
            for key, said in by_key.items():
                row = there.get(key)
                if said.doubtful:
                    if row is None or self._unlike(PLACES[table], said, row):
                        again = table == "certificates" and self._said_again(said, key)
                        unfit[said.position] = EITHER if again else "envelope"
                else:
                    self._compare(PLACES[table], key, said, row, tally)
        return unfit

    def _fetch(self, place: Place, by_key: Iterable[Key]) -> dict[Key, Row]:
        evidence = place.evidence
        asked = names(evidence.table, evidence.rest)
        large = self._raw.large(evidence.table, evidence.texts)
        tenants = place.key[0] == "tenant"
        scope = '"tenant" = ? AND ' if tenants else ""
        sql = f'SELECT {asked}, {large} FROM "{evidence.name}" WHERE {scope}"{place.by}" IN ({{}})'
        at = place.key.index(place.by)
        groups: dict[Plain, dict[Plain, None]] = {}
        for key in by_key:
            groups.setdefault(key[0] if tenants else None, {})[key[at]] = None
        numbers = [evidence.rest.index(name) for name in place.key]
        found: dict[Key, Row] = {}
        for tenant, values in groups.items():
            for row in self._raw.among(sql, [tenant] if tenants else [], list(values)):
                found[tuple([row[number] for number in numbers])] = row
        return found

    def _compare(self, place: Place, key: Key, said: Said, row: Row | None, tally: Tally) -> None:
        table = place.evidence.name
        shown = "/".join(map(str, key))
        if row is None:
            tally.fault(Kind.REMOVED, table, shown, "", f"entry {said.position} of the log vouches for it")
            return
        wrong = self._unlike(place, said, row)
        if wrong and table == "certificates" and self._said_again(said, key):
            # A later entry vouches for the row as it is now, and is looked at by itself.
            return
        if wrong and written_over(self._raw, place.evidence, said, _as_texts(place.evidence, row)):
            return
        because = f"it is not what entry {said.position} of the log vouches for"
        for column in wrong:
            tally.fault(Kind.CHANGED, table, shown, column, because)

    def _unlike(self, place: Place, said: Said, row: Row) -> list[str]:
        of = self._unlike_covered if said.version > 1 else self._unlike_event
        return of(place, said, row)

    def _unlike_covered(self, place: Place, said: Said, row: Row) -> list[str]:
        """The columns that are not as the entry says; the smaller ones are told together."""
        covers = said.envelope.get("covers")
        digests = covers if isinstance(covers, dict) else {}
        evidence = place.evidence
        wrong = []
        for name, value in zip(evidence.texts, row[len(evidence.rest) :], strict=True):
            is_now = None if value is None else "sha256:" + sha256(octets_of(value)).hexdigest()
            if is_now != digests.get(name):
                wrong.append(name)
        values = dict(zip(evidence.rest, row, strict=False))
        for name, to in self._convert[evidence.name]:
            values[name] = to(values[name])
        try:
            same = rest_digest(values) == digests.get(ROW)
        except (ValueError, TypeError):
            same = False
        if not same or said.envelope.get("table") != evidence.name:
            wrong.append("/".join(evidence.rest))
        return wrong

    def _unlike_event(self, place: Place, said: Said, row: Row) -> list[str]:
        """The same for an entry of version 1, which covers one text, and says some columns by its event."""
        table = place.evidence.name
        columns = (*place.evidence.rest, *place.evidence.texts)
        values = dict(zip(columns, row, strict=True))
        for name, to in self._convert[table]:
            values[name] = to(values[name])
        event = said.event or {}
        wrong = [name for name in _SAID_BY_EVENT.get(table, ()) if values[name] != event.get(name)]
        body = _BODY.get(table)
        if body is not None:
            is_now = "sha256:" + sha256(octets_of(values[body])).hexdigest()
            if is_now != said.envelope.get("body"):
                wrong.append(body)
        return wrong

    def _said_again(self, said: Said, key: Key) -> bool:
        """Whether a later entry vouches for the same certificate."""
        rows = self._raw.ask(
            "SELECT event FROM log WHERE tenant = ? AND subject = ? AND position > ? AND kind = 'certificate'",
            [said.tenant, said.subject, said.position],
        )
        told = [parsed(event) or {} for (event,) in rows]
        return any((said.tenant, each.get("platform"), each.get("e_cert_id")) == key for each in told)


def _as_texts(evidence: Evidence, row: Row) -> dict[str, Plain]:
    """A row by its columns, of large texts only whether they are empty."""
    large = {
        name: value and "..." for name, value in zip(evidence.texts, row[len(evidence.rest) :], strict=True)
    }
    empty = {name: "" if value in (b"", "") else value for name, value in large.items()}
    return {**dict(zip(evidence.rest, row, strict=False)), **empty}
