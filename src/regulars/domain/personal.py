"""Personal data as typed values: what a profile may hold, and the one way to write each value.

What has passed `normal_profile` can be compared, looked up by keyed hash and sent to as it stands.
No refusal of this file repeats what was sent, and no repr shows it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from unicodedata import category, normalize

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from msgspec import Struct, structs

from regulars.domain.errors import Fault, InvalidInput
from regulars.domain.programs.pieces import Text
from regulars.domain.retention import What

MAX_PHONE = 40
MAX_EMAIL = 254
MAX_NAME = 100
MAX_ADDRESS = 300
MAX_LANGUAGE = 35
EARLIEST_BIRTH = date(1900, 1, 1)


class Gender(StrEnum):
    """As a person calls themselves; who would rather not say leaves it out."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"


class Profile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a person tells about themselves. `language`: BCP 47. `wechat`: a WeChat or open id."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    birthday: date | None = None
    address: str | None = None
    gender: Gender | None = None
    language: str | None = None
    wechat: str | None = None

    def __repr__(self) -> str:
        return f"Profile of {', '.join(filled(self)) or 'nothing'}"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [(name, "…") for name in filled(self)]


def filled(profile: Profile) -> tuple[str, ...]:
    """The names of the fields that hold something, in the order of the table."""
    return tuple(name for name in FIELDS if getattr(profile, name) is not None)


class Sensitivity(StrEnum):
    """What harm it does in wrong hands.

    `contact` leads to the person. `sensitive` tells about them what they cannot change or may not
    want known, or where they live.
    """

    ORDINARY = "ordinary"
    CONTACT = "contact"
    SENSITIVE = "sensitive"


@dataclass(frozen=True, slots=True)
class PersonalField:
    """What the register of processing says of a field. `kept`: the class of `retention`.

    `shown`: the most that a mask shows of it.
    """

    sensitivity: Sensitivity
    purpose: Text
    shown: Text
    kept: What = What.INACTIVE_MEMBERS


def _field(
    sensitivity: Sensitivity, purpose: tuple[str, str], shown: tuple[str, str]
) -> PersonalField:
    return PersonalField(
        sensitivity,
        {"en": purpose[0], "zh-CN": purpose[1]},
        {"en": shown[0], "zh-CN": shown[1]},
    )


FIELDS: Mapping[str, PersonalField] = {
    "name": _field(
        Sensitivity.CONTACT,
        ("To address the member.", "用于称呼会员。"),
        ("The first character.", "首字。"),
    ),
    "phone": _field(
        Sensitivity.CONTACT,
        ("To sign in, find the member at the till, send messages.", "登录、收银识别、发送消息。"),
        ("The country and at most seven digits.", "国家码及最多七位数字。"),
    ),
    "email": _field(
        Sensitivity.CONTACT,
        ("To sign in, find the member, send messages.", "登录、识别会员、发送消息。"),
        ("The first character of each part, and the last label.", "各部分首字符及顶级域名。"),
    ),
    "birthday": _field(
        Sensitivity.SENSITIVE,
        ("For birthday benefits, and to know who needs a guardian.", "生日权益；确认监护人同意。"),
        ("The month.", "月份。"),
    ),
    "address": _field(
        Sensitivity.SENSITIVE,
        ("To deliver rewards.", "寄送礼品。"),
        ("The province, where it is one of China's.", "中国省级行政区名称。"),
    ),
    "gender": _field(
        Sensitivity.SENSITIVE,
        ("To address the member.", "用于称呼会员。"),
        ("Nothing.", "不显示。"),
    ),
    "language": _field(
        Sensitivity.ORDINARY,
        ("To write in the member's language.", "使用会员的语言。"),
        ("All of it.", "全部。"),
    ),
    "wechat": _field(
        Sensitivity.CONTACT,
        ("To sign in with WeChat and to send messages there.", "微信登录及发送微信消息。"),
        ("The first character.", "首字符。"),
    ),
}  # fmt: skip
"""Every field of `Profile`, in its order."""


_PHONE = re.compile(r"[+\d\s().\-/]{3,}")


def normal_phone(text: str, region: str = "CN") -> str:
    """The number in E.164, such as +8613800138000; `region` (ISO 3166) is where it is dialled from.

    Raises InvalidInput for what is no number that exists, and for numbers whose calls cost extra:
    messages to them are a way to draw money from the sender.
    """
    if region not in phonenumbers.SUPPORTED_REGIONS:
        raise InvalidInput("The region is a country's two letters, such as CN.")
    plain = normalize("NFKC", text[: MAX_PHONE + 1]).strip()
    found = None
    if len(text) <= MAX_PHONE and _PHONE.fullmatch(plain):
        found = _parsed(plain, region)
    if found is None or not phonenumbers.is_valid_number(found):
        raise InvalidInput(
            "This is not a phone number that exists. Write it as it is dialled, or with + and the "
            "country's code."
        )
    if phonenumbers.number_type(found) == phonenumbers.PhoneNumberType.PREMIUM_RATE:
        raise InvalidInput("Messages cannot be sent to numbers whose calls cost extra.")
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)


