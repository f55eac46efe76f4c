"""From what the services return to the answers of the reading routes."""

from collections.abc import Iterable

from msgspec import Raw

from regulars.api import shapes
from regulars.api.answers import LotAnswer, TierMoveAnswer, tier_answer
from regulars.api.explaining.following import tell_following
from regulars.domain.ids import EVENT, HOLD, LOT, MEMBER, TRANSFER, encode, is_veiled
from regulars.domain.member_words.ladder import is_money, need_words
from regulars.domain.names import outside
from regulars.domain.plans import Plan, Timetable
from regulars.domain.programs.model import Program
from regulars.domain.programs.phrases import name_in
from regulars.domain.programs.rule_words import describe
from regulars.domain.reasons import reason_words
from regulars.domain.rosters.asking import status_of
from regulars.domain.tiers import Missing
from regulars.services.members import Card
from regulars.services.members import Standing as TierStanding
from regulars.services.points import CurrencyBalance, Movement, OpenLot
from regulars.storage.balances import HeldSince, Posted
from regulars.storage.events import Recorded, decode_explanation
from regulars.storage.merging.members import Standing
from regulars.storage.programs import Published


class RuleBook:
    """Names and sentences of rules, worked out once: published versions never change."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str, str], tuple[str, str]] = {}

    def words(self, plan: Plan, rule_id: str, language: str) -> tuple[str, str]:
        """The rule's name and the rule as a sentence."""
        key = (plan.version, rule_id, language)
        words = self._known.get(key)
        if words is None:
            rule = plan.by_id[rule_id].rule
            words = name_in(language, rule.name), describe(rule, plan.program, language)
            self._known[key] = words
        return words


def tell_member(card: Card) -> shapes.MemberAnswer:
    """A member."""
    return shapes.MemberAnswer(
        member=encode(MEMBER, card.member.id),
        enrolled_at=card.member.enrolled_at,
        tier=card.tier or None,
        attributes=card.member.attributes,
        identities=tell_identities(card.identities),
        status=tell_status(card.standing),
        frozen_at=card.standing.frozen_at,
        frozen_reason=card.standing.frozen_reason,
        restricted_at=card.standing.restricted_at,
        erased_at=card.standing.erased_at,
        merged=[encode(MEMBER, number) for number in card.merged],
    )


def tell_identities(names: Iterable[tuple[str, str]]) -> list[shapes.IdentityAnswer]:
    """The ids by which a member is known, but for those with which one signs in."""
    return [shapes.IdentityAnswer(*one) for one in names if not is_veiled(one[0])]


def tell_status(standing: Standing) -> str:
    """What a member is, in one word."""
    return status_of(
        erased_at=standing.erased_at,
        merged_into=standing.merged_into,
        restricted_at=standing.restricted_at,
        frozen_at=standing.frozen_at,
    ).value


def tell_balance(found: CurrencyBalance) -> shapes.BalanceAnswer:
    """One currency."""
    has = found.balance
    lapse = None if found.lapsing is None else shapes.LapseAnswer(*found.lapsing)
    return shapes.BalanceAnswer(
        found.currency, found.kind, has.available, has.pending, has.held, has.owed, lapse
    )


def tell_lot(found: OpenLot) -> shapes.OpenLotAnswer:
    """One lot."""
    lot = found.lot
    return shapes.OpenLotAnswer(
        lot=encode(LOT, lot.id),
        event=encode(EVENT, lot.event_id),
        currency=lot.currency,
        amount=lot.amount,
        remaining=lot.remaining,
        earned_at=found.earned_at,
        available_at=lot.available_at,
        lapses_at=found.lapses_at,
        available=found.is_available,
    )


def tell_transfer(posted: Posted) -> shapes.TransferAnswer:
    """One transfer."""
    return shapes.TransferAnswer(
        transfer=encode(TRANSFER, posted.id),
        event=encode(EVENT, posted.event_id),
        currency=posted.currency,
        code=posted.code,
        amount=posted.amount,
        debit=posted.debit,
        credit=posted.credit,
        effective_at=posted.effective_at,
        recorded_at=posted.recorded_at,
    )


def tell_hold(held: HeldSince) -> shapes.HoldAnswer:
    """One hold."""
    hold = held.hold
    return shapes.HoldAnswer(
        encode(HOLD, hold.id), hold.currency, hold.amount, held.opened_at, hold.expires_at
    )


def tell_movement(movement: Movement) -> shapes.MovementAnswer:
    """What an operation did."""
    event = movement.event
    return shapes.MovementAnswer(
        event=encode(EVENT, event.id),
        id=event.external_id,
        type=event.type,
        member=encode(MEMBER, event.member_id),
        time=event.occurred_at,
        program_version=event.version,
        transfers=[tell_transfer(posted) for posted in movement.transfers],
        hold=None if movement.hold is None else tell_hold(movement.hold),
    )


