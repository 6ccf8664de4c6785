"""An audit of an export by itself, without the database: what it holds of a case against the log's signed head.

It finds what was changed or swapped. What was left out it cannot tell, but for changes of the case, which are numbered.
"""

import json
from base64 import b64decode, urlsafe_b64decode
from collections.abc import Sequence
from typing import Any, Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry

from engine.canonical_json import canonical_json
from engine.checkpoint import CheckpointUnreadable, Head, read_checkpoint
from engine.receipt import ReceiptDoesNotHold, read_receipt
from engine.signed_head import PublicKeys, octets_of, signed_by
from server.audit.entries import Said
from server.audit.faults import Kind, Tally
from server.audit.rows import covered_by
from server.audit.trusted import Outside
from server.audit.unpacked import FILE, Unpacked, compare_manifest
from server.audit.verify import Audit
from server.export.case import ROW
from server.store.covered import rest_digest, text_digest
from server.store.erasure import KIND as ERASURE
from server.store.errors import SealBroken
from server.store.sealing.envelope import DataKey, is_sealed, key_id_of

_BESIDE: Final = frozenset({"row", "explanation"})
_ODD: Final = (KeyError, TypeError, ValueError, AttributeError, RecursionError)


def audit_export(files: Unpacked, trusted: PublicKeys, outside: Sequence[Outside]) -> Audit:
    """Audits an export. Without trusted keys those count that it names itself."""
    tally = Tally()
    compare_manifest(files, tally)
    found = Audit(tally)
    head = _head(files, trusted, outside, found)
    if head is not None:
        found.origin = head.origin
        _Exported(files, tally, found).compare()
    return found


def _head(files: Unpacked, trusted: PublicKeys, outside: Sequence[Outside], found: Audit) -> Head | None:
    """The head that everything stands under; None where it cannot be read."""
    tally, path = found.tally, "log/head.txt"
    try:
        checkpoint = read_checkpoint(files.octets(path).decode("utf-8", "replace"))
    except CheckpointUnreadable as error:
        tally.fault(Kind.CHANGED, FILE, path, "", f"it is no signed head: {error}")
        return None
    head = checkpoint.head
    if signed_by(checkpoint, trusted or _own(files)) is None:
        tally.fault(Kind.UNSIGNED, FILE, path, "", "it is signed by no key that is trusted")
    found.heads = 1
    for each in outside:
        other = each.checkpoint.head
        if other.origin != head.origin:
            because = f"it is of the log {head.origin}, and the head in {each.file} of {other.origin}"
            tally.fault(Kind.CHANGED, FILE, path, "", because)
        elif other.size == head.size:
            found.outside += 1
            if other.root != head.root:
                because = f"these are not the entries over which {each.file} was signed"
                tally.fault(Kind.REWRITTEN, "log", f"0-{head.size - 1}", "", because)
    return head


def _own(files: Unpacked) -> PublicKeys:
    """The keys that the export names itself."""
    keys = {}
    for path in files.below("log/key-"):
        try:
            key = load_pem_public_key(files.octets(path))
        except (ValueError, UnsupportedAlgorithm):
            continue
        if isinstance(key, Ed25519PublicKey):
            keys[octets_of(key)] = key
    return keys


