"""Why an act earned what it earned: one sentence, and one for each rule that had a part in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from regulars.domain.earning import Sight, lines_in_scope
from regulars.domain.events import Event, Line, Purchase
from regulars.domain.explanations import Explanation, Given
from regulars.domain.member_words.money import plain_money
from regulars.domain.member_words.phrases import goods, joined, run_on, say, sentence
from regulars.domain.member_words.rules import factor_words, plain_condition, rate_words
from regulars.domain.members import MemberView
from regulars.domain.plans import Plan, PlannedRule
from regulars.domain.programs.model import EarnKind, Rule
from regulars.domain.programs.phrases import listed, name_in, phrase, type_words, weekday_words
from regulars.domain.programs.pieces import Schedule
from regulars.domain.programs.quantities import clock_words
from regulars.domain.programs.words import cap_words, points_words, tier_names
from regulars.domain.reasons import reason_words

_NOTHING_FIRST = (
    "challenge", "streak", "nothing", "lines", "cap", "share", "budget", "payment", "condition",
    "schedule", "challenge_done", "streak_done",
)  # fmt: skip
"""Of several reasons for nothing, which one is told."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one rule gave. `says`: for what, in words."""

    rule: str
    name: str
    currency: str
    points: int
    says: str


@dataclass(frozen=True, slots=True)
class Award:
    """All that an act earned. `reason`: the parts as one sentence, or why there was nothing."""

    reason: str
    parts: tuple[Part, ...]


def award(plan: Plan, event: Event, told: Explanation, lang: str) -> Award:
    """The award for `event` by the program version that decided it. `lang` is one of LANGUAGES."""
    teller = _Teller(plan, event, told, lang)
    given = [one for one in told.rules if one[1]]
    if not given:
        return Award(_nothing(plan, told.rules, lang), ())
    clauses = {rule: teller.clause(rule, reason) for rule, _, reason in given}
    parts = tuple(teller.part(one, clauses[one[0]]) for one in given)
    return Award(sentence(lang, teller.together(clauses)), parts)


