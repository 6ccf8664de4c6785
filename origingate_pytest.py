"""pytest runs the rule tests that stand beside a rulebook: `pytest rules/`.

It is a module of its own at the top, because pytest imports it in every project where origin-gate is installed:
there, a folder called `server` or `engine` would hide ours. It imports those only once there is a file to collect.
"""

from pathlib import Path

import pytest


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Takes a `*_test.yaml` that has a rulebook.yaml beside it or in a folder above; any other is nobody's."""
    if not file_path.name.endswith("_test.yaml"):
        return None
    folder = _rulebook_of(file_path, parent.config.rootpath)
    if folder is None:
        return None
    from server.pytest_rules import RuleTestFile

    return RuleTestFile.of(parent, file_path, folder)


def _rulebook_of(path: Path, root: Path) -> Path | None:
    """The nearest folder with a rulebook, not above pytest's root."""
    for folder in path.parents:
        if (folder / "rulebook.yaml").is_file():
            return folder if _is_ours(folder / "rulebook.yaml") else None
        if folder == root:
            break
    return None


def _is_ours(path: Path) -> bool:
    """Whether it is no list: others call lists of rules a rulebook too. What else is wrong with it, we tell."""
    lines = path.read_text("utf-8", errors="replace").splitlines()
    said = (line for line in lines if line.strip() and not line.startswith(("#", "---")))
    return not next(said, "").startswith("-")
