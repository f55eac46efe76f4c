"""What decisions do beside points: grants, coupons and notices, written with them set-wise."""

import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime

from regulars.domain.benefits.announcing import is_news, notices_of
from regulars.domain.benefits.grants import NewGrant
from regulars.domain.coupons.announcing import received
from regulars.domain.coupons.codes import BITS, code_of
from regulars.domain.coupons.ready import span_of
from regulars.domain.coupons.templates import Template
from regulars.domain.explanations import Explanation, Granted
from regulars.domain.programs.effects import EffectKind
from regulars.services.intake.batch import Batch, event_of, purchase_key
from regulars.storage import notices
from regulars.storage.benefits import grants
from regulars.storage.coupons import issuing
from regulars.storage.events import Recorded
from regulars.storage.notices import NewNotice

BY = "rule"
"""Carrier of grants and source of coupons that rules give."""

_BENEFIT, _COUPON = EffectKind.BENEFIT.value, EffectKind.COUPON.value

Given = tuple[Recorded, Granted]
Decided = Sequence[tuple[Recorded, Explanation]]


def write(batch: Batch) -> None:
    """Write what the decisions of the batch did beside points. The ledger's rows are there."""
    decided = [(recorded, decision.explanation) for recorded, decision in batch.decided]
    given = [(recorded, one) for recorded, told in decided for one in told.granted]
    if given:
        _grant(batch, [one for one in given if one[1].kind == _BENEFIT])
        _issue(batch, decided)
    _revoke(batch, decided)
    told = [
        (recorded, explanation)
        for recorded, explanation in decided
        if (explanation.tiers or explanation.benefits or explanation.granted)
        and is_news(recorded.occurred_at, batch.now)
        and not batch.touched[recorded.member_id].is_erased
    ]
    if told:
        notices.insert(batch.tx, batch.organization, _notices(batch, told))


def _grant(batch: Batch, given: list[Given]) -> None:
    rows = [
        NewGrant(
            member_id=recorded.member_id,
            benefit=one.what,
            carrier=BY,
            source=one.rule,
            event_id=recorded.id,
            valid_from=recorded.occurred_at,
            valid_until=one.until,
            granted_at=batch.now,
            granted_by=f"{BY}:{one.rule}",
        )
        for recorded, one in given
    ]
    if rows:
        grants.insert(batch.tx, batch.organization, rows)


def _issued(batch: Batch, decided: Decided) -> Iterator[tuple[Recorded, Granted, Template]]:
    """The coupons that are given out. The purchase is not refused for one that is not: its
    explanation says why."""
    for recorded, told in decided:
        for one in told.granted:
            if one.kind == _COUPON and one.what not in told.missed:
                template = batch.templates[one.what]
                assert template is not None, "what there is not is missed"
                yield recorded, one, template


def _issue(batch: Batch, decided: Decided) -> None:
    rows = [
        issuing.Issue(
            template_id=template.id,
            code=code_of(template.prefix, secrets.randbits(BITS)),
            member_id=recorded.member_id,
            source=BY,
            issued_at=batch.now,
            by=f"{BY}:{one.rule}",
            valid=_span(batch, recorded, one, template),
            event_id=recorded.id,
        )
        for recorded, one, template in _issued(batch, decided)
    ]
    issuing.issue(batch.tx, batch.organization, rows)


def _span(
    batch: Batch, recorded: Recorded, one: Granted, template: Template
) -> tuple[datetime | None, datetime | None]:
    zone = batch.table.version(recorded.version).program.zone
    start, end = span_of(template.terms, recorded.occurred_at, zone)
    ends = [until for until in (end, one.until) if until is not None]
    return start, min(ends, default=None)


def _revoke(batch: Batch, decided: Decided) -> None:
    """Take back what purchases had brought that came back whole, as far as it is not used."""
    returned = [recorded for recorded, told in decided if told.revoked]
    if not returned:
        return
    purchases = [batch.bought[purchase_key(event_of(one))][1].event_id for one in returned]
    grants.end_of_events(
        batch.tx, batch.organization, purchases, at=batch.now, by=BY, why="returned"
    )
    issuing.revoke_of_events(batch.tx, batch.organization, purchases)


def _notices(batch: Batch, told: Decided) -> list[NewNotice]:
    rows: list[NewNotice] = []
    for recorded, explanation in told:
        plan = batch.table.version(recorded.version)
        found = list(notices_of(plan, explanation))
        for _, one, template in _issued(batch, [(recorded, explanation)]):
            found.append(received(template, _span(batch, recorded, one, template)[1], source=BY))
        rows += [
            NewNotice(
                member_id=recorded.member_id,
                kind=kind,
                at=batch.now,
                params=params,
                event_id=recorded.id,
            )
            for kind, params in found
        ]
    return rows
