"""Personal data where it does not belong: an e-mail address or a phone number in a free text.

Reasons and notes are kept with the books, outlive the person's profile, and cannot be erased.
"""

import re
from unicodedata import normalize

import phonenumbers

_EMAIL = re.compile(r"[\w.+%'-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![\w-])")
_PICTURE = re.compile(r"@\dx\.(?:png|jpe?g|gif|webp|svg)$", re.IGNORECASE)

_MOBILE = re.compile(
    r"(?<!\d\.)(?<![\w+¥$€£])(?:(?:\+|00)?86[ -]?)?(1[3-9]\d)([ -]?)(\d{4})\2(\d{4})"
    r"(?!\w|-\d|[.,]\d\d?(?!\d))",
    re.ASCII,
)
_ABROAD = re.compile(r"(?<![\w+])\+[1-9](?:[ ().-]{0,2}\d){6,14}(?!\w|[.,]\d\d?(?!\d))", re.ASCII)
_AMERICAN = re.compile(
    r"(?<![\w.,(+-])(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[-.])[2-9]\d{2}[-.]\d{4}(?!\w|[.-]\d)",
    re.ASCII,
)

_LABEL = re.compile(r"([A-Za-z][A-Za-z0-9_]*)[-#/]$", re.ASCII)
_NUMBERS_FOLLOW = frozenset(
    {
        "tel",
        "phone",
        "mobile",
        "mob",
        "cell",
        "call",
        "sms",
        "wechat",
        "whatsapp",
        "ph",
        "fon",
        "mp",
    }
)
_LONGEST_LABEL = 24


def looks_personal(text: str) -> bool:
    """Whether an e-mail address or somebody's phone number stands in the text.

    Finds Chinese mobile numbers, American ones written in groups, and any with + and a country.
    A receipt number of eleven digits alone that begins like a mobile number cannot be told from
    one; with its letters before it (R-13800138000) it is let through.
    """
    plain = normalize("NFKC", text)
    return _has_email(plain) or _has_mobile(plain) or _has_other_phone(plain)


def _has_email(text: str) -> bool:
    return "@" in text and any(
        not _PICTURE.search(found.group()) for found in _EMAIL.finditer(text)
    )


def _has_mobile(text: str) -> bool:
    return any(
        _exists("+86" + "".join(found.group(1, 3, 4))) and not _in_code(text, found.start())
        for found in _MOBILE.finditer(text)
    )


def _has_other_phone(text: str) -> bool:
    if any(_exists(found.group()) for found in _ABROAD.finditer(text)):
        return True
    return any(_exists("+1" + found.group()) for found in _AMERICAN.finditer(text))


def _in_code(text: str, start: int) -> bool:
    """Whether letters and a mark that join it to a longer code stand right before."""
    label = _LABEL.search(text[max(0, start - _LONGEST_LABEL) : start])
    return label is not None and label.group(1).lower() not in _NUMBERS_FOLLOW


def _exists(number: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False
