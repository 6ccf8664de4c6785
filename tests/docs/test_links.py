"""Who follows a link arrives."""

from pathlib import Path

import pytest

from tests.docs.pages import PAGES, PROJECT, anchors, links, name

PLACES = [(page, link) for page in PAGES for link in links(page) if "://" not in link]


@pytest.mark.parametrize(
    ("page", "link"), PLACES, ids=lambda part: name(part) if isinstance(part, Path) else part
)
def test_link(page: Path, link: str) -> None:
    """A link between pages leads to a file that exists, and to a heading that it has."""
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    assert target.exists(), f"{name(page)} links to {path}, which does not exist"
    if anchor:
        assert anchor in anchors(target), f"{name(target)} has no heading #{anchor}"


@pytest.mark.parametrize("page", sorted((PROJECT / "docs").glob("*.md")), ids=name)
def test_found_from_the_readme(page: Path) -> None:
    """Every page is linked from README.md."""
    assert name(page) in links(PROJECT / "README.md")
