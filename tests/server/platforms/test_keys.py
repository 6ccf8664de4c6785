"""A platform's keys: kept, and fetched again within limits."""

import asyncio

import pytest
from joserfc.jwk import ECKey, OKPKey

from server.platforms.keys import KeyRing, read_jwks

OLD = {"old": {"kid": "old"}}
BOTH = {"old": {"kid": "old"}, "new": {"kid": "new"}}


class Source:
    """Answers with the next of `answers`, the last one for ever, and counts."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.now = 1000.0
        self.fetched = 0
        self.ring = KeyRing(self.fetch, lambda: self.now)

    async def fetch(self):
        self.fetched += 1
        await asyncio.sleep(0)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


async def test_fetched_once():
    """Keys are fetched at first use and then kept."""
    source = Source(OLD)
    answers = [await source.ring.get(), await source.ring.get("old"), await source.ring.get()]
    assert ([OLD, OLD, OLD], 1) == (answers, source.fetched)


async def test_many_at_once():
    """Callers that come together wait for one fetch, and all get its keys."""
    source = Source(OLD)
    answers = await asyncio.gather(*(source.ring.get() for _ in range(10)))
    assert ([OLD] * 10, 1) == (answers, source.fetched)


async def test_unknown_key_is_looked_for():
    """A key that is not among them is looked for at once, however fresh they are."""
    source = Source(OLD, BOTH)
    await source.ring.get()
    assert (BOTH, 2) == (await source.ring.get("new"), source.fetched)


async def test_unknown_key_once_a_minute():
    """Within a minute a wanted key is not looked for again; no keys says that it could not be examined."""
    source = Source(OLD)
    await source.ring.get()
    await source.ring.get("forged")
    source.now += 59
    within = await source.ring.get("new")
    source.now += 1
    assert ({}, OLD, 3) == (within, await source.ring.get("new"), source.fetched)


async def test_key_that_nobody_publishes():
    """A fresh set without the wanted key is an answer: the key is not the platform's."""
    source = Source(OLD)
    await source.ring.get()
    assert (OLD, 2) == (await source.ring.get("forged"), source.fetched)


async def test_many_look_for_a_key():
    """Callers that miss a key together wait for one fetch, and all get the fresh set."""
    source = Source(OLD, BOTH)
    await source.ring.get()
    answers = await asyncio.gather(*(source.ring.get("new") for _ in range(10)))
    assert ([BOTH] * 10, 2) == (answers, source.fetched)


async def test_failed_look_for_a_key():
    """Where the fetch fails, a wanted key is not known to be wrong, and the others serve on."""
    source = Source(OLD, None)
    await source.ring.get()
    assert ({}, OLD) == (await source.ring.get("new"), await source.ring.get("old"))


async def test_old_keys_are_fetched_again():
    """After an hour a withdrawn key is gone."""
    source = Source(BOTH, OLD)
    await source.ring.get()
    source.now += 3600
    assert OLD == await source.ring.get()


async def test_old_keys_serve_on():
    """After an hour the old keys still serve while the address does not answer."""
    source = Source(OLD, None)
    await source.ring.get()
    source.now += 3600
    assert OLD == await source.ring.get()


async def test_no_keys_yet():
    """As long as none came they are asked for again, once a second at most."""
    source = Source(None, None, OLD)
    first = [await source.ring.get(), await source.ring.get()]
    source.now += 1
    second = await source.ring.get()
    source.now += 1
    assert ([{}, {}], {}, OLD, 3) == (first, second, await source.ring.get(), source.fetched)


KEY = ECKey.generate_key("P-256", {"kid": "a"}).as_dict(private=False)


def test_jwks():
    """The keys of a set stand under their ids."""
    assert {"a": KEY} == read_jwks({"keys": [KEY]})


@pytest.mark.parametrize("named", [{}, {"alg": "Ed25519"}, {"alg": "EdDSA"}])
def test_jwks_of_ed25519(named):
    """Keys for Ed25519 count as well."""
    key = OKPKey.generate_key("Ed25519", {"kid": "b"}).as_dict(private=False) | named
    assert {"a": KEY, "b": key} == read_jwks({"keys": [KEY, key]})


def test_jwks_without_secrets():
    """A private half that a platform publishes by mistake is not kept."""
    private = ECKey.generate_key("P-256", {"kid": "a"}).as_dict(private=True)
    assert "d" not in read_jwks({"keys": [private]})["a"]


@pytest.mark.parametrize(
    "entry",
    [
        "a",
        None,
        {},
        {name: value for name, value in KEY.items() if name != "kid"},
        KEY | {"kid": 7},
        KEY | {"kty": "RSA"},
        KEY | {"alg": "Ed25519"},
        KEY | {"kty": "oct", "k": "c2VjcmV0"},
        KEY | {"crv": "P-384"},
        KEY | {"alg": "ES384"},
        KEY | {"use": "enc"},
        KEY | {"x": "AAAA"},
        KEY | {"x": KEY["y"]},
        {name: value for name, value in KEY.items() if name != "y"},
    ],
)
def test_unfit_keys(entry):
    """A key that cannot verify proofs is passed over; the others count."""
    assert {"b": KEY | {"kid": "b"}} == read_jwks({"keys": [entry, KEY | {"kid": "b"}]})


@pytest.mark.parametrize("body", [None, {}, {"keys": {}}, {"keys": [KEY] * 65}])
def test_no_jwks(body):
    """What is no key set of a sane size brings no keys."""
    assert read_jwks(body) is None
