"""The bytes of files: unpacked where they are compressed, and told apart by a digest."""

import gzip
import zlib
from hashlib import blake2b
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import Any, BinaryIO, cast

from regulars.domain.errors import Malformed

CHUNK_BYTES = 1 << 20
MAX_RATIO = 200
"""How many bytes one byte of a compressed file may unpack to, after FREE_BYTES. Events compress to
a tenth or less; only what is made for it goes far beyond."""

FREE_BYTES = 64 * 1024 * 1024


def fingerprint(paths: list[Path], *words: str) -> str:
    """A digest of the files' contents and of `words`, in hexadecimal. Reads them whole."""
    digest = blake2b(digest_size=16)
    for word in words:
        digest.update(len(word).to_bytes(8, "big") + word.encode())
    for path in paths:
        digest.update(path.stat().st_size.to_bytes(8, "big"))
        with path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                digest.update(chunk)
    return digest.hexdigest()


def unzipped(file: BinaryIO, path: Path) -> BinaryIO:
    """What `file` holds, unpacked when the name of `path` says that it is compressed."""
    if path.suffix != ".gz":
        return file
    return cast("BinaryIO", BufferedReader(_Unzipped(file, path), CHUNK_BYTES))


class _Unzipped(RawIOBase):
    """A compressed file as it unpacks. Raises Malformed for one that is made to unpack without
    end."""

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self._file = file
        self._path = path
        self._inner = gzip.GzipFile(fileobj=file)
        self._count = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """As many bytes as fit, counted."""
        try:
            part = self._inner.read1(len(buffer))
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise Malformed(f"{self._path} is damaged or not compressed by gzip.") from error
        buffer[: len(part)] = part
        self._count += len(part)
        if self._count > FREE_BYTES and self._count > MAX_RATIO * self._file.tell():
            raise Malformed(
                f"{self._path} unpacks to more than {MAX_RATIO} times its size; it is not read on."
            )
        return len(part)
