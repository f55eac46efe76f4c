"""What is kept how long: a default for each kind of record, and how far one may depart from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from regulars.domain.errors import Fault, InvalidInput
from regulars.domain.periods import Duration, month_after
from regulars.domain.programs.pieces import Text


class What(StrEnum):
    """The kinds of record that end."""

    SIGN_IN_CODES = "sign_in_codes"
    SESSIONS = "sessions"
    HELD_ENROLMENTS = "held_enrolments"
    INACTIVE_MEMBERS = "inactive_members"
    MESSAGES = "messages"
    REJECTED_IMPORTS = "rejected_imports"
    AUDIT = "audit"
    APPROVALS = "approvals"


@dataclass(frozen=True, slots=True)
class Retention:
    """`default`, `least` and `most` are how long after `counted_from` a record goes."""

    default: Duration
    least: Duration
    most: Duration
    what: Text
    counted_from: Text


def _kept(
    default: str, least: str, most: str, *, what: tuple[str, str], counted_from: tuple[str, str]
) -> Retention:
    return Retention(
        Duration.parse(default),
        Duration.parse(least),
        Duration.parse(most),
        {"en": what[0], "zh-CN": what[1]},
        {"en": counted_from[0], "zh-CN": counted_from[1]},
    )


CLASSES: Mapping[What, Retention] = {
    What.SIGN_IN_CODES: _kept(
        "P1D", "PT1H", "P7D",
        what=("One-time codes, used or not", "一次性验证码"),
        counted_from=("sent", "发送"),
    ),
    What.SESSIONS: _kept(
        "P90D", "P7D", "P1Y",
        what=("Sessions that have ended", "已结束的会话"),
        counted_from=("ended", "结束"),
    ),
    What.HELD_ENROLMENTS: _kept(
        "P30D", "P7D", "P90D",
        what=("Held enrolments that nobody decided", "未处理的待审入会申请"),
        counted_from=("enrolled", "申请"),
    ),
    What.INACTIVE_MEMBERS: _kept(
        "P3Y", "P6M", "P10Y",
        what=("Personal data of members who no longer come", "不再活跃会员的个人信息"),
        counted_from=("last seen", "最近一次活动"),
    ),
    What.MESSAGES: _kept(
        "P6M", "P7D", "P2Y",
        what=("Messages sent", "已发送的消息"),
        counted_from=("sent", "发送"),
    ),
    What.REJECTED_IMPORTS: _kept(
        "P30D", "P1D", "P90D",
        what=("Rows of imports that were refused", "导入时被拒绝的数据行"),
        counted_from=("imported", "导入"),
    ),
    What.AUDIT: _kept(
        "P5Y", "P6M", "P10Y",
        what=("The record of who did what", "操作审计记录"),
        counted_from=("written", "写入"),
    ),
    What.APPROVALS: _kept(
        "P5Y", "P1Y", "P10Y",
        what=("Approvals, given and refused", "审批记录"),
        counted_from=("decided", "决定"),
    ),
}  # fmt: skip
"""The least of the audit is what China's Cybersecurity Law asks of logs: six months."""

Policy = Mapping[What, Duration]
"""What an organization has set; the rest is as in CLASSES."""


def read_policy(spans: Mapping[str, str]) -> Policy:
    """An organization's wishes, read from ISO 8601 durations. Raises InvalidInput with faults."""
    read: dict[What, Duration] = {}
    faults = []
    for name, text in spans.items():
        if name not in CLASSES:
            faults.append(Fault(f"/{_escaped(name)}", f"Choose among: {', '.join(CLASSES)}."))
            continue
        what = What(name)
        try:
            read[what] = Duration.parse(text)
        except ValueError:
            faults.append(Fault(f"/{name}", "Write a duration such as P30D, P6M or P2Y."))
            continue
        known = CLASSES[what]
        if not _length(known.least) <= _length(read[what]) <= _length(known.most):
            faults.append(Fault(f"/{name}", f"Between {known.least} and {known.most}."))
    if faults:
        raise InvalidInput("These retention periods cannot be set.", faults=faults)
    return read


def span_of(policy: Policy, what: What) -> Duration:
    """How long the organization keeps it."""
    return policy.get(what) or CLASSES[what].default


def due_before(policy: Policy, what: What, now: datetime) -> datetime:
    """Records that counted from an instant before this one are due to go.

    Nothing goes before its time: an instant before this one, plus the span, is not after `now`.
    Where months are of unequal length, something may stay up to three days longer.
    """
    span = span_of(policy, what)
    # Days first: going forward, months are added first, and the order must be the mirror's.
    then = now - timedelta(days=span.days, seconds=span.seconds)
    day = month_after(then, -span.months)
    return then.replace(year=day.year, month=day.month, day=day.day)


def _length(span: Duration) -> int:
    """Seconds, for comparing; a month is the twelfth part of 365 days."""
    return span.months * 365 * 86400 // 12 + span.days * 86400 + span.seconds


def _escaped(name: str) -> str:
    return name[:40].replace("~", "~0").replace("/", "~1")
