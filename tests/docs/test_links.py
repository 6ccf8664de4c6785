"""Who follows a link arrives."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, PROJECT, anchors, links, name


def broken(page: Path) -> Iterator[str]:
    """The page's links to files and headings that do not exist; those to other sites are not followed."""
    for link in dict.fromkeys(links(page)):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if "://" not in link and (not target.exists() or (anchor and anchor not in anchors(target))):
            yield link


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links(page: Path) -> None:
    """Every link between pages leads to a file that exists, and to a heading that it has."""
    assert [] == list(broken(page))


@pytest.mark.parametrize("page", sorted((PROJECT / "docs").glob("*.md")), ids=name)
def test_found_from_the_readme(page: Path) -> None:
    """Every page is linked from README.md."""
    assert name(page) in links(PROJECT / "README.md")


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_paths(page: str) -> None:
    """A path of the project that a page names exists."""
    text = (PROJECT / page).read_text("utf-8")
    folders = "bench|clients|docs|engine|examples|protos|rules|scripts|server|tests"
    named = re.findall(rf"`((?:{folders})/[\w./]*)`", text)
    assert [] == [path for path in named if not (PROJECT / path).exists()]
