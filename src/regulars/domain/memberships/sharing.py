"""Who of a family uses whose quota; and the codes by which somebody is asked into one."""

from datetime import timedelta

from regulars.domain.members import Member
from regulars.domain.memberships.holding import FAMILY
from regulars.domain.programs.model import Program
from regulars.domain.programs.paid_cards import Sharing

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
FIRST = "F"
DRAWN = 11
INVITED_FOR = timedelta(days=7)
MOST_INVITED = 20
"""Invitations of one membership that are open at a time."""

POSSIBLE = len(LETTERS) ** DRAWN
"""How many codes there are: 54 bits."""


def counted_for(program: Program, member: Member, card: str) -> int:
    """The member under whom a benefit that `card` carries is counted: its holder, where all who
    share it have one quota together."""
    terms, held = program.cards.get(card), member.state.cards.get(card)
    if (
        held is not None
        and held.how == FAMILY
        and held.holder
        and terms is not None
        and terms.family is not None
        and terms.family.quota is Sharing.SHARED
    ):
        return held.holder
    return member.id


def code_of(drawn: int) -> str:
    """The code for `drawn`, which lies in [0, POSSIBLE)."""
    assert 0 <= drawn < POSSIBLE
    letters = ""
    for _ in range(DRAWN):
        drawn, place = divmod(drawn, len(LETTERS))
        letters += LETTERS[place]
    return FIRST + letters


def normal(text: str) -> str:
    """A code as it is compared: however it was typed or scanned."""
    return "".join(text.split()).replace("-", "").upper()


def grouped(code: str) -> str:
    """The code as people read it out."""
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))
