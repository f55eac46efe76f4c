"""What a key service does: it keeps a key that never leaves it, and seals other keys under it."""

from typing import Protocol


class KeyService(Protocol):
    """Seals short secrets. Safe to share among threads. All of it raises KeyServiceFailed."""

    @property
    def current(self) -> str:
        """The name of the key that seals from now on."""

    def wrap(self, plain: bytes, context: bytes) -> bytes:
        """Seal under the current key. `context` has to be told again to open it."""

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        """Open what any key of this service has sealed."""

    def key_of(self, wrapped: bytes) -> str:
        """The name of the key that has sealed this; the same as `current` when it is up to date."""
