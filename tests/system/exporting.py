"""Exports of cases: asked for, taken apart and put together again, and verified by the docs' program and by ours."""

import io
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest
from origingate.v1 import evidence_service_pb2, evidence_service_pb2_grpc

from server.audit.exported import audit_export
from server.audit.unpacked import unpacked
from server.log_keys import log_public_keys
from tests.docs.pages import PROJECT, blocks
from tests.system.processes import Server

MANIFEST = "manifest.txt"
Verify = Callable[[bytes], list[str]]


def exported(server: Server, name: str) -> bytes:
    """The case's zip, as the server sends it."""
    stub = evidence_service_pb2_grpc.EvidenceServiceStub(server.channel)
    answers = stub.ExportEvidence(evidence_service_pb2.ExportEvidenceRequest(name=name), timeout=20)
    return b"".join(answer.chunk for answer in answers)


def files_of(zipped: bytes) -> dict[str, bytes]:
    """The files of a zip."""
    with ZipFile(io.BytesIO(zipped)) as found:
        return {name: found.read(name) for name in found.namelist()}


def zip_of(files: Mapping[str, bytes], *, forged: bool = False) -> bytes:
    """A zip of files; a forger writes the manifest anew."""
    files = dict(files)
    if forged:
        del files[MANIFEST]
        lines = [f"{sha256(octets).hexdigest()}  {name}\n" for name, octets in sorted(files.items())]
        files[MANIFEST] = "".join(lines).encode()
    out = io.BytesIO()
    with ZipFile(out, "w") as zipped:
        for name, octets in files.items():
            zipped.writestr(name, octets)
    return out.getvalue()


def program(key: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Verify:
    """The program of docs/auditing.md, in a folder where the reader has kept the log's key."""
    [block] = [each for each in blocks(PROJECT / "docs/auditing.md") if 'ZipFile("case.zip")' in each.text]
    code = compile(block.text, f"docs/auditing.md:{block.line}", "exec")
    (folder / "origingate.db.log-key.pub.pem").write_bytes(key.read_bytes())
    monkeypatch.chdir(folder)

    def verify(zipped: bytes) -> list[str]:
        (folder / "case.zip").write_bytes(zipped)
        try:
            exec(code, {"print": lambda *said: None})
        except Exception as error:
            return [repr(error)]
        return []

    return verify


def audited(key: Path, folder: Path) -> Verify:
    """`origingate log verify`, within this process: the faults it names."""
    keys = log_public_keys([key])

    def verify(zipped: bytes) -> list[str]:
        (folder / "audited.zip").write_bytes(zipped)
        with unpacked(folder / "audited.zip") as found:
            return [str(fault) for fault in audit_export(found, keys, ()).tally.faults]

    return verify
