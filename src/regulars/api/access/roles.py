"""The roles that staff can have, and what each may do."""

from fastapi import APIRouter, Response
from msgspec import Struct

from regulars.api.contract import declared, respond
from regulars.api.state import AccessBy
from regulars.domain.access import MEANING, NOT_FOR_APPLICATIONS, OUTSIDE_ADMIN, ROLES, Scope

router = APIRouter(prefix="/v1/roles", tags=["staff"])


class ScopeAnswer(Struct, frozen=True):
    """Something that one may be allowed to do. `for_applications`: staff can give it to one of
    theirs. `mine`: whoever asks may do it, and so give it."""

    scope: str
    meaning: str
    for_applications: bool
    mine: bool


class RoleAnswer(Struct, frozen=True):
    """A role is what its scopes are. `mine`: whoever asks can give it to somebody."""

    role: str
    scopes: list[str]
    mine: bool


class RolesAnswer(Struct, frozen=True):
    """Every role, and everything that can be allowed."""

    roles: list[RoleAnswer]
    scopes: list[ScopeAnswer]


@router.get("", **declared(RolesAnswer, scope=Scope.STAFF_SELF))
def list_roles(access: AccessBy) -> Response:
    """What each role may do."""
    roles = [
        RoleAnswer(role.value, sorted(scopes), all(map(access.may, scopes)))
        for role, scopes in ROLES.items()
    ]
    scopes = [
        ScopeAnswer(one.value, MEANING[one], one not in NOT_FOR_APPLICATIONS, access.may(one))
        for one in Scope
        if one not in OUTSIDE_ADMIN and one is not Scope.ADMIN
    ]
    return respond(RolesAnswer(roles, scopes))
