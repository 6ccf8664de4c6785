"""What a signed rulebook says: the texts of its rule files, what they came to when it was signed, in one canonical form.

The form is RFC 8785 JSON, so that the same rulebook, signed at the same moment, is the same bytes. Whoever reads
it takes nothing on trust: the rulebook is loaded again from its texts, and has to come to the same digest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

import rfc8785

from engine.decide import LANGUAGE_VERSION
from engine.rulebook import Rulebook, load, show
from engine.rulebook.reference import reference_data
from engine.rulebook.text.folder import TEST_SUFFIX

SCHEMA: Final = "origin-gate/signed-rulebook/1"
MOST_FILES: Final = 2000

_MEMBERS: Final = frozenset(
    {"schema", "rulebook", "digest", "language", "reference", "signed_at", "tests", "files"}
)
_MOMENT: Final = "%Y-%m-%dT%H:%M:%SZ"
# Letters and digits of any script; what a file system or a shell takes for something else is kept out.
_PART: Final = re.compile(r"[\w-][\w .()+,-]*")
_ENDINGS: Final = (".yaml", ".csv")


class Flaw(StrEnum):
    """What about a signed rulebook does not hold."""

    NOT_SIGNED = "not-signed"
    OTHER_KEY = "other-key"
    BAD_SIGNATURE = "bad-signature"
    BAD_CONTENT = "bad-content"
    OTHER_LANGUAGE = "other-language"
    PROBLEMS = "problems"
    OTHER_DIGEST = "other-digest"


class DoesNotHold(Exception):
    """The signed rulebook is not to be used; the text says why and how to mend it."""

    def __init__(self, flaw: Flaw, because: str) -> None:
        super().__init__(because)
        self.flaw = flaw


@dataclass(frozen=True, slots=True)
class RuleTestsRun:
    """The rule tests that passed and those that were skipped when the rulebook was signed."""

    passed: int
    skipped: int


@dataclass(frozen=True, slots=True)
class Content:
    """A rulebook as it is signed: name, digest, the versions it was tried with, when, and its files by their path.

    `language` is the version of what rule files mean, `reference` names the reference data; `signed_at` is a
    moment in UTC to the second. Without `tests` its rule tests were not run.
    """

    rulebook: str
    digest: str
    language: str
    reference: str
    signed_at: datetime
    tests: RuleTestsRun | None
    files: Mapping[str, str]


def content_of(rulebook: Rulebook, signed_at: datetime, tests: RuleTestsRun | None) -> Content:
    """What is to be signed of a rulebook. Rule tests are no part of it."""
    moment = signed_at.astimezone(UTC).replace(microsecond=0)
    files = dict(rulebook.files)
    return Content(rulebook.name, rulebook.digest, LANGUAGE_VERSION, reference_data(), moment, tests, files)


def to_bytes(content: Content) -> bytes:
    """The canonical form. Raises DoesNotHold where a file's path is one that a reader would refuse."""
    stray = _stray_path(content.files)
    if stray is not None:
        raise DoesNotHold(Flaw.BAD_CONTENT, f"It cannot be signed: {stray}. Name the files otherwise.")
    tests = content.tests
    return rfc8785.dumps(
        {
            "schema": SCHEMA,
            "rulebook": content.rulebook,
            "digest": content.digest,
            "language": content.language,
            "reference": content.reference,
            "signed_at": content.signed_at.strftime(_MOMENT),
            "tests": {"passed": tests.passed, "skipped": tests.skipped} if tests is not None else None,
            "files": dict(content.files),
        }
    )


