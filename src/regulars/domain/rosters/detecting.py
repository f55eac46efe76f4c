"""What somebody may mean who types something into the one box: an id, a card, a phone, a name."""

import re
from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from regulars.domain.errors import InvalidInput, MemberNotFound
from regulars.domain.ids import EMAIL, PHONE, parse_ref
from regulars.domain.personal import normal_email, normal_phone
from regulars.domain.rosters.names import asked_for

MAX_TEXT = 250

_REF = re.compile(r"[a-z][a-z0-9_.-]{0,39}:\S{1,200}", re.DOTALL)
_ID = re.compile(r"\S{1,200}")


class By(StrEnum):
    """By what a member is looked for."""

    ID = "id"
    REFERENCE = "reference"
    EXTERNAL_ID = "external_id"
    PHONE = "phone"
    EMAIL = "email"
    NAME = "name"


PERSONAL = frozenset({By.PHONE, By.EMAIL, By.NAME})
"""Whoever looks for one of these uses what is known of a person."""


class Guess(Struct, frozen=True):
    """One thing that the text may be. `text`: in its normal form."""

    by: By
    text: str

    def __repr__(self) -> str:
        return f"Guess({self.by})"


def guesses(text: str) -> list[Guess]:
    """All that the text may mean, the surest first. Raises InvalidInput for what means nothing."""
    plain = " ".join(text.split())
    if not plain or len(plain) > MAX_TEXT:
        raise InvalidInput(
            "Type a member's id, card, phone number, e-mail address or name, at most "
            f"{MAX_TEXT} characters."
        )
    found = list(_guesses(plain))
    if not found:
        raise InvalidInput(
            "This is too little to look for. Of a name, type at least two Chinese characters or "
            "three letters."
        )
    return found


def _guesses(plain: str) -> Iterator[Guess]:
    if plain.startswith("mem_"):
        if _is_ours(plain):
            yield Guess(By.ID, plain)
            return
    elif _REF.fullmatch(plain):
        yield from _named(plain)
        return
    if "@" in plain:
        yield from _address(plain)
        return
    yield from _number(plain)
    if _ID.fullmatch(plain) and any(letter.isalnum() for letter in plain):
        yield Guess(By.EXTERNAL_ID, plain)
    if asked_for(plain) and any(letter.isalpha() for letter in plain):
        yield Guess(By.NAME, plain)


def _is_ours(plain: str) -> bool:
    try:
        parse_ref(plain)
    except MemberNotFound:
        return False
    return True


def _named(plain: str) -> Iterator[Guess]:
    """A reference with its system; of a phone or an address by that."""
    system, _, value = plain.partition(":")
    if system == PHONE:
        yield from _number(value)
        return
    if system == EMAIL:
        yield from _address(value)
        return
    try:
        parse_ref(plain)
    except (InvalidInput, MemberNotFound):
        return
    yield Guess(By.REFERENCE, plain)


def _number(plain: str) -> Iterator[Guess]:
    try:
        yield Guess(By.PHONE, normal_phone(plain))
    except InvalidInput:
        return


def _address(plain: str) -> Iterator[Guess]:
    try:
        yield Guess(By.EMAIL, normal_email(plain))
    except InvalidInput:
        return
