"""`regulars program simulate`: what a document would have done to what really happened."""

from contextlib import closing
from typing import Annotated

import typer

from regulars.cli.documents import File, read_text
from regulars.cli.progress import Bar
from regulars.cli.session import AsJson, instant, opened, out, print_json, print_table
from regulars.domain.designing.results import Amount, SimulationResult
from regulars.domain.designing.simulations import (
    DEFAULT_MONTHS,
    MOST_MONTHS,
    Asked,
)
from regulars.domain.programs.document import read
from regulars.domain.programs.quantities import money_words
from regulars.runtime import Runtime
from regulars.services.designing import simulations
from regulars.services.designing.simulating import Crew, Task
from regulars.services.designing.simulating import simulate as replay
from regulars.services.designing.simulations import IN_FORCE
from regulars.worker.simulating import Mates, processes


def simulate(
    file: File,
    *,
    months: Annotated[
        int,
        typer.Option(min=1, max=MOST_MONTHS, help="The newest event's month and those before it."),
    ] = DEFAULT_MONTHS,
    begin: Annotated[
        str, typer.Option("--from", help="Or from here on: an instant, or a date in its zone.")
    ] = "",
    end: Annotated[str, typer.Option("--to", help="Up to here; the newest event.")] = "",
    against: Annotated[
        int,
        typer.Option(
            help="The version to compare with; 0: those that really decided each event; -1: the one"
            " in force now.",
            min=IN_FORCE,
        ),
    ] = IN_FORCE,
    as_json: AsJson = False,
) -> None:
    """Replay what members did under a document and under the version in force, and compare.

    Nothing is written. A running system goes on.
    """
    text = read_text(file)
    program = read(text)
    # Further processes begin as copies of this one, so before anything is opened.
    mates = Mates(processes() - 1)
    with closing(mates), opened() as run:
        now = run.clock()
        wanted = Asked(
            document=text,
            against=against,
            months=months,
            from_=instant(begin, program.zone, now) if begin else None,
            until=instant(end, program.zone, now) if end else None,
        )
        result = _replayed(run, wanted, mates.crew(run.db))
    if as_json:
        print_json(result)
    else:
        _print(result)


def _replayed(run: Runtime, wanted: Asked, crew: Crew) -> SimulationResult:
    """With a bar of how far it is."""
    asked = simulations.checked(run.db, run.organization, wanted, run.clock())
    total = 0

    def told(events: int) -> None:
        nonlocal total
        total = events

    with Bar("Replaying", total=1.0) as bar:

        def look() -> None:
            done = crew.done()
            bar.reach(done / max(total, 1), said=f"{done:,} events")

        task = Task(run.db, run.organization, asked, run.clock(), told, look)
        return replay(task, crew)


def _print(result: SimulationResult) -> None:
    out.print(
        f"{result.events:,} events of {result.members:,} members, "
        f"{result.from_.date()} to {result.until.date()}"
    )
    rows = [
        (one.currency, name, *_pair(one.in_force, one.draft, name))
        for one in result.currencies
        for name in ("issued", "taken_back", "redeemed", "expired", "outstanding")
    ]
    money = [
        (one.currency, name, *_worths(one.in_force, one.draft, name))
        for one in result.currencies
        for name in ("cost", "liability")
    ]
    columns = ["currency", "", "in force", "document"]
    print_table("Points", columns, rows)
    print_table("Money", columns, money)
    print_table(
        "Points by rule",
        ["rule", "in force", "document"],
        [(one.rule, *_pair(one.in_force, one.draft, "points")) for one in result.rules],
    )
    print_table(
        "Members by tier",
        ["in force", "document", "members"],
        [(one.in_force, one.draft, one.members) for one in result.tiers.moves],
    )
    print_table(
        "Members who would have …",
        ["currency", "more", "less", "the same", "points in all"],
        [
            (one.currency, one.winners, one.losers, one.unchanged, one.change)
            for one in result.changes
        ],
    )
    for one in result.refusals:
        out.print(f"{one.type}: {one.draft.events:,} refused as {one.code}")


def _pair(in_force: object, draft: object, name: str) -> tuple[object, object]:
    """One number under both; a dash where a program does not have it."""
    return getattr(in_force, name, "-"), getattr(draft, name, "-")


def _worths(in_force: object, draft: object, name: str) -> tuple[str, str]:
    first, second = _pair(in_force, draft, name)
    return _words(first), _words(second)


def _words(worth: object) -> str:
    if not isinstance(worth, Amount):
        return "-"
    sign = "-" if worth.amount < 0 else ""
    return f"{sign}{money_words(abs(worth.amount), worth.currency)}"
