"""Partners use the benefits that name them, by the code that a member shows, and no others."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from regulars.domain.audit import By, Deed
from regulars.domain.benefits.refusals import NotYourBenefit
from regulars.services.benefits.using import Done, House, Listing, Wanted, listed, use_by_code
from regulars.storage import audit
from regulars.storage.benefits import seats
from regulars.storage.benefits.seats import Seat
from regulars.storage.benefits.uses import Filter


def use(house: House, code: str, wanted: Wanted, *, by: By, now: datetime) -> Done:
    """Use the benefit that a code stands for, where it is the partner's. Safe to repeat.

    Raises NotYourBenefit, BenefitCodeInvalid, TooManyRequests and what using refuses.
    """
    with house.db.transaction(house.organization) as tx:
        partner = seats.partner_of(tx, house.organization, by.actor)
    if partner is None:
        raise NotYourBenefit("You work for no partner yet; ask whoever manages the staff.")
    return use_by_code(house, code, replace(wanted, partner=partner), by=by, now=now)


def own_uses(house: House, *, before: int | None, limit: int, by: By, now: datetime) -> Listing:
    """What the caller used, the newest first."""
    wanted = Filter(by=by.actor)
    return listed(house, wanted, ref=None, before=before, limit=limit, now=now)


def seated(house: House) -> Sequence[Seat]:
    """Who works for which partner."""
    with house.db.transaction(house.organization) as tx:
        return seats.listed(tx, house.organization)


def seat(house: House, actor: str, partner: str | None, *, by: By, now: datetime) -> Sequence[Seat]:
    """Let somebody use a partner's benefits, or with None no more. Safe to repeat."""
    with house.db.transaction(house.organization) as tx:
        before = seats.partner_of(tx, house.organization, actor)
        if partner is None:
            seats.take(tx, house.organization, actor)
        else:
            seats.give(tx, house.organization, Seat(actor, partner, by.actor, now))
        if before != partner:
            deed = Deed(
                "partner.seated", actor, None, "", {"partner": before}, {"partner": partner}
            )
            audit.record(tx, by, [deed], now)
        return seats.listed(tx, house.organization)
