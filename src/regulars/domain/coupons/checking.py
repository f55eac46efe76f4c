"""Terms of a coupon, checked against the program in force before they are kept."""

from collections.abc import Iterator
from datetime import datetime

from regulars.domain.amounts import Rate
from regulars.domain.conditions.checking import check
from regulars.domain.conditions.parsing import parse
from regulars.domain.coupons import codes
from regulars.domain.coupons.templates import Give, Terms
from regulars.domain.errors import ConditionInvalid, Fault, InvalidInput
from regulars.domain.periods import Duration
from regulars.domain.programs.fields import audience_fields
from regulars.domain.programs.model import Program

ALL = 100
MOST_MONTHS, MOST_DAYS = 1_200, 36_500


def checked(
    terms: Terms, program: Program, *, prefix: str = "", public_code: str | None = None
) -> None:
    """Raises InvalidInput, with every fault by its place, for terms that make no sense or that the
    program does not know."""
    faults = [*_worth(terms), *_times(terms), *_audience(terms, program)]
    if terms.currency != program.money:
        faults.append(Fault("/terms/currency", f"the program's money is {program.money}"))
    if not codes.PREFIX.fullmatch(prefix):
        faults.append(Fault("/prefix", "up to 8 capital letters and digits"))
    if public_code is not None and not codes.WORD.fullmatch(public_code):
        faults.append(Fault("/public_code", "3 to 11 capital letters and digits"))
    if faults:
        raise InvalidInput("Some of these terms cannot be.", faults=faults)


def _worth(terms: Terms) -> Iterator[Fault]:
    """What a kind of coupon needs, and what it has no use for."""
    give = terms.give
    if (terms.amount is not None) != (give is Give.AMOUNT):
        words = "say how much" if give is Give.AMOUNT else f"{give.value} has no amount"
        yield Fault("/terms/amount", words)
    if (terms.percent is not None) != (give is Give.PERCENTAGE):
        words = "say how many percent" if give is Give.PERCENTAGE else f"{give.value} has none"
        yield Fault("/terms/percent", words)
    if terms.percent is not None and not _is_share(terms.percent):
        yield Fault("/terms/percent", "more than 0 and at most 100")
    if terms.ceiling is not None and give not in {Give.PERCENTAGE, Give.FREE_DELIVERY}:
        yield Fault("/terms/ceiling", f"{give.value} has no ceiling")
    if bool(terms.gift) != (give is Give.GIFT):
        yield Fault("/terms/gift", "say what is handed out, and only for a gift")
    if terms.quantity != 1 and give is not Give.FREE_ITEM:
        yield Fault("/terms/quantity", "only free items have a quantity")


def _is_share(percent: str) -> bool:
    share = Rate.parse(percent)
    return 0 < share.num <= ALL * share.den


def _times(terms: Terms) -> Iterator[Fault]:
    if not _in_order(terms.valid_from, terms.valid_until):
        yield Fault("/terms/valid_until", "not after valid_from")
    if terms.valid_for is not None and not _is_span(terms.valid_for):
        yield Fault("/terms/valid_for", "no duration such as P30D, of a hundred years at most")
    claim = terms.claim
    if claim is not None and not _in_order(claim.opens_at, claim.closes_at):
        yield Fault("/terms/claim/closes_at", "not after opens_at")


def _in_order(first: datetime | None, second: datetime | None) -> bool:
    return first is None or second is None or first < second


def _is_span(text: str) -> bool:
    try:
        span = Duration.parse(text)
    except ValueError:
        return False
    return span != Duration() and span.months <= MOST_MONTHS and span.days <= MOST_DAYS


def _audience(terms: Terms, program: Program) -> Iterator[Fault]:
    wanted = terms.audience
    known = {tier.code for tier in program.ladder.tiers} if program.ladder else set()
    for place, tier in enumerate(wanted.tiers):
        if tier not in known:
            yield Fault(f"/terms/audience/tiers/{place}", "the program has no such tier")
    if wanted.condition.strip():
        try:
            check(parse(wanted.condition), audience_fields(program.attributes))
        except ConditionInvalid as error:
            yield Fault("/terms/audience/condition", error.detail, code=error.code)
