"""Two members who turn out to be one keep their cards, trials and places."""

import pytest
from tests.api.conftest import Shop
from tests.api.memberships.test_selling import sell, sold

pytestmark = pytest.mark.usefixtures("club")


def merge(shop: Shop) -> int:
    return shop.client.post(
        "/v1/members/card:1/merge",
        json={"duplicate": "card:2", "reason": "Showed both cards at the desk"},
    ).status_code


def test_the_survivor_holds_the_card_of_the_duplicate_and_has_had_their_trial(club: Shop) -> None:
    club.buy(1000, "card:1")
    club.buy(1000, "card:2")
    sold(club, "card:2", pay="trial")
    club.clock.pass_(days=31)
    held = sold(club, "card:2", payment="pay-2")["membership"]["membership"]
    assert merge(club) == 200
    own = club.get("/v1/members/card:1/memberships").json()
    assert [one["membership"]["standing"] for one in own["own"]] == ["active", "expired"]
    assert own["tried"] == ["plus"]
    club.clock.pass_(minutes=5)
    back = club.do(f"/v1/memberships/{held}/refund", {"reason": "Changed their mind"})
    assert back.status_code == 200, back.text
    assert sell(club, "card:1", pay="trial").json()["code"] == "trial_used"


def test_two_who_hold_the_same_card_are_not_merged(club: Shop) -> None:
    club.buy(1000, "card:1")
    club.buy(1000, "card:2")
    sold(club, "card:1", payment="pay-1")
    held = sold(club, "card:2", payment="pay-2")["membership"]["membership"]
    assert merge(club) == 409
    club.do(f"/v1/memberships/{held}/end", {"reason": "Has another one"})
    assert merge(club) == 200
