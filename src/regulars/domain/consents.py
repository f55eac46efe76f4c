"""Consents: to what a member has said yes, for which channel, with the proof; silence is no.

What was said is never changed. A later word takes the place of an earlier one.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from hashlib import blake2b
from typing import Annotated

from msgspec import Meta, Struct

from regulars.domain.errors import InvalidInput
from regulars.domain.programs.pieces import Text

GUARDED_UNTIL = 14
"""Years. Below this age China's PIPL (article 31) asks for the consent of a parent or guardian."""

TERMS = "terms"
SERVICE = "service"

PURPOSES: Mapping[str, Text] = {
    code: {"en": english, "zh-CN": chinese}
    for code, english, chinese in (
        (TERMS, "Taking part in the program under its terms", "按条款参加会员计划"),
        ("marketing", "News and offers", "资讯与优惠"),
        (SERVICE, "Letters about what you hold, such as a card that ends", "会员卡到期等服务通知"),
        ("profiling", "Offers chosen by what you do", "根据您的行为提供个性化优惠"),
        ("partners", "Passing data to partner companies", "向合作企业提供信息"),
        ("research", "Surveys and market research", "问卷与市场研究"),
    )
}
"""What every organization can ask for. It may declare more."""


class Channel(StrEnum):
    """The way by which a member is reached. `any`: the purpose has no channel, or all of them."""

    EMAIL = "email"
    SMS = "sms"
    WECHAT = "wechat"
    PUSH = "push"
    PHONE = "phone"
    POST = "post"
    ANY = "any"


class How(StrEnum):
    """By what act it was said."""

    ENROLMENT = "enrolment"
    SELF = "self"
    STAFF = "staff"
    APPLICATION = "application"


class Consent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One yes (`granted`) or no. `text_version`: which words were shown. `by`: an opaque id.

    `by_guardian`: a parent or guardian said it for a child.
    """

    purpose: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    channel: Channel
    granted: bool
    at: datetime
    text_version: Annotated[str, Meta(min_length=1, max_length=80)]
    how: How
    by: Annotated[str, Meta(max_length=80)] = ""
    by_guardian: bool = False


Standing = Mapping[tuple[str, Channel], Consent]


def words_version(language: str, words: str) -> str:
    """Tells these words from any others: what stands on record beside a yes or no."""
    return f"{language}-{blake2b(words.encode(), digest_size=4).hexdigest()}"


def check_purpose(purpose: str, declared: Iterable[str] = ()) -> None:
    """Raises InvalidInput for a purpose that is neither built in nor declared."""
    known = [*PURPOSES, *declared]
    if purpose not in known:
        raise InvalidInput(f"Choose a purpose among: {', '.join(known)}.")


def standing(history: Iterable[Consent], at: datetime) -> Standing:
    """The word that counts at the instant `at`, for each purpose and channel ever spoken of.

    The latest counts; of two at the same instant, the no. A no for `any` is a no for every channel;
    a yes for `any` says nothing about a single channel. The order of `history` is of no matter.
    """
    latest: dict[tuple[str, Channel], Consent] = {}
    for consent in history:
        key = (consent.purpose, consent.channel)
        if consent.at <= at and (key not in latest or _later(consent, latest[key])):
            latest[key] = consent
    for (purpose, channel), consent in latest.items():
        general = latest.get((purpose, Channel.ANY))
        if general is not None and not general.granted and _later(general, consent):
            latest[purpose, channel] = general
    return latest


def may(history: Iterable[Consent], purpose: str, channel: Channel, at: datetime) -> bool:
    """Whether the member's word at `at` is yes; no when nothing was said."""
    consent = standing(history, at).get((purpose, channel))
    return consent is not None and consent.granted


def needs_guardian(birthday: date | None, today: date, age: int = GUARDED_UNTIL) -> bool:
    """Whether a parent or guardian must consent: before the birthday on which they turn `age`.

    Who was born on 29 February turns on 1 March in other years. An unknown birthday needs none.
    `today` is the day where the program is.
    """
    if birthday is None:
        return False
    years = today.year - birthday.year
    return years - ((today.month, today.day) < (birthday.month, birthday.day)) < age


def is_binding(consent: Consent, birthday: date | None, today: date) -> bool:
    """Whether this word counts at all: a no always; a child's yes only by the guardian.

    `today` is the day on which it was said.
    """
    return not consent.granted or consent.by_guardian or not needs_guardian(birthday, today)


def _later(consent: Consent, other: Consent) -> bool:
    """Whether this word takes the place of the other."""
    return (consent.at, not consent.granted) >= (other.at, not other.granted)
