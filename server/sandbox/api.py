"""The sandbox's HTTP interface, as platforms have one. What only a sandbox has is in `controls`.

POST /v1/certificates                       {reference, digest, content}; one reference, one answer
POST /v1/certificates/{e_cert_id}/replace   the same; the new certificate takes the old one's place in one step
GET  /v1/references/{reference}             what became of a submission
GET  /v1/submissions/{id}                   the same, by the id that an answer to an undecided one gives
GET  /v1/certificates/{e_cert_id}/status
POST /v1/certificates/{e_cert_id}/void      {because}
GET  /.well-known/jwks.json                 the keys that verify its proofs
GET  /v1/health
"""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from aiohttp import web

from engine.declaration import Json
from server.platforms.classify import read_object
from server.sandbox.answers import error, malformed, not_found, rejected
from server.sandbox.clock import SandboxClock
from server.sandbox.controls import controls
from server.sandbox.entry import Entry
from server.sandbox.faults import ARRIVED, BEFALLEN, FAULTS, Fault, FaultKind, Faults, befall
from server.sandbox.issuer import Issuer, not_active
from server.sandbox.submission import read_submission

LARGEST_REQUEST: Final = 16 * 1024 * 1024


def sandbox_app(issuer: Issuer, clock: SandboxClock, faults: Iterable[Fault] = ()) -> web.Application:
    """The application that serves an issuer; `faults` are set from the start."""
    api = _Api(issuer)
    app = web.Application(middlewares=[befall], client_max_size=LARGEST_REQUEST)
    app[FAULTS], app[ARRIVED] = Faults(faults), Counter()
    app.add_routes(
        [
            web.post("/v1/certificates", api.submit, name="submit"),
            web.post("/v1/certificates/{e_cert_id}/replace", api.replace, name="replace"),
            web.get("/v1/references/{reference}", api.lookup, name="lookup", allow_head=False),
            web.get("/v1/submissions/{id}", api.lookup_by_id, name="lookup_by_id", allow_head=False),
            web.get("/v1/certificates/{e_cert_id}/status", api.status, name="status", allow_head=False),
            web.post("/v1/certificates/{e_cert_id}/void", api.void, name="void"),
            web.get("/.well-known/jwks.json", api.jwks, name="keys", allow_head=False),
            web.get("/v1/health", api.health, name="health", allow_head=False),
            *controls(issuer, clock),
        ]
    )
    return app


class _Api:
    def __init__(self, issuer: Issuer) -> None:
        self._issuer = issuer

    async def submit(self, request: web.Request) -> web.Response:
        return _bare(request, await self._take(request, None))

    async def replace(self, request: web.Request) -> web.Response:
        old = self._issuer.certificate(request.match_info["e_cert_id"])
        return not_found() if old is None else _bare(request, await self._take(request, old))

    async def lookup(self, request: web.Request) -> web.Response:
        entry = self._issuer.polled(request.match_info["reference"])
        return not_found() if entry is None else self._answer(entry)

    async def lookup_by_id(self, request: web.Request) -> web.Response:
        asked = self._issuer.submission(request.match_info["id"])
        entry = None if asked is None else self._issuer.polled(asked.reference)
        return not_found() if entry is None else self._answer(entry)

    async def status(self, request: web.Request) -> web.Response:
        entry = self._issuer.certificate(request.match_info["e_cert_id"])
        if entry is None or not self._issuer.is_seen(entry):
            return not_found()
        told: dict[str, Json] = {"status": self._issuer.status(entry), "sandbox": True}
        if entry.certified:
            told |= {"reference": entry.reference, "certified": dict(entry.certified)}
        return web.json_response(told | ({"replaced_by": entry.replaced_by} if entry.replaced_by else {}))

    async def void(self, request: web.Request) -> web.Response:
        because = (read_object(await request.read()) or {}).get("because")
        entry = self._issuer.certificate(request.match_info["e_cert_id"])
        if entry is None:
            return not_found()
        status = self._issuer.status(entry)
        if status == "replaced":
            text = f"It was replaced by {entry.replaced_by}."
            return rejected(({"code": "REPLACED", "line_id": "", "text": text},))
        if status != "revoked" and not self._issuer.is_voidable(entry):
            text = "The time in which it could be voided is over."
            return rejected(({"code": "VOID_WINDOW_OVER", "line_id": "", "text": text},))
        self._issuer.revoke(entry, because if isinstance(because, str) else "")
        return web.json_response({"status": "revoked"})

    async def jwks(self, _request: web.Request) -> web.Response:
        return web.json_response(self._issuer.keys.jwks())

    async def health(self, _request: web.Request) -> web.Response:
        return web.json_response({"healthy": True, "sandbox": True})

    async def _take(self, request: web.Request, old: Entry | None) -> web.Response:
        """Takes a submission; `old` is the certificate that it is to replace."""
        submitted = read_submission(await request.read())
        if isinstance(submitted, str):
            return malformed(submitted)
        replaces = "" if old is None else old.e_cert_id
        known = self._issuer.known(submitted.reference)
        if known is not None:
            same = (known.digest, known.replaces) == (submitted.digest, replaces)
            return self._answer(known) if same else error(409, "reference_reused")
        # Read again: while the body came, its status may have changed.
        old = self._issuer.certificate(replaces) if replaces else None
        if old is not None and (status := self._issuer.status(old)) != "active":
            return rejected(not_active(status))
        there = self._issuer.in_force(submitted.digest)
        if there is not None and there != old and FaultKind.SECOND_ISSUE not in request[BEFALLEN]:
            return self._duplicate(there)
        asked = self._issuer.asked(submitted, replaces)
        entry = self._issuer.decide(asked, submitted.codes, request[BEFALLEN])
        return self._answer(entry, created=True)

    def _answer(self, entry: Entry, *, created: bool = False) -> web.Response:
        match entry.state:
            case "issued":
                body: dict[str, Json] = {"state": "issued", "certificate": self._certificate(entry)}
                return web.json_response(body, status=201 if created else 200)
            case "rejected":
                return rejected(entry.codes)
            case "pending":
                body = {"state": "pending", "id": entry.submission_id, "poll_after_seconds": 0.05}
                return web.json_response(body, status=202)
            case "review":
                because = "a person looks at it"
                body = {"state": "review", "id": entry.submission_id, "because": because}
                return web.json_response(body, status=202)
            case "duplicate":
                there = self._issuer.certificate(entry.duplicate_of)
                return error(409, "duplicate") if there is None else self._duplicate(there)

    def _duplicate(self, there: Entry) -> web.Response:
        return error(409, "duplicate", certificate=self._certificate(there))

    def _certificate(self, entry: Entry) -> dict[str, Json]:
        names: dict[str, Json] = {"replaces": entry.replaces, "replaced_by": entry.replaced_by}
        return {
            "e_cert_id": entry.e_cert_id,
            "reference": entry.reference,
            "declaration_digest": entry.digest,
            "status": self._issuer.status(entry),
            "proof": entry.proof,
            "sandbox": True,
            **{name: e_cert_id for name, e_cert_id in names.items() if e_cert_id},
        }


def _bare(request: web.Request, answer: web.Response) -> web.Response:
    """The answer to a submission, or where that fault befalls it, that there is one already, and not which."""
    told = answer.status < 300 or answer.status == 409
    return (
        error(409, "duplicate")
        if told and FaultKind.DUPLICATE_WITHOUT_CONTENT in request[BEFALLEN]
        else answer
    )
