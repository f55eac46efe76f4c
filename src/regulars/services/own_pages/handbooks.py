"""The rules of the program in force, in plain words, for whoever wants to read them."""

from dataclasses import dataclass
from datetime import datetime

from regulars.domain.member_words.handbook import Handbook, handbook
from regulars.storage.database import Database
from regulars.storage.programs import Versions


@dataclass(frozen=True, slots=True)
class Told:
    """The rules as a version states them."""

    version: int
    time_zone: str
    money: str
    handbook: Handbook


def told(db: Database, versions: Versions, *, at: datetime, language: str) -> Told:
    """The rules in force at `at`. `language`: of LANGUAGES. Raises NoProgramInForce."""
    with db.transaction(versions.organization) as tx:
        plan = versions.read(tx).in_force(at)
    program = plan.program
    written = handbook(program, at, language)
    return Told(plan.version, program.zone.key, program.money, written)
