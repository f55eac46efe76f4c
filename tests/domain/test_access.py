"""Scopes, and the words for reasons."""

import pytest
from msgspec import structs

from regulars.domain.access import (
    MEANING,
    OUTSIDE_ADMIN,
    Access,
    Kind,
    Role,
    Scope,
    may_give,
    parse_scopes,
    scopes_of,
)
from regulars.domain.errors import InvalidInput, LastOwner, MissingScope, NotYourRole
from regulars.domain.programs.phrases import LANGUAGES
from regulars.domain.reasons import REASONS, reason_words
from regulars.domain.staffing import keep_an_owner, may_set_roles


def test_every_scope_has_a_meaning() -> None:
    assert set(MEANING) == set(Scope)


def caller(*scopes: Scope, kind: Kind = Kind.STAFF, number: int = 7) -> Access:
    return Access(1, kind, number, "till", frozenset(scopes))


@pytest.mark.parametrize("held", list(Scope))
@pytest.mark.parametrize("asked", list(Scope))
def test_a_scope_allows_itself_and_admin_all_but_what_is_anothers(
    held: Scope, asked: Scope
) -> None:
    access = caller(held)

    if held is asked or (held is Scope.ADMIN and asked not in OUTSIDE_ADMIN):
        access.demand(asked)
    else:
        with pytest.raises(MissingScope, match=asked.value):
            access.demand(asked)


def test_an_owner_may_do_all_of_the_organization_and_nothing_of_the_deployment() -> None:
    scopes = scopes_of([Role.OWNER])

    assert all(scopes_of([role]) <= scopes for role in Role if role is not Role.OPERATOR)
    assert not scopes & (OUTSIDE_ADMIN | {Scope.ADMIN})


@pytest.mark.parametrize("role", list(Role))
def test_nobody_gives_a_role_that_allows_more_than_their_own(role: Role) -> None:
    for giver in Role:
        access = caller(*scopes_of([giver]))
        if scopes_of([role]) <= scopes_of([giver]):
            may_give(access, [role])
        else:
            with pytest.raises(NotYourRole):
                may_give(access, [role])


def test_only_who_may_give_what_one_has_may_take_it_away() -> None:
    owner = caller(*scopes_of([Role.OWNER]))

    may_set_roles(owner, 8, before=[Role.FINANCE], after=[Role.OWNER])
    for before, after in (([Role.OPERATOR], [Role.ANALYST]), ([Role.ANALYST], [Role.OPERATOR])):
        with pytest.raises(NotYourRole):
            may_set_roles(owner, 8, before=before, after=after)


def test_nobody_changes_their_own_roles_and_no_application_anybodys() -> None:
    everything = frozenset(Scope)
    for access in (
        caller(*everything, number=8),
        caller(*everything, kind=Kind.KEY),
        caller(*everything, kind=Kind.CLIENT),
        structs.replace(caller(*everything), client_id=3),
    ):
        with pytest.raises(NotYourRole):
            may_set_roles(access, 8, before=[Role.ANALYST], after=[Role.FINANCE])
    may_set_roles(
        caller(*everything, kind=Kind.COMMAND_LINE, number=0), 8,
        before=[Role.ANALYST], after=[Role.OPERATOR],
    )  # fmt: skip


def test_the_last_owner_stays_one() -> None:
    with pytest.raises(LastOwner):
        keep_an_owner([8], 8, [Role.FINANCE])
    keep_an_owner([8, 9], 8, ())
    keep_an_owner([8], 8, [Role.OWNER, Role.FINANCE])
    keep_an_owner([9], 8, ())


def test_scopes_are_read_by_name() -> None:
    assert parse_scopes(["admin", "events:write"]) == {Scope.ADMIN, Scope.EVENTS_WRITE}


@pytest.mark.parametrize("names", [[], ["events"], ["admin", "root"]])
def test_a_scope_that_does_not_exist_is_refused_with_those_that_do(names: list[str]) -> None:
    with pytest.raises(InvalidInput, match="events:write"):
        parse_scopes(names)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_words_of_its_own_in_every_language(language: str) -> None:
    words = [reason_words(code, language) for code in REASONS]

    assert all(words)
    assert len(set(words)) == len(words)
