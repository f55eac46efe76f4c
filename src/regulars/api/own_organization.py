"""What the caller's own organization is, and what it decides for itself."""

from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Depends, Response
from msgspec import Struct

from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.reading import body_of
from regulars.api.state import AccessBy, ServedBy
from regulars.domain.access import Scope
from regulars.domain.errors import Malformed, SecondFactorNeeded, TooLarge
from regulars.domain.organizations import OrganizationSettings
from regulars.domain.staffing import demand_strong
from regulars.services import organizations

router = APIRouter(prefix="/v1/organization", tags=["organizations"])


class OwnOrganizationAnswer(Struct, frozen=True):
    """The organization, with all its settings: also those that were never changed."""

    code: str
    name: str
    settings: OrganizationSettings


@router.get("", **declared(OwnOrganizationAnswer, scope=Scope.ORGANIZATION_MANAGE))
def get_own_organization(served: ServedBy) -> Response:
    """The organization of whoever asks."""
    return respond(_look(served))


@router.put(
    "/settings",
    **declared(
        OwnOrganizationAnswer,
        scope=Scope.ORGANIZATION_MANAGE,
        body=OrganizationSettings,
        example={
            "approvals": {"adjustment_limit": 5000, "publication": True, "personal_export": True},
            "privacy": {"retention": {"sign_in_codes": "P2D"}},
        },
        refusals=(Malformed, TooLarge, SecondFactorNeeded),
    ),
)
async def change_settings(
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
    body: Annotated[OrganizationSettings, Depends(body_of(OrganizationSettings))],
) -> Response:
    """Set all settings at once; those left out go back to their defaults. People show a second
    factor first: the settings say when a second person is needed."""
    demand_strong(access)
    now = served.runtime.clock()

    def change() -> OwnOrganizationAnswer:
        organizations.change_settings(served.db, served.organization, body, by=by, now=now)
        return _look(served)

    return respond(await anyio.to_thread.run_sync(change))


def _look(served: ServedBy) -> OwnOrganizationAnswer:
    found = organizations.by_number(served.db, served.organization)
    settings = organizations.settings(served.db, served.organization)
    return OwnOrganizationAnswer(found.code, found.name, settings)
