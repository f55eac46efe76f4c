"""Money, spans, days and hours as people write them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from regulars.domain.amounts import exponent
from regulars.domain.periods import Duration
from regulars.domain.programs.phrases import listed, phrase


def money_words(minor: int, currency: str) -> str:
    """1,250.00 USD."""
    places = exponent(currency)
    whole, part = divmod(minor, 10**places)
    cents = f".{part:0{places}d}" if places else ""
    return f"{whole:,}{cents} {currency}"


def clock_words(minutes: int) -> str:
    """A minute of the day as 08:30."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def moment_words(at: datetime, zone: ZoneInfo) -> str:
    """A day of the zone, with the time of day unless it is midnight."""
    wall = at.astimezone(zone)
    if wall.hour or wall.minute or wall.second:
        return wall.strftime("%Y-%m-%d %H:%M:%S").removesuffix(":00")
    return wall.date().isoformat()


def span_words(span: Duration, lang: str = "en") -> str:
    """12 months, 14 days."""
    parts = []
    if span.months:
        parts.append(phrase(lang, "months", n=span.months))
    if span.days:
        parts.append(phrase(lang, "days", n=span.days))
    minutes = span.seconds // 60
    if minutes and minutes % 60 == 0:
        parts.append(phrase(lang, "hours_long", n=minutes // 60))
    elif minutes:
        parts.append(phrase(lang, "minutes", n=minutes))
    return listed(lang, parts)
