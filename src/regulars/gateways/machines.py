"""The machine that we run on: how much room its disk has."""

import shutil
from pathlib import Path

from msgspec import Struct


class Room(Struct, frozen=True):
    """Bytes of the disk that holds a folder."""

    total: int
    free: int


def room_at(folder: Path) -> Room | None:
    """The disk of a folder, or of the nearest above it that is there; None when it is not told."""
    for place in (folder, *folder.parents):
        try:
            found = shutil.disk_usage(place)
        except OSError:
            continue
        return Room(found.total, found.free)
    return None
