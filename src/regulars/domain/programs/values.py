"""Small values of a document, read exactly: rates, money, spans and moments of time."""

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from regulars.domain.amounts import Rate, exponent
from regulars.domain.periods import Duration, midnight
from regulars.domain.programs.findings import Path
from regulars.domain.programs.report import Report

EARLIEST = date(1970, 1, 1)
LATEST = date(2200, 1, 1)


def exact(number: int | Fraction) -> Rate:
    """A number of the document, not negative, as an exact ratio."""
    return Rate.of(number.numerator, number.denominator)


def minor_units(report: Report, path: Path, number: int | Fraction, *, money: str) -> int:
    """An amount in whole units of money as minor units; reports one with too many decimals."""
    places = exponent(money)
    minor = number * 10**places
    if minor.denominator != 1:
        report.error(
            "not_exact", path, f"An amount of {money} has at most {places} decimal places."
        )
        return 1
    return int(minor)


def span(report: Report, path: Path, text: str | None) -> Duration | None:
    """A duration longer than nothing."""
    if text is None:
        return None
    try:
        found = Duration.parse(text)
    except ValueError:
        found = Duration()
    if found == Duration():
        report.error("not_a_duration", path, f"{text} is no span of time. Write one such as P12M.")
    return found


def day(report: Report, path: Path, text: str) -> date:
    """A day of the calendar."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        report.error("not_a_day", path, f"There is no day {text}.")
        return EARLIEST
    if not EARLIEST <= found < LATEST:
        report.error("not_a_day", path, f"{text} is not between {EARLIEST} and {LATEST}.")
        return EARLIEST
    return found


def moment(report: Report, path: Path, text: str | None, *, zone: ZoneInfo) -> datetime | None:
    """An instant in UTC; a day is its midnight in the program's zone."""
    if text is None:
        return None
    if len(text) == len("2017-07-04"):
        return midnight(day(report, path, text), zone)
    try:
        at = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        report.error("not_a_moment", path, f"There is no moment {text}.")
        return midnight(EARLIEST, zone)
    if not EARLIEST <= at.date() < LATEST:
        report.error("not_a_moment", path, f"{text} is not between {EARLIEST} and {LATEST}.")
        return midnight(EARLIEST, zone)
    return at


def words(found: dict[str, str] | None, code: str) -> dict[str, str]:
    """The words given, or in their stead the id made readable."""
    return dict(found) if found else {"en": code.replace("_", " ")}


def every(raw: Any) -> list[Any]:
    """A value that may stand alone, as a list."""
    return raw if isinstance(raw, list) else [raw]
