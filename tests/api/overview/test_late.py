"""What is committed late, or takes a member away, changes the figures all the same."""

from tests.api.conftest import Shop
from tests.api.overview.sums import at, bring_up_to_date, day_before, left, of, of_day, told

from regulars.runtime import DEFAULT_ORGANIZATION

# The same purchase once more, as a slower process writes it.
AGAIN = """
insert into event (id, organization_id, member_id, seq, version, occurred_at, received_at, status,
                   digest, source, external_id, type, payload, decision)
select id + 1000000, organization_id, member_id, seq + 1, version, occurred_at, received_at,
       status, digest, source, 'slow', type, payload, decision
from event where external_id = 'quick'
"""


def test_what_was_received_before_a_look_and_committed_after_it_is_not_lost(shop: Shop) -> None:
    shop.send(shop.event("quick", time=at(shop, days=3), total=700))
    with shop.db.transaction(DEFAULT_ORGANIZATION) as slow:
        slow.execute(AGAIN)
        bring_up_to_date(shop)
        shop.clock.pass_(seconds=20)
        bring_up_to_date(shop)
        assert of_day(told(shop), day_before(shop, 3))["sales"] == 700
    shop.clock.pass_(seconds=20)
    bring_up_to_date(shop)
    assert of_day(told(shop), day_before(shop, 3))["sales"] == 1_400


def test_who_is_erased_is_no_member_any_more_and_what_they_bought_stays(shop: Shop) -> None:
    shop.send(shop.event("a", time=at(shop, days=40), total=1_000))
    shop.send(shop.event("b", subject="card:2", time=at(shop, days=40), total=2_000))
    bring_up_to_date(shop)
    assert told(shop)["members"]["active"]["now"] == 2
    shop.clock.pass_(minutes=30)

    with shop.db.transaction(DEFAULT_ORGANIZATION) as tx:
        found = tx.execute("select member_id from identity where external_id = '2'").fetchone()
        assert found is not None
        tx.execute("update member set erased_at = %s where id = %s", [shop.clock(), found[0]])
        tx.execute("delete from active_day where member_id = %s", [found[0]])
    bring_up_to_date(shop)

    answer = told(shop, days=60)
    assert answer["members"]["total"]["now"] == 1
    assert answer["members"]["active"]["now"] == 1
    assert answer["sales"]["amount"]["now"] == 3_000
    assert of(answer, "points")["issued"]["now"] == 30
    assert of_day(answer, day_before(shop, 1))["members"] == 2


def test_two_members_who_were_one_count_once_and_keep_their_points(shop: Shop) -> None:
    shop.send(shop.event("a", time=at(shop, days=6), total=1_000))
    shop.send(shop.event("b", subject="card:2", time=at(shop, days=5), total=2_000))
    bring_up_to_date(shop)
    shop.clock.pass_(minutes=30)

    body = {"duplicate": "card:2", "reason": "One person with two cards"}
    assert shop.client.post("/v1/members/card:1/merge", json=body).status_code == 200
    bring_up_to_date(shop)

    answer = told(shop)
    assert answer["members"]["total"]["now"] == 1
    assert answer["members"]["active"]["now"] == 1
    assert of(answer, "points")["outstanding"]["now"] == left(shop, "points") == 30
    assert of(answer, "points")["issued"]["now"] == 30


def test_a_program_in_another_zone_has_all_days_summed_anew(shop: Shop) -> None:
    from tests.api.conftest import PROGRAM

    from regulars.services import programs

    night = at(shop, days=2, hour=1)  # In Shanghai; still the evening before in Europe.
    shop.send(shop.event("night", time=night, total=900))
    bring_up_to_date(shop)
    assert of_day(told(shop), day_before(shop, 2))["sales"] == 900

    programs.publish(
        shop.db, DEFAULT_ORGANIZATION, PROGRAM.replace("Asia/Shanghai", "Europe/Berlin"),
        in_force_from=shop.clock(), now=shop.clock(),
    )  # fmt: skip
    shop.clock.pass_(minutes=1)
    assert not told(shop)["is_complete"]
    bring_up_to_date(shop)

    answer = told(shop)
    assert answer["time_zone"] == "Europe/Berlin"
    assert answer["is_complete"]
    assert of_day(answer, day_before(shop, 3))["sales"] == 900
