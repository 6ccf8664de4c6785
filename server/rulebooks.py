"""Reads rulebooks from disk. What they mean is the engine's affair."""

from collections.abc import Mapping
from pathlib import Path

from engine.rulebook import Problem, Rulebook, load, show

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

    Raises RulebookUnreadable where the folder has no rulebook, or a file is not text of a sensible size.
    """
    if not (folder / "rulebook.yaml").is_file():
        raise RulebookUnreadable(f"{folder}: holds no rulebook.yaml. Name a folder of rule files.")
    files: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix not in ENDINGS or not path.is_file():
            continue
        try:
            if path.stat().st_size > LARGEST_FILE:
                raise RulebookUnreadable(
                    f"{path}: is larger than {LARGEST_FILE // 1024 // 1024} MiB. Split it."
                )
            files[as_shown(path)] = path.read_text("utf-8")
        except OSError as error:
            raise RulebookUnreadable(f"{path}: cannot be read ({error.strerror}).") from error
        except UnicodeDecodeError as error:
            raise RulebookUnreadable(
                f"{path}: is not UTF-8 (byte {error.start}). Save it as UTF-8."
            ) from error
    return files


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
