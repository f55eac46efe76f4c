"""Challenges, streaks and badges in words: for members, for operators, and what differs."""

from regulars.domain.programs.changes import (
    Change,
    Kind,
    at,
    quoted,
    text_change,
    under,
    value_change,
)
from regulars.domain.programs.model import Program, Rule
from regulars.domain.programs.play_terms import Challenge, Streak

_WORDS = {
    "day": ("a day", "每天"),
    "week": ("a week", "每周"),
    "month": ("a month", "每月"),
    "quarter": ("a quarter", "每季"),
    "year": ("a year", "每年"),
    "challenge": ("at the {times}th time {per}", "{per}第{times}次时"),
    "challenge_2": ("at the 2nd time {per}", "{per}第2次时"),
    "challenge_3": ("at the 3rd time {per}", "{per}第3次时"),
    "challenge_ever": ("at the {times}th time", "累计第{times}次时"),
    "challenge_ever_2": ("at the 2nd time", "累计第2次时"),
    "challenge_ever_3": ("at the 3rd time", "累计第3次时"),
    "by_days": ("on {times} different days {per}", "{per}有{times}个不同的日子"),
    "again": (", and at each {times} more", "，此后每满{times}次再得"),
    "again_days": (", and at each {times} more", "，此后每满{times}天再得"),
    "streak": ("for {days} days running, again and again", "每连续{days}天"),
    "streak_once": ("for {days} days running, once", "首次连续{days}天"),
    "make_up": ("up to {days} missed days {per} may be made up for", "{per}可补签{days}天"),
    "make_up_1": ("one missed day {per} may be made up for", "{per}可补签1天"),
    "priced": (" for {price} points each", "，每次{price}积分"),
    "challenge_name": ("challenge", "挑战"),
    "streak_name": ("streak", "连续签到"),
    "badge": ("Badge {name}", "徽章{name}"),
    "badge_added": ("New badge {name} ({code})", "新增徽章{name}（{code}）"),
    "badge_removed": ("Badge {name} ({code}) removed", "取消徽章{name}（{code}）"),
    "name": ("name", "名称"),
    "about": ("what it is for", "说明"),
    "picture": ("picture", "图案"),
}


def _say(lang: str, name: str, /, **parts: object) -> str:
    english, chinese = _WORDS[name]
    return (chinese if lang == "zh-CN" else english).format(**parts)


def play_clauses(rule: Rule, lang: str) -> list[str]:
    """What a rule's challenge or streak asks for; none where it has neither."""
    found: list[str] = []
    if rule.challenge is not None:
        found.append(challenge_words(rule.challenge, lang))
    if rule.streak is not None:
        found.append(streak_words(rule.streak, lang))
        if rule.streak.make_up is not None:
            found.append(make_up_words(rule.streak, lang))
    return found


def challenge_words(challenge: Challenge, lang: str) -> str:
    """At the 3rd time a week."""
    per = "" if challenge.per is None else _say(lang, challenge.per.value)
    name = "challenge" if challenge.per is not None else "challenge_ever"
    if challenge.by_days:
        name = "by_days"
    elif challenge.times in {2, 3}:
        name += f"_{challenge.times}"
    told = _say(lang, name, times=challenge.times, per=per)
    if challenge.repeats:
        again = "again_days" if challenge.by_days else "again"
        told += _say(lang, again, times=challenge.times)
    return told


def streak_words(streak: Streak, lang: str) -> str:
    """For 7 days running."""
    return _say(lang, "streak" if streak.repeats else "streak_once", days=streak.days)


def make_up_words(streak: Streak, lang: str) -> str:
    """One missed day a month may be made up for."""
    make_up = streak.make_up
    if make_up is None:
        return ""
    name = "make_up_1" if make_up.days == 1 else "make_up"
    told = _say(lang, name, days=make_up.days, per=_say(lang, make_up.per.value))
    return told + (_say(lang, "priced", price=make_up.price) if make_up.price else "")


def tell_challenge(old: Challenge | None, new: Challenge | None, lang: str) -> list[Change]:
    """What differs between two challenges of a rule."""
    return value_change(
        lang, _say(lang, "challenge_name"), old, new, lambda one: challenge_words(one, lang)
    )


def tell_streak(old: Streak | None, new: Streak | None, lang: str) -> list[Change]:
    """What differs between two streaks of a rule."""

    def words(streak: Streak) -> str:
        parts = [streak_words(streak, lang), make_up_words(streak, lang)]
        return ("，" if lang == "zh-CN" else ", ").join(part for part in parts if part)

    return value_change(lang, _say(lang, "streak_name"), old, new, words)


def diff_badges(old: Program, new: Program, lang: str) -> list[Change]:
    """Badges added, removed and changed."""
    found: list[Change] = []
    for code in dict.fromkeys([*old.badges, *new.badges]):
        was, now = old.badges.get(code), new.badges.get(code)
        if was is None and now is not None:
            told = _say(lang, "badge_added", name=quoted(lang, now.name), code=code)
            found.append(Change(Kind.ADDED, told, (code,)))
        elif now is None and was is not None:
            told = _say(lang, "badge_removed", name=quoted(lang, was.name), code=code)
            found.append(Change(Kind.REMOVED, told, (code,)))
        elif was is not None and now is not None and was != now:
            changed = [
                *text_change(lang, _say(lang, "name"), was.name, now.name),
                *text_change(lang, _say(lang, "about"), was.about or {}, now.about or {}),
                *value_change(lang, _say(lang, "picture"), was.picture, now.picture),
            ]
            subject = _say(lang, "badge", name=quoted(lang, now.name))
            found += at((code,), under(lang, subject, changed))
    return found
