"""Rule files as they are offered."""

from pathlib import Path
from shutil import copytree

import pytest

from engine.rulebook import Rulebook
from server.activation.offer import Offer
from server.rulebooks import RulebookUnreadable, load_folder
from tests.system.rule_folder import RuleFolder


@pytest.fixture
def rules(tmp_path: Path) -> RuleFolder:
    """Rule files that are good."""
    return RuleFolder(tmp_path / "usmca")


def test_stamp(rules: RuleFolder, tmp_path: Path) -> None:
    """The same files have the same stamp wherever they are; a byte more, a test's too, makes it another one."""
    before = Offer(rules.folder, None).stamp()
    copy = copytree(rules.folder, tmp_path / "copy")
    assert before == Offer(copy, None).stamp()
    with (copy / "scope_test.yaml").open("a") as file:
        file.write("\n")
    assert before != Offer(copy, None).stamp()
    assert "" == Offer(tmp_path / "nowhere", None).stamp()


def test_read(rules: RuleFolder) -> None:
    """Rule texts go by their paths from the folder on, as a rulebook has them; tests are beside them."""
    offered = Offer(rules.folder, None).read()
    loaded: Rulebook = load_folder(rules.folder)
    assert dict(loaded.files) == offered.rule_texts
    assert any(path.endswith("usmca/scope_test.yaml") for path in offered.files)
    assert Offer(rules.folder, None).is_of(loaded, ())
    rules.write("scope.yaml", "\n# a remark\n")
    assert not Offer(rules.folder, None).is_of(loaded, ())


def test_nothing_there(tmp_path: Path) -> None:
    """A folder that is not there cannot be read, and says so."""
    with pytest.raises(RulebookUnreadable, match=r"holds no rulebook\.yaml"):
        Offer(tmp_path / "nowhere", None).read()


def test_mounted(rules: RuleFolder, tmp_path: Path) -> None:
    """Files that are links into a hidden folder, which is changed as a whole, are a rulebook's like any other."""
    mounted = tmp_path / "mounted"
    copytree(rules.folder, mounted / "..first")
    (mounted / "..data").symlink_to("..first")
    for path in rules.folder.iterdir():
        (mounted / path.name).symlink_to(f"..data/{path.name}")
    assert Offer(rules.folder, None).stamp() == Offer(mounted, None).stamp()
    assert Offer(rules.folder, None).read().rule_texts == Offer(mounted, None).read().rule_texts