def from_bytes(text: bytes) -> Content:
    """The content that these bytes are the canonical form of. Raises DoesNotHold where they are none."""
    try:
        said = json.loads(text)
        canonical = rfc8785.dumps(said) == text
    except (ValueError, RecursionError) as error:
        raise _unreadable("it is not JSON in canonical form") from error
    if not isinstance(said, dict) or not canonical:
        raise _unreadable("it is not JSON in canonical form")
    if said.get("schema") != SCHEMA:
        raise _unreadable("it is written in another form than this version reads; a newer one may")
    files, tests = said.get("files"), said.get("tests")
    if set(said) != _MEMBERS or not isinstance(files, dict):
        raise _unreadable("a part of it is missing, or there is one too many")
    texts = (said["rulebook"], said["digest"], said["language"], said["reference"], *files.values())
    if not all(isinstance(value, str) for value in texts):
        raise _unreadable("a part of it that has to be text is none")
    stray = _stray_path(files)
    if stray is not None:
        raise _unreadable(stray)
    return Content(
        said["rulebook"],
        said["digest"],
        said["language"],
        said["reference"],
        _moment(said["signed_at"]),
        _tested(tests),
        files,
    )


def rulebook_of(content: Content) -> Rulebook:
    """The rulebook, loaded from its texts. Raises DoesNotHold where it is not what was signed."""
    if content.language != LANGUAGE_VERSION:
        newer = content.language.isdecimal() and int(content.language) > int(LANGUAGE_VERSION)
        mend = "Use that version of Origin Gate" if newer else "Build it again with this version"
        raise DoesNotHold(
            Flaw.OTHER_LANGUAGE,
            f"Its rules are written for version {content.language} of the rule language; this is version"
            f" {LANGUAGE_VERSION}, in which they may mean something else. {mend}.",
        )
    loaded = load(content.files)
    if not isinstance(loaded, Rulebook):
        shown = "\n".join(show(problem, content.files.get(problem.file, "")) for problem in loaded)
        raise DoesNotHold(Flaw.PROBLEMS, f"{shown}\nThe rulebook has problems here. Mend and build it again.")
    for what, signed, found in (
        ("name", content.rulebook, loaded.name),
        ("digest", content.digest, loaded.digest),
    ):
        if signed != found:
            raise DoesNotHold(
                Flaw.OTHER_DIGEST,
                f"Its files are not the rulebook that it names: the {what} is {found}, and it says {signed}."
                " Build it again.",
            )
    if loaded.files != content.files:
        raise DoesNotHold(
            Flaw.OTHER_DIGEST, "It holds files that are no part of the rulebook. Build it again."
        )
    return loaded


def _stray_path(files: Mapping[str, object]) -> str | None:
    """Why the paths cannot all be unpacked: one leaves its folder, or two are one on some machine; None if they can."""
    if len(files) > MOST_FILES:
        return f"it has more than {MOST_FILES} files"
    for path in files:
        parts = path.split("/")
        plain = all(_PART.fullmatch(part) and not part.endswith((" ", ".")) for part in parts)
        if not plain or not path.endswith(_ENDINGS) or path.endswith(TEST_SUFFIX):
            return f"{path!r} is no path of a rule file within a folder"
    folders = {"/".join(path.split("/")[:end]) for path in files for end in range(1, path.count("/") + 1)}
    everything = {*files, *folders}
    if folders & set(files) or len({path.casefold() for path in everything}) < len(everything):
        return "two of its files have paths that are one on some machines"
    return None


def _moment(text: object) -> datetime:
    try:
        moment = datetime.strptime(str(text), _MOMENT).replace(tzinfo=UTC)
    except ValueError as error:
        raise _unreadable("it does not say when it was signed") from error
    if moment.strftime(_MOMENT) != text:
        raise _unreadable("it does not say when it was signed")
    return moment


def _tested(said: object) -> RuleTestsRun | None:
    if said is None:
        return None
    if isinstance(said, dict) and set(said) == {"passed", "skipped"}:
        passed, skipped = said["passed"], said["skipped"]
        if type(passed) is int and type(skipped) is int and passed >= 0 and skipped >= 0:
            return RuleTestsRun(passed, skipped)
    raise _unreadable("it does not say how its tests went")


def _unreadable(because: str) -> DoesNotHold:
    return DoesNotHold(Flaw.BAD_CONTENT, f"What was signed is no rulebook: {because}.")
