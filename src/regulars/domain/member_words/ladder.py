"""Tiers in words: what is missing to the next, what it takes at all, and what it brings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.member_words.benefits import worth
from regulars.domain.member_words.money import plain_money
from regulars.domain.member_words.moves import tier_name
from regulars.domain.member_words.phrases import last_day_words, say, sentence
from regulars.domain.member_words.rules import rule_words
from regulars.domain.members import TierState
from regulars.domain.periods import Unit, end_of
from regulars.domain.programs.model import (
    Ladder,
    Metric,
    MetricSource,
    Need,
    Program,
    Rule,
    Tier,
    WindowKind,
)
from regulars.domain.programs.phrases import listed, name_in, type_words
from regulars.domain.programs.quantities import span_words
from regulars.domain.programs.words import points_words
from regulars.domain.tiers import Missing, Progress

_NAMES = {
    MetricSource.SPEND: "spend",
    MetricSource.COUNT: "count",
    MetricSource.CURRENCY: "earn",
    MetricSource.ASSETS: "hold",
}


@dataclass(frozen=True, slots=True)
class Goal:
    """A tier to be reached or kept. `reached`: how much of the nearest way is done, in percent.

    `brings`: what the members of that tier have and those of the present one have not.
    """

    tier: str
    name: str
    says: str
    reached: int
    brings: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class TierPage:
    """One rung, for whoever reads the rules."""

    tier: str
    name: str
    entry: str
    keep: str
    brings: Sequence[str]


def next_goal(program: Program, now_in: str, way: Progress, at: datetime, lang: str) -> Goal | None:
    """What is missing to the tier above; None at the top, or where one cannot earn it."""
    if not way.to_next:
        return None
    code = way.to_next[0].tier
    name = tier_name(program, code, lang)
    ways = [_missing(program, one, at, lang) for one in way.to_next]
    says = say(lang, "to_next", tier=name, ways=listed(lang, ways, "or"))
    brings = brought(program, code, beyond=now_in, at=at, lang=lang)
    return Goal(code, name, sentence(lang, says), _reached(way.to_next), brings)


def keep_goal(
    program: Program, state: TierState, way: Progress, at: datetime, lang: str
) -> Goal | None:
    """What is missing to keep the tier; None where it is held for ever."""
    until = state.grace_until or state.until
    if not way.to_keep or until is None:
        return None
    name = tier_name(program, state.tier, lang)
    reached = _reached(way.to_keep)
    if reached == _ALL:
        says = say(lang, "kept_already", tier=name)
    else:
        ways = [_missing(program, one, at, lang) for one in way.to_keep]
        says = say(lang, "to_keep", tier=name, ways=listed(lang, ways, "or"))
    return Goal(state.tier, name, sentence(lang, says), reached)


def need_words(program: Program, code: str, needed: int, lang: str) -> str:
    """What a metric has to come to: $2,000 spent in a calendar year."""
    assert program.ladder is not None
    metric = program.ladder.metrics[code]
    return _way(_amount("all", metric, needed, program, lang), _window(metric, lang), lang)


def is_money(program: Program, code: str) -> bool:
    """Whether a metric is in minor units of the program's money."""
    assert program.ladder is not None
    return program.ladder.metrics[code].source in {MetricSource.SPEND, MetricSource.ASSETS}


def tier_pages(program: Program, at: datetime, lang: str) -> list[TierPage]:
    """Every rung, lowest first."""
    ladder = program.ladder
    if ladder is None:
        return []
    pages: list[TierPage] = []
    for rung, tier in enumerate(ladder.tiers):
        below = ladder.tiers[rung - 1].code if rung else ""
        pages.append(
            TierPage(
                tier.code,
                name_in(lang, tier.name),
                sentence(lang, _entry(program, ladder, tier, rung, lang)),
                _keep(program, ladder, tier, lang) if rung else "",
                brought(program, tier.code, beyond=below, at=at, lang=lang) if rung else (),
            )
        )
    return pages


def ladder_notes(program: Program, lang: str) -> list[str]:
    """How members move between tiers."""
    ladder = program.ladder
    if ladder is None or len(ladder.tiers) == 1:
        return []
    notes = [say(lang, "tiers_now")]
    if ladder.review is not None:
        notes = [say(lang, "tiers_review", unit=_unit(ladder.review, lang))]
    if ladder.valid is None and ladder.valid_until is None:
        return [sentence(lang, one) for one in notes]
    notes.append(_validity(ladder, lang))
    if ladder.grace is not None:
        notes.append(say(lang, "tiers_grace", span=span_words(ladder.grace, lang)))
    notes.append(say(lang, f"tiers_{ladder.step_down.value}"))
    return [sentence(lang, one) for one in notes]


