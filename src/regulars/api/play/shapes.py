"""What the routes of play read and answer with."""

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from regulars.api.answers import Instant
from regulars.domain.play.boards import BoardTerms, PlayName
from regulars.domain.play.draws import DrawState, DrawTerms, Luck, PrizeKind

Reason = Annotated[str, Meta(min_length=3, max_length=500)]
Words = dict[str, str]


class PlayAmount(Struct, frozen=True):
    """Points of one currency."""

    currency: str
    amount: int


class PlayProgressAnswer(Struct, frozen=True, kw_only=True):
    """A challenge or a streak. `done` of `target`; `is_done`: nothing more is to be won before
    `ends_at`, or ever. `says`: all of it in words. `running`: days of a streak up to now.
    `make_ups`: missed days that may still be made up for, each at `price` points; null: none ever.
    """

    rule: str
    kind: str
    name: str
    says: str
    currency: str
    points: int
    done: int
    target: int
    is_done: bool
    ends_at: Instant | None
    running: int
    make_ups: int | None
    price: int


class ChallengeAnswer(Struct, frozen=True):
    """A rule that is played for. `says`: all of it in words."""

    rule: str
    kind: str
    name: str
    says: str


class AwardedBadge(Struct, frozen=True):
    """A badge, and the rules that award it."""

    badge: str
    name: str
    picture: str
    rules: list[str]


class ChallengesAnswer(Struct, frozen=True):
    """The challenges, streaks and badges of the program in force."""

    items: list[ChallengeAnswer]
    badges: list[AwardedBadge]


class BadgeAnswer(Struct, frozen=True):
    """A badge. `since`: when the member won it; null: not yet."""

    badge: str
    name: str
    about: str
    picture: str
    since: Instant | None


class PlayAnswer(Struct, frozen=True):
    """All of a member's play. `today`: by the program's clocks."""

    today: date
    progress: list[PlayProgressAnswer]
    badges: list[BadgeAnswer]


class CalendarAnswer(Struct, frozen=True):
    """A month of check-ins, and the streaks that they count for. `made_up`: missed days that were
    made up for."""

    month: str
    today: date
    days: list[date]
    made_up: list[date]
    streaks: list[PlayProgressAnswer]


class CheckInIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing needs to be said."""


class CheckInAnswer(Struct, frozen=True):
    """A check-in: what it earned, and how far the member is with it. `repeated`: it was done before
    on this day."""

    day: date
    repeated: bool
    earned: list[PlayAmount]
    badges: list[str]
    progress: list[PlayProgressAnswer]


class MakeUpIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Which missed day is made up for, of which rule's streak."""

    rule: Annotated[str, Meta(min_length=1, max_length=200)]
    day: date


class PlayNameIn(Struct, frozen=True, forbid_unknown_fields=True):
    """The name to play under: a pseudonym that the member chooses."""

    name: PlayName


class PlayNameAnswer(Struct, frozen=True):
    """The name that the member plays under; null for one who is on no leaderboard."""

    name: str | None


class DrawIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A draw: what it promises, and from when until when turns are taken."""

    terms: DrawTerms
    starts_at: Instant
    ends_at: Instant


class DrawStateIn(Struct, frozen=True, forbid_unknown_fields=True):
    """The state that a draw comes into."""

    state: DrawState


class PrizeLeft(Struct, frozen=True):
    """How many are left of a prize that has a stock."""

    prize: str
    left: int


class DrawAnswer(Struct, frozen=True):
    """A draw. `commitment`: the SHA-256 of the seed; `seed`: null until a minute after the end.
    `is_open`: turns are taken now."""

    draw: str
    state: str
    terms: DrawTerms
    starts_at: Instant
    ends_at: Instant
    is_open: bool
    commitment: str
    seed: str | None
    left: list[PrizeLeft]
    revision: int
    changed_at: Instant


class DrawsAnswer(Struct, frozen=True):
    """A page of draws, newest first."""

    items: list[DrawAnswer]
    next: str | None


class ChanceIn(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Turns for a member. `reason` without personal data."""

    member: Annotated[str, Meta(min_length=1, max_length=250)]
    amount: Annotated[int, Meta(ge=1, le=1_000)] = 1
    reason: Reason


