"""Pictures are known by their bytes: nothing that a browser would run gets through."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.mall.pictures import MAX_BYTES, MAX_SIDE, picture_of
from regulars.domain.mall.refusals import PictureRefused

SIDES = st.integers(1, MAX_SIDE)


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", width, height) + b"\0" * 9


def jpeg(width: int, height: int) -> bytes:
    comment = b"\xff\xfe\x00\x05abc"
    frame = b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", height, width) + b"\0" * 12
    return b"\xff\xd8" + comment + frame


def webp(width: int, height: int) -> bytes:
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0" + b"\0" * 4 + size


@given(width=SIDES, height=SIDES, make=st.sampled_from([png, jpeg, webp]))
def test_the_size_is_read_from_the_picture(width: int, height: int, make: object) -> None:
    found = picture_of(make(width, height))  # type: ignore[operator]
    assert (found.width, found.height) == (width, height)
    assert found.media_type.startswith("image/")


@given(st.binary(max_size=200))
def test_other_bytes_are_refused_or_have_a_size(content: bytes) -> None:
    for head in (b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF0000WEBP"):
        try:
            found = picture_of(head + content)
        except PictureRefused:
            continue
        assert 0 < found.width <= MAX_SIDE
        assert 0 < found.height <= MAX_SIDE


@pytest.mark.parametrize(
    "content",
    [
        b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a" + b"\0" * 40, b"%PDF-1.7",
        png(0, 1), png(1, MAX_SIDE + 1), png(1, 1) + b"\0" * MAX_BYTES,
    ],
    ids=["empty", "svg", "gif", "pdf", "flat", "tall", "heavy"],
)  # fmt: skip
def test_what_is_no_picture_of_ours_is_refused(content: bytes) -> None:
    with pytest.raises(PictureRefused):
        picture_of(content)
