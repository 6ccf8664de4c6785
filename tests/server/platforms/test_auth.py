"""How a platform is told who asks."""

import asyncio
import dataclasses
import hashlib
import hmac
import logging
from base64 import b64encode

import pytest
from aiohttp import web

from engine.certificate import ECertId
from engine.platform import Issued, Misconfigured, NotFound, NotSent, Told, Unknown
from server.platforms import open_platforms, sandbox_manifest
from server.platforms.accounts import Account, Accounts
from server.platforms.auth.kinds import ApiKey, Auth, Encoding, Hash, Hmac, Signed
from server.platforms.auth.signing import canonical_text, signature_headers
from server.platforms.auth.tokens import NoToken, Token, Tokens
from server.platforms.secret import Secret
from tests.server.platforms.conftest import NOWHERE, answer, raw_server, submission_of, utc_now
from tests.server.platforms.harbour import PASSWORD, SEAL_KEY, SECRETS, harbour


async def asked_with(auth: Auth, **secrets: str) -> str:
    """The head of a status query, as it arrived at the platform."""
    async with raw_server(answer(200, {"status": "active"})) as raw:
        manifest = dataclasses.replace(sandbox_manifest(raw.url, sandbox_allowed=True), auth=auth)
        kept = {name: Secret(text) for name, text in secrets.items()}
        accounts = Accounts("a.yaml", {("dev", "sandbox"): Account("dev", "sandbox", kept)})
        async with await open_platforms([manifest], utc_now, accounts) as platforms:
            platform = platforms.find("sandbox")
            assert platform is not None
            assert isinstance(await platform.status(ECertId("SBX-1")), Told)
        return raw.requests[0].decode()


async def test_api_key_in_a_header():
    """A key stands in its header, after what the manifest puts before it."""
    head = await asked_with(Auth(api_key=ApiKey(header="x-key", prefix="Key ")), api_key="k-1")
    assert "x-key: Key k-1\r\n" in head


async def test_api_key_in_the_query():
    """A key in the query is encoded, and nothing of it can become another parameter."""
    head = await asked_with(Auth(api_key=ApiKey(query="key")), api_key="a&b=c d")
    assert head.startswith("GET /v1/certificates/SBX-1/status?key=a%26b%3Dc%20d HTTP/1.1\r\n")


async def test_basic():
    """Name and password go as RFC 7617 says."""
    head = await asked_with(Auth(basic=True), username="us", password="p:w")
    assert f"authorization: Basic {b64encode(b'us:p:w').decode()}\r\n" in head


async def test_no_auth():
    """Where nothing is wanted, nothing is told."""
    assert "authorization" not in (await asked_with(Auth())).lower()


RULES = Hmac(header="x-sig", signs=tuple(Signed), timestamp_header="x-time", key_id_header="x-id")


def test_canonical_text():
    """What is signed is the parts in their order, joined by line feeds, byte for byte."""
    body_hash = hashlib.sha256(b"{}").hexdigest()
    expected = f"POST\na.example:8443\n/v1/%C3%A9\nx=1&y=2\n1782907200\nk-1\n{{}}\n{body_hash}"
    url = "https://A.example:8443/v1/%C3%A9?x=1&y=2"
    assert expected.encode() == canonical_text(RULES, "post", url, b"{}", 1782907200, "k-1")


def test_nothing_stands_for_nothing():
    """Without query and body their parts are empty, and the hash is that of nothing."""
    rules = dataclasses.replace(RULES, signs=(Signed.QUERY, Signed.BODY, Signed.BODY_HASH), hash=Hash.SHA512)
    expected = f"\n\n{hashlib.sha512(b'').hexdigest()}"
    assert expected.encode() == canonical_text(rules, "GET", "https://a.example/x", None, 0, "")


@pytest.mark.parametrize("encoding", list(Encoding))
def test_signature_headers(encoding):
    """Signature, time and key's id stand in the headers that the manifest names."""
    rules = dataclasses.replace(RULES, encoding=encoding, prefix="v1=")
    code = hmac.new(b"s", canonical_text(rules, "GET", "https://a.example/x", None, 5, "k"), "sha256")
    written = code.hexdigest() if encoding is Encoding.HEX else b64encode(code.digest()).decode()
    expected = {"x-sig": f"v1={written}", "x-time": "5", "x-id": "k"}
    assert expected == signature_headers(rules, "s", "k", "GET", "https://a.example/x", None, 5)


async def test_one_token_for_all():
    """Requests that come together share one token, and so do those that come later."""
    async with harbour() as (behind, platform):
        together = await asyncio.gather(*(platform.lookup(NOWHERE) for _ in range(20)))
        later = await platform.lookup(NOWHERE)
    assert ([NotFound()] * 21, 1) == ([*together, later], len(behind.tokens))


async def test_refused_token():
    """A token that is refused is renewed once, and the request is sent again, whatever it is."""
    async with harbour() as (behind, platform):
        await platform.lookup(NOWHERE)
        behind.tokens.append("withdrawn-1")
        issued = await platform.submit(submission_of())
        behind.tokens.append("withdrawn-2")
        told = await platform.status(issued.e_cert_id)
        asked = [line.split()[0] for line in behind.asked]
    assert (Issued, Told, ["POST", "PUT", "PUT", "GET", "GET"]) == (type(issued), type(told), asked)


async def test_refused_again():
    """A new token that is refused too is a matter for a person; nothing is sent a third time."""
    async with harbour() as (behind, platform):
        behind.next_answers = [web.json_response({"result": "WHO"}, status=401) for _ in range(3)]
        outcome = await platform.submit(submission_of())
    expected = Misconfigured("the platform answered with HTTP status 401")
    assert (expected, 2) == (outcome, len(behind.asked))


