"""What is signed of a rulebook, and what of it has to hold when it is read."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import rfc8785

from engine.decide import LANGUAGE_VERSION
from engine.rulebook import Rulebook
from engine.signed_rulebook import (
    MOST_FILES,
    Content,
    DoesNotHold,
    Flaw,
    RuleTestsRun,
    content_of,
    from_bytes,
    rulebook_of,
    to_bytes,
)

MOMENT = datetime(2026, 11, 25, 12, 30, 1, tzinfo=UTC)


@pytest.fixture
def content(small: Rulebook) -> Content:
    """The small rulebook's content."""
    return content_of(small, MOMENT, RuleTestsRun(7, 1))


def flaw(read: Callable[[], object]) -> tuple[Flaw, str]:
    """What does not hold, and why."""
    with pytest.raises(DoesNotHold) as refused:
        read()
    return refused.value.flaw, str(refused.value)


def changed(content: Content, **parts: Any) -> bytes:
    """The canonical bytes with other parts; one that is `...` is left out."""
    said = json.loads(to_bytes(content)) | parts
    return rfc8785.dumps({name: value for name, value in said.items() if value is not ...})


def test_there_and_back(small: Rulebook, content: Content) -> None:
    """What is read is what was written, and the rulebook comes to the same digest and texts."""
    read = from_bytes(to_bytes(content))
    assert content == read
    assert (small.digest, small.files) == (rulebook_of(read).digest, rulebook_of(read).files)


def test_deterministic(small: Rulebook, content: Content) -> None:
    """The same rulebook at the same moment is the same bytes, in whatever zone the moment is told."""
    elsewhere = MOMENT.astimezone(timezone(timedelta(hours=-5))).replace(microsecond=999)
    assert to_bytes(content) == to_bytes(content_of(small, elsewhere, RuleTestsRun(7, 1)))


def test_no_tests(small_files: Mapping[str, str], content: Content) -> None:
    """Rule tests are no part of what is signed; everything else of the folder is."""
    assert {name for name in small_files if not name.endswith("_test.yaml")} == set(content.files)


def test_says_what_it_was_tried_with(content: Content) -> None:
    """It names the version of the rule language and the reference data, when it was signed, and how its tests went."""
    said = json.loads(to_bytes(content))
    assert (LANGUAGE_VERSION, "2026-11-25T12:30:01Z", {"passed": 7, "skipped": 1}) == (
        said["language"],
        said["signed_at"],
        said["tests"],
    )
    assert said["reference"].startswith("ISO 3166-1")


@pytest.mark.parametrize(
    "parts",
    [
        {"schema": "origin-gate/signed-rulebook/2"},
        {"schema": ...},
        {"files": ...},
        {"more": 1},
        {"rulebook": 1},
        {"digest": None},
        {"language": 1},
        {"files": ["scope.yaml"]},
        {"files": {"scope.yaml": 1}},
        {"signed_at": "2026-11-25"},
        {"signed_at": "2026-1-25T12:30:01Z"},
        {"signed_at": 5},
        {"tests": {"passed": 1}},
        {"tests": {"passed": -1, "skipped": 0}},
        {"tests": {"passed": True, "skipped": 0}},
        {"tests": "passed"},
    ],
    ids=str,
)
def test_other_form(content: Content, parts: dict[str, Any]) -> None:
    """A part that is missing, too many, or of another form is refused."""
    assert Flaw.BAD_CONTENT == flaw(lambda: from_bytes(changed(content, **parts)))[0]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b"nonsense",
        b'{"a": 1}',
        b"[" * 100_000,
        b'"\\ud800"',
        b"1e999",
        b"9" * 5000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_no_content(text: bytes) -> None:
    """Bytes that are no canonical JSON of a rulebook are refused, whatever they are."""
    assert Flaw.BAD_CONTENT == flaw(lambda: from_bytes(text))[0]


