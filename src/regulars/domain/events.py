"""Facts about what members do: the envelope, and the data of every built-in event type.

The shapes are msgspec structs: read from JSON, checked and built in one step, immutable. Amounts
inside `data` are integers in the minor unit of the event's currency; quantities of lines are
whole numbers of whatever the till counts: pieces, or grams of goods by weight.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Raw, Struct

from regulars.domain.amounts import MAX_AMOUNT

OCCASION = "regulars.occasion"
"""The type of what is due to a member by the calendar, or by what they reached. The product records
it itself; rules call it by its last word."""

MAX_LINES = 1_000
MAX_TEXT = 200

Word = Annotated[str, Meta(min_length=1, max_length=MAX_TEXT)]
Minor = Annotated[int, Meta(ge=0, le=MAX_AMOUNT)]
Count = Annotated[int, Meta(ge=0, le=10**9)]
Quantity = Annotated[int, Meta(ge=1, le=10**12)]
CurrencyCode = Annotated[str, Meta(min_length=3, max_length=3)]
"""ISO 4217; that it is the program's own is checked against the program."""
Attributes = Annotated[dict[str, bool | int | str], Meta(max_length=50)]


class Data(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, gc=False
):
    """What every built-in event may carry: where it happened and what the program declares."""

    store: Word | None = None
    channel: Word | None = None
    attributes: Attributes = {}


class Line(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """One receipt line. `amount` is what was paid for all of it, after discounts."""

    amount: Minor
    quantity: Quantity = 1
    sku: Word | None = None
    category: Word | None = None
    brand: Word | None = None


class Payment(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """How a part of a purchase was paid."""

    method: Word
    amount: Minor


class Purchase(Data, frozen=True, kw_only=True, gc=False):
    """`total` is what was paid; with lines it must be their sum or is left out."""

    currency: CurrencyCode
    total: Minor | None = None
    lines: Annotated[tuple[Line, ...], Meta(max_length=MAX_LINES)] = ()
    payments: Annotated[tuple[Payment, ...], Meta(max_length=20)] = ()


class ReturnedLine(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """`line` counts from 0 in the order of the purchase. Without a quantity: all that is left."""

    line: Annotated[int, Meta(ge=0, lt=MAX_LINES)]
    quantity: Quantity | None = None


class Return(Data, frozen=True, kw_only=True, gc=False):
    """What comes back of a purchase; with neither lines nor amount: everything that is left.

    `amount` (minor units) is for purchases that were reported without lines.
    """

    purchase_id: Word
    purchase_source: Word | None = None
    lines: Annotated[tuple[ReturnedLine, ...], Meta(max_length=MAX_LINES)] = ()
    amount: Annotated[int, Meta(ge=1, le=MAX_AMOUNT)] | None = None


class Visit(Data, frozen=True, kw_only=True, gc=False):
    """The member was in the shop."""


class CheckIn(Data, frozen=True, kw_only=True, gc=False):
    """The member said so: in a shop, at an event, in the app."""

    place: Word | None = None


class Review(Data, frozen=True, kw_only=True, gc=False):
    """The member reviewed something. The words themselves stay where they were written."""

    sku: Word | None = None
    rating: Annotated[int, Meta(ge=1, le=5)] | None = None
    length: Count = 0
    photos: Count = 0


class Share(Data, frozen=True, kw_only=True, gc=False):
    """The member shared something."""

    what: Word | None = None


class Content(Data, frozen=True, kw_only=True, gc=False):
    """The member made something: a post, a video, a recipe."""

    kind: Word | None = None
    likes: Count = 0


class Referral(Data, frozen=True, kw_only=True, gc=False):
    """Somebody came on the member's word. `referee` is a member reference."""

    referee: Word | None = None
    stage: Word | None = None


class SurveyAnswer(Data, frozen=True, kw_only=True, gc=False):
    """The member answered a survey."""

    survey: Word | None = None
    score: Annotated[int, Meta(ge=0, le=10)] | None = None


class ProfileCompleted(Data, frozen=True, kw_only=True, gc=False):
    """The member filled in the profile. Only how many fields; what they say is personal data."""

    fields: Count = 0


class Location(Data, frozen=True, kw_only=True, gc=False):
    """The member was near a store."""

    distance_m: Count = 0


class CardPayment(Data, frozen=True, kw_only=True, gc=False):
    """The member paid by a card that earns, anywhere."""

    currency: CurrencyCode
    amount: Minor
    card: Word | None = None
    merchant_category: Word | None = None


class AssetStatement(Data, frozen=True, kw_only=True, gc=False):
    """What the member holds at the bank at the time of the event."""

    currency: CurrencyCode
    amount: Minor


BUILT_IN: dict[str, type[Data]] = {
    "purchase": Purchase,
    "return": Return,
    "visit": Visit,
    "check_in": CheckIn,
    "review": Review,
    "share": Share,
    "content": Content,
    "referral": Referral,
    "survey_answer": SurveyAnswer,
    "profile_completed": ProfileCompleted,
    "location": Location,
    "card_payment": CardPayment,
    "asset_statement": AssetStatement,
}
"""Event types every program understands."""


Key = Annotated[str, Meta(min_length=1, max_length=200)]
"""An id or source: any text without control characters; it is stored as it is."""


class Envelope(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """A CloudEvents 1.0 envelope in JSON."""

    id: Key
    source: Key
    type: Key
    subject: Key
    time: datetime
    data: Raw
    specversion: Literal["1.0"] = "1.0"
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: str | None = None
    traceparent: str | None = None
    tracestate: str | None = None


class Head(Struct, frozen=True, gc=False):
    """What an envelope says around the data."""

    id: Key
    source: Key
    type: Key
    subject: Key
    time: datetime


class Event(Struct, frozen=True, gc=False):
    """A fact in its envelope. `data` is a struct of this file, or a dict for a custom type.

    `subject` is the member reference as sent. `time` is when it happened, `received_at` when we
    heard of it; both aware UTC.
    """

    id: str
    source: str
    type: str
    subject: str
    time: datetime
    received_at: datetime
    data: Any


def amount_of(data: object) -> int | None:
    """The money amount, in minor units, that a rate counts; None where the type has none."""
    if isinstance(data, Purchase):
        return data.total if data.total is not None else sum([line.amount for line in data.lines])
    if isinstance(data, CardPayment | AssetStatement):
        return data.amount
    return None
