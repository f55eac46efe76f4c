"""The project's pages in Markdown: their headings, links, tables and code blocks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"

_FENCE = re.compile(r"^( {0,3})```([\w-]*) *$")
_LINK = re.compile(r"(?<!\\)\]\(([^()\s]+(?:\([^()\s]*\))?)\)")
_IMAGE = re.compile(r'<(?:img|source)[^>]*\b(?:src|srcset)="([^"]+)"')
_HEADING = re.compile(r"^(#{1,6}) (.+?) *$")
_CODE = re.compile(r"`[^`]*`")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, its text, and the line on which the fence stands."""

    language: str
    text: str
    line: int


def pages() -> list[Path]:
    """Every page: those beside the README, and those under docs/."""
    return sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def blocks(page: Path) -> list[Block]:
    """The code blocks of a page, in order."""
    found: list[Block] = []
    inside: tuple[str, int] | None = None
    text: list[str] = []
    for number, line in enumerate(page.read_text().splitlines(), 1):
        fence = _FENCE.match(line)
        if inside is None and fence:
            inside, text = (fence.group(2), number), []
        elif inside is not None and line.strip() == "```":
            found.append(Block(inside[0], "\n".join(text) + "\n", inside[1]))
            inside = None
        elif inside is not None:
            text.append(line)
    assert inside is None, f"{name_of(page)}:{inside} is never closed"
    return found


def prose(page: Path) -> Iterator[tuple[int, str]]:
    """The lines outside of code blocks, with their numbers; code spans are left out."""
    inside = False
    for number, line in enumerate(page.read_text().splitlines(), 1):
        if line.lstrip().startswith("```"):
            inside = not inside
        elif not inside:
            yield number, _CODE.sub("", line)


def links(page: Path) -> Iterator[tuple[int, str]]:
    """Where a page links to, images too."""
    for number, line in prose(page):
        for target in (*_LINK.findall(line), *_IMAGE.findall(line)):
            yield number, target


def headings(page: Path) -> list[tuple[int, str]]:
    """Depth and words of each heading."""
    inside = False
    found: list[tuple[int, str]] = []
    for line in page.read_text().splitlines():
        if line.lstrip().startswith("```"):
            inside = not inside
        known = _HEADING.match(line)
        if known and not inside:
            found.append((len(known.group(1)), known.group(2)))
    return found


def anchors(page: Path) -> set[str]:
    """What a link may name after the #, made as forges make it."""
    return {
        re.sub(r"[^\w\- ]", "", words.replace("`", "").lower()).strip().replace(" ", "-")
        for _, words in headings(page)
    }


def table_rows(page: Path, *, under: str) -> list[list[str]]:
    """The cells of the table rows below the heading `under`, without head and rule."""
    rows: list[list[str]] = []
    inside = False
    for line in page.read_text().splitlines():
        known = _HEADING.match(line)
        if known:
            inside = known.group(2) == under
        elif inside and line.startswith("|") and not line.startswith("|-"):
            rows.append([cell.strip() for cell in line.strip().strip("|").split("|")])
    return rows[1:]
