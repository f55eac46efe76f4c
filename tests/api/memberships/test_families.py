"""A family shares a paid card: benefits, not points; so many places; one family at a time."""

from typing import Any

import pytest
from tests.api.conftest import Shop
from tests.api.memberships.test_selling import sold
from tests.api.people_of import Person, signed_in

pytestmark = pytest.mark.usefixtures("club")


def person(shop: Shop, ref: str) -> Person:
    shop.buy(1000, ref)
    return signed_in(shop, shop.get(f"/v1/members/{ref}").json()["member"])


def invite(holder: Person, membership: str) -> Any:
    answer = holder.call("POST", f"/v1/me/memberships/{membership}/family", {})
    assert answer.status_code == 201, answer.text
    return answer.json()


def join(one: Person, code: str) -> Any:
    return one.call("POST", "/v1/me/family", {"code": code})


@pytest.fixture
def holder(club: Shop) -> Person:
    return person(club, "card:1")


@pytest.fixture
def held(club: Shop, holder: Person) -> str:
    return str(sold(club, "card:1", payment="pay-1")["membership"]["membership"])


def test_who_joins_has_the_benefits_at_once_and_their_own_points(
    club: Shop, holder: Person, held: str
) -> None:
    other = person(club, "card:2")
    before = club.balance("card:1")["available"]
    code = invite(holder, held)["code"]
    joined = join(other, code)
    assert joined.status_code == 200, joined.text
    club.clock.pass_(minutes=5)
    assert club.buy(1000, "card:2")["earned"]["points"] == 20
    assert club.balance("card:1")["available"] == before
    own = other.call("GET", "/v1/me/cards").json()["memberships"]
    assert [one["membership"]["card"] for one in own["shared"]] == ["plus"]
    assert own["own"] == []


def test_a_code_is_good_for_one_person_and_for_a_week(
    club: Shop, holder: Person, held: str
) -> None:
    second, third = person(club, "card:2"), person(club, "card:3")
    code = invite(holder, held)["code"]
    assert join(second, code.lower()).status_code == 200
    assert join(second, code).status_code == 200
    assert join(third, code).json()["code"] == "invitation_lost"
    late = invite(holder, held)["code"]
    club.clock.pass_(days=7)
    assert join(third, late).json()["code"] == "invitation_lost"


def test_no_more_join_than_there_are_places(club: Shop, holder: Person, held: str) -> None:
    codes = [invite(holder, held)["code"] for _ in range(3)]
    found = [join(person(club, f"card:{2 + place}"), code) for place, code in enumerate(codes)]
    assert [one.status_code for one in found] == [200, 200, 409]
    assert found[2].json()["code"] == "limit_reached"
    full = holder.call("POST", f"/v1/me/memberships/{held}/family", {})
    assert full.json()["code"] == "limit_reached"


def test_who_is_removed_loses_the_benefits_and_frees_the_place(
    club: Shop, holder: Person, held: str
) -> None:
    others = [person(club, "card:2"), person(club, "card:3")]
    for one in others:
        assert join(one, invite(holder, held)["code"]).status_code == 200
    family = club.get(f"/v1/memberships/{held}").json()["family"]
    gone = holder.call("DELETE", f"/v1/me/memberships/{held}/family/{family[0]['person']}")
    assert gone.status_code == 200, gone.text
    club.clock.pass_(minutes=5)
    assert club.buy(1000, "card:2")["earned"]["points"] == 10
    third = person(club, "card:4")
    assert join(third, invite(holder, held)["code"]).status_code == 200


def test_who_left_waits_before_the_next_family(club: Shop, holder: Person, held: str) -> None:
    other, second = person(club, "card:2"), person(club, "card:3")
    their = sold(club, "card:3", payment="pay-3")["membership"]["membership"]
    assert join(other, invite(holder, held)["code"]).status_code == 200
    also = join(other, invite(second, their)["code"])
    assert also.json()["code"] == "card_held"
    (one,) = club.get(f"/v1/memberships/{held}").json()["family"]
    left = other.call("DELETE", f"/v1/me/family/{held}/{one['person']}")
    assert left.status_code == 200, left.text
    refused = join(other, invite(second, their)["code"])
    assert (refused.status_code, refused.json()["code"]) == (409, "family_refused")
    club.clock.pass_(days=31)
    other, second = person(club, "card:2"), person(club, "card:3")
    assert join(other, invite(second, their)["code"]).status_code == 200


def test_a_renewal_and_a_refund_reach_everybody_who_shares(
    club: Shop, holder: Person, held: str
) -> None:
    other = person(club, "card:2")
    join(other, invite(holder, held)["code"])
    club.do(f"/v1/memberships/{held}/renewals", {"payment": "pay-2"})
    (shared,) = other.call("GET", "/v1/me/cards").json()["memberships"]["shared"]
    assert shared["membership"]["until"] == "2028-03-04T01:00:00Z"
    club.clock.pass_(days=365 + 12)
    assert club.buy(1000, "card:2")["earned"]["points"] == 20
    done = club.do(f"/v1/memberships/{held}/refund", {"reason": "Changed their mind"})
    assert done.status_code == 200, done.text
    club.clock.pass_(minutes=5)
    assert club.buy(1000, "card:2")["earned"]["points"] == 10
    other = person(club, "card:2")
    assert other.call("GET", "/v1/me/cards").json()["memberships"]["shared"] == []


def test_a_family_uses_one_quota_together_where_the_card_says_so(
    club: Shop, holder: Person, held: str
) -> None:
    other = person(club, "card:2")
    join(other, invite(holder, held)["code"])

    def use(ref: str) -> int:
        return club.do(f"/v1/members/{ref}/benefit-uses", {"benefit": "lounge"}).status_code

    assert [use("card:1"), use("card:2"), use("card:2"), use("card:1")] == [201, 201, 409, 409]


def test_nobody_sees_or_changes_anothers_card(club: Shop, holder: Person, held: str) -> None:
    stranger = person(club, "card:2")
    for method, path, body in (
        ("POST", f"/v1/me/memberships/{held}/family", {}),
        ("PATCH", f"/v1/me/memberships/{held}", {"renews": True}),
        ("GET", f"/v1/me/memberships/{held}/savings", None),
    ):
        assert stranger.call(method, path, body).json()["code"] == "membership_not_found", path
    renewal = stranger.call(
        "POST", f"/v1/me/memberships/{held}/renewals", {}, **{"Idempotency-Key": "x"}
    )
    assert renewal.json()["code"] == "membership_not_found"
    assert join(holder, invite(holder, held)["code"]).json()["code"] == "family_refused"


def test_guessing_codes_is_slowed_down(club: Shop, holder: Person, held: str) -> None:
    assert held
    found = [join(holder, f"FAAAA-AAAA-{place:04}").status_code for place in range(30)]
    assert found[0] == 404
    assert found[-1] == 429


def test_a_card_that_is_tried_or_not_for_families_is_not_shared(club: Shop) -> None:
    other = person(club, "card:5")
    tried = sold(club, "card:5", pay="trial")["membership"]["membership"]
    month = sold(club, "card:5", card="month", payment="pay-5")["membership"]["membership"]
    for membership in (tried, month):
        refused = other.call("POST", f"/v1/me/memberships/{membership}/family", {})
        assert refused.json()["code"] == "family_refused"
