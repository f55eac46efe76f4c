"""Sentences about one value that differs between two versions of a program."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

from regulars.domain.programs.model import Text

T = TypeVar("T")


def quoted(text: Text) -> str:
    """“Weekend double”."""
    return f"“{text['en']}”"


def number_change(
    what: str, old: int | None, new: int | None, say: Callable[[int], str] = str
) -> list[str]:
    """Raised, lowered, added or removed."""
    if old == new:
        return []
    if old is None or new is None:
        return value_change(what, old, new, say)
    verb = "raised" if new > old else "lowered"
    return [f"{what} {verb} from {say(old)} to {say(new)}"]


def value_change(
    what: str, old: T | None, new: T | None, say: Callable[[T], str] = str
) -> list[str]:
    """From one value to another; None is no value at all."""
    if old == new:
        return []
    if old is None and new is not None:
        return [f"{what} added: {say(new)}"]
    if new is None and old is not None:
        return [f"{what} removed: it was {say(old)}"]
    assert old is not None
    assert new is not None
    return [f"{what} changed from {say(old)} to {say(new)}"]


def flag_change(old: bool, new: bool, *, becomes: str, no_longer: str) -> list[str]:  # noqa: FBT001
    """A sentence for each way in which a yes or no can turn."""
    if old == new:
        return []
    return [becomes if new else no_longer]


def set_change(what: str, old: Collection[str], new: Collection[str]) -> list[str]:
    """What was added and what was removed; an empty set says nothing is asked."""
    added, removed = sorted(set(new) - set(old)), sorted(set(old) - set(new))
    sentences: list[str] = []
    if added:
        sentences.append(f"{what} added: {', '.join(added)}")
    if removed:
        sentences.append(f"{what} removed: {', '.join(removed)}")
    return sentences


def text_change(what: str, old: Text, new: Text) -> list[str]:
    """Words in each language."""
    return [
        sentence
        for lang in sorted({*old, *new})
        for sentence in value_change(
            f"{what} ({lang})", old.get(lang), new.get(lang), lambda words: f"“{words}”"
        )
    ]


def mapping_change(what: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Named plain values."""
    return [
        sentence
        for name in sorted({*old, *new})
        for sentence in value_change(f"{what} {name}", old.get(name), new.get(name))
    ]


def order_change(what: str, old: Collection[str], new: Collection[str]) -> list[str]:
    """What stayed, in another order."""
    before = [code for code in old if code in new]
    after = [code for code in new if code in old]
    return [] if before == after else [f"{what} are now in the order {', '.join(after)}"]


def under(subject: str, sentences: Collection[str]) -> list[str]:
    """Each sentence with its subject before it."""
    return [f"{subject}: {sentence}" for sentence in sentences]
