"""Members sign in: what codes are for, how long things hold."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from regulars.domain.errors import Fault, InvalidInput
from regulars.domain.ids import EMAIL, PHONE, MemberRef
from regulars.domain.programs.pieces import Text


class Purpose(StrEnum):
    """What a code is sent for; it serves nothing else.

    `guardian`: a parent or guardian agrees that a child takes part. `confirm`: a member who is
    signed in shows once more who they are.
    """

    SIGN_IN = "sign_in"
    GUARDIAN = "guardian"
    CONFIRM = "confirm"


TICKET_LIFETIME = timedelta(minutes=30)
"""From the proof of an address to the enrolment."""

TICKET_AFTER = timedelta(minutes=5)
"""How long a ticket still answers after it was used, for a request whose answer was lost."""

SESSION_LIFETIME = timedelta(days=30)
STRONG_FOR = timedelta(minutes=15)
"""How long a member counts as having just shown who they are."""

LOGIN_LIFETIME = timedelta(minutes=10)
"""For the way to a provider and back, and for an authenticator to answer."""


@dataclass(frozen=True, slots=True)
class Address:
    """A phone or e-mail address in its one form. `ref`: how a member with it is found."""

    kind: str
    text: str = field(repr=False)
    ref: MemberRef

    @property
    def account(self) -> str:
        """The keyed hash of it."""
        return self.ref.external_id


def address_asked(phone: str | None, email: str | None) -> tuple[str, str]:
    """The kind and text of the one address that was given. Raises InvalidInput."""
    if (phone is None) == (email is None):
        raise InvalidInput(
            "Give either a phone or an e-mail address.",
            faults=[Fault("/phone", "either this or email")],
        )
    return (PHONE, phone) if phone is not None else (EMAIL, email or "")


def code_letter(purpose: Purpose, code: str, shop: str, language: str) -> tuple[str, str]:
    """Subject and text of the letter with a code; `language` is one of `phrases.LANGUAGES`."""
    subject, text = _LETTERS[purpose]
    return subject[language].format(shop=shop), text[language].format(code=code, shop=shop)


def welcome_letter(shop: str, language: str) -> tuple[str, str]:
    """Subject and text of the letter to somebody whose enrolment was held and is admitted."""
    subject, text = _WELCOME
    return subject[language].format(shop=shop), text[language].format(shop=shop)


_LETTERS: dict[Purpose, tuple[Text, Text]] = {
    Purpose.SIGN_IN: (
        {"en": "Your code for {shop}", "zh-CN": "{shop}验证码"},
        {
            "en": "{shop}: your code is {code}. It holds for 10 minutes. We never ask you for it; "
            "if you did not want to sign in, let it be.",
            "zh-CN": "【{shop}】验证码{code}，10分钟内有效。请勿告知他人；如非本人操作，请忽略。",
        },
    ),
    Purpose.GUARDIAN: (
        {"en": "A child asks for your consent: {shop}", "zh-CN": "{shop}：监护人同意"},
        {
            "en": "{shop}: a child gave your address as that of a parent or guardian, and wants "
            "to become a member. If you agree, give the child this code: {code}. It holds for 10 "
            "minutes. If you do not agree, do nothing.",
            "zh-CN": "【{shop}】一名未成年人申请入会，并填写您为监护人。如您同意，请将验证码{code}"
            "告知孩子，10分钟内有效；如不同意，请忽略。",
        },
    ),
    Purpose.CONFIRM: (
        {"en": "Confirm that it is you: {shop}", "zh-CN": "{shop}身份确认"},
        {
            "en": "{shop}: to confirm what you are doing, enter {code}. It holds for 10 minutes. "
            "If it is not you, sign in and end your other sessions.",
            "zh-CN": "【{shop}】您正在进行敏感操作，验证码{code}，10分钟内有效。"
            "如非本人操作，请登录后退出其他会话。",
        },
    ),
}

_WELCOME: tuple[Text, Text] = (
    {"en": "Welcome to {shop}", "zh-CN": "欢迎加入{shop}"},
    {
        "en": "{shop}: you are a member now. Sign in with a code.",
        "zh-CN": "【{shop}】您的入会申请已通过，欢迎使用验证码登录。",
    },
)
