"""The sandbox's HTTP interface.

    POST /v1/certificates                       {reference, digest, content}; one reference, one answer
    GET  /v1/references/{reference}             what became of a submission
    GET  /v1/certificates/{e_cert_id}/status
    POST /v1/certificates/{e_cert_id}/void      {because}
    GET  /.well-known/jwks.json                 the keys that verify its proofs
    GET  /v1/health

For tests, and of no platform that is not a sandbox:

    GET | POST | DELETE /faults                 what goes wrong next, e.g. {"fault": "drop_reply", "times": 1}
    POST /keys/rotate                           a new signing key; {"withdraw": true} forgets the older ones
    POST /revoke                                {e_cert_id}: the platform itself takes it out of force

A fault has `fault` (one of FaultKind), `operation` (submit, lookup, status, void, keys, health or any; submit
unless said), `times` (1 unless said, null until cleared), `seconds` for latency and too_many, `polls` for
pending (so many look-ups are answered "pending", then it is issued), `codes` for reject ([{code, line_id,
text}]); with second_issue it issues to another reference although a certificate for the same content is in force,
as a platform does that compares nothing. Several may be set; a request meets at most one of each kind.
"""

import re
from typing import Final

from aiohttp import web

from engine.declaration import Json, UncertifiableError, digest
from server.platforms.classify import read_object
from server.sandbox.faults import BEFALLEN, FAULTS, FaultKind, Faults, befall, read_fault
from server.sandbox.issuer import Issuer
from server.sandbox.ledger import Entry

LARGEST_REQUEST: Final = 16 * 1024 * 1024

_REFERENCE: Final = re.compile(r"[\x21-\x7e]{1,200}")
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")


def sandbox_app(issuer: Issuer) -> web.Application:
    """The application that serves an issuer."""
    api = _Api(issuer)
    app = web.Application(middlewares=[befall], client_max_size=LARGEST_REQUEST)
    app[FAULTS] = Faults()
    app.add_routes(
        [
            web.post("/v1/certificates", api.submit, name="submit"),
            web.get("/v1/references/{reference}", api.lookup, name="lookup", allow_head=False),
            web.get("/v1/certificates/{e_cert_id}/status", api.status, name="status", allow_head=False),
            web.post("/v1/certificates/{e_cert_id}/void", api.void, name="void"),
            web.get("/.well-known/jwks.json", api.jwks, name="keys", allow_head=False),
            web.get("/v1/health", api.health, name="health", allow_head=False),
            web.get("/faults", api.faults, allow_head=False),
            web.post("/faults", api.add_fault),
            web.delete("/faults", api.clear_faults),
            web.post("/keys/rotate", api.rotate),
            web.post("/revoke", api.revoke),
        ]
    )
    return app


class _Api:
    def __init__(self, issuer: Issuer) -> None:
        self._issuer = issuer

    async def submit(self, request: web.Request) -> web.Response:
        body = read_object(await request.read()) or {}
        reference, claimed, content = body.get("reference"), body.get("digest"), body.get("content")
        if not isinstance(reference, str) or not _REFERENCE.fullmatch(reference):
            return _malformed("reference: 1 to 200 visible ASCII characters are expected")
        if not isinstance(claimed, str) or not _DIGEST.fullmatch(claimed):
            return _malformed("digest: `sha256:` and 64 hex digits are expected")
        if not isinstance(content, dict):
            return _malformed("content: an object is expected")
        known = self._issuer.known(reference)
        if known is not None:
            return self._answer(known) if known.digest == claimed else _error(409, "reference_reused")
        faults = request[BEFALLEN]
        existing = self._issuer.in_force(claimed)
        if existing is not None and FaultKind.SECOND_ISSUE not in faults:
            return _error(409, "duplicate", certificate=self._certificate(existing))
        codes = (
            ()
            if _digest_of(content) == claimed
            else ({"code": "DIGEST_MISMATCH", "line_id": "", "text": ""},)
        )
        return self._answer(self._issuer.decide(reference, claimed, codes, faults), created=True)

    async def lookup(self, request: web.Request) -> web.Response:
        entry = self._issuer.polled(request.match_info["reference"])
        return _error(404, "not_found") if entry is None else self._answer(entry)

    async def status(self, request: web.Request) -> web.Response:
        entry = self._issuer.certificate(request.match_info["e_cert_id"])
        if entry is None:
            return _error(404, "not_found")
        return web.json_response({"status": self._issuer.status(entry), "sandbox": True})

    async def void(self, request: web.Request) -> web.Response:
        entry = self._issuer.revoke(request.match_info["e_cert_id"])
        return _error(404, "not_found") if entry is None else web.json_response({"status": "revoked"})

    async def jwks(self, _request: web.Request) -> web.Response:
        return web.json_response(self._issuer.keys.jwks())

    async def health(self, _request: web.Request) -> web.Response:
        return web.json_response({"healthy": True, "sandbox": True})

    async def faults(self, request: web.Request) -> web.Response:
        return web.json_response({"faults": request.app[FAULTS].waiting()})

    async def add_fault(self, request: web.Request) -> web.Response:
        fault = read_fault(await request.read())
        if isinstance(fault, str):
            return _malformed(fault)
        request.app[FAULTS].add(fault)
        return await self.faults(request)

    async def clear_faults(self, request: web.Request) -> web.Response:
        request.app[FAULTS].clear()
        return await self.faults(request)

    async def rotate(self, request: web.Request) -> web.Response:
        body = read_object(await request.read()) or {}
        return web.json_response({"kid": self._issuer.keys.rotate(withdraw=body.get("withdraw") is True)})

    async def revoke(self, request: web.Request) -> web.Response:
        e_cert_id = (read_object(await request.read()) or {}).get("e_cert_id")
        entry = self._issuer.revoke(e_cert_id) if isinstance(e_cert_id, str) else None
        return _error(404, "not_found") if entry is None else web.json_response({"status": "revoked"})

    def _answer(self, entry: Entry, *, created: bool = False) -> web.Response:
        match entry.state:
            case "issued":
                body: dict[str, Json] = {"state": "issued", "certificate": self._certificate(entry)}
                return web.json_response(body, status=201 if created else 200)
            case "rejected":
                return _error(422, "rejected", codes=[dict(code) for code in entry.codes])
            case "pending":
                return web.json_response({"state": "pending", "poll_after_seconds": 0.05}, status=202)
            case "review":
                because = "a person looks at it"
                return web.json_response({"state": "review", "because": because}, status=202)

    def _certificate(self, entry: Entry) -> dict[str, Json]:
        return {
            "e_cert_id": entry.e_cert_id,
            "reference": entry.reference,
            "declaration_digest": entry.digest,
            "status": self._issuer.status(entry),
            "proof": entry.proof,
            "sandbox": True,
        }


def _digest_of(content: dict[str, Json]) -> str | None:
    try:
        return digest(content)
    except UncertifiableError:
        return None


def _malformed(because: str) -> web.Response:
    return _error(400, "malformed", because=because)


def _error(status: int, error: str, **more: Json) -> web.Response:
    return web.json_response({"error": error, **more}, status=status)
