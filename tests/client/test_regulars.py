"""The client against a real server, and against one that fails first."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from tests.api.conftest import PROGRAM
from tests.serving import serving

from regulars.client import connection
from regulars.client.answers import Event
from regulars.client.connection import RegularsProblem
from regulars.client.regulars import Regulars

NOON = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def regulars(server_url: str, template: str) -> Iterator[Regulars]:
    with (
        serving(server_url, template, PROGRAM) as (address, secret),
        Regulars(address, secret) as client,
    ):
        yield client


def purchase(name: str, subject: str, total: int) -> Event:
    return Event(
        id=name,
        source="till",
        type="purchase",
        subject=subject,
        time=NOON,
        data={"currency": "CNY", "total": total},
    )


def test_an_event_is_sent_and_its_points_are_had(regulars: Regulars) -> None:
    first = regulars.events.send(purchase("c1", "card:1", 5000))
    again = regulars.events.send(purchase("c1", "card:1", 5000))

    assert first.earned == {"points": 50, "idle": 5}
    assert (first.repeat, again.repeat) == (False, True)
    assert regulars.members.balances("card:1", NOON)["points"].available == 50
    assert regulars.members.balances("card:1", NOON - timedelta(1))["points"].available == 0
    assert [one.id for one in regulars.members.timeline("card:1", ["purchase"])] == ["c1"]


def test_many_events_are_sent_and_each_is_answered(regulars: Regulars) -> None:
    events = [purchase(f"m{number}", f"card:m{number % 7}", 100) for number in range(1100)]
    events[600] = purchase("bad", "phone:1", 100)

    items = list(regulars.events.send_many(events))

    assert len(items) == 1100
    assert [place for place, item in enumerate(items) if item.answer is None] == [600]
    assert items[600].problem is not None
    assert items[600].problem.code == "invalid_input"


def test_members_are_enrolled_changed_and_listed(regulars: Regulars) -> None:
    member = regulars.members.create(["crm:1"], {"birth_month": 5})
    assert regulars.members.create(["crm:1"], {"birth_month": 5}) == member
    changed = regulars.members.change("crm:1", {"birth_month": None, "city": "上海"})
    regulars.members.identify("crm:1", "app:1")

    assert changed.attributes == {"city": "上海"}
    assert regulars.members.get("app:1").member == member.member
    assert member.member in {one.member for one in regulars.members.all()}
    assert regulars.members.tier("crm:1").tier == "green"


def test_points_are_held_captured_redeemed_and_given(regulars: Regulars) -> None:
    regulars.events.send(purchase("o1", "card:o", 10_000))
    regulars.events.send(purchase("o2", "card:p", 100))
    hold = regulars.hold("card:o", "points", 10, key="hold-1").hold
    assert hold is not None

    regulars.capture("card:o", hold.hold, amount=4)
    other = regulars.hold("card:o", "points", 10).hold
    assert other is not None
    regulars.release("card:o", other.hold)
    regulars.redeem("card:o", "points", 6, reference="order-1")
    regulars.adjust("card:o", "points", 5, reason="sorry")
    regulars.transfer("card:o", "points", 15, to="card:p")
    regulars.convert("card:o", "points", 20, target="miles")

    balances = regulars.members.balances("card:o")
    assert (balances["points"].available, balances["miles"].available) == (60, 6)
    assert regulars.members.balances("card:p")["points"].available == 16


def test_a_refusal_is_raised_with_its_code(regulars: Regulars) -> None:
    with pytest.raises(RegularsProblem) as refused:
        regulars.members.get("card:nobody")

    assert refused.value.problem.code == "member_not_found"
    assert refused.value.problem.status == 404


class Moody(BaseHTTPRequestHandler):
    """Says no, hangs up, and then answers."""

    heard: list[str] = []  # noqa: RUF012 - the server makes an instance a request

    def do_POST(self) -> None:
        self.heard.append(self.headers["Idempotency-Key"])
        self.rfile.read(int(self.headers["Content-Length"]))
        if len(self.heard) == 1:
            self.close_connection = True
            return
        if len(self.heard) == 2:
            self.send_response(503)
            self.send_header("Retry-After", "0")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = (
            b'{"event":"evt_1","id":"k","type":"t","member":"mem_1",'
            b'"time":"2026-01-01T00:00:00Z","transfers":[],"hold":null}'
        )
        self.send_response(201)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep quiet."""


def test_a_lost_connection_and_503_are_tried_again_under_the_same_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connection, "FIRST_DELAY_S", 0.001)
    server = HTTPServer(("127.0.0.1", 0), Moody)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        with Regulars(f"http://127.0.0.1:{server.server_port}", "rgl_x") as client:
            movement = client.redeem("card:1", "points", 1)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

    assert movement.event == "evt_1"
    assert len(Moody.heard) == 3
    assert len(set(Moody.heard)) == 1
