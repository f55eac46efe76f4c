"""Reads the lifecycle of a document."""

from collections.abc import Collection
from datetime import date
from typing import Any

from regulars.domain.periods import Duration, month_after
from regulars.domain.programs.findings import Path
from regulars.domain.programs.report import Report, suggestion
from regulars.domain.programs.schema_lifecycle import (
    AT_RISK,
    GROWING_TIMES,
    LAPSED,
    MATURE_TIMES,
    OFTEN_WITHIN,
    WON_BACK,
)
from regulars.domain.programs.stages import Frequency, Lifecycle
from regulars.domain.programs.values import span

_PATH: Path = ("lifecycle",)
_ORIGIN = date(2000, 1, 1)


def read_lifecycle(
    report: Report, raw: dict[str, Any] | None, types: Collection[str]
) -> Lifecycle | None:
    """The lifecycle, or None where the program has none. `types` are all event types."""
    if raw is None:
        return None
    for place, code in enumerate(raw.get("on", [])):
        if code not in types or code == "return":
            report.error(
                "unknown_event_type",
                (*_PATH, "on", place),
                f"There is no event type {code} that somebody comes by.{suggestion(code, types)}",
            )
    found = Lifecycle(
        types=frozenset(raw.get("on", ["purchase"])),
        growing=_often(report, "growing", raw.get("growing", {}), GROWING_TIMES),
        mature=_often(report, "mature", raw.get("mature", {}), MATURE_TIMES),
        at_risk=_days(report, (*_PATH, "at_risk"), raw.get("at_risk", AT_RISK)),
        lapsed=_days(report, (*_PATH, "lapsed"), raw.get("lapsed", LAPSED)),
        won_back=_days(report, (*_PATH, "won_back"), raw.get("won_back", WON_BACK)),
        second_purchase=_days(report, (*_PATH, "second_purchase"), raw["second_purchase"])
        if "second_purchase" in raw
        else None,
        member_day=raw.get("member_day"),
    )
    if _length(found.lapsed) <= _length(found.at_risk):
        report.error(
            "stage_order",
            (*_PATH, "lapsed") if "lapsed" in raw else _PATH,
            "A member lapses later than being at risk: make lapsed longer than at_risk.",
        )
    return found


def _often(report: Report, name: str, raw: dict[str, Any], times: int) -> Frequency:
    within = _days(report, (*_PATH, name, "within"), raw.get("within", OFTEN_WITHIN))
    return Frequency(raw.get("times", times), within)


def _days(report: Report, path: Path, text: str) -> Duration:
    found = span(report, path, text) or Duration(days=1)
    if found.seconds:
        report.error("not_whole_days", path, f"{text} is not in whole days: stages turn by day.")
    return found


def _length(span_: Duration) -> int:
    """Days, roughly: what is compared differs by more than a month's length does."""
    return (month_after(_ORIGIN, span_.months) - _ORIGIN).days + span_.days
