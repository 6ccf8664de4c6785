"""The pages as tests read them: text, headings, links, and the blocks that are run.

Readers see none of the marks; they are comments in the line before a block:

    <!-- not run: why -->      the block is for reading only
    <!-- needs: go -->        the block is run where that tool is installed; CI demands it
    <!-- exit 1 -->            its last command ends with this code; without the mark, every command ends with 0
    <!-- file: order.json -->  the block is what the reader saves under that name
    <!-- output -->            the block is what the Python block before it prints
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
FOLDERS = ("", "docs", "docs/rules", "clients/go", "clients/java")
PAGES = tuple(path for folder in FOLDERS for path in sorted((PROJECT / folder).glob("*.md")))

_FENCE = re.compile(r"^( *)```(\w*)\s*$")
_MARK = re.compile(r"^\s*<!-- (.*?) -->\s*$")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(.*?)\s*$")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: where it begins, its language, its text, and the mark before it, or ""."""

    page: str
    line: int
    language: str
    text: str
    mark: str

    def marked(self, word: str) -> str | None:
        """What a mark that begins with the word says after it; None where there is no such mark."""
        found = re.match(rf"{word}(?:: ?| |$)(.*)", self.mark)
        return found.group(1) if found else None

    def commands(self) -> Iterator[tuple[str, str]]:
        """Each command of a console block with the output that is shown for it."""
        for part in re.split(r"^\$ ", self.text, flags=re.MULTILINE)[1:]:
            command, shown = "", part
            while not command or command.endswith("\\\n"):
                line, _, shown = shown.partition("\n")
                command += line + "\n"
            yield command.strip(), shown.rstrip()


def name(page: Path) -> str:
    """The page's path as people write it."""
    return page.relative_to(PROJECT).as_posix()


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    found: list[Block] = []
    lines = page.read_text("utf-8").splitlines()
    mark, number = "", 0
    while number < len(lines):
        fence = _FENCE.match(lines[number])
        if fence is None:
            note = _MARK.match(lines[number])
            mark = note.group(1) if note else mark if not lines[number].strip() else ""
            number += 1
            continue
        end = next(n for n in range(number + 1, len(lines)) if lines[n].strip() == "```")
        indent = len(fence.group(1))
        text = "".join(line[indent:] + "\n" for line in lines[number + 1 : end])
        found.append(Block(name(page), number + 1, fence.group(2), text, mark))
        mark, number = "", end + 1
    return found


def prose(page: Path) -> str:
    """The page without its blocks."""
    return re.sub(r"^ *```.*?^ *```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)


def links(page: Path) -> list[str]:
    """The targets of the page's links."""
    return _LINK.findall(prose(page))


def anchors(page: Path) -> set[str]:
    """What a link to the page can name after `#`."""
    headings = (_HEADING.match(line) for line in prose(page).splitlines())
    return {_anchor(heading.group(1)) for heading in headings if heading}


def section(page: Path, heading: str) -> str:
    """The text under a heading, up to the next one of its level or above."""
    text = page.read_text("utf-8")
    found = re.search(rf"^(#+) {re.escape(heading)}\n", text, re.MULTILINE)
    assert found, f"{name(page)} has no heading {heading!r}"
    rest = text[found.end() :]
    end = re.search(rf"^#{{1,{len(found.group(1))}}} ", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest


def rows(text: str) -> list[list[str]]:
    """The cells of every table row in the text; headers and rulers are left out."""
    lines = [line.strip() for line in text.splitlines()]
    found: list[list[str]] = []
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if line.startswith("|") and not _is_ruler(line) and not _is_ruler(following):
            cells = re.split(r"(?<!\\)\|", line.strip("|"))
            found.append([cell.strip().replace("\\|", "|") for cell in cells])
    return found


def _is_ruler(line: str) -> bool:
    return bool(re.fullmatch(r"\|[-:| ]+\|", line))


def _anchor(heading: str) -> str:
    """As the usual hosts make it: small letters, no punctuation, dashes for blanks."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
