"""What differs between the benefits and lifecycles of two versions of a program, in words."""

from regulars.domain.programs.benefit_words import (
    PARTS,
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
    quoted,
    text_change,
    under,
    value_change,
)
from regulars.domain.programs.findings import Path
from regulars.domain.programs.model import Program

_PLACES: dict[str, Path] = {"worth": ("kind",)}


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
    before, after = benefit_parts(was, old, lang), benefit_parts(now, new, lang)
    found = at(("name",), text_change(lang, part_name(lang, "name"), was.name, now.name))
    about = text_change(lang, part_name(lang, "about"), was.about or {}, now.about or {})
    found += at(("about",), about)
    for name in PARTS:
        told = value_change(lang, part_name(lang, name), before.get(name), after.get(name))
        found += at(_PLACES.get(name, (name,)), told)
    return found or [Change(Kind.CHANGED, _words(now, new, lang))]


def diff_lifecycle(old: Program, new: Program, lang: str) -> list[Change]:
    """What was changed about the stages."""
    before = {} if old.lifecycle is None else lifecycle_parts(old.lifecycle, old, lang)
    after = {} if new.lifecycle is None else lifecycle_parts(new.lifecycle, new, lang)
    found = [
        change
        for name in {**before, **after}
        for change in at(
            (name,), value_change(lang, part_name(lang, name), before.get(name), after.get(name))
        )
    ]
    told = found or [Change(Kind.CHANGED, ", ".join(after.values()))]
    return under(lang, part_name(lang, "lifecycle"), told)
