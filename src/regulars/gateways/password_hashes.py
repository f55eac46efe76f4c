"""Passwords as Argon2id hashes, at what RFC 9106 recommends second: 64 MiB, three passes.

Argon2 runs outside of Python's lock, so a thread that hashes keeps nobody else from running. How
many may hash at once is the caller's to bound: each takes its 64 MiB.
"""

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from argon2.profiles import RFC_9106_LOW_MEMORY

from regulars.domain.passwords import prepared

_hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


def hash_password(password: str) -> str:
    """The hash, with salt and parameters. Raises InvalidInput for what is no text."""
    return _hasher.hash(prepared(password))


def is_password(password_hash: str | None, password: str) -> bool:
    """Whether this is the password. Without a hash the same work is done, and the answer is no: the
    time does not tell whether there was one. Raises InvalidInput for what is no text."""
    plain = prepared(password)
    try:
        _hasher.verify(password_hash or _nobodys(), plain)
    except (Argon2Error, InvalidHashError):
        return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than those of today."""
    return _hasher.check_needs_rehash(password_hash)


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return _hasher.hash("the password of nobody at all")
