"""What is left of a member's history when the member is erased: the points and their reasons.

Nothing that a decision rested on is taken away, so that replaying what is left gives the same
ledger. What somebody typed, and what no rule of any version ever read, goes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec
from msgspec import structs

from regulars.domain.envelopes import data_of
from regulars.domain.events import Data, Purchase, Referral, Return
from regulars.domain.explanations import Explanation
from regulars.domain.ids import MemberRef, write_ref
from regulars.domain.operations import (
    Adjustment,
    CardChange,
    HoldOpening,
    MemberChange,
    MergeIn,
    MergeOut,
    Operation,
    PointsTransfer,
    Redemption,
)
from regulars.domain.programs.conditions_of import conditions_of
from regulars.domain.programs.model import Program
from regulars.domain.programs.schedules import BIRTH_MONTH

ERASED = "(erased)"
"""Stands where a reason stood."""

_MEMBER = ("member", "attributes")
_EVENT = (("event", "data", "attributes"), ("order", "attributes"))
_DATA = ("event", "data")


@dataclass(frozen=True, slots=True)
class Needed:
    """What some version of a program read: attributes of members, of events, and other fields of
    an event's data, by name."""

    of_members: frozenset[str]
    of_events: frozenset[str]
    fields: frozenset[str]


def needed_by(programs: Iterable[Program]) -> Needed:
    """What these versions read, all of them that were ever published."""
    members, events, fields = set(), set(), set()
    for program in programs:
        if any(rule.schedule and rule.schedule.birth_month for rule in program.rules):
            members.add(BIRTH_MONTH)
        fields |= {custom.amount for custom in program.custom_types.values() if custom.amount}
        for stated in conditions_of(program):
            for path in stated.checked.fields_used:
                if path[:2] == _MEMBER:
                    members |= set(path[2:3])
                elif any(path[: len(root)] == root for root in _EVENT):
                    events.add(path[-1])
                elif path[:2] == _DATA:
                    fields |= set(path[2:3])
    return Needed(frozenset(members), frozenset(events), frozenset(fields))


def attributes_left(
    attributes: Mapping[str, bool | int | str], needed: Needed
) -> dict[str, bool | int | str]:
    """The attributes of an erased member: those by which points were decided."""
    return {name: value for name, value in attributes.items() if name in needed.of_members}


def payload_left(code: str, payload: str, needed: Needed) -> str:
    """The data of a stored event of an erased member."""
    data = data_of(code, payload)
    if isinstance(data, Operation):
        left: object = _operation_left(data, needed)
    elif isinstance(data, Data):
        left = _data_left(data, needed)
    else:
        left = {
            name: value
            for name, value in data.items()
            if name in needed.fields or isinstance(value, bool | int | float)
        }
    return _encode(left).decode()


def decision_left(decision: str) -> str:
    """An explanation without the words of a refusal; the rest is codes and numbers."""
    known = _explanation.decode(decision)
    if not known.refused:
        return decision
    return _encode_plain(structs.replace(known, refused=known.refused.partition(":")[0])).decode()


def transfer_left(payload: str) -> str:
    """A transfer to a member who was erased since: it names them by our own id."""
    return _encode(_renamed(_transfer.decode(payload))).decode()


def referral_left(payload: str, erased: frozenset[str]) -> str:
    """A referral of somebody; without their name, when it is one of `erased`."""
    data = _referral.decode(payload)
    if data.referee not in erased:
        return payload
    return _encode(structs.replace(data, referee=None)).decode()


def _operation_left(data: Operation, needed: Needed) -> Operation:
    match data:
        case Adjustment() | CardChange():
            return structs.replace(data, reason=ERASED)
        case MergeOut() | MergeIn():
            return _merge_left(data, needed)
        case Redemption() | HoldOpening():
            return structs.replace(data, reference=None)
        case PointsTransfer():
            return _renamed(data)
        case MemberChange():
            # The mark is made of attributes that are gone: it would no longer fit.
            left = {
                name: value for name, value in data.attributes.items() if name in needed.of_members
            }
            return structs.replace(data, attributes=left, mark=None)
    return data


def _merge_left(data: MergeOut | MergeIn, needed: Needed) -> Operation:
    if isinstance(data, MergeOut):
        return structs.replace(data, reason=ERASED)
    left = attributes_left(data.legacy.attributes, needed)
    return structs.replace(
        data, reason=ERASED, legacy=structs.replace(data.legacy, attributes=left)
    )


def _renamed(data: PointsTransfer) -> PointsTransfer:
    return structs.replace(data, to=write_ref(MemberRef(data.to_id)))


def _data_left(data: Data, needed: Needed) -> Data:
    left = {name: value for name, value in data.attributes.items() if name in needed.of_events}
    gone: dict[str, object] = {"attributes": left}
    if not isinstance(data, Purchase | Return):
        gone |= {
            name: None
            for name in structs.asdict(data)
            if name not in needed.fields
            and isinstance(getattr(data, name), str)
            and _may_go(data, name)
        }
    return structs.replace(data, **gone)


def _may_go(data: Data, name: str) -> bool:
    """Whether the field may be left out."""
    return any(one.name == name and one.default is None for one in structs.fields(data))


_encode = msgspec.json.Encoder(order="deterministic").encode
_encode_plain = msgspec.json.Encoder().encode
_explanation = msgspec.json.Decoder(Explanation)
_transfer = msgspec.json.Decoder(PointsTransfer)
_referral = msgspec.json.Decoder(Referral)
