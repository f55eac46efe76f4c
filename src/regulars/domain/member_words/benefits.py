"""Benefits as a member reads them, and what rules give beside points."""

from regulars.domain.amounts import Rate
from regulars.domain.explanations import Explanation
from regulars.domain.member_words.contributions import cap_clause
from regulars.domain.member_words.money import handy, plain_money
from regulars.domain.member_words.phrases import joined, sentence
from regulars.domain.programs.benefit_words import (
    benefit_say,
    occasions_words,
    quota_words,
)
from regulars.domain.programs.benefits import Benefit, BenefitKind, Carriers
from regulars.domain.programs.effects import Effect, EffectKind
from regulars.domain.programs.model import Program, Rule
from regulars.domain.programs.phrases import listed, name_in, phrase, type_words
from regulars.domain.programs.quantities import span_words
from regulars.domain.programs.stages import STAGES
from regulars.domain.programs.words import (
    card_names,
    currency_words,
    schedule_words,
    tier_names,
)

_WORDS = {
    "from": ("on orders from {money}", "订单满{money}可用"),
    "chosen": ("for members whom we choose", "限特定会员"),
    "rate": ("{points} {name} for each {money}", "每{money}{points}{name}"),
    "valid": ("valid for {span} when you are given it", "获赠后{span}内有效"),
    "appointment": ("by appointment", "需预约"),
    "given": ("{what} as a present", "赠送{what}"),
    "badge": ("the badge “{what}”", "徽章“{what}”"),
    "coupon": ("a coupon", "优惠券"),
    "for_span": ("{what}, valid for {span}", "{what}，有效{span}"),
    "on_types": ("{what} for each {types}", "每次{types}{what}"),
    "on_occasions": ("{what} on this occasion: {items}", "{items}：{what}"),
    "besides": ("and {what}", "并{what}"),
    "gained": ("You got {what}", "您获得了{what}"),
}

_TOLD = frozenset({EffectKind.BENEFIT, EffectKind.COUPON, EffectKind.BADGE})
"""The effects that members are told of beforehand; tags are ours, and a notice tells itself."""

_OURS = frozenset({"second_purchase", *(f"stage.{stage}" for stage in STAGES)})
"""The occasions that are our own business: who is told beforehand would wait for them."""


def is_told(rule: Rule) -> bool:
    """Whether members are told of the rule: it gives points, or a benefit or coupon."""
    if rule.occasions and rule.occasions <= _OURS:
        return False
    return rule.gives_points or any(effect.kind in _TOLD for effect in rule.effects)


def benefit_says(benefit: Benefit, program: Program, lang: str) -> list[str]:
    """What the benefit is, who has it and how often, in sentences. `lang`: one of LANGUAGES."""
    clauses = [worth(benefit, program, lang)]
    if benefit.threshold:
        money = plain_money(benefit.threshold, program.money, lang)
        clauses.append(_say(lang, "from", money=money))
    if benefit.quota is not None:
        clauses.append(quota_words(benefit.quota, lang))
    if benefit.share is not None:
        clauses.append(cap_clause(benefit.share, program, lang))
    if benefit.schedule is not None:
        clauses += schedule_words(benefit.schedule, program.zone, lang)
    if benefit.by_appointment:
        clauses.append(_say(lang, "appointment"))
    if benefit.carriers is not None:
        clauses.append(_carriers(benefit.carriers, program, lang))
    elif benefit.valid is not None:
        clauses.append(_say(lang, "valid", span=span_words(benefit.valid, lang)))
    says = [sentence(lang, joined(lang, clauses))]
    if benefit.about is not None:
        says.append(name_in(lang, benefit.about))
    return says


def _carriers(carriers: Carriers, program: Program, lang: str) -> str:
    """Who has it. How we sort members into stages and tags is our own business."""
    if carriers.is_open and carriers.where is None:
        return benefit_say(lang, "everyone")
    parts: list[str] = []
    if carriers.tiers:
        parts.append(benefit_say(lang, "tiers", items=tier_names(carriers.tiers, program, lang)))
    if carriers.cards:
        parts.append(benefit_say(lang, "cards", items=card_names(carriers.cards, program, lang)))
    if carriers.stages or carriers.tags or not parts:
        parts.append(_say(lang, "chosen"))
    return listed(lang, parts, "or")


