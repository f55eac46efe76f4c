"""Benefits and coupons for many members at once, in PostgreSQL: what was asked for, and how far it
is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from regulars.domain.plans import Plan
from regulars.domain.runs.runs import RunKind, RunWish
from regulars.storage.database import Tx

_COLUMNS = """
id, kind, benefit, template_id, condition, uses, valid_from, valid_until, reason, asked_by,
asked_at, request_key, state, last_member, through_member, granted, skipped, ended_at, refusal
"""

# Who enrols later is not among them.
INSERT = f"""
insert into grant_run (organization_id, kind, benefit, template_id, condition, uses, valid_from,
                       valid_until, reason, asked_by, asked_at, request_key, state, through_member)
values (%(organization)s, %(kind)s, %(benefit)s, %(template)s, %(condition)s, %(uses)s,
        %(valid_from)s, %(valid_until)s, %(reason)s, %(by)s, %(at)s, %(key)s, 'waiting',
        coalesce((select max(id) from member where organization_id = %(organization)s), 0))
returning {_COLUMNS}
"""  # noqa: S608  # only the constant above is put in

GET = f"""
select {_COLUMNS} from grant_run where organization_id = %s and kind = %s and id = %s
"""  # noqa: S608

ASKED = f"""
select {_COLUMNS} from grant_run
where organization_id = %s and asked_by = %s and request_key = %s
"""  # noqa: S608

PAGE = f"""
select {_COLUMNS} from grant_run
where organization_id = %(organization)s and kind = %(kind)s and id < %(before)s
    and (%(template)s::bigint is null or template_id = %(template)s)
order by id desc
limit %(limit)s
"""  # noqa: S608

# One worker at a time is at a run; another finds it taken and goes on. Coupons of a template that
# is paused wait until it is active again.
NEXT = f"""
select {_COLUMNS} from grant_run
where organization_id = %s and state = 'waiting' and not exists (
        select from coupon_template
        where coupon_template.id = template_id and coupon_template.state = 'paused'
    )
order by id
limit 1
for update skip locked
"""  # noqa: S608

ADVANCE = """
update grant_run
set last_member = %(last)s, granted = granted + %(granted)s, skipped = %(skipped)s,
    state = %(state)s, ended_at = case when %(state)s = 'waiting' then null else %(at)s end,
    refusal = %(refusal)s
where organization_id = %(organization)s and id = %(id)s and state = 'waiting'
"""

STOP = """
update grant_run set state = 'stopped', ended_at = %s
where organization_id = %s and kind = %s and id = %s and state = 'waiting'
"""

LAST = 2**63 - 1


_encode = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.Decoder(dict[str, int]).decode


@dataclass(frozen=True, slots=True)
class Run:
    """Something for all of whom a condition holds. `state`: waiting, done, stopped or failed;
    `refusal`: the code why it failed, or was done before all were looked at. `skipped`: how many of
    them did not get it, by the reason's code."""

    id: int
    kind: RunKind
    benefit: str
    template_id: int | None
    condition: str
    uses: int | None
    valid_from: datetime
    valid_until: datetime | None
    reason: str
    asked_by: str
    asked_at: datetime
    request_key: str
    state: str
    last_member: int
    through_member: int
    granted: int
    skipped: Mapping[str, int]
    ended_at: datetime | None
    refusal: str

    @property
    def share(self) -> float:
        """How much of the members was looked at, 0 to 1."""
        is_over = self.state == "done" and not self.refusal
        if is_over or not self.through_member:
            return 1.0
        return min(self.last_member / self.through_member, 1.0)


@dataclass(frozen=True, slots=True)
class Part:
    """The next members of a run that is locked, by their numbers, and the program in force."""

    organization: int
    plan: Plan
    run: Run
    members: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRun:
    """A run to keep. `valid_from`, `valid_until`: of each thing that is given."""

    wish: RunWish
    valid_from: datetime
    valid_until: datetime | None
    by: str
    at: datetime
    key: str


def insert(tx: Tx, organization: int, new: NewRun) -> Run:
    """Write what is asked for. Raises UniqueViolation for the same key at the same moment."""
    wish = new.wish
    asked = {
        "organization": organization, "kind": wish.kind.value, "benefit": wish.benefit,
        "template": wish.template_id, "condition": wish.condition, "uses": wish.uses,
        "valid_from": new.valid_from, "valid_until": new.valid_until, "reason": wish.reason,
        "by": new.by, "at": new.at, "key": new.key,
    }  # fmt: skip
    found = _one(tx.execute(INSERT, asked).fetchone())
    assert found is not None
    return found


def get(tx: Tx, organization: int, kind: RunKind, number: int) -> Run | None:
    """One run; None for none."""
    return _one(tx.execute(GET, [organization, kind.value, number]).fetchone())


def asked_before(tx: Tx, organization: int, by: str, key: str) -> Run | None:
    """What this caller asked for under this key; None for nothing."""
    return _one(tx.execute(ASKED, [organization, by, key]).fetchone())


def page(
    tx: Tx, organization: int, kind: RunKind, *, template_id: int | None, before: int | None,
    limit: int,
) -> list[Run]:  # fmt: skip
    """Runs, the newest first. `template_id`: only those that give coupons of this template."""
    asked = {
        "organization": organization, "kind": kind.value, "template": template_id,
        "before": LAST if before is None else before, "limit": limit,
    }  # fmt: skip
    return [_run(row) for row in tx.execute(PAGE, asked)]


def next_waiting(tx: Tx, organization: int) -> Run | None:
    """The oldest run that nobody is at, locked until the transaction ends."""
    return _one(tx.execute(NEXT, [organization]).fetchone())


def advance(
    tx: Tx, organization: int, run: Run, *, last: int, granted: int, skipped: Mapping[str, int],
    state: str, at: datetime, refusal: str = "",
) -> None:  # fmt: skip
    """Note how far a locked run has come: so many more got it. `skipped`: of all parts."""
    asked = {
        "organization": organization, "id": run.id, "last": last, "granted": granted,
        "skipped": _encode(skipped).decode(), "state": state, "at": at, "refusal": refusal,
    }  # fmt: skip
    tx.execute(ADVANCE, asked)


def stop(tx: Tx, organization: int, kind: RunKind, number: int, at: datetime) -> bool:
    """Let a run go no further; whether it was going."""
    return tx.execute(STOP, [at, organization, kind.value, number]).rowcount == 1


def _one(row: Sequence[Any] | None) -> Run | None:
    return None if row is None else _run(row)


def _run(row: Sequence[Any]) -> Run:
    told = dict(zip(Run.__slots__, row, strict=True))
    told |= {"kind": RunKind(told["kind"]), "skipped": _decode(told["skipped"])}
    return Run(**told)
