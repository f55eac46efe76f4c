"""`regulars member show` and `regulars explain`: what a member has, and why."""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.markup import escape

from regulars.api.telling import (
    RuleBook,
    tell_balance,
    tell_happening,
    tell_member,
    tell_record,
    tell_standing,
)
from regulars.cli.session import AsJson, cell_text, opened, out, print_json, print_table
from regulars.domain.errors import EventNotFound
from regulars.domain.ids import EVENT, decode, encode, parse_ref
from regulars.domain.programs.phrases import LANGUAGES
from regulars.domain.reasons import reason_words
from regulars.services import members, points, timelines
from regulars.services.timelines import Told
from regulars.storage.events import Recorded, decode_explanation
from regulars.storage.programs import Versions

app = typer.Typer(no_args_is_help=True, help="One member.")

NEWEST = 10
ENGLISH = LANGUAGES[0]


@app.command()
def show(
    ref: Annotated[str, typer.Argument(help="mem_…, or system:id such as card:4711.")],
    as_json: AsJson = False,
) -> None:
    """Show balances, tier, the way to the next one, and what happened last."""
    who = parse_ref(ref, pointer="/ref")
    with opened() as run:
        now, versions = run.clock(), Versions(run.organization)
        card = members.look(run.db, versions, who, now)
        purse = points.purse(run.db, versions, who, at=now, now=now)
        standing = members.standing(run.db, versions, who, now)
        newest = timelines.timeline(
            run.db, versions, who, before=None, types=(), limit=NEWEST
        ).events
    told = {
        "member": tell_member(card),
        "balances": [tell_balance(one) for one in purse.currencies],
        "tier": tell_standing(standing, ENGLISH),
        "newest": [tell_happening(event) for event in newest],
    }
    if as_json:
        print_json(told)
        return
    names = ", ".join(":".join(pair) for pair in card.identities)
    out.print(f"[bold]{tell_member(card).member}[/]  {escape(names)}")
    out.print(f"member since {cell_text(card.member.enrolled_at)}, tier {card.tier or 'none'}")
    print_table(
        "Balances",
        ["currency", "available", "pending", "held", "owed", "next to lapse"],
        [
            (
                one.currency,
                one.balance.available,
                one.balance.pending,
                one.balance.held,
                one.balance.owed,
                f"{one.lapsing[1]:,} at {cell_text(one.lapsing[0])}" if one.lapsing else "",
            )
            for one in purse.currencies
        ],
    )
    if standing.progress is not None:
        for way in standing.progress.to_next:
            needs = ", ".join(f"{there:,} of {least:,} {name}" for name, least, there in way.needs)
            out.print(f"to {way.tier}: {escape(needs)}")
    print_happenings(newest)


def print_happenings(events: Sequence[Recorded]) -> None:
    """Events in brief, newest first."""
    rows = []
    for event in events:
        told = decode_explanation(event.decision)
        gained = dict(told.earned)
        for code, amount in told.taken.items():
            gained[code] = gained.get(code, 0) - amount
        sums = ", ".join(f"{amount:+,} {code}" for code, amount in gained.items())
        moved = ", ".join(f"{move.old} → {move.new}" for move in told.tiers if move.old != move.new)
        rows.append((event.occurred_at, event.type, encode(EVENT, event.id), sums, moved))
    print_table("Newest events", ["time", "type", "event", "points", "tier"], rows)


def explain(
    event: Annotated[str, typer.Argument(help="evt_…, or the sender's own id with --source.")],
    source: Annotated[
        str | None, typer.Option(help="The sender, where EVENT is the sender's id.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what an event earned, rule by rule, and why the others gave nothing."""
    with opened() as run:
        versions = Versions(run.organization)
        if source is not None:
            told = timelines.event_by_key(run.db, versions, source, event)
        else:
            number = decode(EVENT, event)
            if number is None:
                raise EventNotFound(f"{event!r} is no event id of ours; name its --source too.")
            told = timelines.event(run.db, versions, number)
    if as_json:
        print_json(tell_record(told.events[0], told.table, RuleBook(), language=ENGLISH))
    else:
        print_explanation(told, told.events[0])


def print_explanation(told: Told, event: Recorded) -> None:
    """One event: what, when, under which version, and each rule's share or reason."""
    known = decode_explanation(event.decision)
    book, plan = RuleBook(), told.table.version(event.version)
    out.print(
        f"[bold]{encode(EVENT, event.id)}[/]  {event.type} {escape(event.external_id)} of "
        f"{cell_text(event.occurred_at)}, {event.status} under version {event.version}"
    )
    rows = []
    for rule, amount, reason in known.rules:
        name, _ = book.words(plan, rule, ENGLISH)
        rows.append((name, amount, "" if amount and not reason else reason_words(reason, ENGLISH)))
    if rows:
        print_table("Rules", ["rule", "points", "why"], rows)
    for what, sums in (
        ("earned", known.earned),
        ("taken back", known.taken),
        ("owed", known.owed),
        ("waived", known.waived),
    ):
        for code, amount in sums.items():
            out.print(f"{what}: {amount:,} {code}")
    for move in known.tiers:
        out.print(f"tier: {move.old} → {move.new} ({move.why}) at {cell_text(move.at)}")
    if known.refused:
        out.print(f"refused: {escape(known.refused)}")
