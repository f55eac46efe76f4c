"""What scanners read, as paths of SVG: small, sharp at any size, and kept by a page for later."""

import segno
from msgspec import Struct

from regulars.domain.cards import code128

_QUIET_QR = 4


class Drawing(Struct, frozen=True):
    """A picture in modules, its quiet zone included: `<path d=path>` in a view box of `width` by
    `height`, black on white."""

    width: int
    height: int
    path: str


def qr(text: str) -> Drawing:
    """The text as a QR code, readable with 15 % of it hidden."""
    matrix = segno.make(text, error="m", micro=False).matrix
    size = len(matrix) + 2 * _QUIET_QR
    strokes = [
        f"M{start + _QUIET_QR} {row + _QUIET_QR}h{length}v1h-{length}z"
        for row, cells in enumerate(matrix)
        for start, length in _runs(cells)
    ]
    return Drawing(size, size, "".join(strokes))


def barcode(text: str) -> Drawing | None:
    """The text as Code 128, one module high, to be stretched; None for what it cannot say."""
    if not code128.is_encodable(text):
        return None
    at, strokes = code128.QUIET, []
    for place, width in enumerate(code128.widths(text)):
        if place % 2 == 0:
            strokes.append(f"M{at} 0h{width}v1h-{width}z")
        at += width
    return Drawing(at + code128.QUIET, 1, "".join(strokes))


def _runs(cells: bytes | bytearray) -> list[tuple[int, int]]:
    """Where dark cells follow one another: start and length."""
    runs: list[tuple[int, int]] = []
    for place, dark in enumerate(cells):
        if not dark:
            continue
        if runs and sum(runs[-1]) == place:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((place, 1))
    return runs
