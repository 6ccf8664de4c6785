"""The rule files that the operator offers: a folder, or with a key the file of a signed rulebook."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.decide import LANGUAGE_VERSION
from engine.rulebook import Problem, Rulebook
from engine.rulebook.reference import reference_data
from engine.rulebook.text.folder import RULEBOOK_FILE, TEST_SUFFIX
from server.rulebooks import RulebookUnreadable, as_shown, read_folder, rule_files
from server.signed_rulebooks import SignedRulebook, read_signed, verified
from server.signing_keys import public_keys


@dataclass(frozen=True, slots=True)
class Offered:
    """Texts by the path that people know, rule tests among them; `problems` are those of test files without a text.

    `rule_texts` are those of the rulebook alone, by their paths from its folder on. `signed` is a signed one as it was read.
    """

    files: Mapping[str, str]
    rule_texts: Mapping[str, str]
    problems: tuple[Problem, ...] = ()
    signed: SignedRulebook | None = None


class Offer:
    """Where rule files are offered. All reading is the caller's thread's."""

    def __init__(self, path: Path, key: Path | None) -> None:
        self.path = path
        self.key = key

    def __str__(self) -> str:
        return as_shown(self.path)

    def stamp(self) -> str:
        """What tells these files from others, the same on every machine; empty where there are none."""
        found = hashlib.sha256(f"{LANGUAGE_VERSION} {reference_data()} ".encode())
        try:
            files = [self.path] if self.path.is_file() else rule_files(self.path)
            for path in files:
                name = path.relative_to(self.path).as_posix()
                found.update(f"{name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
        except OSError:
            return ""
        return found.hexdigest() if files else ""

    def read(self) -> Offered:
        """The files. Raises RulebookUnreadable, and of a signed rulebook DoesNotHold and KeyUnusable."""
        if self.key is None:
            files, problems = read_folder(self.path)
            return Offered(files, _inside(files), problems)
        found = read_signed(self.path, public_keys(self.key))
        return Offered(found.content.files, found.content.files, (), found)

    def is_of(self, rulebook: Rulebook, signed: Iterable[str]) -> bool:
        """Whether the files are, text by text, those that this rulebook was read from; `signed` are its files with a key."""
        try:
            if self.key is not None:
                return self.path.read_bytes() in [text.encode() for text in signed]
            files, _ = read_folder(self.path)
        except (RulebookUnreadable, OSError):
            return False
        return _inside(files) == dict(rulebook.files)

    def trusted(self, signed: str) -> SignedRulebook:
        """A signed rulebook that is stored, under the keys as they are now. Raises DoesNotHold, KeyUnusable."""
        if self.key is None:
            raise RulebookUnreadable("no key says whom to trust")
        return verified(signed.encode(), public_keys(self.key))


def _inside(files: Mapping[str, str]) -> dict[str, str]:
    """The texts of the rulebook alone, by their paths from its folder on, as the engine has them."""
    places = [name for name in sorted(files) if name.rpartition("/")[2] == RULEBOOK_FILE]
    base = places[0].removesuffix(RULEBOOK_FILE) if places else ""
    return {name.removeprefix(base): text for name, text in files.items() if not name.endswith(TEST_SUFFIX)}