def worth(benefit: Benefit, program: Program, lang: str) -> str:
    """What it gives: 10 % off, at most $20."""
    kind = benefit.kind
    if kind is BenefitKind.PERCENTAGE:
        words = benefit_say(lang, "percentage", percent=benefit.rate.times(Rate(100, 1)))
    elif kind is BenefitKind.AMOUNT:
        money = plain_money(benefit.amount, program.money, lang)
        words = benefit_say(lang, "amount", money=money)
    elif kind is BenefitKind.CASHBACK:
        words = benefit_say(lang, "cashback", points=_rate(benefit, program, lang))
    else:
        words = benefit_say(lang, kind.value)
    if benefit.ceiling is not None:
        money = plain_money(benefit.ceiling, program.money, lang)
        words = benefit_say(lang, "up_to", what=words, money=money)
    return benefit_say(lang, "named", what=words, item=benefit.item) if benefit.item else words


def _rate(benefit: Benefit, program: Program, lang: str) -> str:
    points, minor = handy(benefit.rate, program.money)
    name = currency_words(benefit.currency, program, lang)
    return _say(
        lang,
        "rate",
        points=points,
        name=name.removesuffix("s") if points == "1" and lang == "en" else name,
        money=plain_money(minor, program.money, lang),
    )


def effect_clause(rule: Rule, program: Program, lang: str) -> str:
    """What a rule without points gives, and for what."""
    what = _given(rule, program, lang)
    if rule.occasions:
        items = occasions_words(rule.occasions, program, lang)
        return _say(lang, "on_occasions", what=what, items=items)
    types = [type_words(lang, code, program.custom_types) for code in sorted(rule.on)]
    return _say(lang, "on_types", what=what, types=listed(lang, types, "or"))


def extra_clauses(rule: Rule, program: Program, lang: str) -> list[str]:
    """What a rule with points gives beside them, and for whom it is by stage."""
    found: list[str] = []
    if rule.gives_points and any(effect.kind in _TOLD for effect in rule.effects):
        found.append(_say(lang, "besides", what=_given(rule, program, lang)))
    if rule.gives_points and rule.occasions:
        items = occasions_words(rule.occasions, program, lang)
        found.append(benefit_say(lang, "occasions", items=items))
    if rule.stages or rule.tags:
        found.append(_say(lang, "chosen"))
    return found


def gained_words(told: Explanation, program: Program, lang: str) -> str:
    """What rules gave beside points with one event; "" for nothing. Tags are of the staff, and a
    badge is won once."""
    given = [
        Effect(EffectKind(one.kind), one.what)
        for one in told.granted
        if EffectKind(one.kind) in _TOLD
        and (one.kind != EffectKind.COUPON.value or one.what not in told.missed)
        and (one.kind != EffectKind.BADGE.value or one.what in told.badges)
    ]
    if not given:
        return ""
    items = dict.fromkeys(_effect(one, program, lang) for one in given)
    return _say(lang, "gained", what=listed(lang, list(items)))


def _given(rule: Rule, program: Program, lang: str) -> str:
    told = [_effect(one, program, lang) for one in rule.effects if one.kind in _TOLD]
    return _say(lang, "given", what=listed(lang, told))


def _effect(effect: Effect, program: Program, lang: str) -> str:
    words = _say(lang, "coupon")
    if effect.kind is EffectKind.BENEFIT:
        names = [one.name for one in program.benefits if one.id == effect.what]
        words = phrase(lang, "quote", text=name_in(lang, names[0])) if names else effect.what
    if effect.kind is EffectKind.BADGE:
        words = _say(lang, "badge", what=name_in(lang, program.badges[effect.what].name))
    if effect.valid is None:
        return words
    return _say(lang, "for_span", what=words, span=span_words(effect.valid, lang))


def _say(lang: str, name: str, /, **parts: object) -> str:
    return _WORDS[name][lang == "zh-CN"].format(**parts)
