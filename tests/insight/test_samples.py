"""Invented events are the same each time, as many as asked for, in order, and fit the program."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.domain.envelopes import check_against, read_event
from regulars.domain.events import Purchase, Return
from regulars.domain.programs.document import read
from regulars.insight.samples.rhythm import MOST_IN_SLOT, slots
from regulars.insight.samples.stream import Wish, stream

BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
END = datetime(2026, 1, 1, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")
GROCERY = read((Path(__file__).parents[2] / "examples/grocery.yaml").read_text())


def lines(seed: int = 1, events: int = 5_000, members: int = 300) -> list[str]:
    wish = Wish(members, events, seed, BEGIN, END, NEW_YORK)
    return [text for texts in stream(wish) for text in texts]


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    assert lines() == lines()
    assert lines(seed=2)[:100] != lines()[:100]


def test_every_event_fits_the_example_program() -> None:
    for text in lines():
        check_against(GROCERY, read_event(text.encode(), END).event)


def test_events_come_in_order_with_ids_of_their_own() -> None:
    events = [read_event(text.encode(), END).event for text in lines()]

    assert [event.time for event in events] == sorted(event.time for event in events)
    assert len({event.id for event in events}) == len(events) == 5_000
    assert BEGIN <= events[0].time < events[-1].time < END


def test_baskets_have_four_lines_on_average_and_twelve_at_most() -> None:
    sizes = [
        len(event.data.lines)
        for text in lines()
        if isinstance((event := read_event(text.encode(), END).event).data, Purchase)
    ]

    assert 3.6 < sum(sizes) / len(sizes) < 4.6
    assert max(sizes) == 12
    assert min(sizes) == 1


def test_returns_bring_back_what_was_bought_by_the_same_member() -> None:
    events = [read_event(text.encode(), END).event for text in lines(events=20_000)]
    bought = {event.id: event for event in events if isinstance(event.data, Purchase)}
    returns = [event for event in events if isinstance(event.data, Return)]

    assert len(returns) > 200
    back: Counter[tuple[str, int]] = Counter()
    for event in returns:
        purchase = bought[event.data.purchase_id]
        assert (purchase.subject, purchase.time < event.time) == (event.subject, True)
        for line in event.data.lines:
            back[event.data.purchase_id, line.line] += line.quantity
            assert (
                back[event.data.purchase_id, line.line] <= purchase.data.lines[line.line].quantity
            )


def test_people_shop_by_day() -> None:
    hours = Counter(
        datetime.fromisoformat(msgspec.json.decode(text)["time"]).astimezone(NEW_YORK).hour
        for text in lines()
    )

    assert hours[17] > 10 * hours[3]


@given(
    st.integers(1, 50_000),
    st.datetimes(datetime(2020, 1, 1), datetime(2020, 12, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.timedeltas(timedelta(seconds=1), timedelta(days=40)),
)
@settings(max_examples=50, deadline=None)
def test_slots_add_up_and_stay_within_the_period(
    events: int, since: datetime, span: timedelta
) -> None:
    found = list(slots(since, since + span, events, NEW_YORK))

    assert sum(slot.count for slot in found) == events
    assert all(slot.start < since + span for slot in found)
    assert all(slot.count <= MOST_IN_SLOT or slot.seconds == 1 for slot in found)


def test_leavers_stop_coming_and_the_others_go_on() -> None:
    last: dict[int, str] = {}
    for texts in stream(Wish(60, 4_000, 1, BEGIN, END, NEW_YORK, leavers=6)):
        for event in map(msgspec.json.decode, texts):
            if event["type"] == "purchase":
                last[int(event["subject"][5:])] = event["time"]
    gone = {member for member, time in last.items() if time < "2025-12"}

    leavers = {member for member in gone if member % 6 == 5}
    assert len(leavers) >= 6
    # Among the others, one may not have come for a month by chance.
    assert len(gone - leavers) <= 2
