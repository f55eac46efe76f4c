"""Amounts of money as people say them: $12.50, 10 yuan, 10元."""

from collections.abc import Mapping

from regulars.domain.amounts import Rate, exponent

_UNITS: Mapping[str, tuple[str, str]] = {
    "AUD": ("A${}", "{}澳元"),
    "CAD": ("C${}", "{}加元"),
    "CHF": ("CHF {}", "{}瑞士法郎"),
    "CNY": ("{} yuan", "{}元"),
    "EUR": ("€{}", "{}欧元"),
    "GBP": ("£{}", "{}英镑"),
    "HKD": ("HK${}", "{}港元"),
    "JPY": ("¥{}", "{}日元"),
    "KRW": ("₩{}", "{}韩元"),
    "MOP": ("MOP${}", "{}澳门元"),
    "SGD": ("S${}", "{}新加坡元"),
    "THB": ("฿{}", "{}泰铢"),
    "TWD": ("NT${}", "{}新台币"),
    "USD": ("${}", "{}美元"),
}


def plain_money(minor: int, currency: str, lang: str) -> str:
    """The amount in the words of the language; whole amounts without their cents."""
    places = exponent(currency)
    whole, part = divmod(minor, 10**places)
    text = f"{whole:,}" if not part else f"{whole:,}.{part:0{places}d}"
    english, chinese = _UNITS.get(currency, ("{} " + currency, "{} " + currency))
    return (chinese if lang == "zh-CN" else english).format(text)


def handy(rate: Rate, currency: str) -> tuple[str, int]:
    """A rate (points per minor unit) as points per an amount that one would name: whole points
    per whole money where that can be, else per one unit of money."""
    unit = 10 ** exponent(currency)
    one = rate.times(Rate(unit, 1))
    if one.den == 1:
        return f"{one.num:,}", unit
    if rate.den % unit == 0:
        return f"{rate.num:,}", rate.den
    return str(one), unit
