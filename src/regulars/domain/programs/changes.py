"""Sentences about one value that differs between two versions of a program."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

from regulars.domain.programs.diff_phrases import say
from regulars.domain.programs.findings import Path
from regulars.domain.programs.phrases import name_in, phrase
from regulars.domain.programs.pieces import Text

T = TypeVar("T")


class Kind(StrEnum):
    """What happened to a part of a program."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference in words. `path`: where it stands in the newer document; for what was removed,
    in the older."""

    kind: Kind
    words: str
    path: Path = ()


def quoted(lang: str, text: Text) -> str:
    """“Weekend double”."""
    return phrase(lang, "quote", text=name_in(lang, text))


def number_change(
    lang: str, what: str, old: int | None, new: int | None, tell: Callable[[int], str] = str
) -> list[Change]:
    """Raised, lowered, added or removed."""
    if old == new:
        return []
    if old is None or new is None:
        return value_change(lang, what, old, new, tell)
    verb = "raised" if new > old else "lowered"
    return [Change(Kind.CHANGED, say(lang, verb, what=what, old=tell(old), new=tell(new)))]


def value_change(
    lang: str, what: str, old: T | None, new: T | None, tell: Callable[[T], str] = str
) -> list[Change]:
    """From one value to another; None is no value at all."""
    if old == new:
        return []
    if old is None and new is not None:
        return [Change(Kind.ADDED, say(lang, "value_added", what=what, new=tell(new)))]
    if new is None and old is not None:
        return [Change(Kind.REMOVED, say(lang, "value_removed", what=what, old=tell(old)))]
    assert old is not None
    assert new is not None
    return [Change(Kind.CHANGED, say(lang, "changed", what=what, old=tell(old), new=tell(new)))]


def parts_change(
    lang: str,
    fields: Mapping[str, Sequence[str]],
    called: Callable[[str], str],
    was: tuple[object, Mapping[str, str]],
    now: tuple[object, Mapping[str, str]],
) -> list[Change]:
    """What differs between two things, each with its parts in words, some left out. `fields`: those
    that a part tells of; `called`: the part's name.

    The fields decide, not the words: a tier that is called otherwise in one language is no change
    of what it carries, and two tiers may be called the same.
    """
    found: list[Change] = []
    for name, of in fields.items():
        if all(getattr(was[0], one, None) == getattr(now[0], one, None) for one in of):
            continue
        old, new = was[1].get(name), now[1].get(name)
        told = value_change(lang, called(name), old, new)
        if not told and old is not None:
            words = say(lang, "changed", what=called(name), old=old, new=new)
            told = [Change(Kind.CHANGED, words)]
        found += at((name,), told)
    return found


def flag_change(
    lang: str,
    old: bool,  # noqa: FBT001
    new: bool,  # noqa: FBT001
    *,
    becomes: str,
    no_longer: str,
) -> list[Change]:
    """A sentence, by its name, for each way in which a yes or no can turn."""
    if old == new:
        return []
    return [Change(Kind.CHANGED, say(lang, becomes if new else no_longer))]


def set_change(lang: str, what: str, old: Collection[str], new: Collection[str]) -> list[Change]:
    """What was added and what was removed; an empty set says nothing is asked."""
    added, removed = sorted(set(new) - set(old)), sorted(set(old) - set(new))
    changes: list[Change] = []
    if added:
        words = say(lang, "items_added", what=what, items=joined(lang, added))
        changes.append(Change(Kind.ADDED, words))
    if removed:
        words = say(lang, "items_removed", what=what, items=joined(lang, removed))
        changes.append(Change(Kind.REMOVED, words))
    return changes


def text_change(lang: str, what: str, old: Text, new: Text) -> list[Change]:
    """Words in each language."""
    return [
        change
        for one in sorted({*old, *new})
        for change in value_change(
            lang,
            say(lang, "in_language", what=what, language=one),
            old.get(one),
            new.get(one),
            lambda words: phrase(lang, "quote", text=words),
        )
    ]


def mapping_change(
    lang: str, what: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> list[Change]:
    """Named plain values."""
    return [
        change
        for name in sorted({*old, *new})
        for change in at(
            (name,),
            value_change(
                lang, say(lang, "named", what=what, name=name), old.get(name), new.get(name)
            ),
        )
    ]


def order_change(lang: str, what: str, old: Collection[str], new: Collection[str]) -> list[Change]:
    """What stayed, in another order."""
    before = [code for code in old if code in new]
    after = [code for code in new if code in old]
    if before == after:
        return []
    return [Change(Kind.CHANGED, say(lang, "in_order", what=what, items=joined(lang, after)))]


def under(lang: str, subject: str, changes: Collection[Change]) -> list[Change]:
    """Each sentence with its subject before it."""
    return [
        replace(one, words=say(lang, "under", subject=subject, words=one.words)) for one in changes
    ]


def at(path: Path, changes: Collection[Change]) -> list[Change]:
    """Each change as a part of what stands at `path`."""
    return [replace(one, path=(*path, *one.path)) for one in changes]


def joined(lang: str, items: Sequence[str]) -> str:
    """`a, b, c`."""
    return phrase(lang, "comma").join(items)
