"""Is this enrolment a person? Facts about an enrolment in; a score with its reasons out.

Every line of WEIGHTS gives more points the more of its signal there is, and the score is their
sum: more of a bad sign never makes an enrolment look better.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from msgspec import Struct

from regulars.domain.contacts import MailFacts, PhoneFacts
from regulars.domain.errors import Fault, InvalidInput
from regulars.domain.programs.phrases import name_in
from regulars.domain.programs.pieces import Text

HIGHEST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What is known of one enrolment. Velocities count earlier enrolments, this one not.

    `referrer_days`: how long the referrer has been a member. None: there is none, or not known.
    """

    mail: MailFacts = field(default_factory=MailFacts)
    phone: PhoneFacts = field(default_factory=PhoneFacts)
    device_hour: int = 0
    device_day: int = 0
    ip_hour: int = 0
    ip_day: int = 0
    referrer_hour: int = 0
    referrer_day: int = 0
    seconds_to_confirm: int | None = None
    consented: bool = True
    referrer_days: int | None = None
    same_device_as_referrer: bool = False
    same_ip_as_referrer: bool = False


class Verdict(StrEnum):
    """`hold`: waits for a person to decide, and earns nothing until then."""

    ADMIT = "admit"
    HOLD = "hold"
    REFUSE = "refuse"


class RiskPolicy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The scores from which an enrolment is held and refused; REFUSE_NONE: none is refused."""

    hold_from: int = 40
    refuse_from: int = 90


REFUSE_NONE = HIGHEST + 1


def check_policy(policy: RiskPolicy) -> None:
    """Raises InvalidInput unless 1 ≤ hold_from ≤ refuse_from ≤ REFUSE_NONE."""
    faults = []
    if not 1 <= policy.hold_from <= REFUSE_NONE:
        faults.append(Fault("/hold_from", f"Between 1 and {REFUSE_NONE}."))
    if not policy.hold_from <= policy.refuse_from <= REFUSE_NONE:
        faults.append(Fault("/refuse_from", f"Between hold_from and {REFUSE_NONE}."))
    if faults:
        raise InvalidInput("Enrolments cannot be judged by these thresholds.", faults=faults)


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of WEIGHTS that counted: how much was measured, and the points it gave."""

    code: str
    points: int
    measured: int