class _Exported:
    """The entries of an export, and what they vouch for."""

    def __init__(self, files: Unpacked, tally: Tally, found: Audit) -> None:
        self._files = files
        self._tally = tally
        self._found = found
        self._head = files.octets("log/head.txt").decode()
        self._entries: dict[int, Said] = {}
        case = files.json("case.json") if "case.json" in files else None
        told_of = case if isinstance(case, dict) else {}
        self._case, self._version = told_of.get("name"), told_of.get("version")
        told = files.json("data-key.json") if "data-key.json" in files else None
        try:
            self._key = None if told is None else DataKey.of(told["key_id"], b64decode(told["key"]))
        except _ODD:
            self._key = None
            tally.fault(Kind.CHANGED, FILE, "data-key.json", "", "it holds no key")

    def compare(self) -> None:
        """Compares everything."""
        for path in self._files.below("log/"):
            if path.endswith(".json") and not path.endswith(".words.json"):
                self._entry(path)
        self._erased = {each.subject for each in self._entries.values() if each.kind == ERASURE}
        for path in self._files.paths:
            folder, stroke, name = path.rpartition("/")
            if path.endswith(".words.json"):
                self._each(path, self._words)
            elif name == ROW:
                self._each(path, self._row)
            elif name == "content.json":
                self._each(path, self._content)
            elif name == "proof.txt" and f"{folder}{stroke}key.json" in self._files:
                self._each(path, self._proof)
        self._numbered()

    def _each(self, path: str, compare: Any) -> None:
        """Compares a file; one that is not as exports write it does not stop the audit."""
        try:
            compare(path)
        except _ODD as error:
            self._tally.fault(Kind.CHANGED, FILE, path, "", f"it is not as exports have it: {error!r}")

    def _entry(self, path: str) -> None:
        self._tally.entries += 1
        try:
            proved = read_receipt(self._files.octets(path).decode("utf-8", "replace"))
            if proved.checkpoint.text != self._head:
                raise ReceiptDoesNotHold("it is under another head")
            if f"log/{proved.position:010}.json" != path:
                raise ReceiptDoesNotHold(f"it is that of position {proved.position}")
            said = dict(proved.said)
            entry = Said(
                proved.position,
                said["tenant"],
                said["kind"],
                said["subject"],
                said["v"],
                said,
                dict(proved.event),
            )
        except (ReceiptDoesNotHold, KeyError) as error:
            self._tally.fault(Kind.CHANGED, FILE, path, "", f"it does not hold: {error}")
            return
        self._entries[entry.position] = entry

    def _row(self, path: str) -> None:
        """A record against its entry, and the texts beside it against the record."""
        row = self._files.json(path)
        table, columns = row["table"], row["columns"]
        self._texts(path, row)
        entry = self._entries.get(row["position"])
        if entry is None:
            if row["position"] is not None or table != "rulebooks":
                self._tally.fault(Kind.ADDED, FILE, path, "", "no entry of the log vouches for it")
            self._found.uncovered[table] = self._found.uncovered.get(table, 0) + 1
            return
        self._tally.counted(table, entry.version)
        if entry.version == 1:
            self._found.uncovered[table] = self._found.uncovered.get(table, 0) + 1
            return
        covers = entry.envelope["covers"]
        told = {name: text_digest(columns[name]) for name in covers if name != "row"}
        rest = {name: value for name, value in columns.items() if name not in covers}
        key = tuple(columns[name] for name in row["key"])
        same = covers == told | {"row": rest_digest(rest)} and covered_by(entry) == (table, key)
        if not same and not (self._erased and "" in columns.values()):
            because = f"it is not what entry {entry.position} of the log vouches for"
            self._tally.fault(Kind.CHANGED, FILE, path, "", because)

    def _texts(self, path: str, row: dict[str, Any]) -> None:
        folder, columns = path.removesuffix(ROW), row["columns"]
        for file in self._files.below(folder):
            column, _, text = file.removeprefix(folder).partition("/")
            column = column.partition(".")[0]
            if text:
                said: str | None = json.loads(columns[column]).get(text)
            elif column in _BESIDE:
                continue
            else:
                key = "".join(f"\x1f{columns[name]}" for name in row["key"])
                if self._is_anothers(columns, columns[column]):
                    continue
                said = self._opened(columns[column], f"{row['table']}.{column}{key}")
            if said is None or said.encode() != self._files.octets(file):
                self._tally.fault(Kind.CHANGED, FILE, file, "", f"it is not what {path} holds")

    def _is_anothers(self, columns: dict[str, Any], text: str) -> bool:
        """Whether a text is sealed with another case, whose certificate covers this one: the platform signed it."""
        mine = self._key is not None and is_sealed(text) and key_id_of(text) == self._key.key_id
        return columns.get("case_name") not in (self._case, None) and is_sealed(text) and not mine

    def _opened(self, text: str, place: str) -> str | None:
        """What a text says; None where it does not open."""
        if not is_sealed(text):
            return text
        if self._key is None or key_id_of(text) != self._key.key_id:
            return None
        try:
            return self._key.open(text, place)
        except SealBroken:
            return None

    def _words(self, path: str) -> None:
        entry = self._entries[int(path[len("log/") :].partition(".")[0])]
        event = entry.event or {}
        for word, said in self._files.json(path).items():
            place = f"log.event.{word}\x1f{entry.tenant}\x1f{entry.subject}"
            if self._opened(event[word], place) != said:
                self._tally.fault(
                    Kind.CHANGED, FILE, path, word, f"it is not what entry {entry.position} holds"
                )

    def _content(self, path: str) -> None:
        """The digest that certificates name is that of the content."""
        told = self._files.octets(path.replace("content.json", "digest.txt")).decode()
        if text_digest(canonical_json(self._files.json(path)).decode()) != told:
            self._tally.fault(Kind.CHANGED, FILE, path, "", "the declaration's digest is not its")

    def _proof(self, path: str) -> None:
        """The platform signed its proof."""
        key = self._files.json(path.replace("proof.txt", "key.json"))
        proof = self._files.octets(path).decode()
        try:
            header = json.loads(urlsafe_b64decode(proof.partition(".")[0] + "=="))
            jws.deserialize_compact(proof, JWKRegistry.import_key(key), algorithms=[header["alg"]])
        except JoseError as error:
            self._tally.fault(
                Kind.CHANGED, FILE, path, "", f"the platform's signature does not hold: {error}"
            )

    def _numbered(self) -> None:
        """The changes of the case have no gap."""
        numbers = {
            (each.event or {}).get("version")
            for each in self._entries.values()
            if (each.kind, each.subject) == ("transition", self._case)
        }
        missing = sorted(set(range(1, int(self._version or 0) + 1)) - numbers)
        if missing:
            shown = ", ".join(map(str, missing[:10]))
            self._tally.fault(Kind.REMOVED, "log", shown, "", "these changes of the case are missing")