def tell_standing(found: TierStanding, language: str) -> shapes.StandingAnswer:
    """Where a member stands."""
    tier, way = found.tier, found.progress
    return shapes.StandingAnswer(
        member=encode(MEMBER, found.member_id),
        as_of=found.at,
        tier=tier.tier if tier else None,
        name=tier_name(found.program, tier.tier, language) if tier else None,
        since=tier.since if tier else None,
        until=tier.until if tier else None,
        grace_until=tier.grace_until if tier else None,
        review_at=tier.review_at if tier else None,
        metrics=way.values if way else {},
        to_next=[_way(found.program, one, language) for one in way.to_next] if way else [],
        to_keep=[_way(found.program, one, language) for one in way.to_keep] if way else [],
        history=[
            TierMoveAnswer(move.old, move.new, move.at, move.why, move.until)
            for move in found.history
        ],
    )


def _way(program: Program, missing: Missing, language: str) -> shapes.WayAnswer:
    return shapes.WayAnswer(
        missing.tier,
        tier_name(program, missing.tier, language),
        [_need(program, *need, language) for need in missing.needs],
    )


def _need(
    program: Program, metric: str, needed: int, there: int, language: str
) -> shapes.NeedAnswer:
    says = need_words(program, metric, needed, language)
    money = program.money if is_money(program, metric) else None
    return shapes.NeedAnswer(metric, needed, there, max(needed - there, 0), says, money)


def tier_name(program: Program, code: str, language: str) -> str:
    """A tier's name; its code where the program in force no longer has it."""
    for tier in program.ladder.tiers if program.ladder else ():
        if tier.code == code:
            return name_in(language, tier.name)
    return code


def tell_happening(event: Recorded) -> shapes.HappeningAnswer:
    """An event in brief."""
    told = decode_explanation(event.decision)
    return shapes.HappeningAnswer(
        event=encode(EVENT, event.id),
        id=event.external_id,
        source=event.source,
        type=event.type,
        time=event.occurred_at,
        received_at=event.received_at,
        status=event.status,
        program_version=event.version,
        earned=told.earned,
        taken_back=told.taken,
        tier=tier_answer(told.tier, told.tiers),
    )


def tell_record(
    event: Recorded, table: Timetable, book: RuleBook, *, language: str
) -> shapes.RecordAnswer:
    """An event with everything about it."""
    told = decode_explanation(event.decision)
    plan = table.version(event.version)
    reasons = []
    for rule, points, reason in told.rules:
        name, says = book.words(plan, rule, language)
        detail = reason_words(reason, language)
        reasons.append(shapes.ReasonAnswer(rule, name, says, points, bool(points), reason, detail))
    return shapes.RecordAnswer(
        event=encode(EVENT, event.id),
        id=event.external_id,
        source=event.source,
        sent_by=outside(event.sent_by) or None,
        type=event.type,
        member=encode(MEMBER, event.member_id),
        time=event.occurred_at,
        received_at=event.received_at,
        status=event.status,
        program_version=event.version,
        data=Raw(event.payload.encode()),
        earned=told.earned,
        lots=[LotAnswer(*lot) for lot in told.lots],
        tier=tier_answer(told.tier, told.tiers),
        taken_back=told.taken,
        owed=told.owed,
        waived=told.waived,
        hold=encode(HOLD, told.hold) if told.hold else None,
        refused=told.refused or None,
        follows=tell_following(told, language, plan),
        explanation=reasons,
    )


def tell_version(published: Published) -> shapes.VersionAnswer:
    """One version."""
    return shapes.VersionAnswer(
        published.version, published.in_force_from, published.published_at, published.note
    )


def tell_program(published: Published, program: Program, language: str) -> shapes.ProgramAnswer:
    """A version with its text and its rules in words."""
    currencies, tiers = program.currencies, program.ladder.tiers if program.ladder else ()
    return shapes.ProgramAnswer(
        version=published.version,
        in_force_from=published.in_force_from,
        published_at=published.published_at,
        note=published.note,
        program=program.code,
        name=name_in(language, program.name),
        time_zone=program.zone.key,
        money=program.money,
        currencies=list(currencies),
        tiers=[tier.code for tier in tiers],
        names={one.code: name_in(language, one.name) for one in tiers}
        | {code: name_in(language, one.name) for code, one in currencies.items()},
        rules=[
            shapes.RuleInWords(
                rule.id, name_in(language, rule.name), describe(rule, program, language)
            )
            for rule in program.rules
        ],
        document=published.document,
    )
