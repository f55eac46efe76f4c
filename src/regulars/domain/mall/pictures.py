"""Pictures of rewards: known by their first bytes, never by what a sender calls them."""

from dataclasses import dataclass
from hashlib import sha256

from regulars.domain.mall.refusals import PictureRefused

MAX_BYTES = 400_000
MAX_SIDE = 4096
MAX_PICTURES = 6

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, checked. `digest` names its content."""

    media_type: str
    width: int
    height: int
    digest: str
    content: bytes


def picture_of(content: bytes) -> Picture:
    """Raises PictureRefused for what is no picture of a kind that browsers only draw."""
    if len(content) > MAX_BYTES:
        raise PictureRefused
    found = _png(content) or _jpeg(content) or _webp(content)
    if found is None:
        raise PictureRefused
    media_type, width, height = found
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        raise PictureRefused(f"A picture is at most {MAX_SIDE} points wide and high.")
    return Picture(media_type, width, height, sha256(content).hexdigest()[:32], content)


Size = tuple[str, int, int]


def _png(content: bytes) -> Size | None:
    if not content.startswith(_PNG) or content[12:16] != b"IHDR" or len(content) < 24:  # noqa: PLR2004
        return None
    return "image/png", _big(content[16:20]), _big(content[20:24])


def _jpeg(content: bytes) -> Size | None:
    """The size stands in the frame's header, behind segments that each tell their length."""
    if not content.startswith(_JPEG):
        return None
    place = 2
    while place + 9 < len(content) and content[place] == 0xFF:  # noqa: PLR2004
        marker = content[place + 1]
        if marker in _FRAMES:
            return (
                "image/jpeg",
                _big(content[place + 7 : place + 9]),
                _big(content[place + 5 : place + 7]),
            )
        place += 2 + _big(content[place + 2 : place + 4])
    return None


def _webp(content: bytes) -> Size | None:
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP" or len(content) < 30:  # noqa: PLR2004
        return None
    kind = content[12:16]
    if kind == b"VP8X":
        return "image/webp", 1 + _little(content[24:27]), 1 + _little(content[27:30])
    if kind == b"VP8L":
        bits = _little(content[21:25])
        return "image/webp", 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        return "image/webp", _little(content[26:28]) & 0x3FFF, _little(content[28:30]) & 0x3FFF
    return None


def _big(raw: bytes) -> int:
    return int.from_bytes(raw, "big")


def _little(raw: bytes) -> int:
    return int.from_bytes(raw, "little")
