"""What the audit trail says of an operation: which points of whom were moved, by hand."""

from collections.abc import Mapping

from regulars.domain.audit import Deed
from regulars.domain.ids import HOLD, encode
from regulars.domain.operations import (
    Adjustment,
    ConversionOrder,
    HoldCapture,
    HoldOpening,
    HoldRelease,
    MemberChange,
    Operation,
    PointsRestore,
    PointsTransfer,
    Redemption,
    TagChange,
)

ACTIONS: Mapping[type[Operation], str] = {
    Adjustment: "points.adjusted",
    Redemption: "points.redeemed",
    PointsTransfer: "points.transferred",
    ConversionOrder: "points.converted",
    HoldOpening: "points.held",
    HoldCapture: "points.captured",
    HoldRelease: "points.released",
    PointsRestore: "points.restored",
    MemberChange: "member.changed",
    TagChange: "member.tags_changed",
}
"""Reviews are the product's own."""


def deed_of(data: Operation, *, event_id: int, member_id: int) -> Deed:
    """The deed of somebody whose operation became the event `event_id`.

    Of attributes only the names are told, and no reason that somebody typed: it stands in the event
    that is named, and goes with its member, while the trail is never erased.
    """
    return Deed(
        ACTIONS[type(data)],
        f"event:{event_id}",
        member_id,
        after=_facts(data),
    )


def _facts(data: Operation) -> dict[str, object]:
    if isinstance(data, Adjustment | Redemption | PointsTransfer):
        return {"currency": data.currency, "amount": data.amount}
    if isinstance(data, ConversionOrder):
        return {"from": data.source, "to": data.target, "amount": data.amount}
    if isinstance(data, HoldOpening):
        return {"currency": data.currency, "amount": data.amount, "seconds": data.seconds}
    if isinstance(data, HoldCapture | HoldRelease | PointsRestore):
        amount = None if isinstance(data, HoldRelease) else data.amount
        return {"hold": encode(HOLD, data.hold)} | ({} if amount is None else {"amount": amount})
    if isinstance(data, TagChange):
        return {"set": sorted(data.add), "removed": sorted({*data.remove} - data.add.keys())}
    assert isinstance(data, MemberChange), "every kind of operation that somebody asks for is here"
    return {"attributes": sorted(data.attributes)}
