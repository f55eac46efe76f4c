"""Drafts over HTTP: two people write at once, and nobody loses anything."""

from typing import Any

import httpx
import pytest
from tests.api.conftest import PROGRAM, Shop

from regulars.domain.access import Scope
from regulars.runtime import DEFAULT_ORGANIZATION


def begin(shop: Shop, **body: Any) -> Any:
    made = shop.client.post("/v1/drafts", json={"name": "Spring"} | body)
    assert made.status_code == 201, made.text
    return made.json()


def change(shop: Shop, draft: str, document: str, mark: str | None, **more: Any) -> httpx.Response:
    headers = {} if mark is None else {"If-Match": mark}
    body = {"name": "Spring", "document": document} | more
    return shop.client.request("PUT", f"/v1/drafts/{draft}", json=body, headers=headers)


def test_a_draft_begins_with_the_version_in_force(shop: Shop) -> None:
    made = begin(shop)

    assert made["draft"].startswith("dft_")
    assert (made["document"], made["base_version"], made["revision"]) == (PROGRAM, 1, 1)
    assert made["is_published_as"] is None
    read = shop.get(f"/v1/drafts/{made['draft']}")
    assert read.json() == made
    assert read.headers["etag"] == '"1"'


def test_a_draft_keeps_the_text_as_it_was_typed(shop: Shop) -> None:
    typed = "# not yet a program\nrules: [\n"
    made = begin(shop, document=typed)

    assert shop.get(f"/v1/drafts/{made['draft']}").json()["document"] == typed


def test_the_second_of_two_who_write_is_told_who_was_quicker(shop: Shop) -> None:
    draft = begin(shop)["draft"]

    first = change(shop, draft, "first", '"1"')
    second = change(shop, draft, "second", '"1"')

    assert (first.status_code, first.json()["revision"]) == (200, 2)
    assert first.headers["etag"] == '"2"'
    assert (second.status_code, second.json()["code"]) == (412, "stale_mark")
    assert "key:" in second.json()["detail"]
    assert shop.clock().isoformat() in second.json()["detail"]
    assert shop.get(f"/v1/drafts/{draft}").json()["document"] == "first"
    assert change(shop, draft, "both", '"2"').json()["revision"] == 3


def test_a_change_whose_answer_was_lost_can_be_sent_again(shop: Shop) -> None:
    draft = begin(shop)["draft"]

    first = change(shop, draft, "text", '"1"')
    again = change(shop, draft, "text", '"1"')

    assert (again.status_code, again.json()) == (200, first.json())


def test_a_change_without_a_mark_is_refused(shop: Shop) -> None:
    draft = begin(shop)["draft"]

    assert change(shop, draft, "text", None).json()["code"] == "mark_needed"
    assert change(shop, draft, "text", None).status_code == 428
    assert change(shop, draft, "text", '"one"').status_code == 422
    assert change(shop, draft, "text", "*").status_code == 200


def test_everything_that_a_draft_said_can_be_read_again(shop: Shop) -> None:
    draft = begin(shop)["draft"]
    change(shop, draft, "two", '"1"')
    change(shop, draft, "three", '"2"', name="Summer")

    told = shop.get(f"/v1/drafts/{draft}/revisions", limit=2).json()

    assert [(one["revision"], one["name"]) for one in told["items"]] == [
        (3, "Summer"),
        (2, "Spring"),
    ]
    rest = shop.get(f"/v1/drafts/{draft}/revisions", cursor=told["next"]).json()
    assert [one["revision"] for one in rest["items"]] == [1]
    assert shop.get(f"/v1/drafts/{draft}/revisions/2").json()["document"] == "two"
    assert shop.get(f"/v1/drafts/{draft}/revisions/4").status_code == 404


def test_the_newest_change_comes_first_in_the_list(shop: Shop) -> None:
    drafts = []
    for name in ("a", "b", "c"):
        drafts.append(begin(shop, name=name)["draft"])
        shop.clock.pass_(minutes=1)
    change(shop, drafts[0], "new", '"1"', name="a")

    page = shop.get("/v1/drafts", limit=2).json()
    rest = shop.get("/v1/drafts", limit=2, cursor=page["next"]).json()

    assert [one["name"] for one in page["items"] + rest["items"]] == ["a", "c", "b"]
    assert "document" not in page["items"][0]


def test_a_deleted_draft_is_gone_with_all_that_it_said(shop: Shop) -> None:
    draft = begin(shop)["draft"]

    assert shop.client.request("DELETE", f"/v1/drafts/{draft}").status_code == 200
    assert shop.get(f"/v1/drafts/{draft}").status_code == 404
    assert shop.get(f"/v1/drafts/{draft}/revisions/1").status_code == 404
    assert shop.client.request("DELETE", f"/v1/drafts/{draft}").json()["code"] == "draft_not_found"


def test_a_version_says_from_which_draft_it_was_published(shop: Shop) -> None:
    draft = begin(shop)["draft"]
    body = {"document": PROGRAM.replace("rate: 1", "rate: 2"), "draft": draft}

    published = shop.client.post("/v1/programs:publish", json=body)

    assert published.status_code == 201, published.text
    assert shop.get(f"/v1/drafts/{draft}").json()["is_published_as"] == 2
    unknown = shop.client.post("/v1/programs:publish", json=body | {"draft": "dft_none"})
    assert unknown.json()["code"] == "draft_not_found"


def test_an_earlier_version_is_restored_as_a_new_one(shop: Shop) -> None:
    newer = PROGRAM.replace("rate: 1", "rate: 2")
    shop.client.post("/v1/programs:publish", json={"document": newer})
    shop.clock.pass_(minutes=1)

    restored = shop.client.post("/v1/programs/versions/1:restore", json={})

    assert (restored.status_code, restored.json()["version"]) == (201, 3)
    assert restored.json()["note"] == "Restores version 1"
    assert shop.get("/v1/programs/versions/3").json()["document"] == PROGRAM
    unknown = shop.client.post("/v1/programs/versions/9:restore", json={})
    assert unknown.json()["code"] == "version_not_found"


@pytest.mark.parametrize("name", ["", " ", "a\nb", "x" * 101])
def test_a_draft_has_a_name(shop: Shop, name: str) -> None:
    assert shop.client.post("/v1/drafts", json={"name": name}).status_code == 422


def test_what_no_text_holds_is_refused(shop: Shop) -> None:
    answer = shop.client.post("/v1/drafts", json={"name": "x", "document": "a\0b"})

    assert answer.json()["errors"][0]["pointer"] == "/document"


def test_who_may_only_read_writes_no_draft(shop: Shop) -> None:
    draft = begin(shop)["draft"]
    reader = {"Authorization": f"Bearer {shop.secret(Scope.PROGRAM_READ)}"}

    assert shop.client.get(f"/v1/drafts/{draft}", headers=reader).status_code == 200
    refused = shop.client.post("/v1/drafts", json={"name": "x"}, headers=reader)
    assert refused.json()["code"] == "missing_scope"


def test_beginning_and_deleting_are_on_record(shop: Shop) -> None:
    shop.client.request("DELETE", f"/v1/drafts/{begin(shop)['draft']}")

    with shop.db.transaction(DEFAULT_ORGANIZATION) as tx:
        rows = tx.execute("select action from audit where action like 'draft.%' order by id")
        assert [action for (action,) in rows] == ["draft.created", "draft.deleted"]
