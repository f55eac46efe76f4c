"""Keys in a file of ours: one a line, `name base64`; the last one seals.

A sealed text is a one, the length of the key's name, the name, a nonce of 12 bytes and what
AES-256-GCM made under that key. The head and the caller's context are authenticated with it.
"""

import fcntl
import os
import re
import secrets
import stat
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import Lock

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from regulars.domain.errors import KeyServiceFailed

FORMAT = b"\x01"
KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
MOST_KEYS = 1000
MOST_FILE_BYTES = 256 * 1024
NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
OTHERS = 0o177
"""Whoever may read, write or run beyond reading and writing of the owner."""


@dataclass(frozen=True, slots=True)
class _Keys:
    """The keys of one state of the file, by name and in its order."""

    stamp: tuple[int, ...]
    current: str
    by_name: dict[str, bytes] = field(repr=False)


class FileKeys:
    """A key service out of a file. A key that is added to the file is used without a restart."""

    def __init__(self, path: Path) -> None:
        """Raises KeyServiceFailed when the file is missing, open to others or malformed."""
        self._path = path
        self._lock = Lock()
        self._keys = _read(path)

    @property
    def current(self) -> str:
        """The name on the last line."""
        return self._fresh().current

    def wrap(self, plain: bytes, context: bytes) -> bytes:
        """Seal under the current key."""
        keys = self._fresh()
        head = FORMAT + bytes([len(keys.current)]) + keys.current.encode("ascii")
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = AESGCM(keys.by_name[keys.current]).encrypt(nonce, plain, head + context)
        return head + nonce + sealed

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        """Open. Raises KeyServiceFailed for an unknown key, another context or a changed text."""
        name = self.key_of(wrapped)
        key = self._fresh().by_name.get(name)
        if key is None:
            raise KeyServiceFailed(f"The key file has no key {name}, and something needs it.")
        head, rest = wrapped[: 2 + len(name)], wrapped[2 + len(name) :]
        try:
            return AESGCM(key).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], head + context)
        except InvalidTag:
            raise KeyServiceFailed(
                "A sealed key does not open: it was changed, or belongs elsewhere."
            ) from None

    def key_of(self, wrapped: bytes) -> str:
        """The name in the head. Raises KeyServiceFailed when there is none."""
        length = wrapped[1] if len(wrapped) > 1 else 0
        name = wrapped[2 : 2 + length].decode("ascii", "replace")
        is_whole = len(wrapped) >= 2 + length + NONCE_BYTES + TAG_BYTES
        if not (wrapped.startswith(FORMAT) and is_whole and NAME.fullmatch(name)):
            raise KeyServiceFailed("What should be a sealed key was not sealed by a key file.")
        return name

    def _fresh(self) -> _Keys:
        """The keys of the file as it is now; it is read again only when it was replaced."""
        try:
            stamp = _stamp(self._path.stat())
        except OSError as error:
            raise _unreadable(self._path, error) from error
        with self._lock:
            if stamp != self._keys.stamp:
                self._keys = _read(self._path)
            return self._keys


def create(path: Path, day: date) -> bool:
    """Make a key file with one key, unless there is a file; whether it was made now. The key is
    named by the day.

    Never leaves half a file, and never replaces one, however many do it at once.
    Raises KeyServiceFailed when it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if path.exists():
            return False
        draft = _written(path, [_new_line(day)])
        try:
            os.link(draft, path)
        except FileExistsError:
            return False
        finally:
            draft.unlink()
        _sync(path.parent)
    except OSError as error:
        raise KeyServiceFailed(f"The key file cannot be written: {error.strerror}.") from error
    return True


def rotate(path: Path, day: date) -> str:
    """Append a key, which seals from now on; returns its name, which begins with the day. All or
    nothing, also when the power fails. Raises KeyServiceFailed."""
    try:
        with _alone(path.parent):
            keys = _read(path)
            if len(keys.by_name) >= MOST_KEYS:
                raise KeyServiceFailed(f"The key file has {MOST_KEYS} keys; take out unused ones.")
            line = _new_line(day)
            _written(path, [*path.read_text().splitlines(), line]).replace(path)
            _sync(path.parent)
    except OSError as error:
        raise KeyServiceFailed(f"The key file cannot be written: {error.strerror}.") from error
    return line.partition(" ")[0]


def _new_line(day: date) -> str:
    name = f"{day.isoformat()}-{secrets.token_hex(4)}"
    return f"{name} {b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"


def _written(path: Path, lines: list[str]) -> Path:
    """A draft beside the file, on the disk for certain."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write("\n".join(lines) + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        draft.unlink()
        raise
    return draft


def _read(path: Path) -> _Keys:
    try:
        with path.open("rb") as file:
            about = os.fstat(file.fileno())
            _demand_closed(path, about)
            text = file.read(MOST_FILE_BYTES + 1)
    except OSError as error:
        raise _unreadable(path, error) from error
    keys: dict[str, bytes] = {}
    lines = text.decode("ascii", "replace").splitlines()
    for number, line in enumerate(lines, 1):
        name, _, secret = line.strip().partition(" ")
        key = b""
        with suppress(Base64Error, ValueError):
            key = b64decode(secret, validate=True)
        if not NAME.fullmatch(name) or len(key) != KEY_BYTES or name in keys:
            raise KeyServiceFailed(
                f"Line {number} of the key file must be a name of its own, a space, and "
                f"{KEY_BYTES} bytes in base64."
            )
        keys[name] = key
    if not keys or len(keys) > MOST_KEYS or len(text) > MOST_FILE_BYTES:
        raise KeyServiceFailed(f"The key file must hold 1 to {MOST_KEYS} keys.")
    return _Keys(_stamp(about), name, keys)


def _demand_closed(path: Path, about: os.stat_result) -> None:
    if not stat.S_ISREG(about.st_mode):
        raise KeyServiceFailed(f"{path} is no file.")
    if about.st_uid != os.geteuid():
        raise KeyServiceFailed(f"{path} must belong to the account that runs Regulars.")
    if about.st_mode & OTHERS:
        raise KeyServiceFailed(f"{path} is open to others; close it: chmod 600.")


def _stamp(about: os.stat_result) -> tuple[int, ...]:
    """Changes whenever the file is replaced, written, or given other rights."""
    return about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns


def _unreadable(path: Path, error: OSError) -> KeyServiceFailed:
    return KeyServiceFailed(f"The key file {path} cannot be read: {error.strerror}.")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until nobody else changes keys in the folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _sync(folder: Path) -> None:
    """Make the folder's entries last."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
