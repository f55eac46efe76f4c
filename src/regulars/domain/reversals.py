"""What a return takes back: for each line the share that came back, of everything it had earned.

A line of quantity Q that earned E has, once r of it came back, returned floor(E x r / Q). That
depends on r alone, so partial returns in any order and any cut add up to the whole.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from regulars.domain.amounts import allocate
from regulars.domain.burning import draw
from regulars.domain.earning import COUNTED, Sight, lines_in_scope
from regulars.domain.errors import AlreadyReturned, Fault, InvalidInput
from regulars.domain.events import Event, Purchase, Return
from regulars.domain.explanations import Given, Granted
from regulars.domain.ledger import Account, Book, Lot, Moves
from regulars.domain.members import MemberView
from regulars.domain.plans import Plan, PlannedRule
from regulars.domain.programs.model import CurrencyKind, EarnKind, WhenSpent


class Bought(Struct, kw_only=True, gc=False):
    """A decided purchase, as a later return needs it.

    `given`: what each rule gave. `returned`: how much of each line came back already; place 0
    counts minor units for a purchase without lines. `tier`: held when it was decided. `scoped`:
    the lines on which a rule's condition on lines held then, for what it looks at may have changed.
    `granted`: what rules did beside giving points.
    """

    event_id: int
    event: Event
    plan: Plan
    tier: str
    given: Sequence[Given]
    returned: dict[int, int]
    scoped: Mapping[str, Sequence[int]] = {}
    granted: Sequence[Granted] = ()


class Share(Struct, frozen=True, gc=False):
    """What one return takes back: points by currency, minor units of money, the new state of
    `returned`, and whether nothing of the purchase is left."""

    points: dict[str, int]
    spend: int
    returned: dict[int, int]
    is_whole: bool


def share_of(bought: Bought, data: Return) -> Share:
    """What comes back by this return. Raises AlreadyReturned, InvalidInput."""
    purchase: Purchase = bought.event.data
    quantities = _quantities(purchase)
    amounts = [line.amount for line in purchase.lines] or [purchase.total or 0]
    after = _returned_after(bought, data, quantities)
    earned = earned_by_line(bought)
    points = {
        currency: sum(
            _part(of, after.get(place, 0), quantities[place])
            - _part(of, bought.returned.get(place, 0), quantities[place])
            for place, of in enumerate(by_line)
        )
        for currency, by_line in earned.items()
    }
    spend = sum(
        _part(amount, after.get(place, 0), quantities[place])
        - _part(amount, bought.returned.get(place, 0), quantities[place])
        for place, amount in enumerate(amounts)
    )
    whole = all(after.get(place, 0) == quantity for place, quantity in enumerate(quantities))
    return Share(points, spend, after, whole)


def _part(amount: int, returned: int, quantity: int) -> int:
    return amount * returned // quantity


def _quantities(purchase: Purchase) -> list[int]:
    """How much of each line there is; a purchase without lines is one line of minor units."""
    return [line.quantity for line in purchase.lines] or [max(purchase.total or 0, 1)]


def _returned_after(bought: Bought, data: Return, quantities: list[int]) -> dict[int, int]:
    purchase: Purchase = bought.event.data
    before = bought.returned
    if purchase.lines and data.amount is not None:
        raise InvalidInput(
            "This purchase has lines; say which lines come back instead of an amount.",
            faults=[Fault("/data/amount", "not for a purchase with lines")],
        )
    if data.lines and not purchase.lines:
        raise InvalidInput(
            "This purchase was reported without lines; say the amount that comes back.",
            faults=[Fault("/data/lines", "the purchase has no lines")],
        )
    asked: list[tuple[int, int | None]] = [(item.line, item.quantity) for item in data.lines]
    if data.amount is not None:
        asked = [(0, data.amount)]
    elif not asked:
        asked = [
            (place, None)
            for place, quantity in enumerate(quantities)
            if before.get(place, 0) < quantity
        ]
        if not asked:
            raise AlreadyReturned("Everything of this purchase came back before.")
    after = dict(before)
    for index, (place, wanted) in enumerate(asked):
        if place >= len(quantities):
            raise InvalidInput(
                f"The purchase has {len(quantities)} lines, counted from 0; there is no {place}.",
                faults=[Fault(f"/data/lines/{index}/line", "no such line")],
            )
        left = quantities[place] - after.get(place, 0)
        quantity = left if wanted is None else wanted
        if quantity > left or left == 0:
            raise AlreadyReturned(
                f"Line {place}: {quantity or 'nothing more'} asked to come back, {left} left."
            )
        after[place] = after.get(place, 0) + quantity
    return after


def earned_by_line(bought: Bought) -> dict[str, list[int]]:
    """For each currency, what every line of the purchase earned; sums to what was given."""
    totals: dict[str, list[int]] = {}
    for rule_id, parts in _by_rule(bought).items():
        code = bought.plan.by_id[rule_id].rule.earn.currency
        into = totals.setdefault(code, [0] * len(parts))
        for place, part in enumerate(parts):
            into[place] += part
    return totals


def returned_by_rule(bought: Bought, share: Share) -> dict[str, int]:
    """Of what each rule gave, how much comes back by this return; together no more than of the
    currencies, where parts of several rules may make one point more."""
    quantities = _quantities(bought.event.data)
    return {
        rule_id: sum(
            _part(of, share.returned.get(place, 0), quantities[place])
            - _part(of, bought.returned.get(place, 0), quantities[place])
            for place, of in enumerate(parts)
        )
        for rule_id, parts in _by_rule(bought).items()
    }


def _by_rule(bought: Bought) -> dict[str, list[int]]:
    """For each rule that gave points for these goods, what it gave for every line."""
    purchase: Purchase = bought.event.data
    view = MemberView(bought.tier, bought.event.time, 0, {})
    sight = Sight(bought.plan, bought.event, view)
    found: dict[str, list[int]] = {}
    for rule_id, points, _reason in bought.given:
        if not points:
            continue
        planned = bought.plan.by_id[rule_id]
        if planned.rule.challenge is not None:
            continue  # Given for how often, not for these goods: undone when it is undone.
        weights = _weights(planned, bought, sight) if purchase.lines else [1]
        found[rule_id] = allocate(points, weights)
    return found


def _weights(planned: PlannedRule, bought: Bought, sight: Sight) -> list[int]:
    """How a rule's points spread over the lines: by amount, on the lines it speaks about."""
    scoped = _scope(planned, bought, sight)
    if planned.rule.earn.kind is EarnKind.MULTIPLY:
        counted = {rule_id for rule_id, _, reason in bought.given if reason in COUNTED}
        multiplied: set[int] = set()
        for base in planned.bases:
            if base in counted:
                multiplied |= _scope(bought.plan.by_id[base], bought, sight)
        scoped &= multiplied
    lines = sight.lines
    weights = [line.amount if place in scoped else 0 for place, line in enumerate(lines)]
    if any(weights) or not scoped:
        return weights
    # Only free lines in scope: they share evenly.
    return [int(place in scoped) for place in range(len(lines))]


