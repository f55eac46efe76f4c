"""Benefits, effects and the lifecycle in words, part by part, in every language we speak."""

from regulars.domain.amounts import Rate
from regulars.domain.programs.benefits import Benefit, BenefitKind, Carriers, Quota
from regulars.domain.programs.condition_words import condition_words
from regulars.domain.programs.effects import Effect, EffectKind
from regulars.domain.programs.model import Program
from regulars.domain.programs.phrases import listed, name_in, phrase, type_words
from regulars.domain.programs.quantities import money_words, span_words
from regulars.domain.programs.stages import Frequency, Lifecycle
from regulars.domain.programs.words import (
    card_names,
    percent,
    rate_words,
    schedule_words,
    scope_words,
    tier_names,
)

_WORDS: dict[str, tuple[str, str]] = {
    # What a benefit is worth.
    "percentage": ("{percent} % off", "优惠{percent}%"),
    "amount": ("{money} off", "立减{money}"),
    "up_to": ("{what}, at most {money}", "{what}，最多{money}"),
    "cashback": ("{points} back", "返{points}"),
    "free_delivery": ("free delivery", "免配送费"),
    "gift": ("a gift", "赠品"),
    "gift_of": ("as a gift: {item}", "赠送：{item}"),
    "priority": ("served first", "优先服务"),
    "fee_waiver": ("no fee", "免手续费"),
    "service": ("a service", "专属服务"),
    "warranty": ("a longer warranty", "延长保修"),
    "invitation": ("an invitation", "活动邀请"),
    "trial": ("a free trial", "免费试用"),
    "partner_service": ("a partner's service", "合作方服务"),
    "named": ("{what}: {item}", "{what}：{item}"),
    # Who has it.
    "everyone": ("for everybody", "所有会员"),
    "tiers": ("for {items}", "{items}会员"),
    "stages": ("for members who are {items}", "处于{items}阶段的会员"),
    "tags": ("for members tagged {items}", "标签为{items}的会员"),
    "cards": ("for holders of {items}", "{items}持卡人"),
    "if": ("if {condition}", "且{condition}"),
    "granted": ("only for whom it is granted to", "仅限获赠会员"),
    # Its limits.
    "from_money": ("from {money}", "满{money}"),
    "quota": ("{times} {per}", "{per}{times}"),
    "share": ("at most {share} of {metric}", "不超过{metric}的{share}"),
    "once": ("once", "1次"),
    "times": ("{n} times", "{n}次"),
    "day": ("a day", "每天"),
    "week": ("a week", "每周"),
    "month": ("a month", "每月"),
    "year": ("a year", "每年"),
    "lifetime": ("ever", "终身"),
    "grant": ("each time it is granted", "每次获赠"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    "priority_of": ("priority {n}", "优先级{n}"),
    # Effects.
    "effect_benefit": ("grants {what}", "赠送权益{what}"),
    "effect_coupon": ("gives a coupon {what}", "发放优惠券{what}"),
    "effect_tag": ("sets the tag {what}", "打上标签{what}"),
    "effect_untag": ("takes the tag {what} away", "取消标签{what}"),
    "effect_notice": ("tells the member {what}", "通知会员{what}"),
    "effect_badge": ("awards the badge {what}", "颁发徽章{what}"),
    "for_span": ("{what} for {span}", "{what}，有效{span}"),
    "with_types": ("{effects}, on {types}", "{types}时{effects}"),
    # Stages and occasions.
    "prospect": ("prospects", "潜在会员"),
    "new": ("new", "新会员"),
    "growing": ("growing", "成长期"),
    "mature": ("mature", "成熟期"),
    "at_risk": ("at risk", "流失预警"),
    "lapsed": ("lapsed", "已流失"),
    "won_back": ("won back", "已召回"),
    "birthday": ("birthday", "生日"),
    "anniversary": ("anniversary of joining", "入会周年"),
    "member_day": ("member day", "会员日"),
    "second_purchase": ("a second visit is due", "二次到店提醒"),
    "stage_reached": ("becoming {stage}", "进入{stage}"),
    "tier_reached": ("reaching {tier}", "升至{tier}"),
    "occasions": ("on these occasions: {items}", "触发时机：{items}"),
    "often": ("{n} times within {span}", "{span}内{n}次"),
    "after": ("{span} after the last time", "距上次{span}"),
    "stays": ("for {span}", "持续{span}"),
    "after_first": ("{span} after the first time", "首次后{span}"),
    "each_month": ("day {n} of each month", "每月{n}日"),
}  # fmt: skip

_NAMES: dict[str, tuple[str, str]] = {
    "worth": ("what it is", "内容"),
    "for": ("who has it", "适用会员"),
    "threshold": ("threshold", "门槛"),
    "lines": ("goods", "适用商品"),
    "schedule": ("times", "可用时间"),
    "when": ("condition", "使用条件"),
    "quota": ("quota", "次数"),
    "share_of_contribution": ("cap by what the member spent", "按会员消费的上限"),
    "valid": ("validity when granted", "获赠有效期"),
    "stacking": ("stacking", "叠加"),
    "restore": ("given back with a return", "退货返还"),
    "automatic": ("applied automatically", "自动使用"),
    "appointment": ("by appointment", "需预约"),
    "partner": ("partner", "合作方"),
    "name": ("name", "名称"),
    "about": ("explanation", "说明"),
    "benefit": ("Benefit {name}", "权益{name}"),
    "benefits": ("Benefits", "权益"),
    "benefit_added": ("New benefit {name} ({code}): {words}", "新增权益{name}（{code}）：{words}"),
    "benefit_removed": ("Benefit {name} ({code}) removed", "取消权益{name}（{code}）"),
    "effects": ("effects", "附带效果"),
    "occasions": ("occasions", "触发时机"),
    "stages": ("stages", "生命周期阶段"),
    "tags": ("tags", "标签"),
    "lifecycle": ("Lifecycle", "生命周期"),
    "on": ("what counts", "计入的行为"),
    "growing": ("growing", "成长期"),
    "mature": ("mature", "成熟期"),
    "at_risk": ("at risk", "流失预警"),
    "lapsed": ("lapsed", "流失"),
    "won_back": ("won back", "召回"),
    "second_purchase": ("reminder of a second visit", "二次到店提醒"),
    "member_day": ("member day", "会员日"),
}


def benefit_say(lang: str, name: str, /, **parts: object) -> str:
    """A turn of phrase about benefits. `lang`: one of LANGUAGES."""
    return _WORDS[name][lang == "zh-CN"].format(**parts)


def part_name(lang: str, name: str, /, **parts: object) -> str:
    """What a part is called where differences are told."""
    return _NAMES[name][lang == "zh-CN"].format(**parts)


def benefit_parts(benefit: Benefit, program: Program, lang: str) -> dict[str, str]:
    """What the benefit says, by part; parts that it does not have are left out."""
    told: dict[str, str] = {"worth": worth_words(benefit, program, lang)}
    told["for"] = carrier_words(benefit.carriers, program, lang)
    if benefit.threshold:
        money = money_words(benefit.threshold, program.money)
        told["threshold"] = benefit_say(lang, "from_money", money=money)
    clause = phrase(lang, "clause")
    if benefit.lines is not None:
        told["lines"] = clause.join(scope_words(benefit.lines, program, lang))
    if benefit.schedule is not None:
        told["schedule"] = clause.join(schedule_words(benefit.schedule, program.zone, lang))
    if benefit.condition is not None:
        told["when"] = condition_words(benefit.condition.text, program, lang)
    if benefit.quota is not None:
        told["quota"] = quota_words(benefit.quota, lang)
    if benefit.share is not None:
        parts = {"share": percent(benefit.share.share), "metric": benefit.share.metric}
        told["share_of_contribution"] = benefit_say(lang, "share", **parts)
    if benefit.valid is not None:
        told["valid"] = span_words(benefit.valid, lang)
    if benefit.group is not None or benefit.priority:
        words = [benefit.group or "", benefit_say(lang, "priority_of", n=benefit.priority)]
        told["stacking"] = clause.join(word for word in words if word)
    for name, flag, usual in (
        ("restore", benefit.restore, True),
        ("automatic", benefit.is_automatic, True),
        ("appointment", benefit.by_appointment, False),
    ):
        if flag is not usual:
            told[name] = benefit_say(lang, "yes" if flag else "no")
    if benefit.partner:
        told["partner"] = benefit.partner
    return told


def worth_words(benefit: Benefit, program: Program, lang: str) -> str:
    """What the benefit gives: 10 % off, at most 20.00 USD."""
    kind = benefit.kind
    if kind is BenefitKind.PERCENTAGE:
        words = benefit_say(lang, "percentage", percent=benefit.rate.times(Rate(100, 1)))
    elif kind is BenefitKind.AMOUNT:
        words = benefit_say(lang, "amount", money=money_words(benefit.amount, program.money))
    elif kind is BenefitKind.CASHBACK:
        points = rate_words(benefit.rate, benefit.currency, program, lang)
        words = benefit_say(lang, "cashback", points=points)
    elif kind is BenefitKind.GIFT and benefit.item:
        return benefit_say(lang, "gift_of", item=benefit.item)
    else:
        words = benefit_say(lang, kind.value)
    if benefit.ceiling is not None:
        money = money_words(benefit.ceiling, program.money)
        words = benefit_say(lang, "up_to", what=words, money=money)
    return benefit_say(lang, "named", what=words, item=benefit.item) if benefit.item else words


def carrier_words(carriers: Carriers | None, program: Program, lang: str) -> str:
    """Who has a benefit."""
    if carriers is None:
        return benefit_say(lang, "granted")
    parts: list[str] = []
    if carriers.tiers:
        parts.append(benefit_say(lang, "tiers", items=tier_names(carriers.tiers, program, lang)))
    if carriers.stages:
        parts.append(benefit_say(lang, "stages", items=stage_names(carriers.stages, lang)))
    if carriers.tags:
        parts.append(benefit_say(lang, "tags", items=listed(lang, sorted(carriers.tags), "or")))
    if carriers.cards:
        parts.append(benefit_say(lang, "cards", items=card_names(carriers.cards, program, lang)))
    words = listed(lang, parts, "or") if parts else benefit_say(lang, "everyone")
    if carriers.where is None:
        return words
    condition = condition_words(carriers.where.text, program, lang)
    return phrase(lang, "clause").join([words, benefit_say(lang, "if", condition=condition)])


def stage_names(stages: frozenset[str], lang: str) -> str:
    """The stages in words."""
    return listed(lang, [benefit_say(lang, one) for one in sorted(stages)], "or")


def quota_words(quota: Quota, lang: str) -> str:
    """Twice a month."""
    times = "once" if quota.uses == 1 else "times"
    return benefit_say(
        lang,
        "quota",
        times=benefit_say(lang, times, n=quota.uses),
        per=benefit_say(lang, quota.per.value),
    )


def effect_words(effect: Effect, program: Program, lang: str) -> str:
    """What one effect of a rule does."""
    what = effect.what
    if effect.kind is EffectKind.BENEFIT:
        names = [one.name for one in program.benefits if one.id == effect.what]
        what = phrase(lang, "quote", text=name_in(lang, names[0])) if names else what
    elif effect.kind is EffectKind.NOTICE:
        what = phrase(lang, "quote", text=name_in(lang, effect.text or {"en": ""}))
    elif effect.kind is EffectKind.BADGE and what in program.badges:
        what = phrase(lang, "quote", text=name_in(lang, program.badges[what].name))
    words = benefit_say(lang, f"effect_{effect.kind.value}", what=what)
    if effect.valid is None:
        return words
    return benefit_say(lang, "for_span", what=words, span=span_words(effect.valid, lang))


def effects_words(effects: tuple[Effect, ...], program: Program, lang: str) -> str:
    """All effects of a rule."""
    return listed(lang, [effect_words(one, program, lang) for one in effects])


def occasion_words(occasion: str, program: Program, lang: str) -> str:
    """An occasion as it stands inside a sentence."""
    kind, _, what = occasion.partition(".")
    if kind == "stage":
        return benefit_say(lang, "stage_reached", stage=benefit_say(lang, what))
    if kind == "tier":
        return benefit_say(lang, "tier_reached", tier=tier_names(frozenset({what}), program, lang))
    return benefit_say(lang, occasion)


def occasions_words(occasions: frozenset[str], program: Program, lang: str) -> str:
    """The occasions that a rule waits for."""
    return listed(lang, [occasion_words(one, program, lang) for one in sorted(occasions)], "or")


def lifecycle_parts(lifecycle: Lifecycle, program: Program, lang: str) -> dict[str, str]:
    """What the lifecycle says, by part."""
    types = [type_words(lang, code, program.custom_types) for code in sorted(lifecycle.types)]
    told = {
        "on": listed(lang, types, "or"),
        "growing": _often(lifecycle.growing, lang),
        "mature": _often(lifecycle.mature, lang),
        "at_risk": benefit_say(lang, "after", span=span_words(lifecycle.at_risk, lang)),
        "lapsed": benefit_say(lang, "after", span=span_words(lifecycle.lapsed, lang)),
        "won_back": benefit_say(lang, "stays", span=span_words(lifecycle.won_back, lang)),
    }
    if lifecycle.second_purchase is not None:
        span = span_words(lifecycle.second_purchase, lang)
        told["second_purchase"] = benefit_say(lang, "after_first", span=span)
    if lifecycle.member_day is not None:
        told["member_day"] = benefit_say(lang, "each_month", n=lifecycle.member_day)
    return told


def _often(often: Frequency, lang: str) -> str:
    return benefit_say(lang, "often", n=often.times, span=span_words(often.within, lang))
