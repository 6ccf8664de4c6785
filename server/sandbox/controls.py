"""What can be done to a sandbox, and to no platform that is not one.

GET | POST | DELETE /faults                 what goes wrong next, e.g. {"fault": "drop_reply", "times": 1}
GET | POST /clock                           its time; {"forward_seconds": 86400} moves it
POST /keys/rotate                           a new signing key; {"withdraw": true} forgets the older ones
POST /revoke                                {e_cert_id}: the platform itself takes it out of force
POST /review                                {reference, codes}: a person decides; without codes it is issued
POST /notices                               {url, reference | id | e_cert_id, key}: it calls who asks it
GET  /ledger                                every submission with what became of it
GET  /arrived                               how many requests of each operation came
"""

from aiohttp import web
from pydantic import BaseModel, ConfigDict, ValidationError

from server.platforms.classify import read_object
from server.sandbox.answers import error, malformed, not_found
from server.sandbox.clock import SandboxClock
from server.sandbox.entry import Entry
from server.sandbox.faults import ARRIVED, FAULTS, read_fault
from server.sandbox.faults.fault import Code, read_problems
from server.sandbox.issuer import Issuer
from server.sandbox.notices import sends_notices


class _Reviewed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    reference: str
    codes: tuple[Code, ...] = ()


def controls(issuer: Issuer, clock: SandboxClock) -> list[web.RouteDef]:
    """The addresses of a sandbox that platforms do not have."""
    hand = _Controls(issuer, clock)
    return [
        web.get("/faults", hand.faults, allow_head=False),
        web.post("/faults", hand.add_fault),
        web.delete("/faults", hand.clear_faults),
        web.get("/clock", hand.clock, allow_head=False),
        web.post("/clock", hand.forward),
        web.post("/keys/rotate", hand.rotate),
        web.post("/revoke", hand.revoke),
        web.post("/review", hand.review),
        sends_notices(issuer.keys, clock),
        web.get("/ledger", hand.ledger, allow_head=False),
        web.get("/arrived", hand.arrived, allow_head=False),
    ]


class _Controls:
    def __init__(self, issuer: Issuer, clock: SandboxClock) -> None:
        self._issuer = issuer
        self._clock = clock

    async def faults(self, request: web.Request) -> web.Response:
        return web.json_response({"faults": request.app[FAULTS].waiting()})

    async def add_fault(self, request: web.Request) -> web.Response:
        fault = read_fault(await request.read())
        if isinstance(fault, str):
            return malformed(fault)
        request.app[FAULTS].add(fault)
        return await self.faults(request)

    async def clear_faults(self, request: web.Request) -> web.Response:
        request.app[FAULTS].clear()
        return await self.faults(request)

    async def clock(self, _request: web.Request) -> web.Response:
        now = f"{self._clock():%Y-%m-%dT%H:%M:%SZ}"
        return web.json_response({"now": now, "forward_seconds": self._clock.forward_seconds})

    async def forward(self, request: web.Request) -> web.Response:
        body = read_object(await request.read()) or {}
        if not self._clock.forward(body.get("forward_seconds")):
            return malformed("forward_seconds: seconds above 0 are expected, a hundred years in all at most")
        return await self.clock(request)

    async def rotate(self, request: web.Request) -> web.Response:
        body = read_object(await request.read()) or {}
        return web.json_response({"kid": self._issuer.keys.rotate(withdraw=body.get("withdraw") is True)})

    async def revoke(self, request: web.Request) -> web.Response:
        e_cert_id = (read_object(await request.read()) or {}).get("e_cert_id")
        entry = self._issuer.certificate(e_cert_id) if isinstance(e_cert_id, str) else None
        if entry is None:
            return not_found()
        self._issuer.revoke(entry)
        return web.json_response({"status": "revoked"})

    async def review(self, request: web.Request) -> web.Response:
        try:
            told = _Reviewed.model_validate_json(await request.read())
        except ValidationError as invalid:
            return malformed(read_problems(invalid))
        entry = self._issuer.known(told.reference)
        if entry is None:
            return not_found()
        if entry.state != "review":
            return error(409, "not_in_review", because=f"the submission is {entry.state}")
        codes = tuple(code.model_dump() for code in told.codes)
        return web.json_response({"state": self._issuer.reviewed(entry, codes).state})

    async def ledger(self, _request: web.Request) -> web.Response:
        entries = [self._told(entry) for entry in self._issuer]
        return web.json_response({"entries": entries})

    async def arrived(self, request: web.Request) -> web.Response:
        return web.json_response(request.app[ARRIVED])

    def _told(self, entry: Entry) -> dict[str, str]:
        told = {
            "reference": entry.reference,
            "digest": entry.digest,
            "state": entry.state,
            "e_cert_id": entry.e_cert_id,
            "status": self._issuer.status(entry) if entry.e_cert_id else "",
            "replaces": entry.replaces,
        }
        return {name: value for name, value in told.items() if value}
