"""Reads rulebooks from disk. What they mean is the engine's affair."""

from collections.abc import Mapping
from pathlib import Path

from engine.rulebook import Problem, Rulebook, load, show
from engine.rulebook.text.folder import TEST_SUFFIX

ENDINGS = (".yaml", ".csv")
LARGEST_FILE = 4 * 1024 * 1024


class RulebookRefused(Exception):
    """The rulebook has problems and is not served."""

    def __init__(self, problems: tuple[Problem, ...], files: Mapping[str, str]) -> None:
        self.problems = problems
        self.files = files
        super().__init__("\n".join(self.shown()))

    def shown(self) -> list[str]:
        """Every problem with its place, the line that it is in, and how to mend it."""
        return [show(problem, self.files.get(problem.file, "")) for problem in self.problems]


class RulebookUnreadable(Exception):
    """The folder or one of its files cannot be read; the text says which and why."""


def read_files(folder: Path) -> dict[str, str]:
    """The texts of a rulebook's files by the path that people know them by, e.g. `rules/usmca/scope.yaml`.

    Raises RulebookUnreadable where the folder has no rulebook, or a rule file is not text of a sensible size.
    Rule tests that cannot be read are left out: they are no part of a rulebook.
    """
    return read_folder(folder)[0]


def read_folder(folder: Path) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """The texts of a rulebook's files, and a problem for each file of rule tests that cannot be read.

    Raises RulebookUnreadable as `read_files` does.
    """
    if not (folder / "rulebook.yaml").is_file():
        raise RulebookUnreadable(f"{folder}: holds no rulebook.yaml. Name a folder of rule files.")
    files: dict[str, str] = {}
    problems: list[Problem] = []
    for path in rule_files(folder):
        text, why, mend = _read(path)
        if text is not None:
            files[as_shown(path)] = text
        elif path.name.endswith(TEST_SUFFIX):
            problems.append(Problem(as_shown(path), 1, 1, "unreadable-file", f"the file {why}", mend))
        else:
            raise RulebookUnreadable(f"{path}: {why}." + (f" {mend[0].upper()}{mend[1:]}." if mend else ""))
    return files, tuple(problems)


def rule_files(folder: Path) -> list[Path]:
    """The files below a folder that are a rulebook's or its tests', sorted; nothing in a hidden folder is.

    Who mounts files that change, as Kubernetes does, keeps them in one, and links to them.
    """
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix in ENDINGS
        and path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]


def _read(path: Path) -> tuple[str | None, str, str]:
    """A file's text; or None, why there is none, and what helps."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            return None, f"is larger than {LARGEST_FILE // 1024 // 1024} MiB", "split it"
        return path.read_text("utf-8"), "", ""
    except OSError as error:
        return None, f"cannot be read ({error.strerror})", ""
    except UnicodeDecodeError as error:
        return None, f"is not UTF-8 (byte {error.start})", "save it as UTF-8"


def as_shown(path: Path) -> str:
    """The path as people see it: relative to the working directory where it lies below it."""
    absolute = path.resolve()
    return (absolute.relative_to(Path.cwd()) if absolute.is_relative_to(Path.cwd()) else absolute).as_posix()


def load_folder(folder: Path) -> Rulebook:
    """The rulebook of a folder. Raises RulebookRefused with all its problems, or RulebookUnreadable."""
    files = read_files(folder)
    loaded = load(files)
    if isinstance(loaded, Rulebook):
        return loaded
    raise RulebookRefused(loaded, files)


def loaded_again(files: Mapping[str, str]) -> Rulebook:
    """The rulebook of files that were loaded before, as another process has it from them."""
    rulebook = load(files)
    assert isinstance(rulebook, Rulebook), "it had no problem before"
    return rulebook