def _parsed(text: str, region: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None


def normal_email(text: str) -> str:
    """The address in the one form it is stored, looked up and written to. Raises InvalidInput.

    The domain is lower-case ASCII (IDNA), the local part NFC and lower-case. The standard lets a
    host tell Anna@ from anna@, but none in use does, phones write the first letter large, and two
    spellings of one mailbox would be two members: one who cannot sign in, or two gifts of welcome.
    """
    plain = normalize("NFC", normalize("NFC", text[: MAX_EMAIL + 1]).strip().lower())
    found = None
    if len(text) <= MAX_EMAIL:
        try:
            found = validate_email(plain, check_deliverability=False, strict=True)
        except EmailNotValidError:
            found = None
    written = f"{found.local_part}@{found.ascii_domain.lower()}" if found else ""
    if not 0 < len(written) <= MAX_EMAIL:
        raise InvalidInput("This is not an e-mail address. Write one such as name@example.com.")
    return written


_LANGUAGE = re.compile(
    r"(?P<language>[a-z]{2,3})(?:-(?P<script>[a-z]{4}))?(?:-(?P<region>[a-z]{2}|\d{3}))?"
    r"(?P<variants>(?:-(?:[a-z0-9]{5,8}|\d[a-z0-9]{3}))*)",
    re.IGNORECASE | re.ASCII,
)


def normal_language(text: str) -> str:
    """A BCP 47 tag in its usual letters: zh-Hans-CN. Raises InvalidInput.

    Tags with extensions or for private use are not accepted.
    """
    found = _LANGUAGE.fullmatch(text[: MAX_LANGUAGE + 1].strip().replace("_", "-"))
    if found is None or len(text) > MAX_LANGUAGE:
        raise InvalidInput("A language is a tag such as en or zh-CN.")
    parts = [
        found["language"].lower(),
        (found["script"] or "").capitalize(),
        (found["region"] or "").upper(),
        found["variants"].lower().strip("-"),
    ]
    return "-".join(part for part in parts if part)


_JOINERS = "\u200c\u200d"
"""Invisible, and needed to write Persian and several languages of India."""


def _line(text: str, most: int) -> str:
    """NFC, one line, single spaces. Raises InvalidInput."""
    if len(text) > most:
        raise InvalidInput(f"At most {most} characters.")
    plain = " ".join(normalize("NFC", text).split())
    if not any(category(letter)[0] in "LN" for letter in plain):
        raise InvalidInput("There is nothing to read in it.")
    if any(category(letter)[0] == "C" and letter not in _JOINERS for letter in plain):
        raise InvalidInput("It holds characters that cannot be seen. Type it anew.")
    if len(plain) > most:
        raise InvalidInput(f"At most {most} characters.")
    return plain


def _birthday(day: date, today: date) -> date:
    if not EARLIEST_BIRTH <= day <= today:
        raise InvalidInput(f"A birthday lies between {EARLIEST_BIRTH} and today.")
    return day


_WECHAT = re.compile(r"[A-Za-z0-9_-]{5,64}")


def _wechat(text: str) -> str:
    plain = normalize("NFKC", text[:100]).strip()
    if not _WECHAT.fullmatch(plain):
        raise InvalidInput("A WeChat id has 5 to 64 letters, digits, _ or -.")
    return plain


def normal_profile(profile: Profile, region: str = "CN", *, today: date) -> Profile:
    """The profile with every value in its one form; doing it again changes nothing.

    `today` is the day where the program is. Raises InvalidInput with one fault for each field that
    is wrong.
    """
    rules: Mapping[str, Callable[..., object]] = {
        "name": lambda text: _line(text, MAX_NAME),
        "phone": lambda text: normal_phone(text, region),
        "email": normal_email,
        "birthday": lambda day: _birthday(day, today),
        "address": lambda text: _line(text, MAX_ADDRESS),
        "gender": Gender,
        "language": normal_language,
        "wechat": _wechat,
    }
    changed: dict[str, object] = {}
    faults = []
    for name in filled(profile):
        try:
            changed[name] = rules[name](getattr(profile, name))
        except InvalidInput as refusal:
            faults.append(Fault(f"/{name}", refusal.detail, code=f"invalid_{name}"))
    if faults:
        wrong = ", ".join(fault.pointer[1:] for fault in faults)
        raise InvalidInput(f"Correct these of the profile: {wrong}.", faults=faults)
    return structs.replace(profile, **changed)
