"""What the routes of coupons read: numbers in paths, and the house they work in."""

from typing import Annotated

from fastapi import Depends, Path

from regulars.api.state import Served
from regulars.domain.ids import COUPON, COUPON_BATCH, COUPON_RUN, COUPON_USE, TEMPLATE, decode
from regulars.domain.programs.model import Program
from regulars.services.coupons.house import House


def house_of(served: Served) -> House:
    """What the use cases of coupons work with."""
    return House(served.db, served.versions)


def program_of(served: Served) -> Program:
    """The program in force. Raises NoProgramInForce."""
    with served.db.transaction(served.organization) as tx:
        return served.versions.read(tx).in_force(served.runtime.clock()).program


def _template(
    template: Annotated[
        str, Path(description="A coupon template's id (ctp_…)", examples=["ctp_2v9c3n5x7k1qd"])
    ],
) -> int:
    return decode(TEMPLATE, template) or 0


def _batch(
    batch: Annotated[str, Path(description="A batch's id (cpb_…)", examples=["cpb_2v9c3n5x7k1qd"])],
) -> int:
    return decode(COUPON_BATCH, batch) or 0


def _coupon(
    coupon: Annotated[
        str, Path(description="A coupon's id (cpn_…)", examples=["cpn_2v9c3n5x7k1qd"])
    ],
) -> int:
    return decode(COUPON, coupon) or 0


def use_number(text: str) -> int:
    """The number of a use (cpu_…); 0, which none has, for what is no such id."""
    return decode(COUPON_USE, text) or 0


def _run(
    run: Annotated[str, Path(description="A run's id (cpr_…)", examples=["cpr_2v9c3n5x7k1qd"])],
) -> int:
    return decode(COUPON_RUN, run) or 0


TemplateNumber = Annotated[int, Depends(_template)]
BatchNumber = Annotated[int, Depends(_batch)]
CouponNumber = Annotated[int, Depends(_coupon)]
RunNumber = Annotated[int, Depends(_run)]
