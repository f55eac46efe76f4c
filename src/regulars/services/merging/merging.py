"""Two members who are one person are made one: points, names and counts go to the survivor."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec import structs

from regulars.domain.access import Kind
from regulars.domain.audit import By, Deed
from regulars.domain.envelopes import Arrival, arrive
from regulars.domain.errors import MemberNotFound
from regulars.domain.estates.legacies import Legacy
from regulars.domain.events import Event
from regulars.domain.ids import MemberRef, write_ref
from regulars.domain.members import Member
from regulars.domain.merging.handing_over import left_by
from regulars.domain.merging.refusals import MergeRefused
from regulars.domain.operations import PREFIX, MergeIn, MergeOut, Operation, type_of
from regulars.domain.personal import filled
from regulars.domain.plans import Plan
from regulars.domain.profiles import PROVEN_AT, KeptProfile
from regulars.storage import audit, balances, credentials, ledger, members, profiles, sessions
from regulars.storage.database import RACES, Database, Tx
from regulars.storage.merging import members as merging
from regulars.storage.programs import Versions
from regulars.storage.sealing import Cabinet

SOURCE = PREFIX + "merge"

Take = Callable[[Tx, Arrival, datetime], object]
"""Decides and records one event within the transaction: the engine that all events go through."""


@dataclass(frozen=True, slots=True)
class House:
    """What it takes to make two members one."""

    db: Database
    cabinet: Cabinet
    versions: Versions
    take: Take


@dataclass(frozen=True, slots=True)
class Gain:
    """What the survivor gets of one currency."""

    currency: str
    available: int = 0
    pending: int = 0
    owed: int = 0
    lots: int = 0


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge does, or did. `tier`: the survivor's before and after; "" without tiers.

    `systems`: by whose ids the survivor is found from then on. `fields`: of the profile, that the
    survivor had not; never what they say. `is_repeat`: it was done before.
    """

    survivor_id: int
    duplicate_id: int
    gains: Sequence[Gain] = ()
    tier: tuple[str, str] = ("", "")
    systems: Sequence[str] = ()
    fields: Sequence[str] = ()
    attributes: Sequence[str] = ()
    sessions: int = 0
    is_repeat: bool = False


@dataclass(frozen=True, slots=True)
class _Pair:
    """The two of them, locked."""

    survivor: Member
    duplicate: Member


def preview(
    house: House, survivor: MemberRef, duplicate: MemberRef, *, by: By, now: datetime
) -> Merged:
    """What a merge would do: it is done, and taken back. Raises MergeRefused, MemberNotFound."""
    with house.db.transaction(house.versions.organization) as tx:
        told = _merge(house, tx, survivor, duplicate, reason="", by=by, now=now)
        tx.rollback()
    return told


def merge(
    house: House, survivor: MemberRef, duplicate: MemberRef, *, reason: str, by: By, now: datetime
) -> Merged:
    """Make the duplicate one with the survivor, in one transaction; it cannot be undone.

    Points go as they are, each lot with its own expiry; what is counted adds up; the higher tier
    stays, and may rise by the program's rules. All that named the duplicate names the survivor.
    What the duplicate did stays on record as theirs. Safe to repeat, by our own ids.
    Raises MergeRefused, MemberNotFound, NoProgramInForce.
    """

    def work(tx: Tx) -> Merged:
        return _merge(house, tx, survivor, duplicate, reason=reason, by=by, now=now)

    return house.db.retrying(house.versions.organization, work, retry_on=RACES)


def _merge(
    house: House, tx: Tx, survivor: MemberRef, duplicate: MemberRef, *, reason: str, by: By,
    now: datetime,
) -> Merged:  # fmt: skip
    organization = house.versions.organization
    done = _done_before(tx, organization, survivor, duplicate)
    if done is not None:
        return done
    pair = _locked(tx, organization, survivor, duplicate)
    plan = house.versions.read(tx).in_force(now)
    legacy = _legacy(tx, organization, plan, pair.duplicate, now)
    _record(house, tx, pair, legacy, reason=reason, now=now)
    systems = merging.systems(tx, organization, pair.duplicate.id)
    numbers = {"survivor": pair.survivor.id, "duplicate": pair.duplicate.id}
    merging.hand_over(tx, organization, **numbers, at=now)
    fields = _join_profiles(house, tx, pair, now)
    ended = _end_sessions(tx, organization, pair.duplicate.id, now)
    after = members.read(tx, organization, [pair.survivor.id])[pair.survivor.id]
    told = Merged(
        pair.survivor.id,
        pair.duplicate.id,
        _gains(legacy, now),
        (_tier(pair.survivor), _tier(after)),
        systems,
        fields,
        sorted(legacy.attributes.keys() - pair.survivor.attributes.keys()),
        ended,
    )
    _put_on_record(tx, by, told, reason, now)
    return told


def _done_before(
    tx: Tx, organization: int, survivor: MemberRef, duplicate: MemberRef
) -> Merged | None:
    """The merge of these two, where it was done: by our ids, which go on to tell them apart."""
    wanted = members.must_get(tx, organization, survivor).id
    if duplicate.id is None or duplicate.id == wanted:
        return None
    standing = merging.standing(tx, organization, duplicate.id)
    if standing is None or standing.merged_into != wanted:
        return None
    return Merged(wanted, duplicate.id, is_repeat=True)


