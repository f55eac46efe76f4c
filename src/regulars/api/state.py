"""What the routes of one running process share."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from regulars.api.desk import Desk
from regulars.api.keyring import KeyRing
from regulars.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Served:
    """Made when the process starts to serve."""

    runtime: Runtime
    desk: Desk
    ring: KeyRing


def served_by(request: Request) -> Served:
    """What `Application` made at its start."""
    served = request.app.state.served
    assert isinstance(served, Served)
    return served


ServedBy = Annotated[Served, Depends(served_by)]
