"""Finding members by whatever somebody types: an id, a card, a phone, an e-mail address, a name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.audit import By as Actor
from regulars.domain.audit import Deed
from regulars.domain.ids import EMAIL, PHONE, MemberRef, parse_ref
from regulars.domain.masks import masked
from regulars.domain.profiles import KeptProfile
from regulars.domain.programs.model import Program
from regulars.domain.rosters.detecting import PERSONAL, By, Guess
from regulars.domain.rosters.names import asked_for, is_meant
from regulars.domain.tiers import tier_of
from regulars.storage import audit, members, profiles
from regulars.storage.database import Database, Tx
from regulars.storage.programs import Versions
from regulars.storage.rosters import listing, names, references
from regulars.storage.rosters.listing import Line
from regulars.storage.sealing import Cabinet

MOST = 20
MOST_NAMESAKES = 60
"""So many are looked at again, by name, after the index has found them."""


@dataclass(frozen=True, slots=True, repr=False)
class Match:
    """A member who was found, by what. `profile`: masks; None for who may not see any."""

    by: By
    line: Line
    identities: Sequence[tuple[str, str]]
    tier: str
    profile: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class Matches:
    """`is_cut`: there are more."""

    items: Sequence[Match]
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Archive:
    """Where members and what is known of them are kept."""

    db: Database
    cabinet: Cabinet
    versions: Versions


def search(
    archive: Archive, guesses: Sequence[Guess], *, shows_masks: bool, by: Actor, at: datetime
) -> Matches:
    """The members whom one of the guesses finds, the surest first. That personal data was used is
    on record: whose, and by what kind of thing, never by which words.

    `shows_masks`: the caller may see masked profiles.
    """
    organization = archive.versions.organization
    with archive.db.transaction(organization) as tx:
        found: dict[int, By] = {}
        for guess in guesses:
            for number in _find(archive, tx, guess):
                found.setdefault(number, guess.by)
        kept = dict(list(found.items())[:MOST])
        _put_on_record(tx, guesses, kept, shows_masks=shows_masks, by=by, at=at)
        return Matches(_told(archive, tx, kept, shows_masks=shows_masks, at=at), len(found) > MOST)


def _find(archive: Archive, tx: Tx, guess: Guess) -> Sequence[int]:
    organization = archive.versions.organization
    if guess.by is By.NAME:
        return _by_name(archive, tx, guess.text)
    if guess.by is By.EXTERNAL_ID:
        return references.find(tx, organization, guess.text, MOST + 1)
    ref = _ref(archive, tx, guess)
    found = members.resolve(tx, organization, [ref]).get(ref)
    return [] if found is None else [found]


def _ref(archive: Archive, tx: Tx, guess: Guess) -> MemberRef:
    if guess.by in {By.PHONE, By.EMAIL}:
        keys = archive.cabinet.keys(tx, archive.versions.organization)
        return keys.ref(PHONE if guess.by is By.PHONE else EMAIL, guess.text)
    return parse_ref(guess.text)


def _by_name(archive: Archive, tx: Tx, text: str) -> Sequence[int]:
    """Whom the index finds, looked at again: of hashes alone nobody is sure."""
    organization = archive.versions.organization
    keys = archive.cabinet.keys(tx, organization)
    ids = names.find(tx, organization, keys, asked_for(text), MOST_NAMESAKES)
    kept = profiles.read_many(tx, archive.cabinet, organization, ids)
    return [number for number in ids if number in kept and is_meant(kept[number].name or "", text)]


def _put_on_record(
    tx: Tx,
    guesses: Sequence[Guess],
    found: Mapping[int, By],
    *,
    shows_masks: bool,
    by: Actor,
    at: datetime,
) -> None:
    deeds = [
        Deed("member.found", f"member:{number}", number, after={"by": how.value})
        for number, how in found.items()
        if how in PERSONAL
    ]
    if shows_masks:
        deeds += [
            Deed("profile.seen", f"member:{number}", number)
            for number, how in found.items()
            if how not in PERSONAL
        ]
    sought = [guess.by.value for guess in guesses if guess.by in PERSONAL]
    if sought and not deeds:
        deeds.append(Deed("member.sought", sought[-1], after={"by": sought[-1]}))
    audit.record(tx, by, deeds, at)


def _told(
    archive: Archive, tx: Tx, found: Mapping[int, By], *, shows_masks: bool, at: datetime
) -> list[Match]:
    organization = archive.versions.organization
    program = _program(archive, tx, at)
    ids = list(found)
    named = members.identities_of(tx, organization, ids)
    kept = profiles.read_many(tx, archive.cabinet, organization, ids) if shows_masks else {}
    return [
        Match(
            found[line.member.id],
            line,
            named.get(line.member.id, []),
            tier_of(program, line.member, at),
            _masks(kept, line.member.id) if shows_masks else None,
        )
        for line in listing.lines(tx, organization, {number: number for number in ids})
    ]


def _masks(kept: Mapping[int, KeptProfile], number: int) -> Mapping[str, str]:
    profile = kept.get(number)
    return {} if profile is None else masked(profile)


def _program(archive: Archive, tx: Tx, at: datetime) -> Program | None:
    table = archive.versions.read(tx)
    if not table.instants or table.instants[0] > at:
        return None
    return table.in_force(at).program
