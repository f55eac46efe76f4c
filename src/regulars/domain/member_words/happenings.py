"""What happened to a member, as they read it: what it was, what it brought, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from regulars.domain.events import OCCASION, Event, Return, amount_of
from regulars.domain.explanations import CardMove, Explanation
from regulars.domain.ledger import MEMBER_ACCOUNTS, Account, Transfer
from regulars.domain.member_words.awards import Part, award
from regulars.domain.member_words.benefits import gained_words
from regulars.domain.member_words.money import plain_money
from regulars.domain.member_words.moves import move_words
from regulars.domain.member_words.phrases import day_words, moment_words, say, sentence
from regulars.domain.operations import (
    PREFIX,
    Adjustment,
    CardChange,
    ConversionOrder,
    HoldCapture,
    HoldOpening,
    HoldRelease,
    Occasion,
    Operation,
    PointsRestore,
    PointsTransfer,
    Redemption,
)
from regulars.domain.periods import Duration, add
from regulars.domain.plans import Plan
from regulars.domain.programs.phrases import listed, name_in, type_words
from regulars.domain.programs.words import points_words

_OWN = MEMBER_ACCOUNTS - {Account.OWED}
_INNER = frozenset({"expire", "mature", "repay", "reverse", "earn"})
"""Transfers that are told otherwise than as what an operation moved."""

_OUT_OF_HOLDS = {
    ("redeem", Account.HELD): "captured",
    ("release", Account.HELD): "released",
    ("restore", Account.REDEEMED): "restored",
}

_TITLES = {
    PREFIX + "adjustment": "title_adjustment",
    PREFIX + "redemption": "title_redemption",
    PREFIX + "transfer": "title_gift",
    PREFIX + "conversion": "title_conversion",
    PREFIX + "hold": "title_hold",
    PREFIX + "hold_capture": "title_hold_capture",
    PREFIX + "hold_release": "title_hold_release",
    PREFIX + "points_restore": "title_points_restore",
    PREFIX + "review": "title_review",
    PREFIX + "card": "title_card",
    OCCASION: "title_occasion",
    PREFIX + "tags": "title_change",
    PREFIX + "member_change": "title_change",
    "return": "title_return",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One recorded event as far as it concerns a member.

    `moved`: the transfers on this member's accounts. `bought_at`: of the purchase that a return
    names, where it is known. `is_received`: the event is another member's, who gave points.
    """

    plan: Plan
    event: Event
    status: str
    told: Explanation
    moved: Sequence[Transfer]
    bought_at: datetime | None = None
    is_received: bool = False


@dataclass(frozen=True, slots=True)
class Happening:
    """`title`: what it was. `paid`: the money, in words; "" where there is none. `points`: what it
    changed, by currency. `lapsed`: what had lapsed and was noticed with it. `parts`: what each rule
    gave. `says`: why, in sentences."""

    title: str
    paid: str
    points: Mapping[str, int]
    lapsed: Mapping[str, int]
    parts: Sequence[Part] = ()
    says: Sequence[str] = field(default=())


def happening(fact: Fact, lang: str) -> Happening:
    """The event in words. `lang` is one of LANGUAGES."""
    teller = _Teller(fact, lang)
    lapsed = _lapsed(fact.moved)
    says = [*teller.why(), *teller.lapses(lapsed)]
    if not fact.is_received:
        says += move_words(fact.told.tiers, fact.plan.program, lang)
    return Happening(
        teller.title(lapsed),
        teller.paid(),
        teller.points(),
        {code: amount for code, (amount, _) in lapsed.items()},
        teller.parts,
        [sentence(lang, one) for one in says],
    )


