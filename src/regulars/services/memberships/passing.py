"""What time does to paid cards: reminders, renewals in points, ends. Nobody's benefits wait for it:
what a card brings follows from the clock."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from regulars.domain.audit import by_system
from regulars.domain.errors import NoProgramInForce, RegularsError
from regulars.domain.limits.limits import Owner
from regulars.domain.notices.kinds import NoticeKind
from regulars.domain.periods import add
from regulars.domain.plans import Plan
from regulars.services.memberships import reading, selling, writing
from regulars.services.memberships.house import House
from regulars.services.memberships.selling import Sale
from regulars.storage import notices
from regulars.storage.database import Tx
from regulars.storage.limits import reservations
from regulars.storage.memberships import due
from regulars.storage.memberships.due import Due
from regulars.storage.notices import NewNotice

TOGETHER = 500
RENEWED_AHEAD = timedelta(days=1)
"""How long before its end a card is renewed by itself, so that there is time to say that it was
not."""


@dataclass(slots=True)
class Passed:
    """What one look has done."""

    reminded: int = 0
    renewed: int = 0
    not_renewed: int = 0
    ended: int = 0


def look(house: House, now: datetime) -> Passed:
    """Remind, renew and close what is due at `now`. Safe to repeat, and to run in several processes
    at once."""
    with house.db.transaction(house.organization) as tx:
        if not due.is_any_open(tx, house.organization):
            return Passed()
        try:
            plan = house.versions.read(tx).in_force(now)
        except NoProgramInForce:
            return Passed()
    return _Look(house, plan, now).all()


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at an organization's cards."""

    house: House
    plan: Plan
    now: datetime

    def all(self) -> Passed:
        done = Passed()
        for code in self.plan.program.cards:
            done.reminded += self._batches(partial(self._remind, code))
        self._renew(done)
        done.ended = self._batches(self._expire)
        return done

    def _batches(self, work: Callable[[Tx], int]) -> int:
        """Batch by batch, each in a transaction of its own."""
        total = 0
        while True:
            count = self.house.db.retrying(self.house.organization, work)
            total += count
            if count < TOGETHER:
                return total

    def _remind(self, code: str, tx: Tx) -> int:
        span = self.plan.program.cards[code].remind
        if span is None:
            return 0
        soon = add(self.now, span, self.plan.program.zone)
        organization = self.house.organization
        found = due.remind(tx, organization, code, soon=soon, now=self.now, limit=TOGETHER)
        self._tell(tx, found, NoticeKind.CARD_ENDS_SOON)
        if found:
            writing.write(self.house, tx, found, self.plan.program, self.now)
        return len(found)

    def _expire(self, tx: Tx) -> int:
        organization, now = self.house.organization, self.now
        found = due.expire(tx, organization, now, limit=TOGETHER)
        if found:
            people = due.close_families(tx, organization, [one.id for one in found], now)
            seats = [(Owner.SEAT, person) for person, member in people if member is not None]
            if seats:
                reservations.restore(tx, organization, seats, now)
            self._tell(tx, found, NoticeKind.CARD_ENDED)
        return len(found)

    def _renew(self, done: Passed) -> None:
        """Renew what is paid for in points, one by one: each is a transaction of its own."""
        after, organization = 0, self.house.organization
        soon = self.now + RENEWED_AHEAD
        while True:
            with self.house.db.transaction(organization) as tx:
                found = due.to_renew(
                    tx, organization, soon=soon, now=self.now, after=after, limit=TOGETHER
                )
            for one in found:
                if self._is_renewed(one):
                    done.renewed += 1
                else:
                    done.not_renewed += 1
            if len(found) < TOGETHER:
                return
            after = found[-1].id

    def _is_renewed(self, one: Due) -> bool:
        house, now, by = self.house, self.now, by_system(self.house.organization)
        key = f"auto:{one.id}:{one.until.isoformat()}"
        try:
            sold = selling.renew(house, one.id, Sale(pay="points"), key=key, by=by, now=now)
        except RegularsError:
            # Too few points, or no longer sold: it ends with its term, and they are told.
            reading.set_renews(house, one.id, renews=False, by=by, now=now)
            told, kind, is_renewed = one, NoticeKind.CARD_NOT_RENEWED, False
        else:
            until = sold.membership.until
            told, kind, is_renewed = replace(one, until=until), NoticeKind.CARD_RENEWED, True
        with house.db.transaction(house.organization) as tx:
            self._tell(tx, [told], kind)
        return is_renewed

    def _tell(self, tx: Tx, found: Sequence[Due], kind: NoticeKind) -> None:
        cards = self.plan.program.cards
        rows = [
            NewNotice(
                member_id=one.member_id,
                kind=kind,
                at=self.now,
                params={
                    "card": cards[one.card].name if one.card in cards else {"en": one.card},
                    "until": one.until.isoformat(),
                    "renews": one.renews,
                },
                key=f"{kind}:{one.id}:{one.until.isoformat()}",
            )
            for one in found
        ]
        notices.insert(tx, self.house.organization, rows)
