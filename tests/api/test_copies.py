"""The copy of all that is kept about a member: whole, readable, and made for them alone."""

from html.parser import HTMLParser
from typing import Any

from tests.api.conftest import Shop
from tests.api.people_of import signed_in
from tests.api.test_own_data import word
from tests.api.test_privacy import two_years
from tests.api.test_profiles import deeds, keep

from regulars.domain.access import Scope
from regulars.domain.copies import PARTS, TABLES
from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.storage.copies import ELSEWHERE, LEFT_OUT, SOURCES
from regulars.storage.erasure import GONE, KEPT

OF_MEMBERS = """
select table_name from information_schema.columns
where table_schema = 'public' and column_name = 'member_id'
"""

THROUGH = {
    "coupon_change", "coupon_gift", "membership_term", "order_return", "order_step",
    "redemption_step",
}  # fmt: skip
"""Tables about members that name them otherwise, or by the row that they belong to."""


class Page(HTMLParser):
    """Collects the texts of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: Any) -> None:  # noqa: ARG002  # the parser's own
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_a_copy_tells_all_that_is_kept(shop: Shop) -> None:
    member = two_years(shop)
    person = signed_in(shop, member)
    person.call("PUT", "/v1/me/consents", {"consents": [word()]})
    shop.get("/v1/members/card:1/profile")

    answer = person.call("POST", "/v1/me/export", {"form": "json"})

    assert answer.headers["content-disposition"] == f'attachment; filename="{member}.json"'
    assert answer.headers["cache-control"] == "no-store"
    told = answer.json()
    assert (told["member"], list(told["parts"])) == (member, list(PARTS))
    parts = told["parts"]
    assert parts["profile"][0]["phone"] == "+8613800138000"
    assert parts["member"][0]["attributes"]["city"] == "Canaryville"
    assert {"system": "crm", "external_id": "C-canary"} in parts["identities"]
    assert {"system": "phone", "external_id": None} in parts["identities"]
    assert "~" not in str(parts["identities"])
    assert parts["consents"][0]["purpose"] == "marketing"
    assert '"session"' in parts["consents"][0]["proof"]
    with shop.db.transaction(DEFAULT_ORGANIZATION) as tx:
        for part, table in TABLES.items():
            if table in THROUGH:
                continue
            who = "subject_id" if table == "session" else "id" if table == "member" else "member_id"
            row = tx.execute(
                f"select count(*) from {table} where {who} = %s",  # type: ignore[arg-type]
                [person.number],
            ).fetchone()
            assert row == (len(parts[part]),), part
    assert "canary reason 3" in str(parts["events"])
    assert parts["sessions"][0]["device"] == "Safari on iPhone"
    assert {"Looked at your masked profile", "Made a copy of your data"} <= {
        one["what"] for one in parts["uses"]
    }
    assert deeds(shop, "member.exported")[0][:2] == (f"member:{person.number}", "own wish")


def test_the_page_tells_the_same_and_runs_nothing(shop: Shop) -> None:
    name = "<script>alert(1)</script>"
    member = keep(shop, name=name, address="上海 <b>1</b>").json()["member"]
    person = signed_in(shop, member)

    answer = person.call("POST", "/v1/me/export", {"form": "html"}, **{"Accept-Language": "zh-CN"})

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment")
    page = Page()
    page.feed(answer.text)
    assert "script" not in page.tags
    assert "b" not in page.tags
    assert name in page.texts
    for title in PARTS.values():
        assert title["zh-CN"] in page.texts


def test_every_table_about_members_is_copied_and_erased_or_says_why_not(shop: Shop) -> None:
    with shop.db.transaction(DEFAULT_ORGANIZATION) as tx:
        tables = {name for (name,) in tx.execute(OF_MEMBERS)} | {"member", "session"}
    assert not tables & THROUGH
    tables |= THROUGH
    assert tables == SOURCES.keys() | ELSEWHERE.keys() | LEFT_OUT.keys()
    without = {"sign_in_code", "refresh_token", "authorization_code"}
    assert tables == (GONE.keys() - without) | KEPT.keys()
    assert not GONE.keys() & KEPT.keys()
    assert set(TABLES.values()) == SOURCES.keys()


def test_staff_make_a_copy_for_a_reason_that_is_on_record(shop: Shop) -> None:
    keep(shop)
    body = {"reason": "Asked for it by letter"}
    answer = shop.client.post("/v1/members/card:1/export", json=body)
    assert answer.json()["parts"]["profile"][0]["name"] == "李美林"
    ((_, reason, _),) = deeds(shop, "member.exported")
    assert reason == body["reason"]
    assert (
        shop.client.post("/v1/members/card:1/export", json={"reason": "a@b.cn"}).status_code == 422
    )
    assert shop.client.post("/v1/members/card:9/export", json=body).status_code == 404


def test_an_application_waits_for_a_second_person(shop: Shop) -> None:
    keep(shop)
    secret = {"Authorization": f"Bearer {shop.secret(Scope.PRIVACY_MANAGE)}"}
    path, body = "/v1/members/card:1/export", {"reason": "Asked for it by letter"}

    first = shop.client.post(path, json=body, headers=secret)
    again = shop.client.post(path, json=body, headers=secret)

    assert (first.status_code, again.status_code) == (202, 202)
    approval = first.json()["approval"]
    assert again.json()["approval"] == approval
    early = shop.client.post(path, json=body | {"approval": approval}, headers=secret)
    assert (early.status_code, early.json()["code"]) == (409, "approval_decided")
    with shop.db.transaction(DEFAULT_ORGANIZATION) as tx:
        tx.execute("update approval set state = 'approved'")
    other = {"Authorization": f"Bearer {shop.secret(Scope.PRIVACY_MANAGE)}"}
    theirs = shop.client.post(path, json=body | {"approval": approval}, headers=other)
    assert theirs.status_code == 403
    made = shop.client.post(path, json=body | {"approval": approval}, headers=secret)
    assert made.json()["parts"]["profile"][0]["name"] == "李美林"
    twice = shop.client.post(path, json=body | {"approval": approval}, headers=secret)
    assert twice.status_code == 409
    made_up = shop.client.post(path, json=body | {"approval": "apr_x"}, headers=secret)
    assert made_up.status_code == 404
