"""What the routes of one running process share, and what they see of it: one organization."""

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from regulars.api.desk import Counter, Desk, Previews
from regulars.api.keyring import KeyRing
from regulars.api.lanes.mall import MallCounter, MallDesk
from regulars.api.lanes.orders import OrderCounter, OrderDesk
from regulars.api.limits import Limits
from regulars.api.onlooking.hub import Hub
from regulars.api.telling import RuleBook
from regulars.domain.access import Access
from regulars.runtime import Runtime
from regulars.services.authorization.signing import TokenBook
from regulars.services.signing_in.providers import Shelf
from regulars.storage.database import Database
from regulars.storage.programs import Versions


@dataclass(frozen=True, slots=True)
class Served:
    """One organization as a running process serves it."""

    runtime: Runtime
    organization: int
    desk: Counter
    versions: Versions
    previews: Previews
    mall: MallCounter
    orders: OrderCounter
    book: RuleBook = field(default_factory=RuleBook)

    @property
    def db(self) -> Database:
        """The database of the runtime."""
        return self.runtime.db


@dataclass(frozen=True, slots=True)
class House:
    """Made when the process starts to serve: what all organizations share."""

    runtime: Runtime
    desk: Desk
    ring: KeyRing
    tokens: TokenBook
    providers: Shelf
    mall: MallDesk
    orders: OrderDesk
    limits: Limits = field(default_factory=Limits)
    onlookers: Hub = field(default_factory=Hub)
    _served: dict[int, Served] = field(default_factory=dict)

    def at(self, organization: int) -> Served:
        """What is served of one organization; made when it is first asked for."""
        served = self._served.get(organization)
        if served is None:
            served = Served(
                self.runtime,
                organization,
                self.desk.of(organization),
                Versions(organization),
                Previews(self.runtime.intake(organization)),
                self.mall.of(organization),
                self.orders.of(organization),
            )
            self._served[organization] = served
        return served


def house_of(request: Request) -> House:
    """What `Application` made at its start."""
    house = request.app.state.house
    assert isinstance(house, House)
    return house


def access_of(request: Request) -> Access:
    """Who calls, as the route's own demand has recognised them."""
    access = request.state.access
    assert isinstance(access, Access)
    return access


def served_by(request: Request) -> Served:
    """The caller's organization."""
    return house_of(request).at(access_of(request).organization)


HouseBy = Annotated[House, Depends(house_of)]
AccessBy = Annotated[Access, Depends(access_of)]
ServedBy = Annotated[Served, Depends(served_by)]