def test_one_form_only(content: Content) -> None:
    """Layout, another order of keys or a key given twice is refused: the same content has one form."""
    text = to_bytes(content)
    for other in (
        text + b"\n",
        json.dumps(json.loads(text), indent=1).encode(),
        b'{"digest":"x",' + text[1:],
    ):
        assert Flaw.BAD_CONTENT == flaw(lambda other=other: from_bytes(other))[0]


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd.yaml",
        "../scope.yaml",
        "a/../../scope.yaml",
        "a/./scope.yaml",
        "a//scope.yaml",
        "./scope.yaml",
        "",
        "scope.yaml/",
        "C:/scope.yaml",
        "C:scope.yaml",
        "a\\scope.yaml",
        "..\\scope.yaml",
        "~/scope.yaml",
        ".hidden.yaml",
        "a\n.yaml",
        "a\x00.yaml",
        "a\u202e.yaml",
        "folder./scope.yaml",
        "folder /scope.yaml",
        "scope_test.yaml",
        "run.sh",
        "scope.yaml.sh",
    ],
)
def test_paths(content: Content, path: str) -> None:
    """A path that leaves the folder, means something else on some machine, or is no rule file's is refused."""
    files = {**content.files, path: "x"}
    assert Flaw.BAD_CONTENT == flaw(lambda: from_bytes(changed(content, files=files)))[0]
    assert Flaw.BAD_CONTENT == flaw(lambda: to_bytes(replace(content, files=files)))[0]


@pytest.mark.parametrize(
    "pair", [("a.yaml", "A.yaml"), ("a.yaml", "a.yaml/b.yaml"), ("d/a.yaml", "D/b.yaml")]
)
def test_paths_that_meet(content: Content, pair: tuple[str, str]) -> None:
    """Two paths that are one where letters' case does not count, or a file that is a folder too, are refused."""
    files = {**content.files, **dict.fromkeys(pair, "x")}
    assert "paths that are one on some machines" in flaw(lambda: from_bytes(changed(content, files=files)))[1]


@pytest.mark.parametrize("path", ["scope.yaml", "sub/scope.yaml", "größe 2 (neu).yaml", "a.b.csv"])
def test_plain_paths(content: Content, path: str) -> None:
    """Names that people give are taken."""
    files = {**content.files, path: "x"}
    assert files == from_bytes(changed(content, files=files)).files


def test_many_files(content: Content) -> None:
    """A rulebook has a bounded number of files."""
    files = {f"{number}.yaml": "" for number in range(MOST_FILES + 1)}
    assert "more than 2000 files" in flaw(lambda: from_bytes(changed(content, files=files)))[1]


@pytest.mark.parametrize(
    ("language", "mend"),
    [("2", "Use that version"), ("0", "Build it again"), ("x", "Build it again")],
)
def test_language(content: Content, language: str, mend: str) -> None:
    """Rules written for another version of the language are not read: they may mean something else here."""
    found, because = flaw(lambda: rulebook_of(replace(content, language=language)))
    assert (Flaw.OTHER_LANGUAGE, True) == (found, mend in because)


def test_digest(content: Content) -> None:
    """The digest is taken again from the texts: one that only says so is refused, and so is a changed text."""
    assert Flaw.OTHER_DIGEST == flaw(lambda: rulebook_of(replace(content, digest="sha256:0")))[0]
    files = {
        **content.files,
        "rulebook.yaml": content.files["rulebook.yaml"].replace("for tests", "for others"),
    }
    assert Flaw.OTHER_DIGEST == flaw(lambda: rulebook_of(replace(content, files=files)))[0]


def test_name(content: Content) -> None:
    """It is the rulebook that it says it is."""
    assert Flaw.OTHER_DIGEST == flaw(lambda: rulebook_of(replace(content, rulebook="usmca")))[0]


def test_problems(content: Content) -> None:
    """A rulebook with problems is refused, and they are shown."""
    files = {name: text for name, text in content.files.items() if name != "facts.yaml"}
    found, because = flaw(lambda: rulebook_of(replace(content, files=files)))
    assert (Flaw.PROBLEMS, True) == (found, "[missing-file]" in because)


def test_files_from_elsewhere(content: Content) -> None:
    """A rulebook that stands in a folder of its own is not what was signed from its own folder on."""
    files = {f"sub/{name}": text for name, text in content.files.items()}
    assert Flaw.OTHER_DIGEST == flaw(lambda: rulebook_of(replace(content, files=files)))[0]
