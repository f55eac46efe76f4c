"""Somebody becomes a member in three calls, and signs in again later."""


from tests.api.conftest import Shop
from tests.api.guests import PHONE, TERMS, Guest, code_in, letters


def test_three_calls_make_a_member_who_is_told_what_they_have(shop: Shop) -> None:
    guest = Guest(shop)

    sent = guest.post("/v1/sign-in/codes", {"phone": "138 0013 8000", "language": "zh-CN"})
    code = code_in(letters(shop)[-1])
    shop.clock.pass_(seconds=20)
    proven = guest.post("/v1/sign-in/codes/verify", {"phone": PHONE, "code": code}).json()
    made = guest.post(
        "/v1/enrolments",
        {"ticket": proven["ticket"], "consents": [TERMS],
         "profile": {"name": "王梅", "birthday": "1990-05-17"}},
        headers={"Accept-Language": "zh-CN"},
    )  # fmt: skip

    assert (sent.status_code, sent.json()) == (202, {"expires_in_seconds": 600})
    assert letters(shop)[-1]["to"] == PHONE
    assert "验证码" in letters(shop)[-1]["text"]
    assert proven["status"] == "enrol"
    assert [one["purpose"] for one in proven["consents"] if one["required"]] == ["terms"]
    told = made.json()
    assert made.status_code == 201, made.text
    assert told["status"] == "admitted"
    assert told["benefits"]["tier_name"] == "绿卡"
    assert told["benefits"]["next_tier"] == "gold"
    assert "每1.00 CNY得1积分" in told["benefits"]["earn"][0]["words"]
    me = guest.get("/v1/me").json()
    assert me["member"] == told["member"]
    assert me["attributes"] == {"birth_month": 5}
