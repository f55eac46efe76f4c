"""The benefits of the program in force, for whoever grants, books or uses them."""

from fastapi import APIRouter, Response
from msgspec import Struct

from regulars.api.benefits.reading import house_of
from regulars.api.contract import declared, respond
from regulars.api.reading import Language
from regulars.api.state import ServedBy
from regulars.domain.access import Scope
from regulars.domain.errors import NoProgramInForce
from regulars.domain.member_words.moves import tier_name
from regulars.domain.programs.benefits import Benefit, BenefitKind
from regulars.domain.programs.model import Program
from regulars.domain.programs.phrases import name_in
from regulars.services.benefits import holding

router = APIRouter(prefix="/v1/benefits", tags=["benefits"])


class OfferedQuota(Struct, frozen=True):
    """How often one member may use it. `per`: day, week, month, year, lifetime or grant."""

    uses: int
    per: str


class OfferedBenefit(Struct, frozen=True):
    """A benefit of the program. `everyone`: all have it; else whoever has one of the tiers (by
    name), stages, tags or cards; with none of them only whom it is granted to. `is_conditional`: a
    condition on the member stands beside. `grantable`: it can be given by hand."""

    benefit: str
    name: str
    kind: str
    about: str
    everyone: bool
    tiers: list[str]
    stages: list[str]
    tags: list[str]
    cards: list[str]
    is_conditional: bool
    quota: OfferedQuota | None
    valid: str | None
    by_appointment: bool
    partner: str
    grantable: bool


class OfferedBenefits(Struct, frozen=True):
    """The benefits of the program in force, in its order. `time_zone`: the shop's."""

    items: list[OfferedBenefit]
    time_zone: str


@router.get("", **declared(OfferedBenefits, scope=Scope.OFFERS_READ, refusals=(NoProgramInForce,)))
def list_benefits(served: ServedBy, language: Language) -> Response:
    """What the program in force lets members have beside points, and who has it."""
    program = holding.program(house_of(served), served.runtime.clock())
    items = [_offered(one, program, language) for one in program.benefits]
    return respond(OfferedBenefits(items, program.zone.key))


def _offered(benefit: Benefit, program: Program, language: str) -> OfferedBenefit:
    who, quota = benefit.carriers, benefit.quota
    return OfferedBenefit(
        benefit=benefit.id,
        name=name_in(language, benefit.name),
        kind=benefit.kind.value,
        about=name_in(language, benefit.about) if benefit.about else "",
        everyone=who is not None and who.is_open,
        tiers=[tier_name(program, code, language) for code in sorted(who.tiers)] if who else [],
        stages=sorted(who.stages) if who else [],
        tags=sorted(who.tags) if who else [],
        cards=sorted(who.cards) if who else [],
        is_conditional=who is not None and who.where is not None,
        quota=None if quota is None else OfferedQuota(quota.uses, quota.per.value),
        valid=None if benefit.valid is None else str(benefit.valid),
        by_appointment=benefit.by_appointment,
        partner=benefit.partner,
        grantable=benefit.kind is not BenefitKind.CASHBACK,
    )
