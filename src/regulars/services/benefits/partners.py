"""Partners use the benefits that name them, by the code that a member shows, and no others."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from regulars.domain.audit import By, Deed
from regulars.domain.benefits.refusals import NotYourBenefit
from regulars.domain.errors import Fault, InvalidInput
from regulars.domain.plans import Plan
from regulars.domain.programs.benefits import Benefit
from regulars.services.benefits.using import Done, House, Listing, Wanted, listed, use_by_code
from regulars.storage import audit
from regulars.storage.benefits import seats, uses
from regulars.storage.benefits.seats import ListedSeat, Seat
from regulars.storage.benefits.uses import Filter, PartnerFigures
from regulars.storage.database import Tx


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner as benefits and seats name it. `figures`: None where nothing was used."""

    name: str
    benefits: Sequence[Benefit]
    seats: int
    figures: PartnerFigures | None


@dataclass(frozen=True, slots=True)
class Partners:
    """All partners, and the program in force, by which their benefits are named."""

    items: Sequence[Partner]
    plan: Plan | None


def use(house: House, code: str, wanted: Wanted, *, by: By, now: datetime) -> Done:
    """Use the benefit that a code stands for, where it is the partner's for whom the caller works.
    Safe to repeat.

    Raises NotYourBenefit, BenefitCodeInvalid, TooManyRequests and what using refuses.
    """
    with house.db.transaction(house.organization) as tx:
        partner = _partner_of(tx, house, by)
    return use_by_code(house, code, replace(wanted, partner=partner), by=by, now=now)


def own_uses(house: House, *, before: int | None, limit: int, by: By, now: datetime) -> Listing:
    """What the caller used at the partner's for whom they work, the newest first. Raises
    NotYourBenefit for whoever works for none."""
    with house.db.transaction(house.organization) as tx:
        partner = _partner_of(tx, house, by)
    wanted = Filter(by=by.actor, partner=partner)
    return listed(house, wanted, ref=None, before=before, limit=limit, now=now)


def _partner_of(tx: Tx, house: House, by: By) -> str:
    partner = seats.partner_of(tx, house.organization, by.actor)
    if partner is None:
        raise NotYourBenefit("You work for no partner yet; ask whoever manages the staff.")
    return partner


def seated(house: House) -> Sequence[ListedSeat]:
    """Who works for which partner."""
    with house.db.transaction(house.organization) as tx:
        return seats.listed(tx, house.organization)


def seat(
    house: House, actor: str, partner: str | None, *, by: By, now: datetime
) -> Sequence[ListedSeat]:
    """Let somebody use a partner's benefits, or with None no more. Safe to repeat.

    Raises InvalidInput for whoever is not there or may not use a partner's benefits at all.
    """
    organization = house.organization
    with house.db.transaction(organization) as tx:
        before = seats.partner_of(tx, organization, actor)
        if partner is None:
            seats.take(tx, organization, actor)
        else:
            if not seats.may_sit(tx, organization, actor):
                raise InvalidInput(
                    "No key, application or member of staff of this name may use partners' "
                    "benefits. Give it the scope partner:use, or the role partner, first.",
                    faults=[Fault("/actor", "lacks partner:use, or is not there")],
                )
            seats.give(tx, organization, Seat(actor, partner, by.actor, now))
        if before != partner:
            deed = Deed(
                "partner.seated", actor, None, "", {"partner": before}, {"partner": partner}
            )
            audit.record(tx, by, [deed], now)
        return seats.listed(tx, organization)


def listed_partners(
    house: House, *, since: datetime | None, until: datetime | None, now: datetime
) -> Partners:
    """Every partner that a benefit names, that somebody works for or where something was used in
    this time, by name."""
    organization = house.organization
    with house.db.snapshot(organization) as tx:
        table = house.versions.read(tx)
        plan = table.in_force(now) if table.instants and table.instants[0] <= now else None
        figures = {one.partner: one for one in uses.at_partners(tx, organization, since, until)}
        held: dict[str, int] = {}
        for one in seats.listed(tx, organization):
            held[one.partner] = held.get(one.partner, 0) + one.is_open
    named: dict[str, list[Benefit]] = {}
    for benefit in plan.program.benefits if plan is not None else ():
        if benefit.partner:
            named.setdefault(benefit.partner, []).append(benefit)
    items = [
        Partner(name, named.get(name, []), held.get(name, 0), figures.get(name))
        for name in sorted({*named, *held, *figures})
    ]
    return Partners(items, plan)
