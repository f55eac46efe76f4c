"""One box for everything: members found by id, card, phone number, e-mail address or name."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from msgspec import Meta, Struct

from regulars.api import shapes
from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.profiles import NOT_STORED
from regulars.api.reading import body_of
from regulars.api.rosters.listing import tell_listed
from regulars.api.state import AccessBy, HouseBy, ServedBy
from regulars.domain.access import Scope
from regulars.domain.errors import (
    Malformed,
    MissingScope,
    PersonalDataUnusable,
    TooLarge,
)
from regulars.domain.rosters.detecting import MAX_TEXT, PERSONAL, guesses
from regulars.services.rosters import searching
from regulars.services.rosters.listing import Listed
from regulars.services.rosters.searching import Archive

router = APIRouter(prefix="/v1", tags=["members"])

SEARCHES_PER_MINUTE = 120
"""By one caller: enough for somebody who types, too few to try out a list of numbers."""


class SearchIn(Struct, frozen=True, forbid_unknown_fields=True):
    """An id of ours, a reference, a number on a card, a phone number, an e-mail address or a name,
    however it is written; of a name, how its words begin."""

    text: Annotated[str, Meta(min_length=1, max_length=MAX_TEXT)]


class MatchAnswer(Struct, frozen=True):
    """A member who was found, and by what: id, reference, external_id, phone, email or name.
    `profile`: masks; null for who may not see any."""

    by: str
    member: shapes.ListedMember
    profile: dict[str, str] | None


class MatchesAnswer(Struct, frozen=True):
    """The members who were found, the surest first. `more`: there are others; say it closer."""

    items: list[MatchAnswer]
    more: bool


@router.post(
    "/members:search",
    **declared(
        MatchesAnswer,
        scope=Scope.MEMBERS_READ,
        body=SearchIn,
        example={"text": "王小"},
        refusals=(Malformed, TooLarge, PersonalDataUnusable),
    ),
)
def search_members(
    body: Annotated[SearchIn, Depends(body_of(SearchIn))],
    served: ServedBy,
    access: AccessBy,
    house: HouseBy,
    by: ByIn,
) -> Response:
    """Members by whatever is typed. By phone, e-mail address or name it takes `profiles:read`, and
    is on record. It is sent in the body, because addresses of pages stand in logs."""
    house.limits.take_of_caller(access, "search", SEARCHES_PER_MINUTE)
    asked = guesses(body.text)
    sees_masks = access.may(Scope.PROFILES_READ)
    if not sees_masks:
        asked = [guess for guess in asked if guess.by not in PERSONAL]
        if not asked:
            raise MissingScope(
                f"To look for a phone number, an address or a name you need "
                f"{Scope.PROFILES_READ.value}."
            )
    archive = Archive(served.db, served.runtime.cabinet, served.versions)
    found = searching.search(
        archive, asked, shows_masks=sees_masks, by=by, at=served.runtime.clock()
    )
    items = [
        MatchAnswer(
            one.by.value,
            tell_listed(Listed(one.line, one.identities, one.tier), access),
            None if one.profile is None else dict(one.profile),
        )
        for one in found.items
    ]
    return respond(MatchesAnswer(items, found.is_cut), headers=NOT_STORED)
