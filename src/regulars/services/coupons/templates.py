"""Templates of coupons: made, changed, brought from state to state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from regulars.domain.audit import By, Deed
from regulars.domain.coupons.checking import checked
from regulars.domain.coupons.refusals import TemplateNotFound, TemplateStateWrong
from regulars.domain.coupons.templates import MOVES, Template, TemplateState, Terms
from regulars.domain.errors import Fault, InvalidInput, StaleMark
from regulars.services.coupons.house import House
from regulars.storage import audit
from regulars.storage.coupons import figures, templates
from regulars.storage.coupons.figures import Day, Figures
from regulars.storage.database import Tx

LONGEST = timedelta(days=732)
"""That statistics tell day by day."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a template shall say."""

    name: Mapping[str, str]
    terms: Terms
    prefix: str = ""
    public_code: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A template with its figures."""

    template: Template
    figures: Figures


def create(house: House, code: str, wish: Wish, *, by: By, now: datetime) -> Template:
    """Make a template, as a draft. Raises InvalidInput, TemplateExists, NoProgramInForce."""
    organization = house.organization
    with house.db.transaction(organization) as tx:
        _check(house, tx, wish, now)
        made = templates.put(
            tx, organization, code=code, name=dict(wish.name), terms=wish.terms,
            prefix=wish.prefix, public_code=wish.public_code, by=by.actor, now=now,
        )  # fmt: skip
        _record(tx, by, "coupon_template.created", made, now)
    return made


def change(
    house: House, number: int, wish: Wish, *, revision: int | None, by: By, now: datetime
) -> Template:
    """Let it say something else, if nobody changed it since that revision. Coupons that were given
    out follow the new terms.

    Raises TemplateNotFound, StaleMark, TemplateStateWrong, TemplateExists, InvalidInput.
    """
    organization = house.organization
    with house.db.transaction(organization) as tx:
        old = _locked(tx, organization, number, revision)
        if old.state is TemplateState.ENDED:
            raise TemplateStateWrong("What has ended is not changed any more.")
        _check(house, tx, wish, now)
        if old.state is not TemplateState.DRAFT and wish.terms.uses != old.terms.uses:
            raise InvalidInput(
                "How often one code can be used stays as it was given out.",
                faults=[Fault("/terms/uses", "cannot change any more")],
            )
        made = templates.change(
            tx, organization, number, name=dict(wish.name), terms=wish.terms,
            prefix=wish.prefix, public_code=wish.public_code, by=by.actor, now=now,
        )  # fmt: skip
        _record(tx, by, "coupon_template.changed", made, now, before=old)
    return made


def move(
    house: House, number: int, state: TemplateState, *, why: str, by: By, now: datetime
) -> Template:
    """Activate, pause or end it. Safe to repeat. Raises TemplateNotFound, TemplateStateWrong."""
    organization = house.organization
    with house.db.transaction(organization) as tx:
        old = _locked(tx, organization, number, None)
        if old.state is state:
            return old
        if state not in MOVES[old.state]:
            raise TemplateStateWrong(f"A template that is {old.state} cannot become {state}.")
        made = templates.move(tx, organization, number, state, why=why, by=by.actor, now=now)
        deed = Deed(
            "coupon_template.moved", f"coupon_template:{number}", purpose=why,
            before={"state": old.state}, after={"state": state},
        )  # fmt: skip
        audit.record(tx, by, [deed], now)
    return made


def drop(house: House, number: int, *, by: By, now: datetime) -> Template:
    """Take a draft away. Raises TemplateNotFound, TemplateStateWrong."""
    organization = house.organization
    with house.db.transaction(organization) as tx:
        old = _locked(tx, organization, number, None)
        if old.state is not TemplateState.DRAFT:
            raise TemplateStateWrong("Only a draft can be deleted. End this one instead.")
        templates.drop(tx, organization, number)
        _record(tx, by, "coupon_template.deleted", old, now)
    return old


def get(house: House, number: int, now: datetime) -> Told:
    """One template, with its figures. Raises TemplateNotFound."""
    with house.db.transaction(house.organization) as tx:
        found = templates.get(tx, house.organization, number)
        if found is None:
            raise TemplateNotFound
        known = figures.of_templates(tx, house.organization, [number], now)
    return Told(found, known[number])


def listed(
    house: House, *, before: int | None, state: str | None, words: str, limit: int, now: datetime
) -> Sequence[Told]:
    """Templates, newest first, with their figures."""
    with house.db.transaction(house.organization) as tx:
        found = templates.page(
            tx, house.organization, before=before, state=state, words=words, limit=limit
        )
        known = figures.of_templates(tx, house.organization, [one.id for one in found], now)
    return [Told(one, known[one.id]) for one in found]


def _locked(tx: Tx, organization: int, number: int, revision: int | None) -> Template:
    found = templates.lock(tx, organization, number)
    if found is None:
        raise TemplateNotFound
    if revision is not None and revision != found.revision:
        raise StaleMark("The template was changed since you read it. Read it again.")
    return found


def _check(house: House, tx: Tx, wish: Wish, now: datetime) -> None:
    program = house.versions.read(tx).in_force(now).program
    if not wish.name.get("en"):
        raise InvalidInput("Give it a name in English.", faults=[Fault("/name/en", "needed")])
    checked(wish.terms, program, prefix=wish.prefix, public_code=wish.public_code)


def _record(
    tx: Tx, by: By, action: str, made: Template, now: datetime, *, before: Template | None = None
) -> None:
    deed = Deed(
        action, f"coupon_template:{made.id}",
        before=None if before is None else _facts(before), after=_facts(made),
    )  # fmt: skip
    audit.record(tx, by, [deed], now)


def _facts(one: Template) -> dict[str, object]:
    facts: dict[str, object] = msgspec.to_builtins(one.terms)
    return {"code": one.code, "revision": one.revision, "terms": facts}


@dataclass(frozen=True, slots=True)
class Statistics:
    """How a template does: all in all, and day by day in the program's zone."""

    template: Template
    figures: Figures
    expired: int
    days: Sequence[Day]


def statistics(
    house: House, number: int, *, since: datetime, until: datetime, now: datetime
) -> Statistics:
    """What was given out, redeemed and sold with it. Raises TemplateNotFound, InvalidInput."""
    if not since < until or until - since > LONGEST:
        words = f"Ask for at most {LONGEST.days} days."
        raise InvalidInput(words, faults=[Fault("/query/until", "out of range")])
    organization = house.organization
    with house.db.transaction(organization) as tx:
        zone = house.versions.read(tx).in_force(now).program.zone.key
    with house.db.snapshot(organization) as tx:
        found = templates.get(tx, organization, number)
        if found is None:
            raise TemplateNotFound
        return Statistics(
            found,
            figures.of_templates(tx, organization, [number], now)[number],
            figures.expired(tx, organization, number, until=found.terms.valid_until, now=now),
            figures.by_day(tx, organization, number, since=since, until=until, zone=zone),
        )
