"""Tags: what a rule or somebody sets on a member, for a while or for good."""

from collections.abc import Mapping

from msgspec.structs import replace

from regulars.domain.members import Tag


def later(old: Tag | None, new: Tag) -> Tag:
    """A tag that is set again lasts as long as the longer of the two, from when it began."""
    if old is None or (old.until is not None and old.until <= new.since):
        return new
    since = min(old.since, new.since)
    if old.until is None or (new.until is not None and new.until < old.until):
        return replace(old, since=since)
    return replace(new, since=since)


def joined_tags(own: Mapping[str, Tag], other: Mapping[str, Tag]) -> dict[str, Tag]:
    """The tags of two members who are one: of each the one that lasts longer."""
    found = dict(own)
    for code, tag in other.items():
        mine = found.get(code)
        found[code] = tag if mine is None else max(mine, tag, key=_end)
    return found


def _end(tag: Tag) -> tuple[bool, float]:
    return tag.until is None, tag.until.timestamp() if tag.until is not None else 0.0
