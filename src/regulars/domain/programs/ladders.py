"""Reads the tiers of a document: metrics, rungs, and how members rise and fall."""

from collections.abc import Collection, Mapping
from typing import Any

from regulars.domain.periods import Duration, Unit
from regulars.domain.programs.findings import Path
from regulars.domain.programs.model import (
    Currency,
    Ladder,
    Metric,
    MetricSource,
    Need,
    StepDown,
    Tier,
    WindowKind,
)
from regulars.domain.programs.report import Report, suggestion
from regulars.domain.programs.values import span


def read_ladder(
    report: Report,
    raw: dict[str, Any] | None,
    *,
    currencies: Mapping[str, Currency],
    types: Collection[str],
) -> Ladder | None:
    """The ladder, or None where the program has no tiers. `types` are all event types."""
    if raw is None:
        return None
    metrics = {
        code: _metric(
            report, ("tiers", "metrics", code), one, code=code, currencies=currencies, types=types
        )
        for code, one in raw.get("metrics", {}).items()
    }
    valid, until = _validity(report, ("tiers", "valid"), raw.get("valid", "forever"))
    upgrade = raw.get("upgrade", "at_once")
    return Ladder(
        tiers=_rungs(report, raw["ladder"], metrics),
        metrics=metrics,
        valid=valid,
        valid_until=until,
        grace=span(report, ("tiers", "grace"), raw.get("grace")),
        step_down=StepDown(raw.get("step_down", "one")),
        review=None if upgrade == "at_once" else Unit(upgrade["at_end_of"]),
    )


def _validity(report: Report, path: Path, raw: Any) -> tuple[Duration | None, Unit | None]:
    if raw == "forever":
        return None, None
    if "for" in raw:
        return span(report, (*path, "for"), raw["for"]), None
    after = span(report, (*path, "after"), raw.get("after"))
    return after or Duration(), Unit(raw["until_end_of"])


def _metric(
    report: Report,
    path: Path,
    raw: dict[str, Any],
    *,
    code: str,
    currencies: Mapping[str, Currency],
    types: Collection[str],
) -> Metric:
    source = next(one for one in MetricSource if one in raw)
    if source is MetricSource.CURRENCY and raw["currency"] not in currencies:
        report.error(
            "unknown_currency",
            (*path, "currency"),
            f"There is no currency {raw['currency']}.{suggestion(raw['currency'], currencies)}",
        )
    for place, type_ in enumerate(raw.get("count", [])):
        if type_ not in types:
            report.error(
                "unknown_event_type",
                (*path, "count", place),
                f"There is no event type {type_}.{suggestion(type_, types)}",
            )
    window = raw.get("window", "lifetime")
    rolling = isinstance(window, dict)
    back = window["rolling"] if rolling else None
    return Metric(
        code=code,
        source=source,
        window=WindowKind.ROLLING if rolling else WindowKind(window),
        span=span(report, (*path, "window", "rolling"), back) or Duration(),
        currency=raw.get("currency", ""),
        types=frozenset(raw.get("count", ())),
    )


def _rungs(
    report: Report, raw: list[dict[str, Any]], metrics: Mapping[str, Metric]
) -> tuple[Tier, ...]:
    tiers: list[Tier] = []
    for place, one in enumerate(raw):
        path: Path = ("tiers", "ladder", place)
        code = one["id"]
        if any(known.code == code for known in tiers):
            report.error("duplicate_id", (*path, "id"), f"The tier {code} is here twice.")
        if place == 0:
            for name in ("entry", "keep"):
                if name in one:
                    report.error(
                        "first_tier",
                        (*path, name),
                        f"{code} is the lowest tier, which everybody has: remove {name}.",
                    )
        elif "entry" not in one:
            report.error(
                "no_entry", path, f"Nothing lets a member into {code}: add entry, as {{metric: 1}}."
            )
        entry = _needs(report, (*path, "entry"), one.get("entry"), metrics)
        keep = _needs(report, (*path, "keep"), one.get("keep"), metrics)
        tiers.append(Tier(code, one["name"], entry, keep or entry))
    return tuple(tiers)


def _needs(
    report: Report, path: Path, raw: dict[str, Any] | None, metrics: Mapping[str, Metric]
) -> tuple[Need, ...]:
    if raw is None:
        return ()
    ways: list[tuple[Path, Need]] = [(path, raw)]
    if isinstance(raw.get("any"), list):
        ways = [((*path, "any", place), way) for place, way in enumerate(raw["any"])]
    for at, way in ways:
        for code in way:
            if code not in metrics:
                report.error(
                    "unknown_metric",
                    (*at, code),
                    f"There is no metric {code}.{suggestion(code, metrics)}",
                )
    return tuple(dict(way) for _, way in ways)