@dataclass(frozen=True, slots=True)
class Risk:
    """`score` is 0 (nothing odd) to 100; the heaviest reason comes first."""

    score: int
    reasons: tuple[Reason, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Weight:
    """What is above `normal` gives `each` points, `most` in all; {n} in `words` is the measure."""

    normal: int
    each: int
    most: int
    measure: Callable[[Signals], int]
    words: Text


def _haste(signals: Signals) -> int:
    """How many seconds faster than anyone reads a code and types it."""
    seconds = signals.seconds_to_confirm
    return 0 if seconds is None else max(0, QUICKEST_SECONDS - max(0, seconds))


def _newness(signals: Signals) -> int:
    """How many days the referrer is younger as a member than one who knows what they recommend."""
    days = signals.referrer_days
    return 0 if days is None else max(0, SETTLED_DAYS - max(0, days))


QUICKEST_SECONDS = 4
SETTLED_DAYS = 3


def _weight(  # noqa: PLR0917
    normal: int, each: int, most: int, measure: Callable[[Signals], int], english: str, chinese: str
) -> Weight:
    return Weight(normal, each, most, measure, {"en": english, "zh-CN": chinese})


WEIGHTS: Mapping[str, Weight] = {
    # What a rule measures:       normal, each more, most
    "disposable_mail": _weight(
        0, 45, 45, lambda s: s.mail.disposable,
        "The e-mail address is one to throw away.",
        "使用一次性邮箱。"),
    "free_mail": _weight(
        0, 2, 2, lambda s: s.mail.free,
        "The e-mail address is of a free provider.",
        "使用免费邮箱。"),
    "tagged_mail": _weight(
        0, 8, 8, lambda s: s.mail.tagged,
        "The e-mail address has a tag: one mailbox under many names.",
        "邮箱地址带有标签，同一邮箱可用多个地址。"),
    "digits_in_mail": _weight(
        4, 3, 12, lambda s: s.mail.digits,
        "The e-mail address mixes in {n} digits.",
        "邮箱地址夹杂{n}位数字。"),
    "letters_in_mail": _weight(
        5, 4, 12, lambda s: s.mail.consonants,
        "The e-mail address has {n} consonants in a row.",
        "邮箱地址含连续{n}个辅音字母。"),
    "repeats_in_phone": _weight(
        5, 5, 15, lambda s: s.phone.repeat,
        "The phone number repeats one digit {n} times.",
        "手机号同一数字连续出现{n}次。"),
    "run_in_phone": _weight(
        5, 5, 15, lambda s: s.phone.run,
        "The phone number has {n} digits in a row, such as 123456.",
        "手机号含{n}位顺序数字。"),
    "neighbours_of_phone": _weight(
        0, 20, 60, lambda s: s.phone.neighbours,
        "{n} phone numbers right beside this one enrolled in the same minute.",
        "同一分钟内有{n}个相邻手机号入会。"),
    "device_hour": _weight(
        1, 15, 60, lambda s: s.device_hour,
        "{n} enrolments came from this device within an hour.",
        "该设备一小时内已有{n}次入会。"),
    "device_day": _weight(
        2, 8, 40, lambda s: s.device_day,
        "{n} enrolments came from this device within a day.",
        "该设备一天内已有{n}次入会。"),
    "ip_hour": _weight(
        10, 2, 30, lambda s: s.ip_hour,
        "{n} enrolments came from this network address within an hour.",
        "该网络地址一小时内已有{n}次入会。"),
    "ip_day": _weight(
        40, 1, 20, lambda s: s.ip_day,
        "{n} enrolments came from this network address within a day.",
        "该网络地址一天内已有{n}次入会。"),
    "referrer_hour": _weight(
        3, 8, 40, lambda s: s.referrer_hour,
        "The same member referred {n} others within an hour.",
        "同一邀请人一小时内已邀请{n}人。"),
    "referrer_day": _weight(
        8, 4, 30, lambda s: s.referrer_day,
        "The same member referred {n} others within a day.",
        "同一邀请人一天内已邀请{n}人。"),
    "haste": _weight(
        0, 5, 20, _haste,
        "The code was confirmed faster than a person can type it.",
        "验证码确认速度快于人工输入。"),
    "no_consent": _weight(
        0, 40, 40, lambda s: not s.consented,
        "The terms were not agreed to.",
        "未同意条款。"),
    "new_referrer": _weight(
        0, 4, 12, _newness,
        "The member who referred has only just enrolled.",
        "邀请人刚刚入会。"),
    "referrer_device": _weight(
        0, 40, 40, lambda s: s.same_device_as_referrer,
        "The device is that of the member who referred.",
        "与邀请人使用同一设备。"),
    "referrer_ip": _weight(
        0, 12, 12, lambda s: s.same_ip_as_referrer,
        "The network address is that of the member who referred.",
        "与邀请人网络地址相同。"),
}  # fmt: skip
"""A shop's own network enrols a queue of customers: addresses have the highest normal counts. A
household shares a device: its second enrolment is normal."""


def judge(signals: Signals, policy: RiskPolicy | None = None) -> Risk:
    """The risk of an enrolment under an organization's thresholds."""
    policy = policy or RiskPolicy()
    reasons = []
    for code, weight in WEIGHTS.items():
        measured = int(weight.measure(signals))
        points = min(weight.most, weight.each * max(0, measured - weight.normal))
        if points:
            reasons.append(Reason(code, points, measured))
    score = min(HIGHEST, sum(reason.points for reason in reasons))
    verdict = Verdict.ADMIT
    if score >= policy.hold_from:
        verdict = Verdict.REFUSE if score >= policy.refuse_from else Verdict.HOLD
    return Risk(score, tuple(sorted(reasons, key=lambda reason: -reason.points)), verdict)


def risk_words(reason: Reason, language: str) -> str:
    """The reason as a sentence; `language` is one of `phrases.LANGUAGES`."""
    return name_in(language, WEIGHTS[reason.code].words).format(n=reason.measured)
