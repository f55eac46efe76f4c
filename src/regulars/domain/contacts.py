"""What a phone number and an e-mail address show by their pattern alone.

Facts, no judgement, and nothing from which the number or address could be read back: `risk`
weighs them, and they may be kept with its reasons.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from disposable_email_domains import blocklist

NEAR = 10
"""Numbers at most this far apart are neighbours: SIM cards are sold in rows."""

MOST_RECENT = 1000
"""Earlier numbers that are looked at."""

_FREE_DOMAINS = (
    "126.com 139.com 163.com 189.cn aliyun.com foxmail.com gmail.com gmx.com gmx.de gmx.net "
    "googlemail.com hotmail.com icloud.com live.com mail.com mail.ru me.com msn.com naver.com "
    "outlook.com proton.me protonmail.com qq.com sina.cn sina.com sohu.com web.de yahoo.co.jp "
    "yahoo.co.uk yahoo.com yandex.com yandex.ru yeah.net"
)
_FREE = frozenset(_FREE_DOMAINS.split())
_CONSONANTS = re.compile(r"[bcdfghjklmnpqrstvwxz]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailFacts:
    """Of an address: kinds of its domain; a tag (+); digits mixed in; consonants in a row."""

    disposable: bool = False
    free: bool = False
    tagged: bool = False
    digits: int = 0
    consonants: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneFacts:
    """Of a number: the longest `repeat` of a digit, the longest `run` such as 123 or 987,
    and how many recent `neighbours` it has."""

    repeat: int = 0
    run: int = 0
    neighbours: int = 0


def mail_facts(email: str) -> MailFacts:
    """Facts of an address that `normal_email` has written."""
    local, _, domain = email.rpartition("@")
    name, tag, _ = local.partition("+")
    digits = sum(letter.isdecimal() for letter in name)
    return MailFacts(
        disposable=_is_disposable(domain),
        free=domain in _FREE,
        tagged=bool(tag),
        # Nothing but digits is a QQ or phone number, by which many in China call their mailbox.
        digits=0 if digits == len(name) else digits,
        consonants=max((len(found) for found in _CONSONANTS.findall(name)), default=0),
    )


def _is_disposable(domain: str) -> bool:
    labels = domain.split(".")
    return any(".".join(labels[start:]) in blocklist for start in range(len(labels) - 1))


def phone_facts(phone: str, recent: Sequence[str] = ()) -> PhoneFacts:
    """Facts of a number in E.164; `recent`: those of earlier enrolments of the same minute."""
    digits = [int(digit) for digit in phone.removeprefix("+")]
    number = int(phone)
    return PhoneFacts(
        repeat=_longest(digits, steps=(0,)),
        run=_longest(digits, steps=(1, -1)),
        neighbours=sum(1 <= abs(int(other) - number) <= NEAR for other in recent[-MOST_RECENT:]),
    )


def _longest(digits: Sequence[int], *, steps: Sequence[int]) -> int:
    """How many digits stand in the longest row in which each is the one before plus one step."""
    best = 1
    for step in steps:
        length = 1
        for before, after in pairwise(digits):
            length = length + 1 if after - before == step else 1
            best = max(best, length)
    return best
