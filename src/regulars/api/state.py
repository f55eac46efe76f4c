"""What the routes of one running process share."""

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from regulars.api.desk import Desk, Previews
from regulars.api.keyring import KeyRing
from regulars.api.telling import RuleBook
from regulars.runtime import Runtime
from regulars.storage.database import Database
from regulars.storage.programs import Versions


@dataclass(frozen=True, slots=True)
class Served:
    """Made when the process starts to serve."""

    runtime: Runtime
    desk: Desk
    ring: KeyRing
    versions: Versions
    previews: Previews
    book: RuleBook = field(default_factory=RuleBook)

    @property
    def db(self) -> Database:
        """The database of the runtime."""
        return self.runtime.db


def served_by(request: Request) -> Served:
    """What `Application` made at its start."""
    served = request.app.state.served
    assert isinstance(served, Served)
    return served


ServedBy = Annotated[Served, Depends(served_by)]