def _locked(tx: Tx, organization: int, survivor: MemberRef, duplicate: MemberRef) -> _Pair:
    """Both, with nobody else changing them, in the order of their numbers."""
    wanted = members.resolve(tx, organization, [survivor, duplicate])
    if survivor not in wanted or duplicate not in wanted:
        raise MemberNotFound("There is no member of one of these references.")
    first, second = wanted[survivor], wanted[duplicate]
    if first == second:
        raise MergeRefused("Both references name the same member.")
    found = members.lock(tx, organization, [first, second])
    for number in (first, second):
        _demand_fit(tx, organization, number, found.get(number))
    return _Pair(found[first], found[second])


def _demand_fit(tx: Tx, organization: int, number: int, member: Member | None) -> None:
    if member is None or member.is_erased:
        raise MemberNotFound("One of these members is not there any more.")
    if member.merged_into is not None:
        raise MergeRefused("One of these was merged into another member meanwhile. Look again.")
    if member.is_frozen:
        raise MergeRefused("One of these members is frozen. Lift that first, once it is settled.")
    if members.restricted_at(tx, organization, number) is not None:
        raise MergeRefused("The use of one member's data is restricted, and cannot be joined.")


def _legacy(tx: Tx, organization: int, plan: Plan, duplicate: Member, now: datetime) -> Legacy:
    book = ledger.books(tx, organization, [duplicate.id])[duplicate.id]
    with_lots = plan.spendable | {lot.currency for lot in book.lots}
    accounts = balances.accounts(tx, organization, duplicate.id)
    bare = {
        code: balance
        for code, (balance, _) in accounts.items()
        if balance > 0 and code not in with_lots
    }
    return left_by(plan.program, duplicate, book, balances=bare, at=now)


def _record(
    house: House, tx: Tx, pair: _Pair, legacy: Legacy, *, reason: str, now: datetime
) -> None:
    """The two events, by the engine that all events go through."""
    source, into = pair.duplicate.id, pair.survivor.id
    out = MergeOut(into=into, balances=legacy.balances, reason=reason)
    house.take(tx, _arrival(source, "out", out, now), now)
    brought = MergeIn(source=source, legacy=legacy, reason=reason)
    house.take(tx, _arrival(into, f"in:{write_ref(MemberRef(source))}", brought, now), now)


def _arrival(member_id: int, side: str, data: Operation, now: datetime) -> Arrival:
    name = write_ref(MemberRef(member_id))
    key = f"merge:{name}:{side}"
    return arrive(Event(key, SOURCE, type_of[type(data)], name, now, now, data))


def _join_profiles(house: House, tx: Tx, pair: _Pair, now: datetime) -> list[str]:
    """Give the survivor what only the duplicate's profile had; the names of these fields. Of the
    duplicate's nothing is left but the key, which opens the proofs of their consents."""
    organization = house.versions.organization
    kept = profiles.read_many(
        tx, house.cabinet, organization, [pair.survivor.id, pair.duplicate.id]
    )
    other = kept.get(pair.duplicate.id)
    if other is None:
        return []
    own = kept.get(pair.survivor.id, KeptProfile())
    fresh = {name: getattr(other, name) for name in filled(other) if getattr(own, name) is None}
    proven = {at: getattr(other, at) for name, at in PROVEN_AT.items() if name in fresh}
    if fresh:
        profiles.put(
            tx,
            house.cabinet,
            organization,
            member_id=pair.survivor.id,
            profile=structs.replace(own, **fresh, **proven),
            now=now,
        )
    profiles.put(
        tx, house.cabinet, organization, member_id=pair.duplicate.id, profile=KeptProfile(), now=now
    )
    return sorted(fresh)


def _end_sessions(tx: Tx, organization: int, duplicate: int, now: datetime) -> int:
    ended = sessions.end(tx, organization, Kind.MEMBER, duplicate, at=now)
    names = [f"member:{duplicate}", *(f"session:{number}" for number in ended)]
    credentials.revoke(tx, organization, names, now)
    return len(ended)


def _put_on_record(tx: Tx, by: By, told: Merged, reason: str, now: datetime) -> None:
    points = {one.currency: one.available + one.pending for one in told.gains}
    facts: dict[str, object] = {
        "points": points, "systems": list(told.systems), "fields": list(told.fields),
    }  # fmt: skip
    survivor, duplicate = f"member:{told.survivor_id}", f"member:{told.duplicate_id}"
    deeds = [
        Deed("member.merged", survivor, told.survivor_id, reason, after={"of": duplicate, **facts}),
        Deed("member.merged_away", duplicate, told.duplicate_id, reason, after={"into": survivor}),
    ]
    audit.record(tx, by, deeds, now)


def _gains(legacy: Legacy, at: datetime) -> list[Gain]:
    codes = sorted({*(lot.currency for lot in legacy.lots), *legacy.balances, *legacy.owed})
    gains = []
    for code in codes:
        lots = [lot for lot in legacy.lots if lot.currency == code]
        ripe = sum(lot.amount for lot in lots if lot.available_at <= at)
        gains.append(
            Gain(
                code,
                ripe + legacy.balances.get(code, 0),
                sum(lot.amount for lot in lots) - ripe,
                legacy.owed.get(code, 0),
                len(lots),
            )
        )
    return gains


def _tier(member: Member) -> str:
    return "" if member.state.tier is None else member.state.tier.tier