class _Teller:
    def __init__(self, plan: Plan, event: Event, told: Explanation, lang: str) -> None:
        self._plan, self._program, self._lang = plan, plan.program, lang
        self._event, self._told = event, told
        self._sight = Sight(plan, event, MemberView(told.tier, event.time, 0, {}))

    def part(self, given: Given, clause: str) -> Part:
        code, points, _ = given
        rule = self._plan.by_id[code].rule
        name = name_in(self._lang, rule.name)
        return Part(code, name, rule.earn.currency, points, sentence(self._lang, clause))

    def together(self, clauses: dict[str, str]) -> str:
        """Rules that count first, each with the multipliers that are its own; those of several
        rules at the end."""
        lang, rules = self._lang, {code: self._plan.by_id[code] for code in clauses}
        counting = [code for code, one in rules.items() if not _multiplies(one)]
        own: dict[str, list[str]] = {code: [] for code in counting}
        shared: list[str] = []
        for code, one in rules.items():
            if not _multiplies(one):
                continue
            bases = [base for base in one.bases if base in own]
            if len(bases) == 1:
                own[bases[0]].append(clauses[code])
            elif counting:
                shared.append(say(lang, "all_of_it", what=clauses[code]))
            else:
                shared.append(clauses[code])
        told = [joined(lang, [clauses[code], *own[code]]) for code in counting]
        return say(lang, "semicolon").join([*told, *shared])

    def clause(self, code: str, reason: str) -> str:
        """What one rule gave, for what, and what held it back."""
        planned, lang = self._plan.by_id[code], self._lang
        rule = planned.rule
        if rule.earn.kind is EarnKind.FIXED:
            text = self._fixed(rule)
        elif rule.earn.kind is EarnKind.RATE:
            text = rate_words(rule, self._program, lang) + self._counted(planned)
        else:
            text = self._multiplier(planned)
        return text + self._limit(rule, reason)

    def _fixed(self, rule: Rule) -> str:
        lang, earn = self._lang, rule.earn
        points = points_words(earn.points, earn.currency, self._program, lang)
        kind = type_words(lang, self._event.type, self._program.custom_types)
        text = say(lang, "fixed_once", points=points, type=kind)
        if rule.condition is None:
            return text
        words = plain_condition(rule.condition.text, self._program, lang)
        return joined(lang, [text, say(lang, "if", condition=words) if words else ""])

    def _counted(self, planned: PlannedRule) -> str:
        """On what of the receipt the rule counted, where it did not count all of it."""
        scope, data, lang = planned.rule.lines, self._event.data, self._lang
        if scope is None or not isinstance(data, Purchase) or not data.lines:
            return ""
        lines = self._lines(planned)
        counted, whole = sum(line.amount for line in lines), self._sight.amount or 0
        chosen = self._goods_in(planned, lines)
        words = [say(lang, "on", items=chosen)] if chosen else []
        if counted < whole:
            part, all_of_it = (plain_money(one, self._program.money, lang)
                               for one in (counted, whole))  # fmt: skip
            words.append(say(lang, "on_amount", part=part, whole=all_of_it))
        if not words:
            return ""
        blank = " " if lang == "en" else say(lang, "comma")
        return blank + joined(lang, words)

    def _lines(self, planned: PlannedRule) -> Sequence[Line]:
        known = self._told.lines.get(planned.rule.id)
        if known is None:
            return lines_in_scope(planned, self._sight)
        return [self._sight.lines[place] for place in known]

    def _multiplier(self, planned: PlannedRule) -> str:
        lang, rule = self._lang, planned.rule
        what = factor_words(rule.earn.rate, lang)
        chosen = self._goods_in(planned, self._lines(planned))
        when = [] if rule.schedule is None else _season(rule.schedule, lang)
        if rule.tiers:
            names = tier_names(frozenset({self._told.tier}), self._program, lang)
            when.append(say(lang, "tier", tier=names))
        if lang == "zh-CN":
            return run_on([*when, chosen, what])
        on = [say(lang, "on", items=chosen)] if chosen else []
        return " ".join([what, *on, *when])

    def _goods_in(self, planned: PlannedRule, lines: Sequence[Line]) -> str:
        """The goods that a rule is for and that were bought; "" where it is for nearly all."""
        scope, lang = planned.rule.lines, self._lang
        if scope is None:
            return ""
        told: list[str] = []
        for kind, codes, bought in (
            ("", scope.categories, {line.category for line in lines}),
            ("brand", scope.brands, {line.brand for line in lines}),
            ("article", scope.skus, {line.sku for line in lines}),
        ):
            there = sorted(code for code in codes if not lines or code in bought)
            if there and kind:
                told.append(say(lang, kind, items=listed(lang, there)))
            elif there:
                told.append(goods(lang, there))
        return listed(lang, told)

    def _limit(self, rule: Rule, reason: str) -> str:
        lang = self._lang
        if reason == "cap" and rule.caps:
            caps = [cap_words(cap, rule.earn.currency, self._program, lang) for cap in rule.caps]
            told = say(lang, "capped", cap=listed(lang, caps, "or"))
        elif reason == "budget":
            told = say(lang, "budgeted")
        else:
            return ""
        return say(lang, "brackets", text=told)


def _multiplies(planned: PlannedRule) -> bool:
    return planned.rule.earn.kind is EarnKind.MULTIPLY


def _season(schedule: Schedule, lang: str) -> list[str]:
    """What made this moment one of the rule's. Since when a rule runs at all is no reason."""
    told: list[str] = []
    if schedule.birth_month:
        told.append(phrase(lang, "birth_month") if lang == "en" else "生日当月")
    if schedule.weekdays:
        days = weekday_words(lang, schedule.weekdays)
        told.append(f"on {days}" if lang == "en" else days)
    if schedule.hours:
        spans = [f"{clock_words(start)}–{clock_words(end)}" for start, end in schedule.hours]
        told.append(listed(lang, spans))
    if schedule.dates:
        days = listed(lang, [day.isoformat() for day in sorted(schedule.dates)])
        told.append(f"on {days}" if lang == "en" else days)
    return told


def _nothing(plan: Plan, rules: Sequence[Given], lang: str) -> str:
    """The reason that says most, of the rules that count before those that multiply; "" for an act
    that no rule is about."""
    counting = [one for one in rules if not _multiplies(plan.by_id[one[0]])]
    reasons = {reason for _, _, reason in counting or rules}
    for reason in _NOTHING_FIRST:
        if reason in reasons:
            return say(lang, "nothing", why=reason_words(reason, lang))
    return ""
