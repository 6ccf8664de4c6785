"""A case, written into its zip: what the log vouches for with what vouches for it, then the rest, and the page."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, Protocol, TypeVar

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import Connection

from engine.explanation import as_tree, explain
from engine.rulebook import Rulebook, load
from engine.written_facts import facts_of
from server.export.archive import Archive
from server.export.page import index_page
from server.export.reading import (
    PAGE,
    Kept,
    Vouched,
    Whole,
    decided_beside,
    entries_about,
    entries_of_case,
    entry_about,
    rulebook_of,
    whole_of,
)
from server.export.told import Decided, Declared, Happened, Told
from server.log_keys import public_key
from server.recorded.again import asked_about

T = TypeVar("T")

ROW: Final = "row.json"
# Texts that are no JSON; every other column of text is.
_TEXTS: Final = frozenset({"digest", "declaration_digest", "facts_digest", "proof"})
_KEY: Final = "key"


class Look(Protocol):
    """Runs a query on one view of the database, and waits for it."""

    def __call__(self, query: Callable[[Connection], T], /) -> T: ...


def export_case(
    look: Look,
    tenant: str,
    name: str,
    served: Rulebook | None = None,
    sites: frozenset[str] | None = None,
) -> Iterator[bytes]:
    """A case as the chunks of a zip. The same records under the same head give the same octets.

    `sites` are those that the caller may ask about, None where it may ask about any: of another site's certificate that
    covers the case it gets what proves that it does, and nothing in plain.

    Each look at the database is a short one: who takes the chunks slowly holds nothing up. `served` is a rulebook that is
    at hand already. Raises CaseNotFound and StoreUnavailable before the first chunk; CaseErased where the case is erased
    meanwhile.
    """
    archive = Archive()
    whole = look(lambda connection: whole_of(connection, tenant, name, sites))
    for _ in _Filing(look, whole, archive, served).file():
        yield from archive.chunks()
    archive.finish()
    yield from archive.chunks(last=True)


class _Filing:
    """Puts a case's records into the archive, one after the other, and keeps what the page tells of them."""

    def __init__(self, look: Look, whole: Whole, archive: Archive, served: Rulebook | None) -> None:
        self._look = look
        self._whole = whole
        self._archive = archive
        self._served = served
        self._told = Told(whole)
        self._rulebooks: dict[str, Rulebook | None] = {}
        self._certified: dict[tuple[Any, Any], int] = {}

    def file(self) -> Iterator[None]:
        """Files everything, in steps between which what was written can be taken."""
        self._log()
        start = 0
        while page := self._ask(entries_of_case, self._whole, start):
            for vouched in page:
                self._entry(vouched)
                yield
            start = page[-1].entry.position + 1
        for vouched in self._beside_the_case():
            self._entry(vouched)
            yield
        self._certificates()
        self._records()
        yield
        self._archive.add("index.html", index_page(self._told).encode())

    def _log(self) -> None:
        whole = self._whole
        self._archive.add("log/head.txt", whole.head.encode())
        for number, record in enumerate(whole.keys, start=1):
            key = public_key(b64decode(record.public_key))
            pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            self._archive.add(f"log/key-{number}.pem", pem)
        if whole.data_key is not None:
            key_id, octets = whole.data_key
            self._add("data-key.json", {"key_id": key_id, "key": b64encode(octets).decode()})

    def _beside_the_case(self) -> Iterator[Vouched]:
        """Entries about what requests brought about besides, some at a time."""
        asked = [json.loads(str(row["decisions"])) for row in self._whole.beside["requests"]]
        ids = sorted({decision for each in asked for decision in each})
        for at in range(0, len(ids), PAGE):
            some = ids[at : at + PAGE]
            beside = self._ask(decided_beside, self._whole, some)
            subjects = [f"decisions/{decision}" for decision in beside]
            if subjects:
                yield from self._ask(entries_about, self._whole, self._whole.tenant, subjects)

    def _entry(self, vouched: Vouched, *, in_plain: bool = True) -> None:
        entry, event = vouched.entry, vouched.event
        path = f"log/{entry.position:010}.json"
        receipt = {
            "position": str(entry.position),
            "envelope": entry.envelope,
            "event": entry.event,
            "inclusion": [b64encode(step).decode() for step in vouched.path],
            "head": self._whole.head,
        }
        self._add(path, receipt)
        if vouched.words and in_plain:
            self._add(f"log/{entry.position:010}.words.json", vouched.words)
        self._told.happened.append(Happened(path, entry.at, entry.kind, event if in_plain else {}))
        if vouched.row is None:
            if entry.kind == "certificate":
                self._certified[event["platform"], event["e_cert_id"]] = entry.position
        elif vouched.row.table == "decisions":
            self._decision(vouched.row, entry.position)
        elif vouched.row.table == "declarations":
            self._declaration(vouched.row, entry.position)

    def _declaration(self, row: Kept, position: int) -> None:
        folder = f"declarations/{row.columns['version']}"
        self._rulebook(str(row.columns["rulebook_digest"]))
        self._row(folder, row, position)
        self._told.declared.append(
            Declared(
                folder,
                str(row.columns["version"]),
                str(row.columns["declared_at"]),
                row.said.get("digest", ""),
                _parsed(row.said.get("content")),
            )
        )

    def _decision(self, row: Kept, position: int) -> None:
        question = str(row.columns["question"])
        folder = f"decisions/{len(self._told.decided) + 1:04}-{_named(question)}"
        rulebook = self._rulebook(str(row.columns["rulebook_digest"]))
        self._row(folder, row, position)
        explanation = None
        if "body" in row.said and "facts" in row.said:
            explanation = _explanation(rulebook, question, row.said["body"], row.said["facts"])
            self._add(f"{folder}/explanation.json", explanation)
        of_case = row.columns["case_name"] is not None
        decided = Decided(folder, row.columns, _parsed(row.said.get("body")), of_case)
        self._told.add(decided, explanation, row.said.get("facts"))

    def _rulebook(self, digest: str) -> Rulebook | None:
        """A rulebook by which something was decided. Its texts are filed when it is first met."""
        if digest in self._rulebooks:
            return self._rulebooks[digest]
        row = self._ask(rulebook_of, digest)
        if row is None:
            return self._rulebooks.setdefault(digest, None)
        about = self._ask(entries_about, self._whole, "", [f"rulebooks/{digest}"])
        folder = f"rules/{len(self._rulebooks) + 1}-{_named(str(row.columns['name']))}"
        files: dict[str, str] = json.loads(str(row.columns["files"]))
        self._rulebooks[digest] = None
        for vouched in about:
            self._entry(vouched)
        self._row(folder, row, about[0].entry.position if about else None)
        for name, text in sorted(files.items()):
            self._archive.add(f"{folder}/files/{_path(name)}", text.encode())
        self._told.rulebooks.append((folder, digest, str(row.columns["name"]), tuple(sorted(files))))
        if self._served is not None and self._served.digest == digest:
            self._rulebooks[digest] = self._served
        else:
            loaded = load(files)
            fits = isinstance(loaded, Rulebook) and loaded.digest == digest
            self._rulebooks[digest] = loaded if isinstance(loaded, Rulebook) and fits else None
        return self._rulebooks[digest]

    def _certificates(self) -> None:
        for row in self._whole.others:
            about = self._ask(entry_about, self._whole, row)
            if about is not None:
                self._entry(about, in_plain=row.columns["case_name"] not in self._whole.beyond)
        # What is said of a person in another case's certificate is not told with one that is erased, nor to who may not
        # ask about that case.
        others = tuple(
            replace(row, said={})
            if self._whole.erased_at is not None or row.columns["case_name"] in self._whole.beyond
            else row
            for row in self._whole.others
        )
        for number, row in enumerate((*self._whole.certificates, *others), start=1):
            folder = f"certificates/{number}"
            name = row.columns["platform"], row.columns["e_cert_id"]
            self._row(folder, row, self._certified.get(name))
            self._told.certificates.append((folder, row))

    def _records(self) -> None:
        """What the log does not vouch for: where things stood when it was exported."""
        case = self._whole.case.plain
        parsed = {name: _parsed(str(case[name] or "")) for name in ("site", "order")}
        self._add("case.json", {**case, **parsed})
        for table, rows in self._whole.beside.items():
            if rows:
                self._add(f"records/{table}.json", rows)

    def _row(self, folder: str, row: Kept, position: int | None) -> None:
        """A row as its table keeps it, and each of its texts as a file of its own, in plain."""
        told = {"table": row.table, "key": row.key, "position": position, "columns": row.columns}
        self._add(f"{folder}/{ROW}", told)
        texts = dict(row.said)
        if row.table == "certificates" and row.columns["key"]:
            texts[_KEY] = str(row.columns["key"])
        for column, text in sorted(texts.items()):
            self._archive.add(f"{folder}/{column}.{'txt' if column in _TEXTS else 'json'}", text.encode())

    def _ask(self, query: Callable[..., T], *given: object) -> T:
        return self._look(lambda connection: query(connection, *given))

    def _add(self, path: str, said: Mapping[str, Any] | Sequence[Any]) -> None:
        text = json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True)
        self._archive.add(path, f"{text}\n".encode())


def _explanation(rulebook: Rulebook | None, question: str, body: str, facts: str) -> dict[str, object]:
    if rulebook is None:
        return {"unexplained": "this version does not read the rulebook as the one that stored it did"}
    on, enforce = asked_about(body)
    return as_tree(explain(rulebook, question, facts_of(facts), on, enforce))


def _parsed(text: str | None) -> Any:
    return json.loads(text) if text else None


def _named(text: str) -> str:
    """A name as a path can have it."""
    return "".join("_" if letter in "/\\" or ord(letter) < ord(" ") else letter for letter in text)


def _path(text: str) -> str:
    """A path as a zip can have it: below its folder, wherever it is unpacked."""
    parts = text.split("/")
    return _named(text) if {"", ".", ".."} & set(parts) else "/".join(map(_named, parts))
