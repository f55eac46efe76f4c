"""Declared fields and values for them: what the conditions of the tests speak about."""

from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from regulars.domain.conditions.syntax import (
    INT_MAX,
    INT_MIN,
)
from regulars.domain.conditions.types import (
    BOOL,
    DOUBLE,
    INT,
    STRING,
    TIMESTAMP,
    Access,
    Field,
    Fields,
    ListOf,
    MapOf,
    Nullable,
    Record,
)

LINE = Record(name="line", fields={"category": Field(STRING), "paid": Field(INT)})
DATA = Record(
    name="event.data",
    access=Access.ITEM,
    fields={
        "n": Field(INT, optional=True),
        "store": Field(STRING, optional=True),
        "score": Field(DOUBLE, optional=True),
        "online": Field(BOOL),
        "due": Field(TIMESTAMP, optional=True),
    },
)
MEMBER = Record(
    name="member",
    fields={
        "level": Field(STRING, sql="m.level"),
        "tier": Field(Nullable(STRING), sql="m.tier"),
        "visits": Field(INT, sql="m.visits"),
        "vip": Field(BOOL, sql="m.vip"),
        "joined": Field(TIMESTAMP, sql="m.joined"),
        "seen": Field(TIMESTAMP, optional=True, sql="m.seen"),
        "age": Field(INT, optional=True, sql="m.age"),
        "tags": Field(ListOf(STRING), sql="m.tags"),
        "marks": Field(ListOf(INT), sql="m.marks"),
        "balances": Field(MapOf(INT), sql="m.balances"),
    },
)
FIELDS = Fields(
    event=Record(
        name="event", access=Access.ITEM, fields={"type": Field(STRING), "data": Field(DATA)}
    ),
    member=MEMBER,
    order=Record(name="order", fields={"total": Field(INT), "lines": Field(ListOf(LINE))}),
    line=LINE,
)
AUDIENCE = Fields(member=MEMBER)


@dataclass(frozen=True)
class Line:
    category: str
    paid: int


@dataclass(frozen=True)
class Order:
    total: int
    lines: list[Line]


@dataclass(frozen=True)
class Member:
    level: str
    tier: str | None
    visits: int
    vip: bool
    joined: datetime
    seen: datetime | None
    age: int | None
    tags: list[str]
    marks: list[int]
    balances: dict[str, int]


@dataclass(frozen=True)
class World:
    """All that a condition sees."""

    event: dict[str, Any]
    member: Member
    order: Order
    line: Line
    now: datetime

    def arguments(self) -> tuple[Any, ...]:
        return (self.event, self.member, self.order, self.line, self.now)

    def for_google(self) -> dict[str, Any]:
        """The same as plain maps, in which an absent field has no key.

        Instants stand beside the maps, which hold something in their place, for has().
        """
        data = dict(self.event["data"])
        member = {one.name: getattr(self.member, one.name) for one in fields(Member)}
        member = {key: one for key, one in member.items() if one is not None or key == "tier"}
        found = {"joined": self.member.joined, "seen": self.member.seen}
        found["due"] = datetime.fromisoformat(data["due"]) if "due" in data else None
        member |= {key: True for key in ("joined", "seen") if key in member}
        lines = [vars(line) for line in self.order.lines]
        return {
            "event": {"type": self.event["type"], "data": data},
            "member": member,
            "order": {"total": self.order.total, "lines": lines},
            "line": vars(self.line),
            "now": self.now,
            **{name: at for name, at in found.items() if at is not None},
        }


# Few values, so that what is compared is often equal; and the edges of every range.
TEXTS = ["", "a", "gold", "go", "é", "😀", "\uffff", "12", "-7", "%", "a_b", "\\", "'"]
INTS = [0, 1, -1, 2, 3, -7, 100, 10**10, INT_MAX, INT_MAX - 1, INT_MIN, INT_MIN + 1]
DOUBLES = [0.0, 1.5, -2.0, 100.0, 1e300]
INSTANTS = [
    "0001-01-01T00:00:00Z",
    "1970-01-01T00:00:00Z",
    "2024-02-29T23:59:59.999Z",
    "2026-03-29T00:59:59Z",
    "2026-03-29T01:00:00Z",
    "2026-10-25T02:30:00+02:00",
    "2026-12-31T16:00:00.123456Z",
    "9999-12-31T23:59:59.999999Z",
]
LENGTHS = ["0s", "1h", "-90m", "24h", "1.5s", "-0.000001s", "720h"]
# Google's own does not see every sum that leaves the years 1 to 9999: these are for SQL alone.
LONG_LENGTHS = [*LENGTHS, "87660000h", "-87660000h", "17532000h"]
ZONES = ["UTC", "Asia/Shanghai", "Europe/Berlin", "+08:00", "-03:30"]
GETTERS = [
    "getFullYear",
    "getMonth",
    "getDate",
    "getDayOfMonth",
    "getDayOfWeek",
    "getDayOfYear",
    "getHours",
    "getMinutes",
    "getSeconds",
    "getMilliseconds",
]

texts = st.sampled_from(TEXTS)
ints = st.sampled_from(INTS) | st.integers(-5, 5)
# Far from the first and the last day, whose local time may lie outside all calendars.
instants = st.sampled_from([datetime.fromisoformat(text) for text in INSTANTS[1:-1]])
lines = st.builds(Line, category=texts, paid=ints)
members = st.builds(
    Member,
    level=texts,
    tier=st.none() | texts,
    visits=ints,
    vip=st.booleans(),
    joined=instants.map(lambda at: at.astimezone(UTC)),
    seen=st.none() | instants.map(lambda at: at.astimezone(UTC)),
    age=st.none() | ints,
    tags=st.lists(texts, max_size=3),
    marks=st.lists(ints, max_size=3),
    balances=st.dictionaries(st.sampled_from(["points", "a", "é"]), ints, max_size=2),
)
event_data = st.fixed_dictionaries(
    {"online": st.booleans()},
    optional={
        "n": ints,
        "store": texts,
        "score": st.sampled_from(DOUBLES),
        "due": st.sampled_from(INSTANTS[1:-1]),
    },
)
worlds = st.builds(
    World,
    event=st.fixed_dictionaries({"type": texts, "data": event_data}),
    member=members,
    order=st.builds(Order, total=ints, lines=st.lists(lines, max_size=3)),
    line=lines,
    now=instants.map(lambda at: at.astimezone(UTC)),
)

NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def world(**data: object) -> World:
    """One ordinary world, with this event data."""
    books, coffee = Line("books", 1999), Line("coffee", 450)
    member = Member(
        level="gold",
        tier=None,
        visits=3,
        vip=True,
        joined=NOON - 30 * DAY,
        seen=None,
        age=None,
        tags=["vip", "é"],
        marks=[1, 2],
        balances={"points": 120},
    )
    event = {"type": "purchase", "data": {"online": True, **data}}
    return World(event, member, Order(2449, [books, coffee]), books, NOON)
