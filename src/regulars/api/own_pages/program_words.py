"""The rules of the program in plain words, for whoever wants to know them before joining."""

from collections.abc import Sequence
from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Query, Request, Response
from msgspec import Struct

from regulars.api.contract import declared, respond
from regulars.api.reading import Language
from regulars.api.state import HouseBy
from regulars.domain.errors import (
    NoProgramInForce,
    OrganizationNotFound,
    OrganizationSuspended,
    TooManyRequests,
)
from regulars.domain.member_words.handbook import Chapter, Handbook
from regulars.domain.member_words.ladder import TierPage
from regulars.services import organizations
from regulars.services.own_pages import handbooks

router = APIRouter(prefix="/v1/program", tags=["program"])

PER_MINUTE = 600
"""From one network address, in one process: a shop's guests share one, and read the rules."""


class ChapterAnswer(Struct, frozen=True):
    """A rule or a currency, in sentences."""

    code: str
    name: str
    says: Sequence[str]


class TierWordsAnswer(Struct, frozen=True):
    """A tier: how one gets in, how one keeps it, and what it brings beyond the one below."""

    tier: str
    name: str
    entry: str
    keep: str
    brings: Sequence[str]


class ProgramWordsAnswer(Struct, frozen=True):
    """The program in words. `earning_notes`: which rules exclude each other."""

    organization: str
    program: str
    version: int
    time_zone: str
    money: str
    earning: list[ChapterAnswer]
    earning_notes: Sequence[str]
    currencies: list[ChapterAnswer]
    tiers: list[TierWordsAnswer]
    tier_notes: Sequence[str]
    returns: Sequence[str]
    benefits: list[ChapterAnswer]


@router.get(
    "/words",
    **declared(
        ProgramWordsAnswer,
        scope=None,
        refusals=(OrganizationNotFound, OrganizationSuspended, TooManyRequests, NoProgramInForce),
    ),
)
async def get_program_words(
    request: Request,
    house: HouseBy,
    language: Language,
    organization: Annotated[str | None, Query(max_length=40)] = None,
) -> Response:
    """How to earn, what points are worth and when they lapse, tiers and returns: written from the
    program in force."""
    settings = house.runtime.settings
    house.limits.take_of_address(request, settings, "program words", PER_MINUTE)
    wanted = organization or settings.organization
    found = await anyio.to_thread.run_sync(organizations.by_code, house.runtime.db, wanted)
    if found.suspended_at is not None:
        raise OrganizationSuspended
    served = house.at(found.id)
    told = await anyio.to_thread.run_sync(
        lambda: handbooks.told(
            served.db, served.versions, at=served.runtime.clock(), language=language
        )
    )
    return respond(_tell(found.name, told, told.handbook))


def _tell(name: str, told: handbooks.Told, book: Handbook) -> ProgramWordsAnswer:
    return ProgramWordsAnswer(
        name,
        book.name,
        told.version,
        told.time_zone,
        told.money,
        [_chapter(one) for one in book.earning],
        book.notes,
        [_chapter(one) for one in book.currencies],
        [_tier(one) for one in book.tiers],
        book.tier_notes,
        book.returns,
        [_chapter(one) for one in book.benefits],
    )


def _chapter(one: Chapter) -> ChapterAnswer:
    return ChapterAnswer(one.code, one.name, one.says)


def _tier(one: TierPage) -> TierWordsAnswer:
    return TierWordsAnswer(one.tier, one.name, one.entry, one.keep, one.brings)
