"""What a program gives to somebody who has just become a member, in plain words."""

from dataclasses import dataclass
from datetime import datetime

from regulars.domain.programs.model import Program, Rule, Tier
from regulars.domain.programs.phrases import language_of, name_in
from regulars.domain.programs.rule_words import describe
from regulars.domain.programs.words import need_words

MOST_RULES = 20


@dataclass(frozen=True, slots=True)
class Promise:
    """One rule by which a newcomer earns: its name, and all of it in one sentence."""

    rule: str
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Welcome:
    """`tier` and `next_tier` are "" under a program without tiers; `next_needs` tells what any of
    the ways to the next tier takes."""

    program: str
    tier: str
    tier_name: str
    next_tier: str
    next_tier_name: str
    next_needs: tuple[str, ...]
    promises: tuple[Promise, ...]


def welcome(program: Program, now: datetime, lang: str) -> Welcome:
    """Told at once when somebody enrols. `lang` is a BCP 47 tag; en and zh-CN are spoken."""
    lang = language_of(lang)
    tiers = program.ladder.tiers if program.ladder is not None else ()
    first = tiers[0] if tiers else None
    following = tiers[1] if len(tiers) > 1 else None
    rules = [rule for rule in program.rules if _is_for(rule, first, now)]
    return Welcome(
        program=name_in(lang, program.name),
        tier="" if first is None else first.code,
        tier_name="" if first is None else name_in(lang, first.name),
        next_tier="" if following is None else following.code,
        next_tier_name="" if following is None else name_in(lang, following.name),
        next_needs=() if following is None else _needs(program, following),
        promises=tuple(
            Promise(rule.id, name_in(lang, rule.name), describe(rule, program, lang))
            for rule in rules[:MOST_RULES]
        ),
    )


def _is_for(rule: Rule, tier: Tier | None, now: datetime) -> bool:
    """Whether a newcomer may earn by this rule, now or at some time to come."""
    ends_at = None if rule.schedule is None else rule.schedule.ends_at
    if ends_at is not None and ends_at <= now:
        return False
    return not rule.tiers or (tier is not None and tier.code in rule.tiers)


def _needs(program: Program, tier: Tier) -> tuple[str, ...]:
    assert program.ladder is not None
    metrics = dict(program.ladder.metrics)
    return tuple(need_words(need, metrics, program.money) for need in tier.entry)