class ChanceAnswer(Struct, frozen=True):
    """How many turns the member has left of those that they were given."""

    left: int
    repeated: bool


class PrizeFigures(Struct, frozen=True):
    """How often a prize was rolled and how often it was given."""

    prize: str
    name: Words
    kind: PrizeKind
    weight: int
    stock: int | None
    left: int | None
    rolled: int
    given: int


class DrawFiguresAnswer(Struct, frozen=True):
    """How a draw goes. `paid_turns`: those that cost points; `points_taken`: what they cost."""

    draw: str
    turns: int
    members: int
    paid_turns: int
    points_taken: int
    points_given: list[PlayAmount]
    prizes: list[PrizeFigures]


class TurnAnswer(Struct, frozen=True, kw_only=True):
    """A turn that somebody took. `rolled`: the prize of the roll; `prize`: what was given, another
    where that had run out. `state`: given, to_hand_out, handed_out."""

    turn: str
    member: str
    number: int
    player: str
    roll: int
    rolled: str
    prize: str
    serial: int
    paid: str
    taken_at: Instant
    state: str
    ref: str
    handed_at: Instant | None


class TurnsAnswer(Struct, frozen=True):
    """A page of turns, newest first."""

    items: list[TurnAnswer]
    next: str | None


class PublishedTurnAnswer(Struct, frozen=True):
    """A turn as everybody may see it."""

    player: str
    number: int
    luck: str
    roll: int
    rolled: str
    prize: str
    serial: int


class PublishedPrizeAnswer(Struct, frozen=True):
    """A prize as it was promised: `weight` of `out_of` rolls. `stock` null: without end."""

    code: str
    weight: int
    stock: int | None


class DrawAuditAnswer(Struct, frozen=True):
    """All that it takes to work out a draw anew: seed and turns, in the order in which they were
    taken. A roll is the HMAC-SHA-256 by the seed of "draw:player:number:luck:attempt", attempt 0 at
    first, modulo out_of; values beyond the last whole multiple are drawn again."""

    draw: str
    commitment: str
    seed: str
    out_of: int
    instead: str
    prizes: list[PublishedPrizeAnswer]
    turns: list[PublishedTurnAnswer]
    next: str | None


class DrawCheckAnswer(Struct, frozen=True):
    """Every turn was worked out anew. `faults`: in words, the first of `count`."""

    draw: str
    turns: int
    count: int
    faults: list[str]


class OwnDrawAnswer(Struct, frozen=True):
    """A draw as its member sees it. `turns_left`: null without a limit; `chances`: turns that the
    member was given and has not taken."""

    draw: DrawAnswer
    turns_left: int | None
    chances: int
    taken: int


class OwnDrawsAnswer(Struct, frozen=True):
    """The draws that members see."""

    items: list[OwnDrawAnswer]


class LuckIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What the member's own device throws in, chosen by chance: hexadecimal. Nobody who knew the
    seed before could know this."""

    luck: Luck


class BoardAnswer(Struct, frozen=True):
    """A leaderboard. `computed_at`: as of when it tells places."""

    leaderboard: str
    terms: BoardTerms
    state: str
    computed_at: Instant | None


class BoardsAnswer(Struct, frozen=True):
    """Leaderboards, newest first. `players`: members who play."""

    items: list[BoardAnswer]
    players: int


class PlaceAnswer(Struct, frozen=True):
    """A place. Who does as well has the same one. `is_own`: of the member who asks."""

    place: int
    name: str
    score: int
    is_own: bool


class StandingsAnswer(Struct, frozen=True):
    """A leaderboard in one stretch of time. `own_place`: null for who has none."""

    leaderboard: BoardAnswer
    period: date
    places: list[PlaceAnswer]
    own_place: int | None
    own_score: int | None
    players: int
    is_playing: bool


class BoardStateIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether the leaderboard goes on."""

    state: Annotated[str, Meta(pattern="^(active|ended)$")]
