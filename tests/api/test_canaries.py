"""Personal data that was planted everywhere is found nowhere but sealed.

Not in tables, not in logs, not in what is measured, not in what others are told.
"""

import base64
import logging
from typing import Any

import psycopg
import pytest
from tests.api.conftest import Shop
from tests.api.guests import TERMS, Guest, letters
from tests.api.people_of import signed_in
from tests.conftest import owner_url

from regulars.domain.access import Scope
from regulars.runtime import DEFAULT_ORGANIZATION

PHONE, OTHER_PHONE, UNKNOWN_PHONE = "13817654321", "13917654321", "13717654321"
EMAIL, OTHER_EMAIL = "canarybird@canary.example", "finch@canary.example"
PROFILE = {
    "name": "Xanthippe Canarybird", "phone": PHONE, "email": EMAIL, "birthday": "1987-11-23",
    "address": "77 Canary Wharf Lane", "gender": "other", "language": "fo",
    "wechat": "canary_wx_77",
}  # fmt: skip
NEEDLES = (
    "Xanthippe", PHONE, OTHER_PHONE, UNKNOWN_PHONE, "canarybird", "Canarybird", "finch@",
    "canary.example", "1987-11-23", "Canary Wharf", "canary_wx", "PROOF-CANARY",
)  # fmt: skip
NOT_OURS = {"httpx", "httpcore", "asyncio"}
"""Loggers of the tests' own client."""

TABLES = (
    "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
)


def found_in(text: str) -> list[str]:
    """The needles in a text: as they are, in hexadecimal and in base64."""
    forms = {
        needle: (needle, needle.encode().hex(), base64.b64encode(needle.encode()).decode()[:-4])
        for needle in NEEDLES
    }
    return [needle for needle, known in forms.items() if any(form in text for form in known)]


def live(shop: Shop) -> str:
    """Everything that can be done with a member's data; their id of ours."""
    guest = Guest(shop)
    guest.enrol(
        phone=PHONE,
        consents=[TERMS],
        profile={key: PROFILE[key] for key in ("name", "birthday", "address")},
    )
    guest.post("/v1/sign-in/codes", {"phone": PHONE})
    guest.post("/v1/sign-in/codes/verify", {"phone": PHONE, "code": "000000"})
    guest.post("/v1/sign-in/codes", {"email": OTHER_EMAIL})
    path = f"/v1/members/phone:{PHONE}"
    member: str = shop.get(path).json()["member"]
    own = f"/v1/members/{member}"
    assert shop.client.patch(f"{own}/profile", json=PROFILE).status_code == 200
    shop.client.post("/v1/members", json={"refs": ["card:9", f"phone:{OTHER_PHONE}"]})
    shop.get(f"{own}/profile")
    fields = [*PROFILE]
    shop.client.post(f"{own}/profile:unmask", json={"purpose": "fraud", "fields": fields})
    shop.client.post("/v1/members:find", json={"phone": PHONE})
    shop.client.post("/v1/members:find", json={"phone": UNKNOWN_PHONE})
    shop.client.post("/v1/members:find", json={"email": EMAIL})
    shop.send(shop.event("p1", subject=f"phone:{PHONE}", total=10_000))
    shop.send(
        shop.event("r1", "referral", subject=f"email:{EMAIL}", referee=f"phone:{OTHER_PHONE}")
    )
    shop.do("/v1/members/card:9/transfers", {"to": path[12:], "currency": "points", "amount": 1})
    said = {"purpose": "marketing", "channel": "sms", "granted": True, "text_version": "1"}
    shop.client.post(f"{own}/consents", json={"consents": [said], "proof": "PROOF-CANARY"})
    shop.client.post(f"{own}/export", json={"reason": "asked for"})
    person = signed_in(shop, member)
    person.call("PATCH", "/v1/me/profile", {"name": "Xanthippe C."})
    person.call("PUT", "/v1/me/consents", {"consents": [said]})
    person.call("POST", "/v1/me/export", {"form": "html"})
    person.call("POST", "/v1/me/restriction", {"restricted": True})
    return member


