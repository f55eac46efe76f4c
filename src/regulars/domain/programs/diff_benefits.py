"""What differs between the benefits and lifecycles of two versions of a program, in words."""

from dataclasses import replace

from regulars.domain.programs.benefit_words import (
    benefit_parts,
    lifecycle_parts,
    part_name,
)
from regulars.domain.programs.benefits import Benefit
from regulars.domain.programs.changes import (
    Change,
    Kind,
    at,
    order_change,
    parts_change,
    quoted,
    text_change,
    under,
)
from regulars.domain.programs.findings import Path
from regulars.domain.programs.model import Program

_FIELDS: dict[str, tuple[str, ...]] = {
    "worth": ("kind", "rate", "currency", "amount", "ceiling", "item"),
    "for": ("carriers",),
    "threshold": ("threshold",),
    "lines": ("lines",),
    "schedule": ("schedule",),
    "when": ("condition",),
    "quota": ("quota",),
    "share_of_contribution": ("share",),
    "valid": ("valid",),
    "stacking": ("group", "priority"),
    "restore": ("restore",),
    "automatic": ("is_automatic",),
    "appointment": ("by_appointment",),
    "partner": ("partner",),
}
"""What each part of a benefit tells of."""

_LIFECYCLE: dict[str, tuple[str, ...]] = {
    "on": ("types",),
    "growing": ("growing",),
    "mature": ("mature",),
    "at_risk": ("at_risk",),
    "lapsed": ("lapsed",),
    "won_back": ("won_back",),
    "second_purchase": ("second_purchase",),
    "member_day": ("member_day",),
}
_PLACES: dict[Path, Path] = {("worth",): ("kind",)}


def diff_benefits(old: Program, new: Program, lang: str) -> list[Change]:
    """Benefits added, removed, changed and moved; a benefit is known by its id."""
    before = {one.id: (place, one) for place, one in enumerate(old.benefits)}
    after = {one.id: (place, one) for place, one in enumerate(new.benefits)}
    found: list[Change] = []
    for code, (place, was) in before.items():
        if code not in after:
            told = part_name(lang, "benefit_removed", name=quoted(lang, was.name), code=code)
            found.append(Change(Kind.REMOVED, told, (place,)))
    for code, (place, now) in after.items():
        if code not in before:
            words = _words(now, new, lang)
            told = part_name(
                lang, "benefit_added", name=quoted(lang, now.name), code=code, words=words
            )
            found.append(Change(Kind.ADDED, told, (place,)))
        elif before[code][1] != now:
            subject = part_name(lang, "benefit", name=quoted(lang, now.name))
            changed = _changed(before[code][1], now, old, new, lang)
            found += at((place,), under(lang, subject, changed))
    return found + order_change(lang, part_name(lang, "benefits"), before, after)


def _words(benefit: Benefit, program: Program, lang: str) -> str:
    return ("，" if lang == "zh-CN" else ", ").join(benefit_parts(benefit, program, lang).values())


def _changed(was: Benefit, now: Benefit, old: Program, new: Program, lang: str) -> list[Change]:
    found = at(("name",), text_change(lang, part_name(lang, "name"), was.name, now.name))
    about = text_change(lang, part_name(lang, "about"), was.about or {}, now.about or {})
    found += at(("about",), about)
    told = parts_change(
        lang,
        _FIELDS,
        lambda name: part_name(lang, name),
        (was, benefit_parts(was, old, lang)),
        (now, benefit_parts(now, new, lang)),
    )
    found += [replace(one, path=_PLACES.get(one.path, one.path)) for one in told]
    return found or [Change(Kind.CHANGED, _words(now, new, lang))]


def diff_lifecycle(old: Program, new: Program, lang: str) -> list[Change]:
    """What was changed about the stages."""
    before = {} if old.lifecycle is None else lifecycle_parts(old.lifecycle, old, lang)
    after = {} if new.lifecycle is None else lifecycle_parts(new.lifecycle, new, lang)
    found = parts_change(
        lang,
        _LIFECYCLE,
        lambda name: part_name(lang, name),
        (old.lifecycle, before),
        (new.lifecycle, after),
    )
    told = found or [Change(Kind.CHANGED, ", ".join(after.values()))]
    return under(lang, part_name(lang, "lifecycle"), told)
