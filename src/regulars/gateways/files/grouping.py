"""Rows to groups of rows: those of one receipt, next to each other or nearly so."""

from collections.abc import Iterable, Iterator

from regulars.gateways.files.building import MAX_ROWS_IN_GROUP, Row

Group = tuple[int, list[Row]]
"""The number of the first row, counting from 1, and the rows."""


def singly(rows: Iterable[Row]) -> Iterator[Group]:
    """Each row by itself."""
    for number, row in enumerate(rows, 1):
        yield number, [row]


def grouped(rows: Iterable[Row], place: int, window: int) -> Iterator[Group]:
    """Rows with the same value at `place` together.

    At most `window` groups are open; the one that was touched longest ago is given first. Of a
    group that grows too large only so much is kept that its size is noticed.
    """
    open_groups: dict[object, Group] = {}
    for number, row in enumerate(rows, 1):
        key = row[place]
        group = open_groups.pop(key, None) if window > 1 else open_groups.get(key)
        if group is None:
            if len(open_groups) >= window:
                yield open_groups.pop(next(iter(open_groups)))
            group = (number, [])
        if len(group[1]) <= MAX_ROWS_IN_GROUP:
            group[1].append(row)
        open_groups[key] = group
    yield from open_groups.values()
