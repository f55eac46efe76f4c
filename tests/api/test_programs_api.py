"""Program versions and the liability over HTTP."""

from tests.api.conftest import PROGRAM, Shop

NEWER = PROGRAM.replace("rate: 1, per: 1.00", "rate: 2, per: 1.00")


def test_a_program_is_published_and_in_force_from_its_instant(bare: Shop) -> None:
    first = bare.client.post(
        "/v1/programs:publish",
        json={"document": PROGRAM, "in_force_from": "2026-01-01T00:00:00+08:00", "note": "first"},
    )
    second = bare.client.post(
        "/v1/programs:publish", json={"document": NEWER, "in_force_from": "2026-03-05T00:00:00Z"}
    )

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["in_force_from"] == "2025-12-31T16:00:00Z"
    current = bare.get("/v1/programs/current").json()
    assert (current["version"], current["note"]) == (1, "first")
    bare.clock.pass_(days=1)
    assert bare.get("/v1/programs/current").json()["version"] == 2
    versions = bare.get("/v1/programs/versions").json()["items"]
    assert [one["version"] for one in versions] == [1, 2]


def test_an_event_is_decided_by_the_version_in_force_at_its_time(shop: Shop) -> None:
    shop.buy(1000)
    published = shop.client.post("/v1/programs:publish", json={"document": NEWER})
    shop.clock.pass_(minutes=5)

    told = shop.send(shop.event("p9", total=1000)).json()

    assert published.status_code == 201
    assert told["program_version"] == 2
    assert told["earned"]["points"] == 20


def test_a_version_tells_its_rules_in_words(shop: Shop) -> None:
    told = shop.client.get("/v1/programs/versions/1", headers={"Accept-Language": "zh-CN"}).json()

    assert told["document"] == PROGRAM
    assert told["name"] == "街角小店"
    assert told["rules"][0]["name"] == "一元一分"
    assert told["tiers"] == ["green", "gold"]


def test_versions_are_compared_in_sentences(shop: Shop) -> None:
    shop.client.post("/v1/programs:publish", json={"document": NEWER})

    told = shop.client.get("/v1/programs/diff?from=1&to=2").json()

    assert len(told["changes"]) == 1
    assert shop.client.get("/v1/programs/diff?from=1&to=1").json()["changes"] == []
    assert shop.client.get("/v1/programs/diff?from=1&to=3").json()["code"] == "version_not_found"


def test_a_draft_is_looked_over(shop: Shop) -> None:
    good = shop.client.post("/v1/programs:lint", json={"document": PROGRAM}).json()
    bad = shop.client.post(
        "/v1/programs:lint", json={"document": PROGRAM.replace("on: purchase", "on: parchase", 1)}
    ).json()

    assert good["publishable"] is True
    assert bad["publishable"] is False
    assert bad["findings"][0]["line"] > 1


def test_a_document_with_errors_is_not_published(shop: Shop) -> None:
    for document in ("{", "regulars: 1", PROGRAM.replace("on: purchase", "on: parchase", 1)):
        answer = shop.client.post("/v1/programs:publish", json={"document": document})
        assert (answer.status_code, answer.json()["code"]) == (422, "program_invalid")
        assert answer.json()["errors"][0]["line"] >= 1
    assert len(shop.get("/v1/programs/versions").json()["items"]) == 1


def test_what_was_published_is_never_changed_afterwards(shop: Shop) -> None:
    answer = shop.client.post(
        "/v1/programs:publish", json={"document": NEWER, "in_force_from": "2019-01-01T00:00:00Z"}
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "version_conflict")


def test_without_a_program_there_is_nothing_to_read(bare: Shop) -> None:
    assert bare.get("/v1/programs/current").json()["code"] == "no_program_in_force"
    assert bare.get("/v1/programs/versions/1").json()["code"] == "version_not_found"
    assert bare.get("/v1/liability").json()["code"] == "no_program_in_force"


def test_the_liability_is_told_by_currency_tier_and_month(shop: Shop) -> None:
    shop.buy(100_000)

    told = shop.get("/v1/liability").json()

    points = next(total for total in told["totals"] if total["currency"] == "points")
    assert points["outstanding"] == 1000
    assert points["value"] == {"amount": 1000, "currency": "CNY"}
    row = next(row for row in told["rows"] if row["currency"] == "points")
    assert (row["tier"], row["month"], row["points"]) == ("gold", "2027-03-01", 1000)
