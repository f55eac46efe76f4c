"""The bytes of files: unpacked where they are compressed, and told apart by a digest."""

import gzip
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO, cast

CHUNK_BYTES = 1 << 20


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
    return cast("BinaryIO", gzip.GzipFile(fileobj=file))
