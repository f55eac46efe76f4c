"""Somebody becomes a member in three calls, and signs in again later."""

from tests.api.conftest import Shop
from tests.api.guests import EMAIL, PHONE, TERMS, Guest, code_in, letters, rows
from tests.conftest import cabinet

from regulars.domain.access import Scope
from regulars.domain.audit import By
from regulars.services import organizations


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


def test_a_member_signs_in_again_by_either_way_of_writing_the_number(shop: Shop) -> None:
    member = Guest(shop).member()
    later = Guest(shop, ip="198.51.100.9")

    answer = later.prove(phone="0086 138-0013-8000")

    assert (answer["status"], answer["member"]) == ("signed_in", member)
    assert later.get("/v1/me").json()["member"] == member


def test_by_e_mail_it_is_the_same(shop: Shop) -> None:
    guest = Guest(shop)
    member = guest.member(email="Mei@Shop.Example")
    assert letters(shop)[-1]["to"] == EMAIL
    assert Guest(shop).prove(email=EMAIL)["member"] == member


def test_the_form_may_be_sent_again_when_its_answer_was_lost(shop: Shop) -> None:
    guest = Guest(shop)
    ticket = guest.prove()["ticket"]
    form = {"ticket": ticket, "profile": {"birthday": "1990-05-17"}}

    answers = [guest.enrol(**form) for _ in range(3)]

    assert {one.status_code for one in answers} == {201}
    assert len({one.json()["member"] for one in answers}) == 1
    assert rows(shop, "select count(*) from member") == [(1,)]
    assert rows(shop, "select count(*) from consent") == [(1,)]
    shop.clock.pass_(minutes=5)
    assert guest.enrol(**form).json()["code"] == "ticket_refused"


def test_one_ticket_used_by_many_at_once_makes_one_member(shop: Shop) -> None:
    ticket = Guest(shop).prove()["ticket"]
    body = {"ticket": ticket, "consents": [TERMS]}
    guests = [Guest(shop) for _ in range(4)]
    asked = [one.begin("POST", "/v1/enrolments", json=body) for one in guests]
    assert {one.result(30).status_code for one in asked} == {201}
    assert rows(shop, "select count(*) from member") == [(1,)]


def test_one_phone_enrolled_twice_at_once_makes_one_member(shop: Shop) -> None:
    guests = [Guest(shop, ip=f"198.51.100.{n}") for n in range(3)]
    tickets = [one.prove()["ticket"] for one in guests]
    asked = [
        one.begin("POST", "/v1/enrolments", json={"ticket": ticket, "consents": [TERMS]})
        for one, ticket in zip(guests, tickets, strict=True)
    ]
    answers = [one.result(30) for one in asked]
    assert {one.status_code for one in answers} == {201}
    assert len({one.json()["member"] for one in answers}) == 1
    assert rows(shop, "select system from identity order by system") == [("card",), ("phone",)]


def test_whom_the_shop_enrolled_by_phone_signs_in_by_it(shop: Shop) -> None:
    made = shop.client.post("/v1/members", json={"refs": ["card:7", f"phone:{PHONE}"]})
    assert made.status_code == 201, made.text
    guest = Guest(shop)

    assert guest.prove()["member"] == made.json()["member"]
    shown = shop.get("/v1/members/card:7/profile").json()
    assert shown["proven"] == ["phone"]
    shop.buy(5000, subject=f"phone:{PHONE}")
    assert shop.balance("card:7")["available"] == 50


def test_a_ticket_is_too_old_after_half_an_hour_and_guessing_one_is_vain(shop: Shop) -> None:
    guest = Guest(shop)
    ticket = guest.prove()["ticket"]
    shop.clock.pass_(minutes=30)
    for tried in (ticket, ticket[:-1] + "x", "rgt_1_", "rgt_9_x", "rgt_x_y", "", "x" * 99):
        answer = guest.post("/v1/enrolments", {"ticket": tried, "consents": [TERMS]})
        assert answer.status_code in {403, 404}, tried
    assert guest.post("/v1/enrolments", {"consents": [TERMS]}).json()["code"] == "ticket_refused"


