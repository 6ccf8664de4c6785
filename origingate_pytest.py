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
    folder = next((one for one in file_path.parents if (one / "rulebook.yaml").is_file()), None)
    if folder is None:
        return None
    from server.pytest_rules import RuleTestFile

    return RuleTestFile.of(parent, file_path, folder)
