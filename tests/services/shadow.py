"""A second engine in plain Python, written from the rules of the business alone: one dict for each
lot, and time that goes forward instant by instant. The real one has to agree with it."""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

LIFE = {"points": timedelta(days=30), "coins": None}
RIPENING = {"points": timedelta(0), "coins": timedelta(days=2)}
TIERS = [("gold", 2000), ("silver", 500), ("member", 0)]


class Refused(Exception):
    """What the engine must refuse, by its code."""


@dataclass
class Shadow:
    """One member."""

    name: str
    spent_policy: str
    clock: datetime | None = None
    lots: list[dict[str, Any]] = field(default_factory=list)
    holds: dict[int, dict[str, Any]] = field(default_factory=dict)
    owed: dict[str, int] = field(default_factory=lambda: {"points": 0, "coins": 0})
    growth: int = 0
    spend: int = 0

    @property
    def tier(self) -> str:
        return next(code for code, least in TIERS if self.spend >= least)

    # Time.

    def pass_until(self, at: datetime) -> None:
        """Let everything happen that is due by `at`, in the order of time."""
        while True:
            due = [hold["until"] for hold in self.holds.values() if hold["until"] <= at]
            for lot in self.lots:
                if lot["left"] and not lot["ripe"] and lot["from"] <= at:
                    due.append(lot["from"])
                if lot["left"] and lot["ripe"] and lot["until"] and lot["until"] <= at:
                    due.append(lot["until"])
            if not due:
                return
            self._happen(min(due))

    def _happen(self, at: datetime) -> None:
        for lot in self.lots:
            if lot["left"] and not lot["ripe"] and lot["from"] == at:
                self._ripen(lot, at)
            if lot["left"] and lot["ripe"] and lot["until"] and lot["until"] <= at:
                self._lapse(lot)
        for number, hold in list(self.holds.items()):
            if hold["until"] == at:
                self.end_hold(number, at, 0)

    def _lapse(self, lot: dict[str, Any]) -> None:
        lot["lapsed"] += lot["left"]
        lot["left"] = 0

    def _ripen(self, lot: dict[str, Any], at: datetime) -> None:
        lot["ripe"] = True
        self._pay(lot, at)

    def _pay(self, lot: dict[str, Any], at: datetime) -> None:
        owed = self.owed[lot["currency"]]
        if not owed:
            return
        at = max(at, self.clock or at)
        if lot["until"] and lot["until"] <= at:
            self._lapse(lot)
            return
        paid = min(owed, lot["left"])
        lot["left"] -= paid
        self.owed[lot["currency"]] -= paid

    # Points.

    def bring(
        self,
        currency: str,
        amount: int,
        at: datetime,
        *,
        origin: str = "",
        start: datetime | None = None,
        until: Any = "policy",
    ) -> None:
        if not amount:
            return
        life = LIFE[currency]
        lot = {
            "currency": currency,
            "left": amount,
            "lapsed": 0,
            "from": at + RIPENING[currency] if start is None else start,
            "until": (at + life if life else None) if until == "policy" else until,
            "ripe": False,
            "origin": origin,
        }
        self.lots.append(lot)
        if lot["from"] <= at:
            self._ripen(lot, at)

    def live(self, currency: str, at: datetime) -> list[dict[str, Any]]:
        far = datetime.max.replace(tzinfo=at.tzinfo)
        mine = [
            (lot["until"] or far, lot["from"], place, lot)
            for place, lot in enumerate(self.lots)
            if lot["currency"] == currency
            and lot["left"]
            and lot["from"] <= at
            and (lot["until"] is None or at < lot["until"])
        ]
        return [lot for *_, lot in sorted(mine, key=lambda one: one[:3])]

    def available(self, currency: str, at: datetime) -> int:
        return sum(lot["left"] for lot in self.live(currency, at))

    def take(self, currency: str, amount: int, at: datetime) -> list[tuple[dict[str, Any], int]]:
        if amount > self.available(currency, at) - self.owed[currency]:
            raise Refused("insufficient_points")
        return self.draw(currency, amount, at)

    def draw(self, currency: str, amount: int, at: datetime) -> list[tuple[dict[str, Any], int]]:
        parts = []
        for lot in self.live(currency, at):
            part = min(lot["left"], amount)
            if part:
                lot["left"] -= part
                amount -= part
                parts.append((lot, part))
        return parts

    # Holds.

    def hold(self, number: int, currency: str, amount: int, at: datetime, seconds: int) -> None:
        parts = self.take(currency, amount, at)
        until = at + timedelta(seconds=seconds)
        self.holds[number] = {"parts": parts, "until": until, "amount": amount}

    def end_hold(self, number: int, at: datetime, captured: int | None) -> None:
        if number not in self.holds:
            raise Refused("hold_not_open")
        hold = self.holds[number]
        captured = hold["amount"] if captured is None else captured
        if captured > hold["amount"]:
            raise Refused("insufficient_points")
        del self.holds[number]
        rest = hold["amount"] - captured
        for lot, part in reversed(hold["parts"]):
            back = min(part, rest)
            rest -= back
            if not back:
                continue
            if lot["until"] and lot["until"] <= at:
                lot["lapsed"] += back
            else:
                lot["left"] += back
                self._pay(lot, at)

    # Purchases.

    def earned(self, lines: list[tuple[int, int, str]]) -> list[int]:
        return [amount * (2 if category == "A" else 1) for amount, _, category in lines]

    def buy(self, name: str, lines: list[tuple[int, int, str]], at: datetime) -> None:
        self.tick(at)
        self.bring("points", sum(self.earned(lines)), at, origin=name)
        self.growth += sum(amount for amount, _, _ in lines)
        self.spend += sum(amount for amount, _, _ in lines)

    def tick(self, at: datetime) -> None:
        """Note the newest instant; what was due by then has happened."""
        self.pass_until(at)
        self.clock = max(self.clock or at, at)

    def give_back(
        self,
        name: str,
        lines: list[tuple[int, int, str]],
        before: dict[int, int],
        after: dict[int, int],
        at: datetime,
    ) -> None:
        def part(amounts: list[int]) -> int:
            return sum(
                amount * after.get(n, 0) // lines[n][1] - amount * before.get(n, 0) // lines[n][1]
                for n, amount in enumerate(amounts)
            )

        at = max(at, self.clock or at)
        self.tick(at)
        paid = part([amount for amount, _, _ in lines])
        self.growth -= paid
        self.spend -= paid
        short = part(self.earned(lines))
        for lot in self.lots:
            if lot["origin"] == name:
                for pocket in ("left", "lapsed"):
                    got = min(lot[pocket], short)
                    lot[pocket] -= got
                    short -= got
        short -= sum(got for _, got in self.draw("points", short, at))
        if self.spent_policy != "waive":
            self.owed["points"] += short

    # What is seen.

    def seen(self, at: datetime) -> dict[str, tuple[int, int, int, int]]:
        """By currency: available, pending, held, owed, as they will be at `at`."""
        then = deepcopy(self)
        then.pass_until(at)
        found = {"growth": (then.growth, 0, 0, 0)}
        for code in ("points", "coins"):
            waiting = [x["left"] for x in then.lots if x["currency"] == code and at < x["from"]]
            held = [
                hold["amount"]
                for hold in then.holds.values()
                if hold["parts"] and hold["parts"][0][0]["currency"] == code
            ]
            there = then.available(code, at)
            owed = then.owed[code]
            if self.spent_policy == "negative":
                there, owed = there - owed, 0
            found[code] = (there, sum(waiting), sum(held), owed)
        return found
