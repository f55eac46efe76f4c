"""The published record of a draw, for members and staff alike."""

from fastapi import Response

from regulars.api.paging import Page, write_cursor
from regulars.api.play.paths import house
from regulars.api.play.shapes import DrawAuditAnswer, PublishedPrizeAnswer, PublishedTurnAnswer
from regulars.api.state import Served
from regulars.domain.ids import DRAW, encode
from regulars.services.play import draws


def tell_audit(served: Served, number: int, page: Page) -> Response:
    """A page of it. Raises DrawNotFound; NotAllowed while the draw is not over."""
    start = page.start(tuple[int])
    looked, found = draws.published(
        house(served),
        number,
        after=0 if start is None else start[0],
        limit=page.limit + 1,
        now=served.runtime.clock(),
    )
    shown, last = page.cut(found)
    following = None if last is None else write_cursor(last.id)
    terms = looked.draw.terms
    told = [draws.tell(one) for one in shown]
    answer = DrawAuditAnswer(
        draw=encode(DRAW, number),
        commitment=looked.draw.commitment,
        seed=looked.seed or "",
        out_of=terms.out_of,
        instead=terms.instead,
        prizes=[PublishedPrizeAnswer(one.code, one.weight, one.stock) for one in terms.prizes],
        turns=[
            PublishedTurnAnswer(
                one.player, one.number, one.luck, one.roll, one.rolled, one.prize, one.serial
            )
            for one in told
        ],
        next=following,
    )
    return page.respond(answer, following)
