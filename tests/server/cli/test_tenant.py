"""`origingate tenant`: what it says, what it keeps, and how it ends."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from server.identity.api_key import digest_of, id_of
from server.store import Store, api_keys
from server.store.api_keys import ApiKeyRecord
from tests.server.cli.whole import app


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty database in the working folder."""
    monkeypatch.chdir(tmp_path)
    store = Store.open("sqlite:///og.db", lambda: datetime.now(UTC))
    store.upgrade()
    store.close()
    return "sqlite:///og.db"


def run(*words: str) -> Result:
    """A command on the database."""
    return CliRunner(env={"COLUMNS": "200", "ORIGINGATE_DATABASE": "sqlite:///og.db"}).invoke(
        app, ["tenant", *words]
    )


def new(*words: str) -> str:
    """A new key's text."""
    return run("key", "new", "acme", "--name", "orders", *words).stdout.strip()


async def kept(key: str) -> ApiKeyRecord | None:
    """What the database has of a key."""
    store = Store.open("sqlite:///og.db", lambda: datetime.now(UTC))
    found = await store.read(lambda c: api_keys.find(c, id_of(key) or ""))
    store.close()
    return found


def test_create_once() -> None:
    """A tenant is made once; a second time says that it is there, and ends with 1."""
    made = run("create", "acme")
    assert (0, "the tenant acme is made\n") == (made.exit_code, made.stdout)
    again = run("create", "acme")
    assert (1, "There is a tenant 'acme' already.\n") == (again.exit_code, again.stderr)


@pytest.mark.parametrize("name", ["Acme", "a b", "", "-", "x" * 64, "a/b"])
def test_name(name: str) -> None:
    """A name that could not stand in paths and files is wrong use."""
    assert 2 == run("create", "--", name).exit_code


def test_list() -> None:
    """Tenants are listed with how many of their keys are in use."""
    run("create", "acme", "--title", "Acme Steel")
    new("--role", "AUDITOR")
    run("key", "revoke", id_of(new("--role", "AUDITOR")) or "")
    [told] = json.loads(run("list", "--json").stdout)
    assert ("acme", "Acme Steel", 1) == (told["tenant"], told["title"], told["keys"])


def test_new_key_alone() -> None:
    """The key is all that goes to standard output, so that it can be put into a file; the rest is said beside it."""
    run("create", "acme")
    made = run("key", "new", "acme", "--name", "orders", "--role", "ORDER_SYSTEM")
    assert re.fullmatch(r"og_[0-9a-f]{16}_[A-Za-z0-9]{43}\n", made.stdout)
    assert made.stdout.strip() not in made.stderr
    assert f"The key {id_of(made.stdout.strip())} for acme, orders." in made.stderr


async def test_kept_as_digest() -> None:
    """Of the key its digest is kept, with roles, sites and end."""
    run("create", "acme")
    key = new("--role", "OPERATOR", "--role", "AUDITOR", "--site", "shop", "--expires", "90d")
    found = await kept(key)
    assert found is not None
    assert (digest_of(key), ("AUDITOR", "OPERATOR"), ("shop",)) == (
        found.digest,
        found.role_names,
        found.site_ids,
    )
    assert found.expires_at is not None
    assert 90 == (found.expires_at - found.created_at).days


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("key", "new", "acme", "--name", "x", "--role", "BOSS"), 2, "There is no role 'BOSS'"),
        (("key", "new", "nobody", "--name", "x", "--role", "AUDITOR"), 1, "There is no tenant 'nobody'"),
        (("key", "new", "acme", "--name", "", "--role", "AUDITOR"), 2, "A key's name has 1 to 100"),
        (("key", "new", "acme", "--name", "x"), 2, "--role"),
        (("key", "new", "acme", "--name", "x", "--role", "AUDITOR", "--expires", "soon"), 2, "is no length"),
        (("key", "revoke", "0" * 16), 1, "No key '0000000000000000' is in use"),
        (("list", "--database", "sqlite:///none.db"), 2, "no such database"),
    ],
)
def test_wrong_use(words: tuple[str, ...], code: int, said: str) -> None:
    """What cannot be done is said, with how to mend it."""
    run("create", "acme")
    ended = run(*words)
    assert (code, "", True) == (ended.exit_code, ended.stdout, said in ended.stderr)


def test_states() -> None:
    """Keys are listed with their state, and never with what they are."""
    run("create", "acme")
    used, revoked = new("--role", "AUDITOR"), new("--role", "AUDITOR")
    assert 0 == run("key", "revoke", id_of(revoked) or "").exit_code
    listed = run("key", "list", "acme", "--json").stdout
    states = {told["key_id"]: told["state"] for told in json.loads(listed)}
    assert {id_of(used): "in use", id_of(revoked): "revoked"} == states
    assert used not in listed
    assert used not in run("key", "list").stdout