async def test_not_known_whether_processed():
    """Where no clause says what a 401 means, a request that changes something is not sent again."""
    async with harbour() as (behind, platform):
        behind.next_answers = [web.json_response({"result": "WHO"}, status=401)]
        outcome = await platform.void(ECertId("HB/1"), "cancelled")
    assert (Unknown, 1) == (type(outcome), len(behind.asked))


async def test_no_token_to_be_had():
    """Without a token nothing reaches the platform; the token endpoint's answer is not repeated."""
    async with harbour({**SECRETS, "client_id": Secret("nobody")}) as (behind, platform):
        outcomes = [await platform.submit(submission_of()), await platform.lookup(NOWHERE)]
        health = await platform.health()
    because = "no token: the token endpoint answered with HTTP status 401, invalid_client"
    assert ([Misconfigured(because)] * 2, False, []) == (outcomes, health.up, behind.asked)


async def test_nobody_at_the_token_endpoint():
    """Where no token endpoint answers, nothing was sent: it may be tried again."""
    async with harbour() as (behind, platform):
        manifest = platform._manifest
        oauth2 = dataclasses.replace(manifest.auth.oauth2, token_url="http://127.0.0.1:1/token")
        lost = dataclasses.replace(manifest, auth=dataclasses.replace(manifest.auth, oauth2=oauth2))
        accounts = Accounts("a.yaml", {("dev", "harbour"): Account("dev", "harbour", SECRETS)})
        async with await open_platforms([lost], utc_now, accounts) as platforms:
            outcome = await platforms.find("harbour").submit(submission_of())
    assert (True, []) == (isinstance(outcome, NotSent), behind.asked)
    assert outcome.because.startswith("no token: could not connect")


@pytest.mark.parametrize("life", ["90", True, None, "soon", -5, 10**400])
async def test_odd_lives(life):
    """A token is used whatever is said of its life."""
    async with harbour() as (behind, platform):
        behind.life = life
        assert NotFound() == await platform.lookup(NOWHERE)


class Endpoint:
    """A token endpoint with a clock that tests move."""

    def __init__(self) -> None:
        self.now = 0.0
        self.count = 0
        self.fails = False
        self.tokens = Tokens(self.fetch, lambda: self.now)

    async def fetch(self) -> Token:
        self.count += 1
        await asyncio.sleep(0)
        if self.fails:
            raise NoToken("no token: it is down")
        return Token(Secret(f"t{self.count}"), 100.0)

    async def get(self) -> str:
        text = (await self.tokens.get()).reveal()
        await asyncio.sleep(0.001)
        return text


async def test_renewed_before_it_ends():
    """In the last part of its life a token still serves, while the next one is fetched."""
    endpoint = Endpoint()
    assert ["t1", "t1"] == [await endpoint.get(), await endpoint.get()]
    endpoint.now = 81.0
    assert ["t1", "t2"] == [await endpoint.get(), await endpoint.get()]


async def test_endpoint_down_while_a_token_lives():
    """While a token lives, an endpoint that is down keeps nobody from asking, and is asked once a second."""
    endpoint = Endpoint()
    await endpoint.get()
    endpoint.fails, endpoint.now = True, 90.0
    assert (["t1"] * 3, 2) == ([await endpoint.get() for _ in range(3)], endpoint.count)
    endpoint.now = 101.0
    for _ in range(3):
        with pytest.raises(NoToken, match="it is down"):
            await endpoint.get()
    assert 3 == endpoint.count


async def test_cancelled_while_waiting():
    """Who goes away while a token is fetched takes it from nobody."""
    endpoint = Endpoint()
    first, second = asyncio.create_task(endpoint.get()), asyncio.create_task(endpoint.get())
    await asyncio.sleep(0)
    first.cancel()
    assert ("t1", 1) == (await second, endpoint.count)


async def test_no_secret_is_told(caplog):
    """No secret is in a log, an outcome or a representation, whatever goes wrong."""
    caplog.set_level(logging.DEBUG)
    told = []
    async with harbour() as (behind, platform):
        told.append(await platform.submit(submission_of()))
        behind.next_answers = [web.json_response({"result": "WHO"}, status=401) for _ in range(2)]
        told += [await platform.submit(submission_of(order_id="B")), await platform.health()]
        told += [vars(platform), vars(platform._authentication), platform._authentication._tokens.__dict__]
        signed = await platform._authentication.signed("GET", "https://a.example", None, {})
        told += [
            signed,
            Account("dev", "harbour", SECRETS),
            Accounts("a", {("dev", "h"): Account("dev", "h", SECRETS)}),
        ]
        token = behind.tokens[-1]
    async with harbour({**SECRETS, "client_id": Secret("nobody")}) as (_, platform):
        told.append(await platform.submit(submission_of()))
    text = f"{told} {caplog.text} {[record.__dict__ for record in caplog.records]}"
    fixed = b64encode(f"client+one:{PASSWORD}".encode()).decode()
    assert [] == [secret for secret in (PASSWORD, SEAL_KEY, fixed, token) if secret in text]


def test_secret():
    """A secret shows itself in no way but one, and is not written anywhere."""
    import copy
    import pickle

    secret = Secret("abc")
    assert ["Secret(...)"] * 3 == [repr(secret), str(secret), f"{secret}"]
    for write in (pickle.dumps, copy.copy):
        with pytest.raises(TypeError, match="a secret is not written anywhere"):
            write(secret)
