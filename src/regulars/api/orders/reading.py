"""What the routes of orders read beside their bodies."""

from typing import Annotated

from fastapi import Depends, Path

from regulars.domain.ids import ORDER, decode


def order_number(
    order: Annotated[
        str, Path(description="An order's id (ord_…)", examples=["ord_2v9c3n5x7k1qd"])
    ],
) -> int:
    """The row number of the order in the path; 0, which none has, for what is no order's id."""
    return decode(ORDER, order) or 0


OrderIdIn = Annotated[int, Depends(order_number)]
