"""Leaderboards: what they count, over which stretch, and the names that members play under."""

import re
import unicodedata
from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from regulars.domain.errors import Fault, InvalidInput
from regulars.domain.leaks import looks_personal
from regulars.domain.periods import Local, Unit, start_of
from regulars.domain.programs.model import Program

SHORTEST_NAME, LONGEST_NAME = 2, 20
MOST_SHOWN = 100
"""Places of a leaderboard that are told."""

EVER = date(1970, 1, 1)


class BoardMetric(StrEnum):
    """What is counted."""

    POINTS = "points"  # points of a currency that were earned
    CHECK_INS = "check_ins"  # different days with a check-in
    CHALLENGES = "challenges"  # challenges and streaks of a rule that were completed


BoardWords = dict[str, Annotated[str, Meta(min_length=1, max_length=200)]]


class BoardTerms(Struct, frozen=True, forbid_unknown_fields=True):
    """A leaderboard. `subject`: the currency or the rule. `per`: week, month, quarter, year; empty:
    ever."""

    name: BoardWords
    metric: BoardMetric
    subject: Annotated[str, Meta(max_length=100)] = ""
    per: Annotated[str, Meta(pattern="^(|week|month|quarter|year)$")] = "month"


PlayName = Annotated[str, Meta(min_length=1, max_length=60)]

_LETTERS = re.compile(r"[\w][\w .·'-]*[\w.!]?", re.UNICODE)
_RESERVED = frozenset({
    "admin", "administrator", "staff", "support", "system", "moderator", "regulars", "official",
    "店长", "客服", "管理员", "官方", "系统",
})  # fmt: skip
_RUDE = ("fuck", "shit", "cunt", "nazi", "hitler", "nigger", "傻逼", "操你", "妈的", "王八蛋")


def refuse_board(terms: BoardTerms, program: Program) -> None:
    """Raises InvalidInput for a leaderboard of what the program does not have."""
    if "en" not in terms.name:
        raise InvalidInput("A name is there at least in English (en).")
    if terms.metric is BoardMetric.POINTS and terms.subject not in program.currencies:
        raise _invalid("The program in force has no such currency.")
    if terms.metric is BoardMetric.CHALLENGES and not any(
        rule.id == terms.subject and (rule.challenge or rule.streak) for rule in program.rules
    ):
        raise _invalid("The program in force has no challenge or streak of this name.")
    if terms.metric is BoardMetric.CHECK_INS and terms.subject:
        raise _invalid("Check-ins are of nothing: leave the subject out.")


def _invalid(says: str) -> InvalidInput:
    return InvalidInput(says, faults=[Fault("/subject", says)])


def play_name(typed: str) -> tuple[str, str]:
    """(the name as it is shown, the name without case and width). Raises InvalidInput for one that
    tells who somebody is, that passes for the staff, or that nobody should have to read."""
    name = " ".join(unicodedata.normalize("NFKC", typed).split())
    key = name.casefold()
    bare = re.sub(r"[\W_]", "", key)
    fits = SHORTEST_NAME <= len(name) <= LONGEST_NAME and _LETTERS.fullmatch(name)
    if not fits:
        raise _refused(
            f"A name to play under has {SHORTEST_NAME} to {LONGEST_NAME} letters or digits."
        )
    if looks_personal(name) or sum(letter.isdigit() for letter in name) > 5:  # noqa: PLR2004
        raise _refused("This looks like a phone number or an address: choose a pseudonym.")
    if bare in _RESERVED or any(rude in bare for rude in _RUDE):
        raise _refused("This name cannot be taken: choose another.")
    return name, key


def _refused(says: str) -> InvalidInput:
    return InvalidInput(says, faults=[Fault("/name", says)])


def period_start(per: str, local: Local) -> date:
    """The first day of the stretch that `local` is in."""
    return start_of(Unit(per), local.date) if per else EVER
