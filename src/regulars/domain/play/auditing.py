"""Checking a draw after its end: every turn is worked out anew from the seed that was promised.

Takes nothing but what is published, so that anybody can do the same with another program.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec import Struct

from regulars.domain.play.draws import Prize, PrizeKind, commitment_of, prize_at, roll_of

MAX_TOLD = 20
"""So many findings are told; the rest is counted."""


class PublishedTurn(Struct, frozen=True):
    """A turn as it is published. `player`: stands for who took it, in this draw only. `number`: the
    player's how-manieth. `rolled`: the prize of the roll; `prize`: what was given; `serial`: the
    how-manieth of a prize of which there are only so many."""

    player: str
    number: int
    luck: str
    roll: int
    rolled: str
    prize: str
    serial: int


class PublishedPrize(Struct, frozen=True):
    """A prize as it was promised. `stock` null: without end."""

    code: str
    weight: int
    stock: int | None


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: `faults` in words, at most MAX_TOLD; `count` of all of them."""

    turns: int
    count: int
    faults: tuple[str, ...]
    given: dict[str, int]


def check_turns(
    *,
    draw: str,
    seed: str,
    commitment: str,
    out_of: int,
    prizes: Sequence[PublishedPrize],
    instead: str,
    turns: Sequence[PublishedTurn],
) -> Checked:
    """Work every turn out anew: its roll, its prize, and that no prize was given beyond its stock
    or held back before it had run out."""
    faults: list[str] = []
    if commitment_of(seed) != commitment:
        faults.append("The seed is not the one that was promised.")
    if sum(one.weight for one in prizes) != out_of:
        faults.append("The odds do not add up.")
        return Checked(len(turns), len(faults), tuple(faults), {})
    stock = {one.code: one.stock for one in prizes}
    rolls = [
        Prize(code=one.code, name={}, kind=PrizeKind.NOTHING, weight=one.weight) for one in prizes
    ]
    given: dict[str, int] = {}
    missed: set[str] = set()
    serials: set[tuple[str, int]] = set()
    for turn in turns:
        given[turn.prize] = given.get(turn.prize, 0) + 1
        named = f"{turn.player}, turn {turn.number}"
        made = roll_of(
            seed, draw=draw, player=turn.player, number=turn.number, luck=turn.luck, out_of=out_of
        )
        if made != turn.roll or prize_at(rolls, made).code != turn.rolled:
            faults.append(f"{named}: the roll is {made}, which is {prize_at(rolls, made).code}.")
        if turn.prize != turn.rolled:
            missed.add(turn.rolled)
            if turn.prize != (instead or "nothing"):
                faults.append(f"{named}: {turn.prize} was given instead of {turn.rolled}.")
        if stock.get(turn.prize) is not None:
            if (turn.prize, turn.serial) in serials:
                faults.append(f"{named}: number {turn.serial} of {turn.prize} was given twice.")
            serials.add((turn.prize, turn.serial))
    faults += _of_stock(stock, given, missed)
    faults += _of_numbers(turns)
    return Checked(len(turns), len(faults), tuple(faults[:MAX_TOLD]), given)


def _of_stock(stock: dict[str, int | None], given: dict[str, int], missed: set[str]) -> list[str]:
    faults = []
    for code, most in stock.items():
        if most is not None and given.get(code, 0) > most:
            faults.append(f"{code}: {given[code]} were given, and there were {most}.")
        if code in missed and given.get(code, 0) != most:
            faults.append(f"{code}: held back, though it had not run out.")
    return faults


def _of_numbers(turns: Sequence[PublishedTurn]) -> list[str]:
    """Each player's turns are numbered without a gap: none was left out."""
    by_player: dict[str, list[int]] = {}
    for turn in turns:
        by_player.setdefault(turn.player, []).append(turn.number)
    return [
        f"{player}: a turn is missing or there twice."
        for player, numbers in by_player.items()
        if sorted(numbers) != list(range(1, len(numbers) + 1))
    ]
