"""Codes in bulk: asked for, made by a run in a process of its own, fetched, frozen, revoked."""

import secrets
from collections.abc import Callable, Iterator
from datetime import datetime

import msgspec
from msgspec import Struct

from regulars.domain.audit import By, Deed
from regulars.domain.coupons.codes import BITS, code_of, grouped
from regulars.domain.coupons.refusals import BatchNotFound, CouponStateWrong, TemplateNotFound
from regulars.domain.coupons.templates import TemplateState
from regulars.domain.errors import IdempotencyKeyReused
from regulars.domain.finance.jobs import MOST_WAITING, Kind
from regulars.domain.finance.refusals import FileNotReady, RunsBusy
from regulars.services.coupons.house import House
from regulars.storage import audit, organizations
from regulars.storage.coupons import batches, templates
from regulars.storage.coupons.batches import ROWS_TOGETHER, Batch
from regulars.storage.database import Database, Tx
from regulars.storage.finance import jobs

MOST_CODES = 5_000_000
"""In one batch."""

BYTES_OF_A_DRAW = 7
_SURPLUS = BYTES_OF_A_DRAW * 8 - BITS


class CodesOrder(Struct, frozen=True):
    """Make the codes of a batch that are still to be made."""

    batch: int


class CodesResult(Struct, frozen=True):
    """How many codes there are."""

    codes: int


def ask(
    house: House, number: int, *, size: int, note: str, key: str, by: By, now: datetime
) -> tuple[Batch, bool]:
    """Ask for codes of a template; and whether they are asked for only now. Safe to repeat under
    the same key. Raises TemplateNotFound, RunsBusy, IdempotencyKeyReused, CouponStateWrong."""
    organization = house.organization
    with house.db.transaction(organization) as tx:
        organizations.lock(tx, organization)
        known = batches.asked_for(tx, organization, by.actor, key)
        if known is not None:
            batch = _must(tx, organization, known)
            if (batch.template_id, batch.size, batch.note) != (number, size, note):
                raise IdempotencyKeyReused
            return batch, False
        template = templates.get(tx, organization, number)
        if template is None:
            raise TemplateNotFound
        if template.state is TemplateState.ENDED:
            raise CouponStateWrong("The template has ended: no codes are made of it any more.")
        if len(jobs.under_way(tx, organization, Kind.CODES)) >= MOST_WAITING:
            raise RunsBusy
        made = batches.put(
            tx, organization, template_id=number, size=size, note=note, by=by.actor, key=key,
            now=now,
        )  # fmt: skip
        request = msgspec.json.encode(CodesOrder(made)).decode()
        job = jobs.put(tx, organization, Kind.CODES, request, by=by.actor, now=now)
        batches.set_job(tx, organization, made, job.id)
        after = {"template": f"coupon_template:{number}", "size": size}
        deed = Deed("coupon_batch.requested", f"coupon_batch:{made}", after=after)
        audit.record(tx, by, [deed], now)
        return _must(tx, organization, made), True


def make(
    db: Database, organization: int, order: CodesOrder, *, told: Callable[[int, int], None],
    now: datetime,
) -> CodesResult:  # fmt: skip
    """Make the codes that are still to be made, some at a time: each lot is there with the count
    that tells of it, so that a run that was lost is gone on with."""
    done = size = 0
    while True:
        with db.transaction(organization) as tx:
            batch = _must(tx, organization, order.batch)
            template_id, left = batches.left(tx, organization, order.batch)
            size, done = batch.size, batch.size - left
            if left:
                template = templates.get(tx, organization, template_id)
                assert template is not None, "codes are of a template"
                fresh = list(drawn(template.prefix, min(left, ROWS_TOGETHER)))
                done += batches.add(
                    tx, organization, batch.id, template_id, fresh, by=batch.made_by, now=now
                )
        told(done, size)
        if done >= size:
            return CodesResult(done)


def drawn(prefix: str, count: int) -> Iterator[str]:
    """Codes that nobody guesses."""
    chance = secrets.token_bytes(count * BYTES_OF_A_DRAW)
    for place in range(0, len(chance), BYTES_OF_A_DRAW):
        number = int.from_bytes(chance[place : place + BYTES_OF_A_DRAW])
        yield code_of(prefix, number >> _SURPLUS)


def get(house: House, number: int) -> Batch:
    """One batch: how far it is. Raises BatchNotFound."""
    with house.db.transaction(house.organization) as tx:
        return _must(tx, house.organization, number)


def listed(house: House, template: int, *, before: int | None, limit: int) -> list[Batch]:
    """The batches of a template, newest first. Raises TemplateNotFound."""
    with house.db.transaction(house.organization) as tx:
        if templates.get(tx, house.organization, template) is None:
            raise TemplateNotFound
        return batches.page(tx, house.organization, template, before=before, limit=limit)


def set_state(house: House, number: int, state: str, *, why: str, by: By, now: datetime) -> Batch:
    """Freeze, unfreeze or revoke all codes of a batch at once; revoked is for good. Safe to repeat.

    Raises BatchNotFound, CouponStateWrong.
    """
    organization = house.organization
    with house.db.transaction(organization) as tx:
        batch = _must(tx, organization, number)
        if batch.state == state:
            return batch
        if not batches.set_state(tx, organization, number, state, why=why):
            raise CouponStateWrong("What is revoked stays revoked.")
        deed = Deed(
            "coupon_batch.moved", f"coupon_batch:{number}", purpose=why,
            before={"state": batch.state}, after={"state": state},
        )  # fmt: skip
        audit.record(tx, by, [deed], now)
        return _must(tx, organization, number)


def fetch(house: House, number: int, *, by: By, now: datetime) -> Iterator[bytes]:
    """All codes of a batch as CSV, piece by piece; put on record first. Raises BatchNotFound,
    FileNotReady while codes are still to be made."""
    organization = house.organization
    with house.db.transaction(organization) as tx:
        batch = _must(tx, organization, number)
        if batch.made < batch.size:
            raise FileNotReady("The codes are not all made yet. Look again in a moment.")
        audit.record(tx, by, [Deed("coupon_batch.fetched", f"coupon_batch:{number}")], now)
    return _rows(house.db, organization, number)


def _rows(db: Database, organization: int, number: int) -> Iterator[bytes]:
    yield b"code,printed,taken\r\n"
    after = 0
    while True:
        with db.transaction(organization) as tx:
            found = list(
                batches.codes_of(tx, organization, number, after=after, limit=ROWS_TOGETHER)
            )
        if not found:
            return
        after = found[-1][0]
        lines = [f"{code},{grouped(code)},{'yes' if taken else 'no'}" for _, code, taken in found]
        yield ("\r\n".join(lines) + "\r\n").encode()


def _must(tx: Tx, organization: int, number: int) -> Batch:
    found = batches.get(tx, organization, number)
    if found is None:
        raise BatchNotFound
    return found