def _scope(planned: PlannedRule, bought: Bought, sight: Sight) -> set[int]:
    known = bought.scoped.get(planned.rule.id)
    if known is not None:
        return set(known)
    chosen = set(map(id, lines_in_scope(planned, sight)))
    return {place for place, line in enumerate(sight.lines) if id(line) in chosen}


def take_back(
    bought: Bought,
    book: Book,
    *,
    points: Mapping[str, int],
    at: datetime,
    moves: Moves,
) -> tuple[dict[str, int], dict[str, int]]:
    """Take `points` back, and say what was (owed, waived) of them. Call `settle` first.

    First what is left of the purchase's own lot, then the part of it that had lapsed, then the
    member's other points; what is then still missing follows the program's policy.
    """
    owed: dict[str, int] = {}
    waived: dict[str, int] = {}
    program = bought.plan.program
    for currency, amount in points.items():
        if not amount:
            continue
        known = program.currencies.get(currency)
        if known is not None and known.kind is CurrencyKind.STATUS:
            _post(moves, currency, Account.AVAILABLE, amount, at=at)
            continue
        short = amount
        for lot in book.lots:
            origin = lot.origin_event_id or lot.event_id
            if origin == bought.event_id and lot.currency == currency:
                short -= _from_own_lot(lot, short, at, moves)
        drawn = draw(book, currency, amount=short, at=at, moves=moves)
        paid = sum(part for _, part in drawn)
        _post(moves, currency, Account.AVAILABLE, paid, at=at)
        short -= paid
        if short and program.returns.spent is WhenSpent.WAIVE:
            _post(moves, currency, Account.WAIVED, short, at=at)
            waived[currency] = short
        elif short:
            _post(moves, currency, Account.OWED, short, at=at)
            moves.owe(currency, short)
            owed[currency] = short
    return owed, waived


def _post(moves: Moves, currency: str, debit: Account, amount: int, *, at: datetime) -> None:
    moves.post(currency, "reverse", debit=debit, credit=Account.ISSUED, amount=amount, at=at)


def _from_own_lot(lot: Lot, wanted: int, at: datetime, moves: Moves) -> int:
    """Take up to `wanted` out of the purchase's lot; returns how much it gave."""
    live = min(moves.left(lot), wanted)
    if live > 0:
        if at < lot.available_at:
            _post(moves, lot.currency, Account.PENDING, live, at=at)
            # What was to mature no longer does: undo that part on the day it would have.
            moves.post(
                lot.currency,
                "mature",
                debit=Account.AVAILABLE,
                credit=Account.PENDING,
                amount=live,
                at=lot.available_at,
            )
        else:
            _post(moves, lot.currency, Account.AVAILABLE, live, at=at)
        moves.use(lot, live, at)
    lapsed = min(moves.lapsed(lot), wanted - live)
    if lapsed > 0:
        _post(moves, lot.currency, Account.EXPIRED, lapsed, at=at)
        moves.use(lot, 0, at, expired=-lapsed)
    return live + lapsed
