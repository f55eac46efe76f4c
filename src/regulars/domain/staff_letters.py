"""What staff get by e-mail. Short, plain, and with nothing that tells whether it was read."""

from collections.abc import Mapping
from dataclasses import dataclass

from regulars.domain.staffing import INVITATION_LIFETIME, RESET_LIFETIME


@dataclass(frozen=True, slots=True)
class Words:
    """A letter: its subject and its text, with {organization} and {link} to be filled in."""

    subject: str
    text: str


_DAYS = INVITATION_LIFETIME.days
_MINUTES = int(RESET_LIFETIME.total_seconds()) // 60

INVITATION: Mapping[str, Words] = {
    "en": Words(
        "You are invited to {organization}",
        "Hello,\n\n"
        "you are invited to work with the loyalty program of {organization}. Choose your name and "
        "password here:\n\n"
        "{link}\n\n"
        f"The link can be used once, within {_DAYS} days. If you expected no invitation, do "
        "nothing.\n",
    ),
    "zh-CN": Words(
        "邀请您加入{organization}",
        "您好：\n\n"
        "{organization}邀请您参与其会员计划的管理工作。请在此设置您的姓名和密码：\n\n"
        "{link}\n\n"
        f"链接仅可使用一次，{_DAYS}天内有效。如果您并未预期收到此邀请，请忽略本邮件。\n",
    ),
}

RESET: Mapping[str, Words] = {
    "en": Words(
        "A new password for {organization}",
        "Hello,\n\n"
        "somebody asked for a new password for your account at {organization}. Choose it here:\n\n"
        "{link}\n\n"
        f"The link can be used once, within {_MINUTES} minutes. If that was not you, do nothing: "
        "your password stays as it is.\n",
    ),
    "zh-CN": Words(
        "重设您在{organization}的密码",
        "您好：\n\n"
        "有人为您在{organization}的账户申请了新密码。请在此设置：\n\n"
        "{link}\n\n"
        f"链接仅可使用一次，{_MINUTES}分钟内有效。如果不是您本人的操作，请忽略本邮件，"
        "密码保持不变。\n",
    ),
}

CHANGED: Mapping[str, Words] = {
    "en": Words(
        "Your password for {organization} was changed",
        "Hello,\n\n"
        "the password of your account at {organization} was changed just now, and all its other "
        "sessions have ended. If that was not you, ask for a new password at once and tell the "
        "people who manage the staff:\n\n"
        "{link}\n",
    ),
    "zh-CN": Words(
        "您在{organization}的密码已更改",
        "您好：\n\n"
        "您在{organization}的账户密码刚刚被更改，其他登录均已结束。如果不是您本人的操作，"
        "请立即申请新密码，并告知人员管理者：\n\n"
        "{link}\n",
    ),
}


def filled(words: Mapping[str, Words], language: str, **parts: str) -> Words:
    """The letter in this language with its parts filled in."""
    found = words[language]
    return Words(found.subject.format(**parts), found.text.format(**parts))