class _Teller:
    def __init__(self, fact: Fact, lang: str) -> None:
        self._fact, self._lang = fact, lang
        self._program = fact.plan.program
        self.parts: Sequence[Part] = ()

    def title(self, lapsed: Mapping[str, object]) -> str:
        """What it was."""
        kind, lang = self._fact.event.type, self._lang
        if self._fact.is_received:
            return say(lang, "title_received")
        if kind == PREFIX + "review" and lapsed and not self._fact.told.tiers:
            return say(lang, "title_lapse")
        if kind in _TITLES:
            return say(lang, _TITLES[kind])
        words = type_words(lang, kind, self._program.custom_types)
        return words[:1].upper() + words[1:]

    def paid(self) -> str:
        """What was paid, for a purchase or a payment."""
        amount = None if self._fact.is_received else amount_of(self._fact.event.data)
        if amount is None or self._fact.event.type == "asset_statement":
            return ""
        return plain_money(amount, self._program.money, self._lang)

    def points(self) -> dict[str, int]:
        """How the member's points changed, by currency."""
        told, data = self._fact.told, self._fact.event.data
        if isinstance(data, Return):
            taken = {code: told.waived.get(code, 0) - amount for code, amount in told.taken.items()}
            return {code: amount for code, amount in taken.items() if amount}
        if not isinstance(data, Operation) or isinstance(data, Occasion):
            return dict(told.earned)
        found: dict[str, int] = {}
        for one in self._fact.moved:
            if one.code in _INNER:
                continue
            amount = one.amount * ((one.credit in _OWN) - (one.debit in _OWN))
            found[one.currency] = found.get(one.currency, 0) + amount
        return {code: amount for code, amount in found.items() if amount}

    def why(self) -> list[str]:
        """The reasons."""
        fact, lang = self._fact, self._lang
        if isinstance(fact.event.data, Operation) and not isinstance(fact.event.data, Occasion):
            return self._operation(fact.event.data)
        if isinstance(fact.event.data, Return):
            return self._return()
        found = award(fact.plan, fact.event, fact.told, lang)
        self.parts = found.parts
        gained = gained_words(fact.told, self._program, lang)
        # Why there were no points is no matter where something else came.
        says = [found.reason] if found.reason and (found.parts or not gained) else []
        says += [gained] if gained else []
        waiting = {start for _, _, start, _ in fact.told.lots if start > fact.event.time}
        says += [say(lang, "available_on", day=self._day(at)) for at in sorted(waiting)]
        return says

    def _return(self) -> list[str]:
        fact, lang = self._fact, self._lang
        if fact.status in {"waiting", "refused"}:
            return [say(lang, fact.status)]
        if not fact.told.taken:
            return [say(lang, "return_of_nothing")]
        if fact.bought_at is None:
            says = [say(lang, "returned_unknown")]
        else:
            says = [say(lang, "returned", day=self._day(fact.bought_at))]
        for name, amounts in (("owed", fact.told.owed), ("waived", fact.told.waived)):
            says += [
                say(lang, name, points=self._points(amount, code))
                for code, amount in amounts.items()
            ]
        return says

    def _operation(self, data: Operation) -> list[str]:
        """What somebody did with points; none for what has nothing to tell."""
        lang = self._lang
        if isinstance(data, Adjustment):
            name = "adjusted_up" if data.amount > 0 else "adjusted_down"
            points = self._points(abs(data.amount), data.currency)
            return [say(lang, name, points=points, reason=data.reason)]
        if isinstance(data, ConversionOrder):
            return [self._converted(data)]
        if isinstance(data, HoldCapture | HoldRelease | PointsRestore):
            return self._released()
        if isinstance(data, CardChange):
            return [self._card(move) for move in self._fact.told.cards]
        if not isinstance(data, Redemption | PointsTransfer | HoldOpening):
            return []
        points, moment = self._points(data.amount, data.currency), ""
        name = "redeemed" if isinstance(data, Redemption) else "given"
        if isinstance(data, HoldOpening):
            zone, name = self._program.zone, "held"
            until = add(self._fact.event.time, Duration(seconds=data.seconds), zone)
            moment = moment_words(until, zone, lang)
        elif self._fact.is_received:
            name = "received"
        return [say(lang, name, points=points, moment=moment)]

    def _card(self, move: CardMove) -> str:
        known = self._program.cards.get(move.card)
        name = move.card if known is None else name_in(self._lang, known.name)
        quoted = say(self._lang, "quote", text=name)
        return say(self._lang, f"card_{move.deed}", name=quoted, day=self._day(move.until))

    def _converted(self, data: ConversionOrder) -> str:
        gained = [
            self._points(one.amount, one.currency)
            for one in self._fact.moved
            if one.code == "convert" and one.currency == data.target
        ]
        points = self._points(data.amount, data.source)
        return say(self._lang, "converted", points=points, others=listed(self._lang, gained))

    def _released(self) -> list[str]:
        """What became of a hold: spent, given back, or both; or given back after all."""
        says: list[str] = []
        for one in self._fact.moved:
            name = _OUT_OF_HOLDS.get((one.code, one.debit))
            if name is not None:
                says.append(say(self._lang, name, points=self._points(one.amount, one.currency)))
        return says

    def lapses(self, lapsed: Mapping[str, tuple[int, datetime]]) -> list[str]:
        """What had lapsed by then."""
        return [
            say(self._lang, "lapsed", points=self._points(amount, code), day=self._day(at))
            for code, (amount, at) in lapsed.items()
        ]

    def _points(self, amount: int, currency: str) -> str:
        return points_words(amount, currency, self._program, self._lang)

    def _day(self, at: datetime) -> str:
        return day_words(at, self._program.zone, self._lang)


def _lapsed(moved: Sequence[Transfer]) -> dict[str, tuple[int, datetime]]:
    """By currency how much lapsed, and when the last of it did."""
    found: dict[str, tuple[int, datetime]] = {}
    for one in moved:
        if one.code == "expire":
            amount, at = found.get(one.currency, (0, one.effective_at))
            found[one.currency] = amount + one.amount, max(at, one.effective_at)
    return found