def refuse(shop: Shop, member: str) -> list[tuple[int, str]]:
    """Everything that can go wrong with it; what was answered."""
    own = f"/v1/members/{member}"
    told: list[Any] = []

    def ask(method: str, path: str, body: Any = None, **rest: Any) -> None:
        told.append(shop.client.request(method, path, json=body, **rest))

    for wrong in (
        {"phone": OTHER_PHONE}, {"phone": PHONE + "00"}, {"email": "canarybird@@canary.example"},
        {"birthday": "2199-11-23", "name": "\x07Xanthippe"}, {"address": "Canary Wharf" * 100},
        {"wechat": "canary_wx 77!"}, {"gender": "Xanthippe"}, {"shoe_size": 43},
        {"birthday": "Canary Wharf"}, {"name": ["Xanthippe"]},
    ):  # fmt: skip
        ask("PATCH", f"{own}/profile", wrong)
    ask("PATCH", f"{own}/profile", PROFILE, headers={"If-Match": '"Xanthippe"'})
    for text in (f"call {PHONE}", f"mail {EMAIL}"):
        ask("POST", f"{own}/profile:unmask", {"purpose": "fraud", "fields": ["name"], "case": text})
        ask("DELETE", own, {"reason": text})
        ask(
            "POST", f"{own}/adjustments", {"currency": "points", "amount": 1, "reason": text},
            headers={"Idempotency-Key": "a1"},
        )  # fmt: skip
    ask("POST", f"{own}/profile:unmask", {"purpose": "Xanthippe", "fields": ["name"]})
    ask("POST", f"{own}/profile:unmask", {"purpose": "fraud", "fields": ["Xanthippe"]})
    ask("POST", "/v1/members", {"refs": ["card:3", f"phone:{PHONE}"]})
    ask("POST", "/v1/members", {"refs": [f"mail:{EMAIL}"]})
    ask("POST", "/v1/members", {"refs": [f"email:{EMAIL}", f"email:{OTHER_EMAIL}"]})
    ask("POST", f"{own}/identities", {"ref": f"phone:{PHONE}"})
    ask("POST", "/v1/members:find", {"phone": PHONE + "11"})
    ask("POST", "/v1/members:find", {"phone": PHONE, "email": EMAIL})
    ask("GET", f"/v1/members?system=phone&external_id={PHONE}")
    ask("GET", f"/v1/members/phone:{UNKNOWN_PHONE}")
    ask("GET", f"/v1/members/mobile:{PHONE}")
    ask("GET", "/v1/members/Xanthippe")
    told += [
        shop.send(shop.event(f"x-{subject[-4:]}", subject=subject, total=1))
        for subject in (f"phone:{UNKNOWN_PHONE}", f"mail:{EMAIL}", f"phone:{PHONE}99")
    ]
    told.append(shop.send(shop.event("r2", "referral", subject="card:9", referee=EMAIL)))
    raw = f'{{"name": "Xanthippe", "phone": {PHONE}'
    told.append(
        shop.client.request(
            "PATCH", f"{own}/profile", content=raw, headers={"Content-Type": "application/json"}
        )
    )
    ask("POST", "/v1/sign-in/codes", {"phone": PHONE + "00"})
    ask("POST", "/v1/sign-in/codes/verify", {"email": EMAIL, "code": "Xanthippe"})
    return [(one.status_code, one.text) for one in told]


def break_and_fail(shop: Shop, member: str, db_url: str) -> list[tuple[int, str]]:
    """Failures that nobody foresaw, in the middle of writing personal data."""
    told = []
    for table, rule in (("vault", "updated_at < '2000-01-01'"), ("identity", "system = 'x'")):
        with psycopg.connect(owner_url(db_url)) as tx:
            tx.execute(f"alter table {table} add constraint boom check ({rule}) not valid")  # type: ignore[arg-type]
        change = {"name": "Xanthippe II", "phone": UNKNOWN_PHONE}
        answer = shop.client.patch(f"/v1/members/{member}/profile", json=change)
        told.append((answer.status_code, answer.text))
        with psycopg.connect(owner_url(db_url)) as tx:
            tx.execute(f"alter table {table} drop constraint boom")  # type: ignore[arg-type]
    return told


def test_canaries_are_found_nowhere(
    shop: Shop,
    db_url: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    member = live(shop)
    capfd.readouterr()  # The console gateway shows developers the letters, whole.
    answers = refuse(shop, member)
    failures = break_and_fail(shop, member, db_url)

    assert {status for status, _ in failures} == {500}
    assert all(400 <= status < 500 for status, _ in answers), [s for s, _ in answers]
    for _, text in [*answers, *failures]:
        # What somebody has sent may be told to them only where it is no value of anybody.
        assert found_in(text) == [], text
    logged = "\n".join(
        logging.Formatter().format(one)
        for one in caplog.records
        if one.name.partition(".")[0] not in NOT_OURS
    )
    assert "urn:regulars:failure" in logged
    assert found_in(logged) == [], [line for line in logged.splitlines() if found_in(line)]
    captured = capfd.readouterr()
    assert found_in(captured.out + captured.err) == []
    assert found_in(shop.get("/metrics").text) == []
    with shop.db.transaction(DEFAULT_ORGANIZATION) as tx:
        for (table,) in tx.execute(TABLES.encode()).fetchall():
            rows = str(tx.execute(f"select t::text from {table} t").fetchall())  # type: ignore[arg-type]
            assert found_in(rows) == [], table
    assert letters(shop), "the letters went out, to the one place where they may"


def test_analysts_and_others_are_told_nothing_of_a_member(shop: Shop) -> None:
    member = live(shop)
    analyst = shop.secret(Scope.MEMBERS_READ, Scope.LEDGER_READ, Scope.EXPORTS_READ)
    headers = {"Authorization": f"Bearer {analyst}"}
    told = [
        shop.client.get(path, headers=headers).text
        for path in (
            "/v1/members", f"/v1/members/{member}", f"/v1/members/{member}/timeline",
            f"/v1/members/{member}/explanations", f"/v1/members/{member}/transfers",
            "/v1/events?source=till&id=r1", "/v1/liability",
        )
    ]  # fmt: skip
    other = signed_in(shop, shop.get("/v1/members/card:9").json()["member"])
    told += [other.call("GET", f"/v1/me/{path}").text for path in ("profile", "uses", "consents")]
    told.append(other.call("POST", "/v1/me/export").text)
    assert found_in("\n".join(told).replace(f"+86{OTHER_PHONE}", "their own")) == []