def test_nobody_becomes_a_member_without_agreeing_to_the_terms(shop: Shop) -> None:
    guest = Guest(shop)
    ticket = guest.prove()["ticket"]
    no = {"purpose": "terms", "granted": False, "text_version": "1"}
    news = {"purpose": "marketing", "granted": True, "text_version": "1", "channel": "sms"}
    for consents in ([], [no], [news]):
        answer = guest.enrol(ticket=ticket, consents=consents)
        assert (answer.status_code, answer.json()["code"]) == (422, "consent_needed")
    unknown = news | {"purpose": "mind_reading"}
    assert guest.enrol(ticket=ticket, consents=[TERMS, unknown]).json()["code"] == "invalid_input"
    assert rows(shop, "select count(*) from member") == [(0,)]

    assert guest.enrol(ticket=ticket, consents=[TERMS, news]).status_code == 201
    said = "select purpose, channel, granted, how, proof is null from consent order by id"
    assert rows(shop, said) == [
        ("terms", "any", True, "enrolment", False),
        ("marketing", "sms", True, "enrolment", False),
    ]


def test_a_profile_is_checked_and_its_faults_point_into_the_form(shop: Shop) -> None:
    guest = Guest(shop)
    ticket = guest.prove()["ticket"]
    answer = guest.enrol(ticket=ticket, profile={"birthday": "2999-01-01", "name": "\u200b"})
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == [
        "/profile/name", "/profile/birthday",
    ]  # fmt: skip
    for more in ({"phone": "+8613912345671"}, {"tier": "gold"}, {"roles": ["owner"]}):
        assert guest.enrol(ticket=ticket, profile=more).status_code == 422
    for field in ("member", "state", "score", "admin"):
        body = {"ticket": ticket, "consents": [TERMS], field: 1}
        assert guest.post("/v1/enrolments", body).status_code == 422


def test_a_child_needs_a_guardian_who_was_asked_themselves(shop: Shop) -> None:
    guest = Guest(shop)
    ticket = guest.prove()["ticket"]
    form = {"ticket": ticket, "profile": {"birthday": "2013-03-05"}}
    parent = {"phone": "+8613912345671"}

    alone = guest.enrol(**form)
    own = guest.enrol(**form, guardian={"phone": PHONE, "code": "123456"})
    code = guest.code(purpose="guardian", **parent)
    guess = f"{(int(code) + 1) % 1_000_000:06d}"
    guessed = guest.enrol(**form, guardian=parent | {"code": guess})
    made = guest.enrol(**form, guardian=parent | {"code": code})

    assert (alone.status_code, alone.json()["code"]) == (422, "guardian_needed")
    assert own.json()["errors"][0]["pointer"] == "/guardian/phone"
    assert (guessed.status_code, guessed.json()["code"]) == (403, "code_refused")
    assert "child" in letters(shop)[-1]["text"]
    assert made.status_code == 201
    assert rows(shop, "select by_guardian, how from consent") == [(True, "enrolment")]
    assert rows(shop, "select system from identity order by system") == [("card",), ("phone",)]


def test_from_the_fourteenth_birthday_on_one_speaks_for_oneself(shop: Shop) -> None:
    # It is nine in the morning of 4 March 2026 where the program is.
    assert Guest(shop).enrol(profile={"birthday": "2012-03-04"}).status_code == 201


def test_a_session_that_was_planted_is_not_the_one_that_signs_in(shop: Shop) -> None:
    Guest(shop).member()
    victim = Guest(shop)
    code = victim.code()
    planted = "rgs_1_" + "a" * 43
    victim.cookies.set("regulars_member_session", planted, domain="127.0.0.1")

    answer = victim.post("/v1/sign-in/codes/verify", {"phone": PHONE, "code": code})

    (cookie,) = [one for one in answer.headers.get_list("set-cookie") if "session" in one]
    assert planted not in cookie
    for flag in ("HttpOnly", "Path=/", "SameSite=lax"):
        assert flag in cookie
    assert Guest(shop).get("/v1/me", headers={"Authorization": f"Bearer {planted}"}).is_error


def test_each_sign_in_has_a_session_of_its_own_which_its_member_can_end(shop: Shop) -> None:
    phone, desk = Guest(shop), Guest(shop, agent="Mozilla/5.0 (Windows NT 10.0) Firefox/140.0")
    phone.member()
    desk.prove()
    listed = phone.get("/v1/me/sessions").json()["items"]
    assert [(one["device"], one["current"]) for one in listed] == [
        ("Firefox on Windows", False), ("Safari on iPhone", True),
    ]  # fmt: skip

    assert phone.ask("DELETE", f"/v1/me/sessions/{listed[0]['session']}").status_code == 200
    shop.look_again()
    assert desk.get("/v1/me").status_code == 401
    assert phone.post("/v1/me/sign-out").status_code == 200
    shop.look_again()
    assert phone.get("/v1/me").status_code == 401
    assert rows(shop, "select count(*) from session where ended_at is null") == [(0,)]


