"""The organizations of the deployment, for whoever operates it; nothing of what they hold."""

from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Depends, Response
from msgspec import Meta, Struct

from regulars.api.answers import Instant
from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.reading import body_of
from regulars.api.state import HouseBy
from regulars.domain.access import Scope
from regulars.domain.errors import Malformed, OrganizationExists, OrganizationNotFound, TooLarge
from regulars.services import organizations
from regulars.services.organizations import MAX_NAME
from regulars.storage.organizations import Organization

router = APIRouter(prefix="/v1/organizations", tags=["organizations"])

CREATED = 201
Name = Annotated[str, Meta(min_length=1, max_length=MAX_NAME)]


class OrganizationIn(Struct, frozen=True, forbid_unknown_fields=True):
    """An organization to add. The code stays; the name may change."""

    code: Annotated[str, Meta(min_length=2, max_length=40)]
    name: Name


class NameIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Another name."""

    name: Name


class OrganizationAnswer(Struct, frozen=True):
    """An organization."""

    code: str
    name: str
    created_at: Instant
    suspended_at: Instant | None


class OrganizationsAnswer(Struct, frozen=True):
    """Every organization, in the order in which they came."""

    items: list[OrganizationAnswer]


@router.get("", **declared(OrganizationsAnswer, scope=Scope.DEPLOYMENT_MANAGE))
def list_organizations(house: HouseBy) -> Response:
    """Every organization of the deployment."""
    found = organizations.listed(house.runtime.db)
    return respond(OrganizationsAnswer([_tell(one) for one in found]))


@router.post(
    "",
    **declared(
        OrganizationAnswer,
        scope=Scope.DEPLOYMENT_MANAGE,
        status=CREATED,
        body=OrganizationIn,
        example={"code": "harbour-coffee", "name": "Harbour Coffee"},
        refusals=(Malformed, TooLarge, OrganizationExists),
    ),
)
async def create_organization(
    house: HouseBy, by: ByIn, body: Annotated[OrganizationIn, Depends(body_of(OrganizationIn))]
) -> Response:
    """Add an organization. Its first person is invited with `regulars staff invite`."""
    runtime = house.runtime
    made = await anyio.to_thread.run_sync(
        lambda: organizations.create(
            runtime.db, runtime.cabinet, code=body.code, name=body.name, by=by, now=runtime.clock()
        )
    )
    return respond(_tell(made), CREATED)


@router.get(
    "/{code}",
    **declared(OrganizationAnswer, scope=Scope.DEPLOYMENT_MANAGE, refusals=(OrganizationNotFound,)),
)
def get_organization(code: str, house: HouseBy) -> Response:
    """One organization."""
    return respond(_tell(organizations.by_code(house.runtime.db, code)))


@router.patch(
    "/{code}",
    **declared(
        OrganizationAnswer,
        scope=Scope.DEPLOYMENT_MANAGE,
        body=NameIn,
        example={"name": "Harbour Coffee Roasters"},
        refusals=(Malformed, TooLarge, OrganizationNotFound),
    ),
)
async def rename_organization(
    code: str, house: HouseBy, by: ByIn, body: Annotated[NameIn, Depends(body_of(NameIn))]
) -> Response:
    """Call an organization otherwise."""

    def work() -> Organization:
        db = house.runtime.db
        number = organizations.by_code(db, code).id
        return organizations.rename(db, number, body.name, by=by, now=house.runtime.clock())

    return respond(_tell(await anyio.to_thread.run_sync(work)))


@router.post(
    "/{code}/suspend",
    **declared(OrganizationAnswer, scope=Scope.DEPLOYMENT_MANAGE, refusals=(OrganizationNotFound,)),
)
def suspend_organization(code: str, house: HouseBy, by: ByIn) -> Response:
    """Keep everybody and everything of an organization out. Safe to repeat."""
    db = house.runtime.db
    number = organizations.by_code(db, code).id
    return respond(_tell(organizations.suspend(db, number, by=by, now=house.runtime.clock())))


@router.post(
    "/{code}/resume",
    **declared(OrganizationAnswer, scope=Scope.DEPLOYMENT_MANAGE, refusals=(OrganizationNotFound,)),
)
def resume_organization(code: str, house: HouseBy, by: ByIn) -> Response:
    """Let them in again. Safe to repeat."""
    db = house.runtime.db
    number = organizations.by_code(db, code).id
    return respond(_tell(organizations.resume(db, number, by=by, now=house.runtime.clock())))


def _tell(found: Organization) -> OrganizationAnswer:
    return OrganizationAnswer(found.code, found.name, found.created_at, found.suspended_at)
