"""Files of plug-ins and providers: everything that is wrong is told, each with its place and how to mend it."""

import json

import pytest
from typer.testing import CliRunner

from engine.rulebook import show
from server.platforms.manifest_file import read_manifest
from tests.server.cli.whole import app
from tests.server.platforms.providers import GO

PLUGIN = """\
manifest: 1
kind: plugin
platform: quay
title: A platform by a package
plugin: quay
secrets: [api_key]
options: {berth: 7}
"""
PROVIDER = (GO / "provider" / "platform.yaml").read_text("utf-8").partition("\n")[2]
ADDRESS = "unix:/run/example/provider.sock"


def told(text: str) -> list[str]:
    """Each problem with its place and its mend, without the lines that are shown."""
    problems = read_manifest("x.yaml", text).problems
    return [f"{one.line}:{one.column} {one.message} [{one.code}]; {one.mend}" for one in problems]


@pytest.mark.parametrize("text", [PLUGIN, PROVIDER])
def test_good(text):
    """A good file has no problem."""
    assert [] == told(text)


PROBLEMS = [
    (
        PLUGIN.replace("kind: plugin", "kind: plug"),
        "2:7 `kind` cannot be `plug` [unknown-word]; write `plugin`",
    ),
    (
        PLUGIN.replace("plugin: quay\n", "plug: quay\n"),
        "5:1 a plug-in's file has no `plug` [unknown-key]; write `plugin`",
    ),
    (
        PLUGIN.replace("[api_key]", "[api_kee]"),
        "6:11 `secrets` cannot be `api_kee` [unknown-word]; write `api_key`",
    ),
    (
        PLUGIN.replace("berth: 7", "depth: 7.5"),
        "7:18 `7.5` is no whole number of at most 15 digits, and others are not exact in JSON [inexact-number];"
        " put it in quotes: a text is sent as it is",
    ),
    (PLUGIN.replace("{berth: 7}", "7"), "7:10 `options` is a mapping; this is text [wrong-kind]"),
    (
        PROVIDER.replace(ADDRESS, "unix:p.sock"),
        "5:10 'unix:p.sock' is no whole path [bad-address]; write it like unix:/run/harbour/provider.sock",
    ),
    (
        PROVIDER.replace(ADDRESS, "unix:/" + "x" * 107),
        "5:10 the socket's path is longer than 107 bytes [bad-address]; write a shorter one",
    ),
    (
        PROVIDER.replace(ADDRESS, "unix-abstract:p"),
        "5:10 'unix-abstract:p' is no address [bad-address]; write unix:/PATH, or HOST:PORT",
    ),
    (
        PROVIDER.replace(ADDRESS, "https://provider.example:443"),
        "5:10 'https://provider.example:443' is no address [bad-address]; write unix:/PATH, or HOST:PORT",
    ),
    (
        PROVIDER.replace(ADDRESS, "10.0.0.1:443"),
        "5:10 10.0.0.1 is an address of a private network [bad-address];"
        " write `network: private` if the platform is in a network of yours",
    ),
    (
        PROVIDER.replace(ADDRESS, f"{ADDRESS}\nnetwork: private"),
        "6:1 a Unix socket is in no network [network-unused]; delete it",
    ),
    (
        PROVIDER.partition("\nproof:")[0],
        "7:1 signed proofs need `proof` [proof-incomplete];"
        " add `proof`, or write `proof: STATUS` among the capabilities",
    ),
    (
        PROVIDER.replace("settle_time: 200 ms", "settle_time: 2 d"),
        "10:3 references are forgotten before NOT_FOUND can be believed [window-too-short];"
        " `lookup_window` has to exceed `settle_time`",
    ),
]


@pytest.mark.parametrize(("text", "said"), PROBLEMS, ids=[said for _, said in PROBLEMS])
def test_problems(text, said):
    """Each mistake is one problem, at its place."""
    [problem] = told(text)
    assert problem.startswith(said)


@pytest.mark.parametrize("network", ["private", "public"])
def test_private_network(network):
    """A provider in a private network is asked where its file says so."""
    text = PROVIDER.replace(ADDRESS, f"10.0.0.1:443\nnetwork: {network}")
    assert (network == "private") == (told(text) == [])


def test_all_at_once():
    """All problems of a file come together."""
    text = PROVIDER.replace(ADDRESS, "nowhere").replace("binding: DIGEST", "binding: TAPE")
    assert ["bad-address", "unknown-word"] == [one.code for one in read_manifest("x.yaml", text).problems]


def test_shown():
    """A problem shows its line."""
    reading = read_manifest("x.yaml", PLUGIN.replace("kind: plugin", "kind: plug"))
    assert "    2 | kind: plug\n              ^^^^" in show(reading.problems[0], reading.text)


def shown(tmp_path, text):
    path = tmp_path / "x.yaml"
    path.write_text(text, "utf-8")
    done = CliRunner().invoke(app, ["platform", "show", str(path), "--json"])
    assert 0 == done.exit_code, done.output
    return json.loads(done.stdout)


def test_plugin_for_machines(tmp_path):
    """Of a plug-in a machine is told the kind, the entry point, and which secrets it needs."""
    data = shown(tmp_path, PLUGIN)
    assert ("plugin", "quay", ["api_key"], {}) == (
        data["kind"],
        data["plugin"],
        data["secrets"],
        data["capabilities"],
    )


def test_provider_for_machines(tmp_path):
    """Of a provider a machine is told where it is and what it can do."""
    data = shown(tmp_path, PROVIDER)
    assert ("provider", ADDRESS, "DIGEST", {}) == (
        data["kind"],
        data["address"],
        data["capabilities"]["binding"],
        data["operations"],
    )


def test_example_of_a_manifest_says_http(tmp_path):
    """A manifest that describes an interface is of the kind `http`, whether it says so or not."""
    text = (GO.parents[1] / "platforms" / "sandbox.yaml").read_text("utf-8")
    said = text.replace("manifest: 1\n", "manifest: 1\nkind: http\n")
    assert ["http", "http"] == [shown(tmp_path, one)["kind"] for one in (text, said)]
