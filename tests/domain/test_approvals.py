"""Four eyes as rules: who has to wait, who may decide, and how a request ends."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain import organizations
from regulars.domain.access import Access, Kind, Scope
from regulars.domain.approvals import (
    DEFAULT_ADJUSTMENT_LIMIT,
    SCOPES,
    Deed,
    Policy,
    State,
    may_decide,
    needs_second,
    person_in,
    standing,
)
from regulars.domain.errors import (
    InternalFault,
    MissingScope,
    NotYourRole,
    RegularsError,
    SamePerson,
    SecondFactorNeeded,
)

NOW = datetime(2026, 3, 4, tzinfo=UTC)
kinds = st.sampled_from(list(Kind))
deeds = st.sampled_from(list(Deed))
policies = st.builds(
    Policy,
    adjustment_limit=st.integers(0, 10**6),
    publication=st.booleans(),
    personal_export=st.booleans(),
)


def caller(kind: Kind, *scopes: Scope, **more: Any) -> Access:
    return Access(1, kind, more.pop("number", 7), "somebody", frozenset(scopes), **more)


callers = st.builds(
    Access,
    organization=st.just(1),
    kind=kinds,
    number=st.integers(1, 3),
    name=st.just("x"),
    scopes=st.frozensets(st.sampled_from(list(Scope))),
    is_strong=st.booleans(),
    client_id=st.none() | st.integers(1, 3),
)


@given(callers, policies, deeds, st.integers(-(10**7), 10**7))
def test_nobody_but_the_deployment_passes_a_weighty_deed_alone_and_unproven(
    access: Access, policy: Policy, deed: Deed, points: int
) -> None:
    is_deployments = access.kind in {Kind.COMMAND_LINE, Kind.SYSTEM} or (
        access.kind is Kind.KEY and Scope.ADMIN in access.scopes
    )
    try:
        waits = needs_second(policy, access, deed, points=points)
    except SecondFactorNeeded:
        assert access.kind is Kind.STAFF
        assert not access.is_strong
        return
    if is_deployments:
        assert not waits
    elif deed is Deed.ADJUSTMENT:
        assert waits == (abs(points) > policy.adjustment_limit)
    else:
        assert waits == getattr(policy, deed.value)


@given(callers, deeds, st.integers(1, 3), st.sampled_from(["staff", "client:2/staff", "key"]))
def test_who_decides_is_a_strong_second_person_who_may_do_it_themselves(
    access: Access, deed: Deed, number: int, by: str
) -> None:
    requested_by = f"{by}:{number}"
    try:
        may_decide(access, deed, requested_by=requested_by)
    except RegularsError:
        return
    assert access.kind is Kind.STAFF
    assert access.client_id is None
    assert access.is_strong
    assert access.may(SCOPES[deed])
    assert person_in(requested_by) != f"staff:{access.number}"


@pytest.mark.parametrize(
    ("access", "refusal"),
    [
        (caller(Kind.KEY, Scope.ADMIN), NotYourRole),
        (caller(Kind.COMMAND_LINE, *Scope), NotYourRole),
        (caller(Kind.STAFF, *Scope, is_strong=True, client_id=1), NotYourRole),
        (caller(Kind.STAFF, Scope.APPROVALS_DECIDE, is_strong=True), MissingScope),
        (caller(Kind.STAFF, *Scope, is_strong=True, number=12), SamePerson),
        (caller(Kind.STAFF, *Scope), SecondFactorNeeded),
    ],
)
def test_everybody_else_is_told_why_not(access: Access, refusal: type[RegularsError]) -> None:
    with pytest.raises(refusal):
        may_decide(access, Deed.ADJUSTMENT, requested_by="staff:12")


def test_whoever_made_the_key_that_asks_is_the_same_person() -> None:
    access = caller(Kind.STAFF, *Scope, is_strong=True, number=12)

    with pytest.raises(SamePerson):
        may_decide(access, Deed.ADJUSTMENT, requested_by="key:3", maker="staff:12")
    may_decide(access, Deed.ADJUSTMENT, requested_by="key:12", maker="staff:1")


@given(st.sampled_from(list(State)), st.integers(-100, 100))
def test_what_was_not_decided_in_time_is_over(state: State, hours: int) -> None:
    ends = NOW + timedelta(hours=hours)
    found = standing(state, expires_at=ends, now=NOW)

    if state in {State.WAITING, State.APPROVED} and ends <= NOW:
        assert found is State.EXPIRED
    else:
        assert found is state


@pytest.mark.parametrize("settings", ["{}", '{"approvals": {}}'])
def test_what_the_settings_leave_out_is_as_by_default(settings: str) -> None:
    assert organizations.read(settings).approvals == Policy(
        adjustment_limit=DEFAULT_ADJUSTMENT_LIMIT
    )


@pytest.mark.parametrize(
    "settings", ['{"approvals": {"adjustment_limit": -1}}', '{"approvals": {"publication": "no"}}']
)
def test_settings_that_cannot_be_read_let_nothing_pass(settings: str) -> None:
    with pytest.raises(InternalFault):
        organizations.read(settings)
