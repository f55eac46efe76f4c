"""Budgets and caps by contribution in words: for people, and what differs between two versions."""

from dataclasses import replace

from regulars.domain.programs.budget_terms import Budget, ShareCap
from regulars.domain.programs.changes import (
    Change,
    Kind,
    at,
    order_change,
    parts_change,
    quoted,
    text_change,
    under,
    value_change,
)
from regulars.domain.programs.model import Program
from regulars.domain.programs.quantities import money_words
from regulars.domain.programs.words import percent, points_words

_WORDS = {
    "budgets": ("Budgets", "预算"),
    "budget": ("Budget {name}", "预算{name}"),
    "added": ("New budget {name} ({code}): {words}", "新增预算{name}（{code}）：{words}"),
    "removed": ("Budget {name} ({code}) removed", "取消预算{name}（{code}）"),
    "name": ("name", "名称"),
    "points": ("points", "积分"),
    "money": ("discounts", "优惠金额"),
    "month": ("a month", "每月"),
    "quarter": ("a quarter", "每季"),
    "year": ("a year", "每年"),
    "in_all": ("in all", "合计"),
    "most": ("{amount} {per}", "{per}{amount}"),
    "for": ("for", "适用于"),
    "everything": ("the whole program", "整个计划"),
    "share_name": ("cap by what the member spent", "按会员消费的上限"),
    "share_by": ("{share} of {metric}", "{metric}的{share}"),
}


_FIELDS = {
    "points": ("points", "currency", "per"),
    "money": ("money", "per"),
    "for": ("is_everything", "rules", "benefits", "coupons"),
}


def budget_say(lang: str, name: str, /, **parts: object) -> str:
    """A piece of a sentence. `lang`: one of LANGUAGES."""
    english, chinese = _WORDS[name]
    return (chinese if lang == "zh-CN" else english).format(**parts)


def tell_share(old: ShareCap | None, new: ShareCap | None, lang: str) -> list[Change]:
    """What differs in a rule."""
    return value_change(
        lang,
        budget_say(lang, "share_name"),
        old,
        new,
        lambda cap: budget_say(lang, "share_by", share=percent(cap.share), metric=cap.metric),
    )


def diff_budgets(old: Program, new: Program, lang: str) -> list[Change]:
    """Budgets added, removed, changed and moved; a budget is known by its id."""
    before = {one.id: (place, one) for place, one in enumerate(old.budgets)}
    after = {one.id: (place, one) for place, one in enumerate(new.budgets)}
    found: list[Change] = []
    for code, (place, budget) in before.items():
        if code not in after:
            told = budget_say(lang, "removed", name=quoted(lang, budget.name), code=code)
            found.append(Change(Kind.REMOVED, told, (place,)))
    for code, (place, budget) in after.items():
        if code not in before:
            words = ("，" if lang == "zh-CN" else ", ").join(_parts(budget, new, lang).values())
            name = quoted(lang, budget.name)
            told = budget_say(lang, "added", name=name, code=code, words=words)
            found.append(Change(Kind.ADDED, told, (place,)))
        else:
            subject = budget_say(lang, "budget", name=quoted(lang, budget.name))
            changed = _changed(before[code][1], budget, old, new, lang)
            found += at((place,), under(lang, subject, changed))
    return found + order_change(lang, budget_say(lang, "budgets"), before, after)


def _changed(was: Budget, now: Budget, old: Program, new: Program, lang: str) -> list[Change]:
    found = at(("name",), text_change(lang, budget_say(lang, "name"), was.name, now.name))
    told = parts_change(
        lang,
        _FIELDS,
        lambda name: budget_say(lang, name),
        (was, _parts(was, old, lang)),
        (now, _parts(now, new, lang)),
    )
    return found + [replace(one, path=()) for one in told]


def _parts(budget: Budget, program: Program, lang: str) -> dict[str, str]:
    per = budget_say(lang, "in_all" if budget.per is None else budget.per.value)
    parts: dict[str, str] = {}
    if budget.points is not None:
        amount = points_words(budget.points, budget.currency, program, lang)
        parts["points"] = budget_say(lang, "most", amount=amount, per=per)
    if budget.money is not None:
        amount = money_words(budget.money, program.money)
        parts["money"] = budget_say(lang, "most", amount=amount, per=per)
    covered = sorted(
        [
            *(f"rule:{code}" for code in budget.rules),
            *(f"benefit:{code}" for code in budget.benefits),
            *(f"coupon:{code}" for code in budget.coupons),
        ]
    )
    parts["for"] = ", ".join(covered) or budget_say(lang, "everything")
    return parts
