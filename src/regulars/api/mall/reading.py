"""What routes of the mall read: ids of rewards and redemptions, the revision that is changed."""

from typing import Annotated

from fastapi import Depends, Path

from regulars.api.reading import IfMatch
from regulars.api.state import Served
from regulars.domain.errors import Fault, InvalidInput
from regulars.domain.ids import REDEMPTION, REWARD, SALE, VARIANT, decode
from regulars.services.mall.settling import Counter

MAX_REVISION = 2**31 - 1


def _reward(
    reward: Annotated[
        str, Path(description="A reward's id (rwd_…)", examples=["rwd_2v9c3n5x7k1qd"])
    ],
) -> int:
    """0, which none has, for what is no such id."""
    return decode(REWARD, reward) or 0


def _redemption(
    redemption: Annotated[
        str, Path(description="A redemption's id (rdm_…)", examples=["rdm_2v9c3n5x7k1qd"])
    ],
) -> int:
    return decode(REDEMPTION, redemption) or 0


def _sale(
    sale: Annotated[str, Path(description="A sale's id (sal_…)", examples=["sal_2v9c3n5x7k1qd"])],
) -> int:
    return decode(SALE, sale) or 0


def _variant(
    variant: Annotated[
        str, Path(description="A variant's id (var_…)", examples=["var_2v9c3n5x7k1qd"])
    ],
) -> int:
    return decode(VARIANT, variant) or 0


def _revision(mark: IfMatch) -> int | None:
    """The revision in an If-Match header; None without one. Raises InvalidInput."""
    if mark is None:
        return None
    if not mark.isascii() or not mark.isdecimal() or int(mark[:12]) > MAX_REVISION:
        raise InvalidInput("If-Match carries the ETag as it was read.")
    return int(mark)


RewardIdIn = Annotated[int, Depends(_reward)]
RedemptionIdIn = Annotated[int, Depends(_redemption)]
SaleIdIn = Annotated[int, Depends(_sale)]
VariantIdIn = Annotated[int, Depends(_variant)]
RevisionIn = Annotated[int | None, Depends(_revision)]


def variant_number(text: str, pointer: str = "/variant") -> int:
    """The row number of a variant in a body. Raises InvalidInput."""
    number = decode(VARIANT, text)
    if number is None:
        raise InvalidInput("There is no such variant.", faults=[Fault(pointer, "no variant")])
    return number


def counter_of(served: Served) -> Counter:
    """Where redemptions are moved on."""
    return Counter(served.db, served.versions, served.mall.take_many)
