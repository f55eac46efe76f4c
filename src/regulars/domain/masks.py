"""Masked personal data: enough to tell two members apart on a screen, too little to reach either.

How many characters a mask hides is never to be read from it: what is hidden is always the same
stars. What each mask shows at most stands in `personal.FIELDS`.
"""

from collections.abc import Callable, Mapping
from datetime import date

import phonenumbers

from regulars.domain.personal import Profile, filled

HIDDEN = "***"
HIDDEN_DIGITS = "****"

_SHOWN_DIGITS = ((11, 3, 4), (8, 2, 2), (6, 0, 2), (0, 0, 0))
"""Digits from, then how many are shown at the head and at the tail. At least four stay hidden of
every number that has six, and no class holds numbers of only one length."""

PROVINCES = (
    "北京", "天津", "河北", "山西", "内蒙古", "辽宁", "吉林", "黑龙江", "上海", "江苏",
    "浙江", "安徽", "福建", "江西", "山东", "河南", "湖北", "湖南", "广东", "广西", "海南", "重庆",
    "四川", "贵州", "云南", "西藏", "陕西", "甘肃", "青海", "宁夏", "新疆", "香港", "澳门", "台湾",
)  # fmt: skip


def masked(profile: Profile) -> dict[str, str]:
    """The mask of each field that holds something: 张*, +86 138****8000, a***@e***.com."""
    return {name: MASKS[name](getattr(profile, name)) for name in filled(profile)}


def mask_name(name: str) -> str:
    """The first character; nothing of a name that has no more."""
    return _first(name, "*")


def mask_phone(phone: str) -> str:
    """Of a number in E.164, its country and at most seven digits; of anything else nothing."""
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return HIDDEN_DIGITS
    digits = phonenumbers.national_significant_number(number)
    head, tail = next(shown for least, *shown in _SHOWN_DIGITS if len(digits) >= least)
    shown = f"{digits[:head]}{HIDDEN_DIGITS}{digits[len(digits) - tail :]}"
    return f"+{number.country_code} {shown}"


def mask_email(email: str) -> str:
    """The first character before and after the @, and the last label of the domain."""
    local, _, domain = email.rpartition("@")
    name, _, label = domain.rpartition(".")
    return f"{_first(local, HIDDEN)}@{_first(name, HIDDEN)}.{label}" if local and name else HIDDEN


def mask_birthday(day: date) -> str:
    """The month, which is what a birthday benefit needs."""
    return f"****-{day.month:02}-**"


def mask_address(address: str) -> str:
    """The province or city that an address in China begins with; of others nothing.

    Elsewhere an address begins with the house, which is the part to hide.
    """
    place = next(
        (known for known in PROVINCES if address.removeprefix("中国").startswith(known)), ""
    )
    shown = place + HIDDEN
    return HIDDEN if address in shown else shown


def mask_gender(_gender: str) -> str:
    """Nothing."""
    return "*"


def mask_language(language: str) -> str:
    """All of it: staff need it to answer, and it leads to nobody."""
    return language


def mask_wechat(wechat: str) -> str:
    """The first character."""
    return _first(wechat, HIDDEN)


def _first(text: str, stars: str) -> str:
    shown = text[:1] + stars
    return stars if len(text) <= 1 or text in shown else shown


MASKS: Mapping[str, Callable[..., str]] = {
    "name": mask_name,
    "phone": mask_phone,
    "email": mask_email,
    "birthday": mask_birthday,
    "address": mask_address,
    "gender": mask_gender,
    "language": mask_language,
    "wechat": mask_wechat,
}
