"""docs/platforms.md says what a manifest can say, no more and no less."""

import dataclasses
import re
from enum import Enum

import pytest
from pydantic import BaseModel

from engine.binding import FIELDS
from engine.certificate import CertificateStatus
from engine.platform import Binding, Capabilities, Delivery, Idempotency, ProofKind
from server.platforms import accounts, bodies
from server.platforms.addresses import Network
from server.platforms.auth.kinds import SECRETS, Encoding, Hash, SendClient, Signed
from server.platforms.conformance import PROMISES
from server.platforms.expression import FUNCTIONS, LONGEST, MOST_COPIES
from server.platforms.manifest import MEANINGS, NAMES, Meaning, OperationName
from server.platforms.manifest_file import kinds, parts
from server.platforms.plugin import Given
from server.platforms.plugin.loading import GROUP
from server.platforms.provider.connection import LARGEST
from tests.docs.pages import PROJECT, blocks, rows, section

PAGE = PROJECT / "docs" / "platforms.md"

# The tables by their heading, in order; several where a heading has several tables of keys.
TABLES: dict[str, tuple[type[BaseModel], ...]] = {
    "The whole": (parts.ManifestPart,),
    "What it can do": (parts.CapabilitiesPart,),
    "Proofs": (parts.ProofPart, parts.ClaimsPart),
    "Fields that bind": (parts.ComparesPart, parts.EachPart),
    "Who asks": (parts.AuthPart, parts.ApiKeyPart, parts.OAuth2Part, parts.HmacPart),
    "Accounts": (accounts._Account,),
    "Operations": (parts.OperationsPart, parts.OperationPart),
    "Notices": (parts.NoticesPart, parts.SealPart),
    "Answers": (parts.AnswerPart, parts.WaitPart),
    "What is read": (parts.ReadsPart,),
    "By a package": (kinds.PluginPart,),
    "By a provider": (kinds.ProviderPart,),
}


def own(heading: str) -> str:
    """The text under a heading, up to the next one of any level."""
    return re.split(r"^#+ ", section(PAGE, heading), maxsplit=1, flags=re.MULTILINE)[0]


def keys(heading: str) -> list[tuple[str, str]]:
    """The first and last cells of the rows under a heading whose first cell is a key."""
    return [
        (row[0].strip("`"), row[-1]) for row in rows(own(heading)) if re.fullmatch(r"`[a-z_0-9]+`", row[0])
    ]


@pytest.mark.parametrize("heading", TABLES)
def test_keys(heading: str) -> None:
    """Every key that a manifest can have is described, in its order, and no other."""
    expected = [name for model in TABLES[heading] for name in model.model_fields]
    assert expected == [key for key, _ in keys(heading)][: len(expected)]
    assert set(expected) == {key for key, _ in keys(heading)}


@pytest.mark.parametrize("heading", [heading for heading in TABLES if heading != "What is read"])
def test_required(heading: str) -> None:
    """What cannot be left out is said to be refused, and nothing else is."""
    expected = [
        name for model in TABLES[heading] for name, field in model.model_fields.items() if field.is_required()
    ]
    assert expected == [key for key, left_out in keys(heading) if left_out == "refused"]


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("The whole", [*CertificateStatus, *Network]),
        ("What it can do", [*Binding, *ProofKind, *Idempotency, *Delivery]),
        ("Who asks", [*Signed, *Hash, *Encoding, *SendClient, *SECRETS]),
    ],
)
def test_words(heading: str, words: list[Enum | str]) -> None:
    """Every word that a key can have stands on the page."""
    text = own(heading)
    assert [] == [word for word in words if f"`{word}`" not in text]


def test_signed_parts() -> None:
    """The parts that a signature can cover are all described."""
    described = [row[0].strip("`") for row in rows(own("Who asks")) if re.fullmatch(r"`[A-Z_]+`", row[0])]
    assert [str(part) for part in Signed] == described


def test_meanings() -> None:
    """Every meaning is there with the operations whose answers can have it."""
    told = {row[0].strip("`"): row[2] for row in rows(own("Answers")) if re.fullmatch(r"`[A-Z_]+`", row[0])}
    asked = [name for name in OperationName if MEANINGS[name]]
    expected = {}
    for meaning in Meaning:
        where = [name for name in asked if meaning in MEANINGS[name]]
        expected[meaning.value] = "all" if where == asked else ", ".join(f"`{name}`" for name in where)
    assert expected == told


def test_names() -> None:
    """The names with which an operation's expressions begin are all there."""
    table = {row[0].strip("`"): re.findall(r"`(\w+)`", row[1]) for row in rows(own("Bodies"))}
    for name in OperationName:
        if NAMES[name]:
            assert list(NAMES[name]) == [word for word in table[name] if word in NAMES[name]]


def test_fields_that_bind() -> None:
    """Every field that can be compared is named."""
    text = own("Fields that bind")
    assert [] == [name for name in FIELDS if f"`{name.rpartition('[].')[2]}`" not in text]


def test_functions_and_bounds() -> None:
    """The functions and bounds of expressions are those of the code."""
    text = own("Expressions")
    assert list(FUNCTIONS) == re.findall(r"`(\w+)`", text[text.index("These are:") :])[: len(FUNCTIONS)]
    assert f"at most {LONGEST} characters" in text
    assert f"more than {MOST_COPIES} copies" in text


def test_secrets() -> None:
    """What each way of telling who asks needs is what its account has to have."""
    from server.platforms.auth.kinds import ApiKey, Auth, Hmac, OAuth2

    needs = {
        row[0].strip("`"): re.findall(r"`(\w+)`", row[2]) for row in rows(own("Who asks")) if len(row) == 4
    }
    hmac = Hmac("h", (Signed.KEY_ID,))
    full = Auth(ApiKey("h"), basic=True, oauth2=OAuth2("u"), hmac=hmac, mtls=True)
    assert sorted(full.secrets) == sorted(name for names in needs.values() for name in names)
    assert sorted(SECRETS) == sorted((*full.secrets, "notice_key"))


def test_answers_are_objects() -> None:
    """A body that is no object is none, as the page says."""
    assert bodies.read_object(b"[]") is None


def test_what_a_plugin_is_given() -> None:
    """Everything that a plug-in is given is named."""
    text = own("By a package")
    assert [] == [field.name for field in dataclasses.fields(Given) if f"`{field.name}`" not in text]


def test_group_of_entry_points() -> None:
    """The group is the one that is looked into."""
    assert f'[project.entry-points."{GROUP}"]' in section(PAGE, "By a package")


def test_file_of_the_example() -> None:
    """The provider's file on the page is the example's."""
    text = (PROJECT / "clients" / "go" / "provider" / "platform.yaml").read_text("utf-8")
    assert text.partition("\n")[2] in [block.text for block in blocks(PAGE)]


def test_bound_of_messages() -> None:
    """The largest message of a provider is as the page says."""
    assert LARGEST == 4 * 1024 * 1024
    assert "exceeds 4 MiB" in own("By a provider")


def test_capabilities_of_the_port() -> None:
    """A manifest can say everything that the port knows of a platform."""
    assert {field.name for field in dataclasses.fields(Capabilities)} == set(
        parts.CapabilitiesPart.model_fields
    )


def test_promises() -> None:
    """Everything that `platform check` tries is told, in its words and order."""
    told = [(row[0].strip("`"), row[1].casefold()) for row in rows(section(PAGE, "What is tried"))]
    assert [(one.name, one.says.rstrip(".").casefold()) for one in PROMISES] == told[:-1]
    assert "rounds" == told[-1][0]
