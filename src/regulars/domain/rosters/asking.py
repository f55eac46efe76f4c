"""Which members are listed, and in which order: what may be asked, and conditions on members."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from regulars.domain.conditions.checking import check
from regulars.domain.conditions.parsing import parse
from regulars.domain.conditions.sql import SqlCondition
from regulars.domain.conditions.typed import Typed
from regulars.domain.conditions.types import (
    BOOL,
    INT,
    STRING,
    TIMESTAMP,
    Access,
    Field,
    Fields,
    Record,
)
from regulars.domain.programs.fields import is_field_name

MAX_CONDITION = 4_000
MAX_TIERS = 50

MOST_ANCHORS = 3

_PATH = ("member", "attributes")
_TIER_PATH = ("member", "tier")


class Status(StrEnum):
    """What a member is. Of several that hold, the first of these that is not `active`."""

    ACTIVE = "active"
    FROZEN = "frozen"
    RESTRICTED = "restricted"
    MERGED = "merged"
    ERASED = "erased"


class Order(StrEnum):
    """By what members are listed; with a minus, the greatest first. `number`: as they were enrolled
    here. Those who never did anything are in no order by activity."""

    NUMBER = "number"
    NEWEST = "-number"
    ENROLLED = "enrolled"
    LAST_ENROLLED = "-enrolled"
    ACTIVE = "active"
    LAST_ACTIVE = "-active"
    BALANCE = "balance"
    RICHEST = "-balance"

    @property
    def falls(self) -> bool:
        """Whether the greatest comes first."""
        return self.value.startswith("-")

    @property
    def by(self) -> str:
        """number, enrolled, active or balance."""
        return self.value.removeprefix("-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which members; None for whatever. Instants from `enrolled_from` to before `enrolled_until`;
    days (UTC) from `active_from` to `active_to`, both included. Without a status everybody but who
    was merged or erased. Balances are of `currency`, all that is there: pending and held, too."""

    tiers: Sequence[str] | None = None
    status: Status | None = None
    enrolled_from: datetime | None = None
    enrolled_until: datetime | None = None
    active_from: date | None = None
    active_to: date | None = None
    currency: str | None = None
    least: int | None = None
    most: int | None = None
    condition: str = ""
    order: Order = Order.NUMBER

    @property
    def is_by_balance(self) -> bool:
        """Whether accounts have to be looked at."""
        return self.order.by == "balance" or self.least is not None or self.most is not None

    @property
    def is_by_balance_alone(self) -> bool:
        """Whether the order is by balance, and nothing but balances narrows the list."""
        others = (self.tiers, self.status, self.enrolled_from, self.enrolled_until)
        asked = any(one is not None for one in others) or self.condition or self.is_by_activity
        return self.order.by == "balance" and not asked

    @property
    def is_by_activity(self) -> bool:
        """Whether days of activity have to be looked at."""
        return self.order.by == "active" or not (self.active_from is self.active_to is None)


@dataclass(frozen=True, slots=True)
class Sought:
    """A condition ready for the database. `anchors`: attributes that it wants to have just these
    values, whatever else it says; an index finds them. `tier`: the same of the tier; "" for any.
    `is_whole`: these say all that the condition says.
    """

    sql: SqlCondition
    anchors: Mapping[str, bool | int | str]
    tier: str = ""
    is_whole: bool = False


# One expression over the member's row for each kind; a value of another kind than is declared
# today is as good as none.
_ATTRIBUTE = {
    "string": "case when jsonb_typeof(member.attributes::jsonb -> '{0}') = 'string' "
    "then member.attributes::jsonb ->> '{0}' end",
    "int": "case when jsonb_typeof(member.attributes::jsonb -> '{0}') = 'number' "
    "then (member.attributes::jsonb ->> '{0}')::bigint end",
    "bool": "case when jsonb_typeof(member.attributes::jsonb -> '{0}') = 'boolean' "
    "then (member.attributes::jsonb ->> '{0}')::boolean end",
}
_TYPES = {"string": STRING, "int": INT, "bool": BOOL}
_PURCHASES = "coalesce((member.state::jsonb -> 'counts' ->> 'purchase')::bigint, 0)"
_TIER = "case when member.tier = '' then '{0}' else member.tier end"


def roster_fields(attributes: Mapping[str, str], bottom: str) -> Fields:
    """What a condition on members may look at. `bottom`: the tier of who has not moved yet."""
    declared = {
        name: Field(_TYPES[kind], optional=True, sql=_ATTRIBUTE[kind].format(name))
        for name, kind in attributes.items()
        if is_field_name(name)
    }
    known = Record(name="member.attributes", fields=declared, access=Access.ITEM)
    return Fields(
        member=Record(
            name="member",
            fields={
                "tier": Field(STRING, sql=_TIER.format(bottom.replace("'", "''"))),
                "enrolled_at": Field(TIMESTAMP, sql="member.enrolled_at"),
                "purchases": Field(INT, sql=_PURCHASES),
                "attributes": Field(known),
            },
        )
    )


def sought(text: str, attributes: Mapping[str, str], bottom: str) -> Sought:
    """A condition in CEL, checked. Raises ConditionInvalid."""
    checked = check(parse(text), roster_fields(attributes, bottom))
    wanted = list(_wanted(checked.typed))
    parts = _parts(checked.typed)
    anchors = {path[2]: value for path, value in wanted if path[:2] == _PATH}
    tiers = [value for path, value in wanted if path == _TIER_PATH and isinstance(value, str)]
    kept = dict(list(anchors.items())[:MOST_ANCHORS])
    is_whole = len(kept) + len(tiers[:1]) == parts
    return Sought(checked.sql(), kept, tiers[0] if tiers else "", is_whole)


def _parts(typed: Typed) -> int:
    """How many things have to hold at once."""
    return sum(map(_parts, typed.args)) if typed.op == "and" else 1


def _wanted(typed: Typed) -> Iterator[tuple[tuple[str, ...], bool | int | str]]:
    """The fields that every member has to have just these values of, for the condition to hold."""
    if typed.op == "and":
        for arg in typed.args:
            yield from _wanted(arg)
    elif typed.op == "eq":
        left, right = typed.args
        for field, constant in ((left, right), (right, left)):
            value = constant.detail
            if (
                field.op == "field"
                and constant.op == "const"
                and isinstance(value, bool | int | str)
            ):
                yield field.path, value


def status_of(
    *,
    erased_at: datetime | None,
    merged_into: int | None,
    restricted_at: datetime | None,
    frozen_at: datetime | None,
) -> Status:
    """What a member is, in one word: what weighs most."""
    if erased_at is not None:
        return Status.ERASED
    if merged_into is not None:
        return Status.MERGED
    if frozen_at is not None:
        return Status.FROZEN
    return Status.ACTIVE if restricted_at is None else Status.RESTRICTED
