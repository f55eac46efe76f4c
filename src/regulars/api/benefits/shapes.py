"""Benefits in use as they stand in JSON."""

from collections.abc import Sequence

from msgspec import Struct

from regulars.api.answers import Instant
from regulars.domain.benefits.carrying import Carrier
from regulars.domain.benefits.grants import Grant
from regulars.domain.ids import GRANT, MEMBER, USE, encode
from regulars.domain.member_words.moves import tier_name
from regulars.domain.programs.benefits import Benefit
from regulars.domain.programs.model import Program
from regulars.domain.programs.phrases import name_in
from regulars.services.benefits.holding import Holdings, Usable
from regulars.services.benefits.using import Done
from regulars.storage.benefits.uses import Use


class BenefitQuotaAnswer(Struct, frozen=True):
    """How often it may be used. `per`: day, week, month, year, lifetime or grant. `left`: in this
    stretch. `renewed_at`: when the count begins anew; null: never."""

    uses: int
    per: str
    left: int
    renewed_at: Instant | None


class HeldBenefitAnswer(Struct, frozen=True):
    """A benefit as a member has it.

    `carrier`: by what: everyone, audience, tier, stage, tag or card; of what they were given: by
    person, rule, campaign and so on. `by`: which one, `by_name` in words. `quota` null: as often as
    one likes. `why_not`: used_up, not_now, frozen, by_itself (points back) or with_orders (capped
    by contribution); empty: it can be used now.
    """

    benefit: str
    name: str
    kind: str
    about: str
    carrier: str
    by: str
    by_name: str
    grant: str | None
    since: Instant | None
    until: Instant | None
    quota: BenefitQuotaAnswer | None
    why_not: str
    by_appointment: bool
    partner: str


class HeldBenefitsAnswer(Struct, frozen=True):
    """All benefits that a member has at an instant, in the order of the program."""

    member: str
    at: Instant
    items: Sequence[HeldBenefitAnswer]


class BenefitGrantAnswer(Struct, frozen=True):
    """A benefit that one member was given. `carrier`: person, rule, campaign and so on; `source`:
    which one. `uses` null: as often as the benefit says. `is_open`: it holds now."""

    grant: str
    member: str
    benefit: str
    name: str
    carrier: str
    source: str
    uses: int | None
    valid_from: Instant
    valid_until: Instant | None
    granted_by: str
    granted_at: Instant
    reason: str
    ended_at: Instant | None
    ended_by: str
    ended_why: str
    is_open: bool


class BenefitGrantPage(Struct, frozen=True):
    """Grants, the newest first."""

    items: list[BenefitGrantAnswer]
    next: str | None = None


class BenefitUseAnswer(Struct, frozen=True):
    """One use. `left`: how many are left in this stretch; null: as many as one likes."""

    use: str
    member: str
    benefit: str
    name: str
    grant: str | None
    how: str
    store: str
    reference: str
    used_at: Instant
    used_by: str
    restored_at: Instant | None
    left: int | None


class ListedUseAnswer(Struct, frozen=True):
    """One use of a benefit. `use` null: an order took it, which `order` names. `granted_by`: who
    gave the member the benefit; empty for one that comes by itself."""

    use: str | None
    order: str | None
    member: str
    benefit: str
    name: str
    amount: int
    how: str
    carrier: str
    grant: str | None
    granted_by: str
    used_at: Instant
    used_by: str
    store: str
    reference: str
    restored_at: Instant | None
    restored_by: str
    restored_why: str
    partner: str


class BenefitUsePage(Struct, frozen=True):
    """Uses, the newest first."""

    items: list[ListedUseAnswer]
    next: str | None = None


def benefit_name(program: Program | None, code: str, language: str) -> str:
    """What a benefit is called; its code where the program no longer has it."""
    for benefit in program.benefits if program is not None else ():
        if benefit.id == code:
            return name_in(language, benefit.name)
    return code


def tell_holdings(found: Holdings, language: str) -> HeldBenefitsAnswer:
    """What a member has."""
    program = found.plan.program
    items = [tell_usable(one, program, language) for one in found.items]
    return HeldBenefitsAnswer(encode(MEMBER, found.member_id), found.at, items)


def tell_usable(found: Usable, program: Program, language: str) -> HeldBenefitAnswer:
    """One benefit as a member has it."""
    one, benefit = found.held, found.held.benefit
    return HeldBenefitAnswer(
        benefit=benefit.id,
        name=name_in(language, benefit.name),
        kind=benefit.kind.value,
        about=name_in(language, benefit.about) if benefit.about else "",
        carrier=one.carrier,
        by=one.by,
        by_name=_by_name(one.carrier, one.by, program, language),
        grant=None if one.grant is None else encode(GRANT, one.grant.id),
        since=one.since,
        until=one.until,
        quota=_quota(found, benefit),
        why_not=found.why_not,
        by_appointment=benefit.by_appointment,
        partner=benefit.partner,
    )


def _quota(found: Usable, benefit: Benefit) -> BenefitQuotaAnswer | None:
    most, grant = found.held.limit.most, found.held.grant
    if most is None or found.left is None:
        return None
    per = benefit.quota.per.value if benefit.quota is not None else "grant"
    if grant is not None and grant.uses is not None:
        per = "grant"
    return BenefitQuotaAnswer(most, per, found.left, found.renewed_at)


def _by_name(carrier: str, by: str, program: Program, language: str) -> str:
    if carrier == Carrier.TIER:
        return tier_name(program, by, language)
    if carrier == Carrier.CARD and by in program.cards:
        return name_in(language, program.cards[by].name)
    if carrier == "rule":
        for rule in program.rules:
            if rule.id == by:
                return name_in(language, rule.name)
    return by


def tell_grant(
    found: Grant, program: Program | None, language: str, *, at: Instant
) -> BenefitGrantAnswer:
    """One grant."""
    return BenefitGrantAnswer(
        grant=encode(GRANT, found.id),
        member=encode(MEMBER, found.member_id),
        benefit=found.benefit,
        name=benefit_name(program, found.benefit, language),
        carrier=found.carrier,
        source=found.source,
        uses=found.uses,
        valid_from=found.valid_from,
        valid_until=found.valid_until,
        granted_by=found.granted_by,
        granted_at=found.granted_at,
        reason=found.reason,
        ended_at=found.ended_at,
        ended_by=found.ended_by,
        ended_why=found.ended_why,
        is_open=found.is_open(at),
    )


def tell_done(found: Done, language: str) -> BenefitUseAnswer:
    """A use as it was just made."""
    return tell_use(found.use, found.plan.program, language, left=found.left)


def tell_use(
    use: Use, program: Program | None, language: str, *, left: int | None
) -> BenefitUseAnswer:
    """One use outside orders."""
    return BenefitUseAnswer(
        use=encode(USE, use.id),
        member=encode(MEMBER, use.member_id),
        benefit=use.benefit,
        name=benefit_name(program, use.benefit, language),
        grant=None if use.grant_id is None else encode(GRANT, use.grant_id),
        how=use.how,
        store=use.store,
        reference=use.reference,
        used_at=use.used_at,
        used_by=use.used_by,
        restored_at=use.restored_at,
        left=left,
    )