def brought(program: Program, code: str, *, beyond: str, at: datetime, lang: str) -> list[str]:
    """The rules and benefits of this tier and not of `beyond`, now or at a time to come."""
    found = [
        rule_words(rule, program, lang, with_tiers=False)
        for rule in program.rules
        if code in rule.tiers and beyond not in rule.tiers and not is_over(rule, at)
    ]
    for benefit in program.benefits:
        carriers = benefit.carriers
        if carriers is not None and code in carriers.tiers and beyond not in carriers.tiers:
            what = worth(benefit, program, lang)
            name = name_in(lang, benefit.name)
            found.append(say(lang, "named", name=name, what=what))
    return found


def is_over(rule: Rule, at: datetime) -> bool:
    """Whether a rule will never apply again."""
    ends_at = None if rule.schedule is None else rule.schedule.ends_at
    return ends_at is not None and ends_at <= at


_ALL = 100


def _reached(ways: Iterable[Missing]) -> int:
    """Of the nearest way the part that is done; of several needs the one that is furthest off."""
    return max(
        min((_percent(there, needed) for _, needed, there in one.needs), default=_ALL)
        for one in ways
    )


def _percent(there: int, needed: int) -> int:
    if there >= needed:
        return _ALL
    return max(there, 0) * _ALL // needed


def _missing(program: Program, way: Missing, at: datetime, lang: str) -> str:
    assert program.ladder is not None
    metrics = program.ladder.metrics
    told: dict[str, list[str]] = {}
    for code, needed, there in way.needs:
        if there < needed:
            metric = metrics[code]
            words = _amount("more", metric, needed - there, program, lang)
            told.setdefault(_until(metric, program, at, lang), []).append(words)
    clauses = [_way(listed(lang, needs), window, lang) for window, needs in told.items()]
    return listed(lang, clauses)


def _needed(program: Program, ladder: Ladder, need: Need, lang: str) -> str:
    told: dict[str, list[str]] = {}
    for code, least in need.items():
        metric = ladder.metrics[code]
        words = _amount("all", metric, least, program, lang)
        told.setdefault(_window(metric, lang), []).append(words)
    return listed(lang, [_way(listed(lang, needs), window, lang) for window, needs in told.items()])


def _way(needs: str, window: str, lang: str) -> str:
    return say(lang, "way", needs=needs, window=window).strip()


def _amount(kind: str, metric: Metric, value: int, program: Program, lang: str) -> str:
    """spend $820 more; 10 purchases."""
    name = f"{_NAMES[metric.source]}_{kind}"
    if metric.source is MetricSource.COUNT:
        words = [type_words(lang, code, program.custom_types) for code in sorted(metric.types)]
        if lang == "en" and value != 1:
            words = [f"{one}s" for one in words]
        return say(lang, name, count=f"{value:,}", types=listed(lang, words, "or"))
    if metric.source is MetricSource.CURRENCY:
        amount = points_words(value, metric.currency, program, lang)
    else:
        amount = plain_money(value, program.money, lang)
    return say(lang, name, amount=amount)


def _until(metric: Metric, program: Program, at: datetime, lang: str) -> str:
    """By when the rest has to be there."""
    if metric.window is WindowKind.CALENDAR_YEAR:
        end = end_of(Unit.YEAR, at, program.zone)
        return say(lang, "by_year", day=last_day_words(end, program.zone, lang))
    return _window(metric, lang)


def _window(metric: Metric, lang: str) -> str:
    if metric.source is MetricSource.ASSETS:
        return ""
    if metric.window is WindowKind.CALENDAR_YEAR:
        return say(lang, "in_year")
    if metric.window is WindowKind.ROLLING:
        return say(lang, "in_span", span=span_words(metric.span, lang))
    return say(lang, "in_all")


def _entry(program: Program, ladder: Ladder, tier: Tier, rung: int, lang: str) -> str:
    if not rung:
        return say(lang, "entry_first")
    ways = [_needed(program, ladder, need, lang) for need in tier.entry]
    return listed(lang, ways, "or") if ways else say(lang, "entry_none")


def _keep(program: Program, ladder: Ladder, tier: Tier, lang: str) -> str:
    if not tier.keep or tier.keep == tier.entry or (not ladder.valid and not ladder.valid_until):
        return ""
    ways = [_needed(program, ladder, need, lang) for need in tier.keep]
    return sentence(lang, say(lang, "keep_by", ways=listed(lang, ways, "or")))


def _validity(ladder: Ladder, lang: str) -> str:
    span = "" if ladder.valid is None else span_words(ladder.valid, lang)
    if ladder.valid_until is None:
        return say(lang, "tiers_valid", span=span)
    name = "tiers_valid_after" if span else "tiers_valid_until"
    return say(lang, name, unit=_unit(ladder.valid_until, lang), span=span)


def _unit(unit: Unit, lang: str) -> str:
    return say(lang, f"unit_{unit.value}")
