"""The member's card, drawn so that tills can scan it from the screen."""

from fastapi import APIRouter, Response
from msgspec import Struct

from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.me import signed_in_member
from regulars.api.own_pages.drawing import Drawing, barcode, qr
from regulars.api.state import AccessBy, ServedBy
from regulars.domain.access import Scope
from regulars.domain.cards.numbers import SYSTEM, grouped
from regulars.domain.errors import MemberNotFound
from regulars.services.own_pages import cards

router = APIRouter(prefix="/v1/me/card", tags=["me"])


class CardAnswer(Struct, frozen=True):
    """A card. `ref`: how a till names the member. `shown`: the number as people read it out.
    `barcode` (Code 128) is null for a number that has letters beyond ASCII."""

    number: str
    ref: str
    shown: str
    qr: Drawing
    barcode: Drawing | None


class HeldCardAnswer(Struct, frozen=True):
    """The member's card; null where they have none yet."""

    card: CardAnswer | None


def tell_card(number: str) -> CardAnswer:
    """The card of this number."""
    return CardAnswer(number, f"{SYSTEM}:{number}", grouped(number), qr(number), barcode(number))


@router.get("", **declared(HeldCardAnswer, scope=Scope.SELF_READ))
def get_my_card(served: ServedBy, access: AccessBy) -> Response:
    """The member's card, to be shown at a till. Only for the member in person."""
    number = cards.held(served.db, served.organization, signed_in_member(access))
    return respond(HeldCardAnswer(None if number is None else tell_card(number)))


@router.post("", **declared(HeldCardAnswer, scope=Scope.SELF_WRITE, refusals=(MemberNotFound,)))
def issue_my_card(served: ServedBy, access: AccessBy, by: ByIn) -> Response:
    """Have a card: the one that is there, else a new one. Safe to repeat."""
    member_id, now = signed_in_member(access), served.runtime.clock()
    number = cards.issue(served.db, served.organization, member_id, by=by, now=now)
    return respond(HeldCardAnswer(tell_card(number)))