def test_nobody_ends_somebody_elses_session(shop: Shop) -> None:
    mei, lan = Guest(shop), Guest(shop)
    mei.member()
    lan.member(phone="+8613912345671")
    (hers,) = mei.get("/v1/me/sessions").json()["items"]
    assert lan.ask("DELETE", f"/v1/me/sessions/{hers['session']}").status_code == 404
    assert lan.ask("DELETE", "/v1/me/sessions/ses_x").status_code == 404
    assert mei.get("/v1/me").status_code == 200


def test_a_fresh_code_makes_a_session_strong_under_a_new_secret(shop: Shop) -> None:
    guest = Guest(shop)
    guest.member()
    shop.clock.pass_(hours=1)
    assert guest.get("/v1/me/sessions").json()["items"][0]["strong_until"] < "2026-03-04T01:30"
    before = guest.cookies["regulars_member_session"]
    assert guest.post("/v1/me/codes").status_code == 202
    code = code_in(letters(shop)[-1])

    wrong = guest.post("/v1/me/codes/verify", {"code": f"{(int(code) + 1) % 1_000_000:06d}"})
    right = guest.post("/v1/me/codes/verify", {"code": code})
    shop.look_again()

    assert (wrong.status_code, right.status_code) == (403, 200)
    assert guest.cookies["regulars_member_session"] != before
    (session,) = guest.get("/v1/me/sessions").json()["items"]
    assert session["strong_until"] > "2026-03-04T02:00"
    stolen = Guest(shop).get("/v1/me", headers={"Authorization": f"Bearer {before}"})
    assert stolen.status_code == 401


def test_another_sites_page_does_nothing_with_a_members_cookie(shop: Shop) -> None:
    guest = Guest(shop)
    guest.member()
    guest.origin = "https://evil.example"
    for path in ("sign-out", "codes", "passkeys/options"):
        answer = guest.post(f"/v1/me/{path}")
        assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")
    assert guest.ask("DELETE", "/v1/me/sessions").json()["code"] == "cross_site"
    guest.origin = None
    assert guest.post("/v1/me/sign-out").json()["code"] == "cross_site"


def test_a_key_with_a_members_scopes_is_no_member(shop: Shop) -> None:
    secret = shop.secret(Scope.SELF_READ, Scope.SELF_WRITE)
    for method, path in (("GET", "/v1/me/sessions"), ("POST", "/v1/me/codes"),
                         ("GET", "/v1/me/passkeys"), ("POST", "/v1/me/sign-out")):  # fmt: skip
        answer = shop.client.request(method, path, headers={"Authorization": f"Bearer {secret}"})
        assert answer.status_code == 403, path


def test_the_ways_in_are_of_one_organization(shop: Shop) -> None:
    other = organizations.create(
        shop.db, cabinet(), code="other", name="别家", by=By(0, "cli:test"), now=shop.clock()
    )
    member = Guest(shop).member()
    guest = Guest(shop, ip="198.51.100.9")
    sent = guest.post("/v1/sign-in/codes", {"phone": PHONE, "organization": "other"})
    code = code_in(letters(shop)[-1])
    shop.clock.pass_(seconds=20)
    body = {"phone": PHONE, "code": code}

    here = guest.post("/v1/sign-in/codes/verify", body)
    there = guest.post("/v1/sign-in/codes/verify", body | {"organization": "other"}).json()
    made = guest.enrol(ticket=there["ticket"])

    assert sent.status_code == 202
    assert "别家" in letters(shop)[-1]["text"]
    assert here.json()["code"] == "code_refused"
    assert there["status"] == "enrol"
    assert made.status_code == 201
    assert made.json()["benefits"] is None
    assert made.json()["member"] != member
    organizations.suspend(shop.db, other.id, by=By(0, "cli:test"), now=shop.clock())
    for name, status in (("other", 403), ("nowhere", 404)):
        asked = guest.post("/v1/sign-in/codes", {"phone": PHONE, "organization": name})
        assert asked.status_code == status


def test_what_a_form_may_hold_has_bounds(shop: Shop) -> None:
    guest = Guest(shop)
    ticket = guest.prove()["ticket"]
    for more in ({"consents": [TERMS] * 41}, {"device": "d" * 201}, {"referrer": "m" * 41},
                 {"device": ""}):  # fmt: skip
        assert guest.enrol(**{"ticket": ticket} | more).status_code == 422
