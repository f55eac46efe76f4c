"""Codes in bulk: made by a run, fetched as a file, frozen and revoked together."""

from tests.api.conftest import Shop
from tests.api.coupons.counter import given, look, member, person, template, why

from regulars.domain.coupons.codes import is_drawn
from regulars.worker.jobs import run_all


def run(shop: Shop) -> None:
    """Let the runs that wait be made."""
    runtime = shop.client._application._house.runtime  # type: ignore[union-attr]
    run_all(runtime, 1)


def batch(shop: Shop, count: int, key: str = "k") -> str:
    made = template(shop, f"bulk-{count}")
    path = f"/v1/coupon-templates/{made['template']}/batches"
    first = shop.do(path, {"count": count, "note": "Flyers"}, key)
    again = shop.do(path, {"count": count, "note": "Flyers"}, key)
    assert (first.status_code, again.status_code) == (202, 200)
    assert first.json()["batch"] == again.json()["batch"]
    assert shop.do(path, {"count": count + 1}, key).status_code == 422
    return str(first.json()["batch"])


def test_codes_are_made_in_the_background_and_fetched_as_a_file(shop: Shop) -> None:
    member(shop)
    number = batch(shop, 2_500)
    path = f"/v1/coupon-batches/{number}"
    assert shop.get(f"{path}/codes").json()["code"] == "file_not_ready"
    run(shop)
    told = shop.get(path).json()
    assert (told["made"], told["run"]) == (2_500, "done")
    head, *rows = shop.get(f"{path}/codes").text.splitlines()
    assert head == "code,printed,taken"
    codes = [row.split(",")[0] for row in rows]
    assert len(set(codes)) == 2_500
    assert all(map(is_drawn, codes))
    assert why(shop, codes[0]) == ""


def test_a_run_that_was_lost_goes_on_where_it_was(shop: Shop) -> None:
    number = batch(shop, 300)
    with shop.db.transaction(1) as tx:
        tx.execute("update coupon_batch set made = 100")
    run(shop)
    with shop.db.transaction(1) as tx:
        assert tx.execute("select count(*) from coupon").fetchone() == (200,)
    assert shop.get(f"/v1/coupon-batches/{number}").json()["made"] == 300


def test_a_batch_is_frozen_lifted_and_revoked_as_one(shop: Shop) -> None:
    member(shop)
    number = batch(shop, 3)
    run(shop)
    path = f"/v1/coupon-batches/{number}/state"
    code = shop.get("/v1/coupons", batch=number).json()["items"][0]["code"]
    for state, expected in (("frozen", "frozen"), ("active", ""), ("revoked", "revoked")):
        moved = shop.client.post(path, json={"state": state, "reason": "Stolen"})
        assert moved.json()["state"] == state
        assert why(shop, code) == expected
    late = shop.client.post(path, json={"state": "active", "reason": "x"})
    assert late.json()["code"] == "coupon_state_wrong"


def test_coupons_are_frozen_and_revoked_with_a_reason_that_is_told(shop: Shop) -> None:
    member(shop)
    (one,) = given(shop, template(shop), "card:1")
    body = {"coupons": [one["coupon"]], "state": "frozen", "reason": "Under review"}
    assert shop.client.post("/v1/coupons:state", json=body).status_code == 200
    assert why(shop, one["code"]) == "frozen"
    body |= {"state": "revoked", "reason": "A mistake"}
    shop.client.post("/v1/coupons:state", json=body)
    steps = look(shop, one["code"])["history"]
    assert [(step["what"], step["reason"]) for step in steps[1:]] == [
        ("frozen", "Under review"), ("revoked", "A mistake"),
    ]  # fmt: skip
    body |= {"state": "active"}
    assert shop.client.post("/v1/coupons:state", json=body).status_code == 409


def test_giving_to_members_tells_of_each_and_is_safe_to_repeat(shop: Shop) -> None:
    member(shop), member(shop, "card:2")
    made = template(shop)
    path = f"/v1/coupon-templates/{made['template']}/coupons"
    body = {"members": ["card:1", "card:2", "card:1"]}
    first, again = (
        shop.do(path, body, "k").json()["items"],
        shop.do(path, body, "k").json()["items"],
    )
    assert len(first) == 2
    assert [one["coupon"] for one in first] == [one["coupon"] for one in again]
    assert [one["is_repeat"] for one in again] == [True, True]
    unknown = shop.do(path, {"members": ["card:1", "card:404"]})
    assert unknown.json()["errors"][0]["pointer"] == "/members/1"


def test_statistics_tell_what_was_given_out_sold_and_brought_back(shop: Shop) -> None:
    ann = person(shop)
    made = template(shop, claim={"per_member": 3}, valid_for="P1D")
    codes = []
    for key in ("a", "b", "c"):
        taken = ann.call("POST", f"/v1/me/claimable/{made['template']}", **{"Idempotency-Key": key})
        codes.append(taken.json()["coupon"]["code"])
    lines = {"currency": "CNY", "lines": [{"amount": 5000}]}
    for code in codes[:2]:
        body = {"member": "card:1", "cart": {**lines, "codes": [code]}}
        use = shop.do("/v1/coupons:redeem", body).json()["use"]
    shop.client.post("/v1/coupons:rollback", json={"use": use})
    shop.clock.pass_(days=2)
    told = shop.get(f"/v1/coupon-templates/{made['template']}/statistics").json()
    sums = told["figures"]
    assert (sums["issued"], sums["redeemed"], sums["discount"], sums["sales"]) == (3, 1, 1000, 4000)
    assert told["expired"] == 2
    (day,) = told["days"]
    assert (day["day"], day["claimed"], day["redeemed"], day["taken_back"]) == (
        "2026-03-04", 3, 2, 1,
    )  # fmt: skip
