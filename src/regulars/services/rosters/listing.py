"""Members listed by tier, days, balance and conditions, for people who look for some of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from regulars.domain.errors import Fault, InvalidInput
from regulars.domain.ids import MemberRef
from regulars.domain.programs.model import Program
from regulars.domain.rosters.asking import Sought, Wanted, sought
from regulars.domain.tiers import tier_of
from regulars.storage import members
from regulars.storage.database import Database, Tx
from regulars.storage.programs import Versions
from regulars.storage.rosters import listing
from regulars.storage.rosters.listing import Key, Line


@dataclass(frozen=True, slots=True)
class Listed:
    """One member of a list."""

    line: Line
    identities: Sequence[tuple[str, str]]
    tier: str


@dataclass(frozen=True, slots=True)
class Found:
    """A page, and how many there are in all: `about`, as far as the database knows; None where it
    knows nothing of what a condition asks. `is_exact`: it is the very number."""

    items: Sequence[Listed]
    about: int | None
    is_exact: bool


def page(
    db: Database,
    versions: Versions,
    wanted: Wanted,
    *,
    after: tuple[Key, int] | None,
    limit: int,
    now: datetime,
) -> Found:
    """One page of those who are wanted, in the order asked for.

    Raises InvalidInput, ConditionInvalid.
    """
    with db.transaction(versions.organization) as tx:
        program = _program(tx, versions, now)
        condition = _sought(wanted, program)
        if condition is not None and condition.tier and wanted.tiers is None:
            wanted = replace(wanted, tiers=[condition.tier])
        asked = _with_bottom(wanted, program)
        lines = listing.page(
            tx, versions.organization, asked, condition, after=after, limit=limit, now=now
        )
        names = members.identities_of(tx, versions.organization, [one.member.id for one in lines])
        return Found(
            [
                Listed(one, names.get(one.member.id, []), tier_of(program, one.member, now))
                for one in lines
            ],
            *_about(tx, versions.organization, asked, condition, now),
        )


def _about(
    tx: Tx, organization: int, asked: Wanted, condition: Sought | None, now: datetime
) -> tuple[int | None, bool]:
    if condition is not None and not condition.is_whole:
        return None, False
    return listing.about(tx, organization, asked, condition, now=now)


def fields(db: Database, versions: Versions, now: datetime) -> tuple[Program | None, str]:
    """The program whose fields a condition may look at, and its lowest tier."""
    with db.transaction(versions.organization) as tx:
        program = _program(tx, versions, now)
    return program, _bottom(program)


def _program(tx: Tx, versions: Versions, now: datetime) -> Program | None:
    table = versions.read(tx)
    if not table.instants or table.instants[0] > now:
        return None
    return table.in_force(now).program


def _bottom(program: Program | None) -> str:
    return program.ladder.tiers[0].code if program is not None and program.ladder else ""


def _sought(wanted: Wanted, program: Program | None) -> Sought | None:
    if not wanted.condition.strip():
        return None
    return sought(wanted.condition, program.attributes if program else {}, _bottom(program))


def _with_bottom(wanted: Wanted, program: Program | None) -> Wanted:
    """Who has not moved yet stands without a tier, and is in the lowest."""
    if wanted.is_by_balance and wanted.currency is None:
        currencies = list(program.currencies) if program else []
        if len(currencies) != 1:
            raise InvalidInput(
                "Say of which currency the balance is.", faults=[Fault("/query/currency", "needed")]
            )
        wanted = replace(wanted, currency=currencies[0])
    if wanted.tiers is None or _bottom(program) not in wanted.tiers:
        return wanted
    return replace(wanted, tiers=[*wanted.tiers, ""])


def named(db: Database, versions: Versions, ref: MemberRef, now: datetime) -> Sequence[Listed]:
    """The one whom a reference names; nobody where it names nobody."""
    with db.transaction(versions.organization) as tx:
        number = members.resolve(tx, versions.organization, [ref]).get(ref)
        if number is None:
            return []
        names = members.identities(tx, versions.organization, number)
        program = _program(tx, versions, now)
        lines = listing.lines(tx, versions.organization, {number: number})
        return [Listed(one, names, tier_of(program, one.member, now)) for one in lines]
